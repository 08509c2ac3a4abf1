//! `muster health`

use clap::Args;

use super::Common;
use super::backtest::{Proof, prove};
use super::exit::{Exit, Failure};
use super::output::print_table;
use super::results::Results;
use crate::report::health_table;

/// Who is at risk, lowest health first, and why.
#[derive(Args, Debug)]
pub(super) struct Health {
    /// Only members of this segment
    #[arg(long, value_name = "ID", conflicts_with = "backtest")]
    segment: Option<String>,
    /// At most so many
    #[arg(
        long,
        value_name = "N",
        default_value_t = 25,
        conflicts_with = "backtest"
    )]
    limit: u32,
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
    let found = results.store.by_health(segment, Some(command.limit));
    let rows = found.await?;
    let rows = results.rows(rows);
    let config = &results.config;
    let table = health_table(&config.subject.name.value, &rows);
    print_table(&table, common.format, config.locale)?;
    Ok(results.tell())
}

/// Config defines no score.
fn undefined() -> Failure {
    Failure::input(
        "config.yaml defines no health score; `health:` with a list of `factors:` does, \
         as docs/config.md shows",
    )
}
