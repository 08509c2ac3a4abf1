//! `muster publish`

use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use super::results::{config, nothing_yet};
use crate::config::Config;
use crate::engine::{Unwatched, Watch};
use crate::publish::{after_forgetting, after_run, publish};

/// Write the results to the server that config names under `publish:`, which every run does as well.
#[derive(Args, Debug)]
pub(super) struct Publish {
    /// Send all rows anew, over what another results file has published or somebody has changed there
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
    // No signal handling is needed here: a signal ends the program, and nothing has changed at the destination.
    match publish(&config, destination, command.take_over, &Unwatched).await {
        Ok(Some(done)) => {
            note!("`{destination}` has run {}", done.run);
            if let Some(words) = done.words() {
                note!("attention: {words}");
            }
            Ok(Exit::Done)
        }
        Ok(None) => Err(nothing_yet()),
        Err(error) => Err(Failure::world(error)),
    }
}

/// Publishes the results that a run has stored, and reports what needs attention.
pub(super) async fn publish_after_run(config: &Config, watch: &dyn Watch) -> Exit {
    tell(after_run(config, watch).await)
}

/// Publishes that a subject has been forgotten.
pub(super) async fn publish_after_forgetting(config: &Config, watch: &dyn Watch) -> Exit {
    tell(after_forgetting(config, watch).await)
}

fn tell(words: Option<String>) -> Exit {
    match words {
        None => Exit::Done,
        Some(words) => {
            note!("attention: {words}");
            Exit::Attention
        }
    }
}
