//! Publishing what was just stored, and the words where that fails.

use super::{PublishError, publish};
use crate::config::Config;

/// Publishes what a run has stored; gives why that could not be done.
pub async fn after_run(config: &Config) -> Option<String> {
    let error = failure(config).await?;
    Some(format!(
        "the results are stored, but could not be published: {error}; the next run, `serve` or `muster publish` tries again"
    ))
}

/// Publishes that somebody is gone; gives why that could not be done.
pub async fn after_forgetting(config: &Config) -> Option<String> {
    let error = failure(config).await?;
    Some(format!(
        "the server may still have them: {error}; `muster publish`, `serve` or the next run removes them there"
    ))
}

/// None where it is done, or there is nowhere to publish.
async fn failure(config: &Config) -> Option<PublishError> {
    let destination = config.publish.as_ref()?;
    publish(config, destination, false).await.err()
}
