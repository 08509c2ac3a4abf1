//! `muster log`

use clap::Args;

use super::exit::{Exit, Failure};
use super::extent::Extent;
use super::output::{print_json, print_table};
use super::results::{no_segment, nothing_yet, reader};
use super::{Common, Format, say};
use crate::connector::connect;
use crate::project::{LoadError, load_without_rules};
use crate::run::LoggedRun;
use crate::view::{logged_json, logged_lines, logged_table};

/// Which run changed which definition, and who moved by it, newest first.
#[derive(Args, Debug)]
pub(super) struct Log {
    /// Only what changed this segment
    segment: Option<String>,
    #[command(flatten)]
    extent: Extent,
}

/// The number of runs in a table.
const USUAL: u32 = 20;

pub(super) async fn log(command: &Log, common: &Common) -> Result<Exit, Failure> {
    let project = match crate::project::load(&common.config, connect).await {
        // The definitions behind past runs are stored, whatever the rule files say now.
        Err(refused @ LoadError::Refused(..)) => {
            let without = load_without_rules(&common.config, connect).await;
            without.map_err(|_| refused)?
        }
        project => project?,
    };
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
        Format::Csv => print_table(&logged_table(&logged), Format::Csv, config.locale)?,
        Format::Table | Format::Markdown => {
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
