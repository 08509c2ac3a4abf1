//! Runs that could not begin because the data's server did not allow it.

use super::attempt::machine_instant;
use crate::config::{Database, Place};
use crate::ir::RunFingerprint;
use crate::store::{NewRun, RunStatus, Store, StoreError};

/// Records such a run in the history, if there is a history and the data is on a server, so that `status` shows what
/// `cron` was told. If it cannot be recorded, that is not reported: the reason itself matters more.
///
/// Both instants are in microseconds; `present` is `None` for the machine's clock.
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
