//! `muster health`

use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use super::extent::{Extent, tell_left_out};
use super::output::print_table;
use super::proof::{Proof, prove};
use super::results::Results;
use super::watch::Terminal;
use crate::config::Config;
use crate::connector::connect;
use crate::health::who_can_be_lost;
use crate::time::Clock;
use crate::view::{health_table, marks};

/// So many in a table.
const USUAL: u32 = 25;

/// Who is at risk, lowest health first, and why.
#[derive(Args, Debug)]
pub(super) struct Health {
    /// Only members of this segment
    #[arg(long, value_name = "ID", conflicts_with = "backtest")]
    segment: Option<String>,
    /// At most so many; default: 25 in a table, all in csv, json and jsonl
    #[arg(long, value_name = "N", conflicts_with = "backtest")]
    limit: Option<u32>,
    /// Everyone, also in a table, and also those whom `churn.among` does not look at, such as those lost long ago
    #[arg(long, conflicts_with = "backtest")]
    all: bool,
    #[command(flatten)]
    proof: Proof,
}

pub(super) async fn health(command: &Health, common: &Common) -> Result<Exit, Failure> {
    if command.proof.backtest {
        return prove(&command.proof, common).await;
    }
    let mut results = Results::open(common).await?;
    if results.config.health.is_none() {
        return Err(undefined());
    }
    let segment = command.segment.as_deref();
    if let Some(id) = segment {
        results.segment(id)?;
    }
    let mut found = results.store.by_health(segment).await?;
    let some = segment.is_none() && !command.all;
    if some {
        let project = crate::project::load(&common.config, connect).await?;
        let clock = Clock {
            now: results.run.as_of,
            zone: results.config.timezone,
        };
        let connector = connect(&project.config);
        let among = who_can_be_lost(&project, &*connector, &clock, &Terminal::new())?;
        if let Some(among) = among {
            let all = found.len();
            found.retain(|client| among.binary_search(&client.score.subject).is_ok());
            tell_among(&results.config, found.len(), all);
        }
    }
    let extent = Extent {
        limit: command.limit,
        all: command.all,
    };
    let of = found.len() as u64;
    if let Some(most) = extent.most(USUAL, common.format) {
        found.truncate(most as usize);
    }
    let listed = found.len();
    let rows = results.rows(found);
    let config = &results.config;
    let table = health_table(&config.subject.name.value, &rows);
    print_table(&table, common.format, config.locale)?;
    // Of some alone, everyone is more than what is left out.
    let option = match some {
        true => format!("--limit {of}"),
        false => "--all".to_owned(),
    };
    let subject = &config.subject.name.value;
    tell_left_out(listed, of, subject, &option, &marks(config.locale));
    Ok(results.tell())
}

/// Says that the list is of some alone.
fn tell_among(config: &Config, some: usize, all: usize) {
    let marks = marks(config.locale);
    note!(
        "{} of {} {}s looked at: those whom `churn.among` names; `--all` lists everyone",
        marks.whole(some),
        marks.whole(all),
        config.subject.name.value
    );
}

/// Config defines no score.
fn undefined() -> Failure {
    Failure::input(
        "config.yaml defines no health score; `health:` with a list of `factors:` does, \
         as docs/config.md shows",
    )
}
