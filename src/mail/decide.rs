//! Decisions that a person makes about mail.

use crate::config::Config;
use crate::store::{Choice, Store, StoreError};

/// Opens the outbox for writing. Results of an earlier version are given one; `now` is in microseconds UTC.
///
/// # Errors
/// The results cannot be read or written.
pub async fn open_outbox(config: &Config, now: i64) -> Result<Store, StoreError> {
    let mut store = Store::open_writer(config.results_path(), config.results.is_some()).await?;
    store.enqueue(&[], None, now).await?;
    Ok(store)
}

/// Applies a decision to a mail, by its number, or to all mails of a report, by its id. Returns how many mails it
/// applied to. Mail that is to be sent goes out with the next delivery.
///
/// # Errors
/// The results cannot be read or written.
pub async fn decide(
    config: &Config,
    choice: Choice,
    whose: &str,
    now: i64,
) -> Result<u64, StoreError> {
    let mut store = open_outbox(config, now).await?;
    let fitted = store.decide(choice, whose, now).await?;
    store.close().await?;
    Ok(fitted)
}
