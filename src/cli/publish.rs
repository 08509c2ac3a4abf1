//! `muster publish`

use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use super::results::{config, nothing_yet};
use crate::config::Config;
use crate::publish::{PublishError, publish, published_run, stored_runs};

/// Write the results to the server that config names under `publish:`, which every run does as well.
#[derive(Args, Debug)]
pub(super) struct Publish {}

pub(super) async fn publish_now(common: &Common) -> Result<Exit, Failure> {
    let config = config(common)?;
    let Some(server) = &config.publish else {
        return Err(Failure::input(
            "config names no server for results: add `publish: { to: \"postgres://…\" }`",
        ));
    };
    match publish(&config, server).await {
        Ok(Some(run)) => {
            note!("`{server}` has run {run}");
            Ok(Exit::Done)
        }
        Ok(None) => Err(nothing_yet()),
        Err(error) => Err(Failure::world(error)),
    }
}

/// Publishes what a run has stored, and says why where that fails.
pub(super) async fn publish_after_run(config: &Config) -> Exit {
    publish_and_tell(config, |error| {
        note!(
            "attention: the results are stored, but could not be published: {error}; the next run, `serve` or `muster publish` tries again"
        );
    })
    .await
}

/// Publishes that somebody is gone.
pub(super) async fn publish_after_forgetting(config: &Config) -> Exit {
    publish_and_tell(config, |error| {
        note!(
            "attention: the server may still have them: {error}; `muster publish`, `serve` or the next run removes them there"
        );
    })
    .await
}

async fn publish_and_tell(config: &Config, tell: impl FnOnce(&PublishError)) -> Exit {
    let Some(server) = &config.publish else {
        return Exit::Done;
    };
    match publish(config, server).await {
        Ok(_) => Exit::Done,
        Err(error) => {
            tell(&error);
            Exit::Attention
        }
    }
}

/// What `status` says of a server that lacks the last published run; none where it has it.
pub(super) async fn unpublished(config: &Config) -> Result<Option<String>, Failure> {
    let Some(server) = &config.publish else {
        return Ok(None);
    };
    let Some(stored) = stored_runs(config).await? else {
        return Ok(None);
    };
    let last = stored.published;
    let words = match published_run(server).await {
        // A later run may have failed, or be held.
        Ok(Some(run)) if run >= last => return Ok(None),
        Ok(Some(run)) => format!("`{server}` has run {run}, and the last one is run {last}"),
        Ok(None) => format!("`{server}` has no results yet"),
        Err(error) => format!("`{server}` cannot be asked which run it has: {error}"),
    };
    Ok(Some(format!("{words}; `muster publish` writes it now")))
}
