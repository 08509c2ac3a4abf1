//! `muster run`

use std::path::PathBuf;

use clap::Args;

use super::exit::{Exit, Failure};
use super::lease::lease;
use super::logs::LogFormat;
use super::output::print_table;
use super::publish::publish_after_run;
use super::watch::Terminal;
use super::{Common, Format, clock, findings, import, report, results, serve};
use crate::connector::connect;
use crate::diagnostic::Severity;
use crate::plan::PlanFile;
use crate::project::{LoadError, Project};
use crate::run::notify::Notifier;
use crate::run::{Expected, Options, Outcome, record_unbegun};
use crate::time::Clock;
use crate::value::Share;
use crate::view::{Detail, SegmentsPage, outcome_lines};

/// One run: evaluate, compare with the last one, write back.
#[derive(Args, Debug)]
pub(super) struct RunOnce {
    /// Evaluate at this time: a date (its local midnight) or an instant
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// Evaluate and compare, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Publish what is found, however much it changes: a run that would be held
    #[arg(long, conflicts_with = "dry_run")]
    accept: bool,
    /// Add the numbers of an instant before the last published run to the history
    #[arg(long, conflicts_with = "dry_run")]
    publish: bool,
    /// Publish only what this plan says: a file of `muster plan --out`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["publish", "due"])]
    plan: Option<PathBuf>,
    /// How far the run's movements may differ from the planned ones, as a share of those
    #[arg(long, value_name = "PERCENT", default_value = "5%", requires = "plan", value_parser = share)]
    within: Share,
    /// Run what the schedules owe by now, mail included: for cron and systemd timers
    #[arg(long, conflicts_with_all = ["as_of", "dry_run", "accept", "publish"])]
    due: bool,
    /// How log lines of `--due` on stderr are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = LogFormat::Text, requires = "due")]
    log_format: LogFormat,
}

pub(super) async fn run_once(command: &RunOnce, common: &Common) -> Result<Exit, Failure> {
    if command.due {
        return serve::due(command.log_format, common).await;
    }
    let mut of_files = match command.dry_run {
        true => Exit::Done,
        false => import::before_a_run(common)?,
    };
    let project = match crate::project::load(&common.config, connect).await {
        Err(LoadError::World(reason)) if !command.dry_run => {
            tell_history(command, common, &reason).await;
            return Err(LoadError::World(reason).into());
        }
        loaded => loaded?,
    };
    if command.dry_run {
        of_files = import::tell_if_outdated(&project.config);
        if !matches!(of_files, Exit::Done | Exit::Attention) {
            return Ok(of_files);
        }
    }
    if matches!(of_files, Exit::Done) {
        of_files = import::tell_lacking(&project)?;
    }
    let as_of = match &command.as_of {
        Some(text) => Some(results::as_of(text, project.config.timezone)?),
        None => None,
    };
    let options = Options {
        as_of,
        dry_run: command.dry_run,
        backfill: command.publish,
        // `--publish` implies `--accept`, as before that option existed.
        accept: command.accept || command.publish,
        expected: expected(command, &project).await?,
        trigger: "manual".to_string(),
        present: clock::given(),
        ..Options::default()
    };
    let exit = execute(&project, &options, None, common).await?;
    if command.publish && !command.accept && command.as_of.is_none() {
        note!(
            "`--publish` is for instants before the last published run; what is held is published with `--accept`"
        );
    }
    Ok(match exit {
        Exit::Done => of_files,
        exit => exit,
    })
}

/// Records in the history that the run could not start.
async fn tell_history(command: &RunOnce, common: &Common, reason: &str) {
    let env = |name: &str| std::env::var(name).ok();
    let Some(place) = crate::config::glance(&common.config, &env) else {
        return;
    };
    let as_of = command.as_of.as_ref();
    let as_of = as_of.and_then(|text| results::as_of(text, place.timezone).ok());
    record_unbegun(&place, as_of, clock::given(), reason).await;
}

/// Parses a share such as `5%`.
fn share(text: &str) -> Result<Share, String> {
    let share = Share::of_percent(text);
    share.ok_or_else(|| "write a share from 0% to 100%, such as 5%".to_owned())
}

/// The expectation from the plan that the run should follow.
async fn expected(command: &RunOnce, project: &Project) -> Result<Option<Expected>, Failure> {
    let Some(path) = &command.plan else {
        return Ok(None);
    };
    let unusable = |reason| Failure::input(format!("`{}` {reason}", path.display()));
    let plan = PlanFile::read(path).map_err(unusable)?;
    let last = match results::reader(&project.config).await? {
        Some(mut store) => store.last_published().await?,
        None => None,
    };
    let last = last.map(|run| run.id);
    let expected = plan.expected(project, last, command.within);
    expected.map(Some).map_err(unusable)
}

/// Runs, prints the segments table, and reports remarks on stderr.
pub(super) async fn execute(
    project: &Project,
    options: &Options,
    notifier: Option<&dyn Notifier>,
    common: &Common,
) -> Result<Exit, Failure> {
    let watch = Terminal::new();
    tell_findings(project, options, &watch);
    let connector = connect(&project.config);
    let outcome = match options.dry_run {
        true => crate::run::run(project, &*connector, options, &watch).await,
        false => {
            let leased = (lease(&project.config, "run", &watch).await?, notifier);
            crate::run::run_leased(project, &*connector, options, leased, &watch).await
        }
    };
    watch.end();
    let outcome = outcome?;
    let page = SegmentsPage::of_outcome(project, &outcome);
    let table = page.table(match common.format {
        Format::Table => Detail::Changes,
        _ => Detail::Everything,
    });
    print_table(&table, common.format, project.config.locale)?;
    tell(project, &outcome);
    let stale = outcome.segments.iter().any(|s| s.stale.is_some());
    let stale = stale || outcome.health_stale.is_some() || outcome.values_stale.is_some();
    let mut problems = outcome.evaluation.problems.iter();
    let unreadable = project.config.unreadable;
    let is_doubtful =
        problems.any(|problem| problem.kind.is_urgent() || problem.is_beyond(unreadable));
    let refused = outcome.unpublished.is_some();
    let mail = outcome
        .notification
        .as_ref()
        .map_or(Exit::Done, report::summary);
    let published = match options.dry_run {
        true => Exit::Done,
        false => publish_after_run(&project.config, &watch).await,
    };
    Ok(
        if stale || refused || is_doubtful || published == Exit::Attention {
            Exit::Attention
        } else {
            mail
        },
    )
}

/// Reports likely problems before a run.
fn tell_findings(project: &Project, options: &Options, watch: &Terminal) {
    let clock = Clock {
        now: options.as_of.unwrap_or_else(results::now),
        zone: project.config.timezone,
    };
    let warnings = crate::mail::warnings(project, &*connect(&project.config), &clock, watch);
    let stale = project.findings.iter();
    let stale = stale.filter(|finding| finding.severity != Severity::Warning);
    watch.clear();
    findings::tell_beside_a_run(&project.sources, stale.cloned().collect(), warnings);
}

fn tell(project: &Project, outcome: &Outcome) {
    note!();
    for line in outcome_lines(project, outcome) {
        note!("{line}");
    }
}
