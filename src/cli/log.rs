//! `muster log`

use clap::Args;

use super::exit::{Exit, Failure};
use super::extent::Extent;
use super::output::{no_csv, print_json};
use super::results::{no_segment, nothing_yet, reader};
use super::{Common, Format, say};
use crate::connector::connect;
use crate::run::LoggedRun;
use crate::view::{logged_json, logged_lines};

/// Which run changed which definition, and who moved by it, newest first.
#[derive(Args, Debug)]
pub(super) struct Log {
    /// Only what changed this segment
    segment: Option<String>,
    #[command(flatten)]
    extent: Extent,
}

/// So many runs for people.
const USUAL: u32 = 20;

pub(super) async fn log(command: &Log, common: &Common) -> Result<Exit, Failure> {
    if common.format == Format::Csv {
        return Err(no_csv("the log"));
    }
    let project = crate::project::load(&common.config, connect).await?;
    let config = &project.config;
    let mut store = reader(config).await?.ok_or_else(nothing_yet)?;
    let segment = command.segment.as_deref();
    if let Some(id) = segment {
        let rules = project.rules.segments.iter();
        let mut ids: Vec<String> = rules.map(|rule| rule.id.value.clone()).collect();
        ids.extend(
            store
                .segments()
                .await?
                .into_iter()
                .map(|segment| segment.id),
        );
        if !ids.iter().any(|known| known == id) {
            return Err(no_segment(id, ids.iter().map(String::as_str)));
        }
    }
    let most = command.extent.most(USUAL, common.format);
    let logged = crate::run::log(&project, &mut store, segment, most).await?;
    store.close().await?;
    let json = |run: &LoggedRun| logged_json(run, config.timezone);
    match common.format {
        Format::Json => print_json(&logged.iter().map(json).collect())?,
        Format::Jsonl => {
            use std::io::Write;
            for run in &logged {
                writeln!(say::json_out(), "{}", json(run))?;
            }
        }
        Format::Table | Format::Csv | Format::Markdown => {
            for line in logged.iter().flat_map(|run| logged_lines(run, config)) {
                say!("{line}");
            }
        }
    }
    if logged.is_empty() {
        note!("no rule has changed from one published run to the next");
    } else if most.is_some_and(|most| logged.len() == most as usize) {
        note!("earlier changes may be left out; `--all` lists them");
    }
    Ok(Exit::Done)
}
