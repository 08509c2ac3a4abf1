//! `muster health`

use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use super::listing::{Listed, Listing, USUAL};
use super::members::{Members, Names};
use super::proof::{Proof, prove};
use super::results::Results;
use super::watch::Terminal;
use crate::config::Config;
use crate::connector::connect;
use crate::engine::Keep;
use crate::health::who_can_be_lost;
use crate::store::ClientQuery;
use crate::time::Clock;
use crate::view::{health_table, marks};

/// Who is at risk, lowest health first, and why.
#[derive(Args, Debug)]
pub(super) struct Health {
    #[command(flatten)]
    members: Members,
    /// Also those whom `churn.among` does not look at, such as those lost long ago
    #[arg(long, conflicts_with = "backtest")]
    everyone: bool,
    #[command(flatten)]
    listing: Listing,
    #[command(flatten)]
    names: Names,
    #[command(flatten)]
    proof: Proof,
}

pub(super) async fn health(command: &Health, common: &Common) -> Result<Exit, Failure> {
    if command.proof.backtest {
        if command.members.is_given() || command.listing.is_given() || command.names.is_given() {
            return Err(Failure::input(
                "`--backtest` is about the score, not about a list: leave out the options that choose from the list",
            ));
        }
        return prove(&command.proof, common).await;
    }
    let mut results = Results::open(common).await?;
    if results.config.health.is_none() {
        return Err(undefined());
    }
    command.members.check(&results)?;
    let query = ClientQuery {
        among: command.members.among(),
        ..ClientQuery::default()
    };
    let mut found = results.store.by_health(&query).await?;
    let mut before = Vec::new();
    if !command.members.is_given() && !command.everyone {
        let project = crate::project::load(&common.config, connect).await?;
        let clock = Clock {
            now: results.run.as_of,
            zone: results.config.timezone,
        };
        let connector = connect(&project.config);
        let snapshot = connector.snapshot()?;
        let among = who_can_be_lost(&project, |ir| {
            snapshot.evaluate(ir, &clock, Keep::Outputs, &Terminal::new())
        })?;
        if let Some(among) = among {
            let all = found.len();
            found.retain(|client| among.binary_search(&client.score.subject).is_ok());
            before.push(among_words(&results.config, found.len(), all));
        }
    }
    let rows = results.rows(found);
    let config = &results.config;
    let subject = &config.subject.name.value;
    let table = health_table(subject, &rows);
    let listed = Listed {
        called: config.subject.called(),
        named: ["label", "key"],
        hidden: command.names.hidden(),
        usual: Some(USUAL),
        before,
        ..Listed::default()
    };
    command.listing.print(table, &listed, common, &results)
}

/// A note that the list is restricted.
fn among_words(config: &Config, some: usize, all: usize) -> String {
    let marks = marks(config.locale);
    format!(
        "{} of {} {}: those in `churn.among`; `--everyone` lists all",
        marks.whole(some),
        marks.whole(all),
        config.subject.plural
    )
}

/// The error that config defines no health score.
fn undefined() -> Failure {
    Failure::input(
        "config.yaml defines no health score; `health:` with a list of `factors:` does, \
         as docs/config.md shows",
    )
}
