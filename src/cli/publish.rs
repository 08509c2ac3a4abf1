//! `muster publish`

use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use super::results::{config, nothing_yet};
use crate::config::Config;
use crate::publish::{after_forgetting, after_run, publish};

/// Write the results to the server that config names under `publish:`, which every run does as well.
#[derive(Args, Debug)]
pub(super) struct Publish {
    /// Write over what another results file has published there
    #[arg(long)]
    take_over: bool,
}

pub(super) async fn publish_now(command: &Publish, common: &Common) -> Result<Exit, Failure> {
    let config = config(common)?;
    let Some(destination) = &config.publish else {
        return Err(Failure::input(
            "config names no server for results: add `publish: { to: \"postgres://…\" }` or `publish: { to: \"sc://…\" }`",
        ));
    };
    match publish(&config, destination, command.take_over).await {
        Ok(Some(run)) => {
            note!("`{destination}` has run {run}");
            Ok(Exit::Done)
        }
        Ok(None) => Err(nothing_yet()),
        Err(error) => Err(Failure::world(error)),
    }
}

/// Publishes what a run has stored, and says why where that fails.
pub(super) async fn publish_after_run(config: &Config) -> Exit {
    tell(after_run(config).await)
}

/// Publishes that somebody is gone.
pub(super) async fn publish_after_forgetting(config: &Config) -> Exit {
    tell(after_forgetting(config).await)
}

fn tell(failure: Option<String>) -> Exit {
    match failure {
        None => Exit::Done,
        Some(words) => {
            note!("attention: {words}");
            Exit::Attention
        }
    }
}
