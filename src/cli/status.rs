//! `muster status`

use clap::Args;
use serde_json::json;

use super::exit::{Exit, Failure};
use super::output::{print_json, print_table};
use super::results::{config, local_time, reader};
use super::{Common, Format};
use crate::report::{Align, Cell, Table};
use crate::store::{Run, RunStatus, StoredSegment};

/// The last runs, and what needs attention.
#[derive(Args, Debug)]
pub(super) struct Status {
    /// How many runs
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: u32,
}

pub(super) async fn status(command: &Status, common: &Common) -> Result<Exit, Failure> {
    let config = config(common)?;
    let (runs, published, segments) = match reader(&config).await? {
        Some(mut store) => (
            store.runs(command.limit).await?,
            store.last_published().await?,
            store.segments().await?,
        ),
        None => (Vec::new(), None, Vec::new()),
    };
    let stale: Vec<&StoredSegment> = segments.iter().filter(|s| s.stale.is_some()).collect();
    let attention = attention(&runs, &stale);
    if common.format == Format::Json {
        print_json(&json!({
            "last_published": published,
            "stale": stale,
            "attention": attention,
            "runs": runs,
        }))?;
    } else {
        print_table(&table(&runs, config.timezone), common.format)?;
        if runs.is_empty() {
            eprintln!("no run yet");
        }
        if common.format == Format::Table {
            for line in &attention {
                println!("attention: {line}");
            }
        }
    }
    Ok(if attention.is_empty() {
        Exit::Done
    } else {
        Exit::Attention
    })
}

/// What a person should look at.
fn attention(runs: &[Run], stale: &[&StoredSegment]) -> Vec<String> {
    let failed = runs.first().filter(|run| run.status == RunStatus::Failed);
    let failed = failed.map(|run| {
        format!(
            "the last run, {}, failed: {}",
            run.id,
            run.message.as_deref().unwrap_or("no reason is known")
        )
    });
    let stale = stale.iter().map(|segment| {
        format!(
            "`{}` is stale: {}",
            segment.id,
            segment.stale.as_deref().unwrap_or_default()
        )
    });
    failed.into_iter().chain(stale).collect()
}

fn table(runs: &[Run], zone: chrono_tz::Tz) -> Table {
    let mut table = Table::new(&[
        ("id", "Run", Align::Right),
        ("as_of", "As of", Align::Left),
        ("started_at", "Started", Align::Left),
        ("status", "Status", Align::Left),
        ("trigger", "Trigger", Align::Left),
        ("subjects", "Subjects", Align::Right),
        ("message", "Message", Align::Left),
    ]);
    for run in runs {
        table.rows.push(vec![
            Cell::Key(run.id),
            Cell::Text(local_time(run.as_of, zone)),
            Cell::Text(local_time(run.started_at, zone)),
            Cell::Text(run.status.name().to_string()),
            Cell::Text(run.trigger.clone()),
            Cell::Integer(run.subjects),
            Cell::optional(run.message.as_deref()),
        ]);
    }
    table
}
