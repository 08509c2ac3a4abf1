//! `muster publish`

use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use super::results::{config, nothing_yet};
use crate::config::Config;
use crate::publish::{newest_run, publish, published_run};

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

/// Publishes after something else has changed the results, and says why where that fails.
pub(super) async fn publish_after(config: &Config) -> Exit {
    let Some(server) = &config.publish else {
        return Exit::Done;
    };
    match publish(config, server).await {
        Ok(_) => Exit::Done,
        Err(error) => {
            note!(
                "attention: the results are stored, and not on the server: {error}; the next run, `serve` or `muster publish` tries again"
            );
            Exit::Attention
        }
    }
}

/// What `status` says of a server that lacks the newest run; none where it has it.
pub(super) async fn behind(config: &Config) -> Result<Option<String>, Failure> {
    let Some(server) = &config.publish else {
        return Ok(None);
    };
    let Some(newest) = newest_run(config).await? else {
        return Ok(None);
    };
    let words = match published_run(server).await {
        Ok(Some(run)) if run == newest => return Ok(None),
        Ok(Some(run)) => {
            format!("`{server}` has the results of run {run}, and not of run {newest}")
        }
        Ok(None) => format!("`{server}` has no results yet"),
        Err(error) => format!("results cannot be published: {error}"),
    };
    Ok(Some(format!("{words}; `muster publish` tries now")))
}
