//! `muster status`

use clap::Args;
use serde_json::json;

use super::exit::{Exit, Failure};
use super::output::{print_json, print_table};
use super::results::{config, reader};
use super::{Common, Format};
use crate::report::{Cell, Heading, Table};
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
            "last_published": published.map(|run| table(&[run], config.timezone).to_json().get(0).cloned()),
            "stale": stale,
            "attention": attention,
            "runs": table(&runs, config.timezone).to_json(),
        }))?;
    } else {
        print_table(&table(&runs, config.timezone), common.format, config.locale)?;
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
    let mut table = Table::new([
        Heading::right("id", "Run"),
        Heading::left("as_of", "As of"),
        Heading::left("started_at", "Started"),
        Heading::left("status", "Status"),
        Heading::left("trigger", "Trigger"),
        Heading::right("subjects", "Subjects"),
        Heading::left("message", "Message"),
    ]);
    for run in runs {
        table.rows.push(vec![
            Cell::Key(run.id),
            Cell::Instant(run.as_of, zone),
            Cell::Instant(run.started_at, zone),
            Cell::Text(run.status.name().to_string()),
            Cell::Text(run.trigger.clone()),
            Cell::Integer(run.subjects),
            Cell::optional(run.message.as_deref()),
        ]);
    }
    table
}
