//! `muster lint`

use clap::{Args, ValueEnum};

use super::exit::{Exit, Failure};
use super::output::{print_json, print_table};
use super::watch::Terminal;
use super::{Common, Format, results};
use crate::config::Locale;
use crate::connector::connect;
use crate::diagnostic::{Finding, to_json};
use crate::lint::{self, Look, Past};
use crate::project::{Project, load_with_reports};
use crate::store::RunStatus;
use crate::time::Clock;
use crate::view::{findings_table, lint_lines, lint_order};

/// What is legal in the rules and probably not meant, seen in the text, the data and the people.
#[derive(Args, Debug)]
pub(super) struct Lint {
    /// Only this segment
    segment: Option<String>,
    /// End with exit code 1 where there is a warning, or never
    #[arg(long, value_enum, default_value_t = FailOn::Warning)]
    fail_on: FailOn,
    /// Print at most so many findings
    #[arg(long, value_name = "N", default_value_t = SHOWN)]
    limit: usize,
    /// At this time instead of now
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// Name nobody as an example
    #[arg(long)]
    no_names: bool,
}

/// What makes the exit code 1.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum FailOn {
    /// Any finding
    Warning,
    /// Nothing that is found
    Never,
}

/// The number of findings in a table.
const SHOWN: usize = 20;
/// The number of past runs considered.
const RUNS: u32 = 30;
/// Entering a segment this often within those runs counts as flapping.
const OFTEN: u32 = 3;

pub(super) async fn lint(command: &Lint, common: &Common) -> Result<Exit, Failure> {
    let mut project = load_with_reports(&common.config, connect).await?;
    if let Some(segment) = &command.segment {
        let ids = project.rules.segments.iter().map(|s| s.id.value.as_str());
        if !ids.clone().any(|id| id == segment) {
            return Err(results::no_segment(segment, ids));
        }
    }
    let past = past(&project).await?;
    let zone = project.config.timezone;
    let now = match &command.as_of {
        Some(text) => results::as_of(text, zone)?,
        None => results::now(),
    };
    let clock = Clock { now, zone };
    let look = Look {
        connector: &*connect(&project.config),
        clock: &clock,
        watch: &Terminal::new(),
        beside_a_run: false,
    };
    let told = std::mem::take(&mut project.findings);
    let with_names = !command.no_names;
    let found = lint::of_people(&project.compiled(), &told, &look, (&past, with_names))?;
    let all: Vec<Finding> = told.into_iter().chain(found).collect();
    let all = lint::allowed(all, &project.allowing(), true);
    let found = lint_order(&project, all, command.segment.as_deref());
    tell(&project, &found, command, common.format)?;
    let fails = command.fail_on == FailOn::Warning && !found.is_empty();
    Ok(if fails { Exit::Attention } else { Exit::Done })
}

fn tell(
    project: &Project,
    found: &[Finding],
    command: &Lint,
    format: Format,
) -> Result<(), Failure> {
    match format {
        Format::Table => {
            let shown = found.get(..command.limit).unwrap_or(found);
            for line in lint_lines(project, shown) {
                say!("{line}");
            }
            let left = found.get(command.limit..).unwrap_or_default();
            match (found.len(), left.len()) {
                (0, _) => note!("no findings"),
                (_, 0) => {}
                (_, more) => note!(
                    "and {more} more ({}): `--limit {}` shows them",
                    crate::diagnostic::tally(left),
                    found.len()
                ),
            }
        }
        Format::Json => print_json(&to_json(found, &project.sources))?,
        Format::Jsonl | Format::Csv | Format::Markdown => {
            print_table(
                &findings_table(found, &project.sources),
                format,
                Locale::EnUs,
            )?;
        }
    }
    Ok(())
}

/// The history of the last published runs; empty before the first.
async fn past(project: &Project) -> Result<Past, Failure> {
    let Some(mut store) = results::reader(&project.config).await? else {
        return Ok(Past::default());
    };
    if store.last_published().await?.is_none() {
        return Ok(Past::default());
    }
    let is_published =
        |status: RunStatus| matches!(status, RunStatus::Published | RunStatus::Partial);
    let runs = store.runs(None).await?.into_iter();
    let runs = runs
        .filter(|run| is_published(run.status))
        .take(RUNS as usize);
    Ok(Past {
        runs: runs.count(),
        held: store.held_somebody(RUNS).await?.into_iter().collect(),
        returns: store.returns(RUNS, OFTEN).await?,
    })
}
