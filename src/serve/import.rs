//! Imports of files that have changed.

use tracing::info;

use super::stop::Stop;
use crate::config::{Config, marks};
use crate::import::{ImportError, refresh};

/// Rebuilds the database from the files that config names, if they have changed. Runs on its own thread, because an
/// import may take minutes and the clock is checked in the meantime.
///
/// # Errors
/// The database could not be built, or `stop` ended the import: the previous database stays.
pub(super) async fn import(config: Config, stop: Stop) -> Result<(), ImportError> {
    let Some(import) = config.import else {
        return Ok(());
    };
    let work = move || refresh(&import.files, &import.database, &stop);
    let refreshed = tokio::task::spawn_blocking(work).await;
    let refreshed = refreshed.map_err(|error| ImportError::World(error.to_string()))?;
    for line in refreshed?
        .iter()
        .flat_map(|imported| imported.told(&marks(config.locale)))
    {
        info!("import: {line}");
    }
    Ok(())
}
