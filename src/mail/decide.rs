//! What somebody decides about mail.

use crate::config::Config;
use crate::store::{Choice, Store, StoreError};

/// The outbox for writing. Results of an earlier version get theirs; `now` is in microseconds UTC.
///
/// # Errors
/// The results cannot be read or written.
pub async fn open_outbox(config: &Config, now: i64) -> Result<Store, StoreError> {
    let mut store = Store::open_writer(config.results_path(), config.results.is_some()).await?;
    store.enqueue(&[], None, now).await?;
    Ok(store)
}

/// Decides about a mail, by its number, or about all of a report, by its id; gives how many it fitted. What is to go out does
/// so with the next delivery.
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
