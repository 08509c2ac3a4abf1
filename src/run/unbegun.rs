//! A run that could not even begin, because the server of its data did not let it.

use super::attempt::machine_instant;
use crate::config::{Database, Place};
use crate::ir::RunFingerprint;
use crate::store::{NewRun, RunStatus, Store, StoreError};

/// Tells the history of it, if there is one and the data is a server's: whoever asks for the state of things sees what `cron` was
/// told. That it cannot be written is no news worth more than the reason itself.
///
/// Both instants are microseconds; `present` is none for the machine's.
pub async fn record_unbegun(place: &Place, as_of: Option<i64>, present: Option<i64>, reason: &str) {
    if matches!(place.database, Database::File(_)) {
        return;
    }
    let present = present.unwrap_or_else(machine_instant);
    let second = present - present.rem_euclid(1_000_000);
    let run = NewRun {
        as_of: as_of.unwrap_or(second),
        started_at: present,
        finished_at: present,
        status: RunStatus::Failed,
        trigger: "manual".to_owned(),
        fingerprint: RunFingerprint::default(),
        subjects: 0,
        message: Some(reason.to_owned()),
        data_summary: None,
    };
    recorded(place, &run).await.ok();
}

async fn recorded(place: &Place, run: &NewRun) -> Result<(), StoreError> {
    let Some(known) = Store::open_reader(&place.results).await? else {
        return Ok(());
    };
    known.close().await?;
    let mut store = Store::open_writer(&place.results, true).await?;
    store.record_failure(run).await?;
    store.close().await
}
