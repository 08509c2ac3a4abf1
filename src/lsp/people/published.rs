//! What the last published run says.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::store::{Store, StoreError};

/// When it was, and how large each segment was then.
pub(super) type Published = (i64, BTreeMap<String, u64>);

/// The last published run; none before the first.
pub(super) async fn stored(config: &Config) -> Result<Option<Published>, StoreError> {
    let Some(mut store) = Store::open_reader(config.results_path()).await? else {
        return Ok(None);
    };
    let run = store.last_published().await?;
    let segments = store.segments().await?;
    store.close().await?;
    let sizes = segments.into_iter().map(|s| (s.id, s.size));
    Ok(run.map(|run| (run.as_of, sizes.collect())))
}
