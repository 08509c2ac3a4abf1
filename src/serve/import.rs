//! Imports of files that have changed.

use tracing::info;

use super::stop::Stop;
use crate::config::{Config, marks};
use crate::import::{ImportError, refresh};

/// Makes the database anew of the files that config names, where they have changed, on a thread of its own: an import
/// may take minutes, and the clock is looked at meanwhile.
///
/// # Errors
/// It could not be made, or `stop` ended the import: what was there is there.
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
