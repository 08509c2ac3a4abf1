//! The last published run.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::store::{Store, StoreError};

/// The sizes of segments by id.
pub(super) type Sizes = BTreeMap<String, u64>;

/// A published run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Published {
    /// The instant of its counts.
    pub as_of: i64,
    pub sizes: Sizes,
}

/// The last published run; `None` before the first.
pub(super) async fn stored(config: &Config) -> Result<Option<Published>, StoreError> {
    let Some(mut store) = Store::open_reader(config.results_path()).await? else {
        return Ok(None);
    };
    let run = store.last_published().await?;
    let segments = store.segments().await?;
    store.close().await?;
    let sizes = segments.into_iter().map(|s| (s.id, s.size)).collect();
    Ok(run.map(|run| Published {
        as_of: run.as_of,
        sizes,
    }))
}
