//! Publishing what was just stored, and messages about what needs attention.

use super::{Done, PublishError, publish};
use crate::config::Config;
use crate::engine::Watch;

/// Publishes what a run has stored. Returns a message if there is something to report, such as why it failed.
pub async fn after_run(config: &Config, watch: &dyn Watch) -> Option<String> {
    match done(config, watch).await {
        Ok(done) => done.and_then(|done| done.words()),
        Err(error @ PublishError::Unswept(_)) => Some(format!(
            "{error}; the next run, `serve` or `muster publish` tries again"
        )),
        Err(error) => Some(format!(
            "the results are stored, but could not be published: {error}; the next run, `serve` or `muster publish` tries again"
        )),
    }
}

/// Publishes that a client has been forgotten. Returns a message if there is something to report, such as why it
/// failed.
pub async fn after_forgetting(config: &Config, watch: &dyn Watch) -> Option<String> {
    match done(config, watch).await {
        Ok(done) => done.and_then(|done| done.words()),
        Err(error) => Some(format!(
            "the server may still have them: {error}; `muster publish`, `serve` or the next run removes them there"
        )),
    }
}

/// `None` if there is no destination, or nothing to publish.
async fn done(config: &Config, watch: &dyn Watch) -> Result<Option<Done>, PublishError> {
    match &config.publish {
        Some(destination) => publish(config, destination, false, watch).await,
        None => Ok(None),
    }
}
