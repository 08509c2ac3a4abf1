//! `muster test`

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::exit::{Exit, Failure};
use super::findings::tell;
use super::output::{no_csv, print_value};
use super::test_from::{From, from};
use super::watch::Signals;
use super::{Common, Format};
use crate::connector::connect;
use crate::diagnostic::Finding;
use crate::disk::{self, Access};
use crate::project::{Further, LoadError, Outputs, Project, digest, load_further};
use crate::rules;
use crate::source::Sources;
use crate::testing::{self, Report, Suites, TestError, Wanted};
use crate::value::Share;
use crate::view::{coverage_lines, junit, marks, mutation_lines, test_lines};

/// How often the files are checked for changes.
const LOOK: Duration = Duration::from_millis(500);

/// The name of the output in messages.
const WHAT: &str = "a test report";

/// Run the tests of the rules, over people made up for them.
#[derive(Args, Debug)]
pub(super) struct Test {
    /// Only the tests of these names, or whose name or file holds one of these words
    names: Vec<String>,
    /// Write the result as JUnit XML too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Print which answers of the conditions no test has seen
    #[arg(long)]
    coverage: bool,
    /// Fail where the tests see a smaller share of the answers
    #[arg(long, value_name = "SHARE", conflicts_with = "names", value_parser = share)]
    min_coverage: Option<Share>,
    /// Change the rules in small ways, one at a time, and print which changes no test notices
    #[arg(long)]
    mutate: bool,
    /// Print a test that holds for a real client, without identifying them
    #[arg(long, value_name = "KEY|NAME", conflicts_with_all = ["names", "junit", "coverage", "min_coverage", "mutate", "watch"])]
    from: Option<String>,
    /// Limit it to this segment, or to these
    #[arg(long, value_name = "ID", requires = "from")]
    segment: Vec<String>,
    /// Write it to this new file
    #[arg(long, value_name = "FILE", requires = "from")]
    out: Option<PathBuf>,
    /// Run again whenever config, a rule or a test changes
    #[arg(long)]
    watch: bool,
}

pub(super) async fn test(command: &Test, common: &Common) -> Result<Exit, Failure> {
    if common.format == Format::Csv {
        return Err(no_csv(WHAT));
    }
    if let Some(client) = &command.from {
        let wanted = From {
            client,
            segments: &command.segment,
            out: command.out.as_deref(),
        };
        return from(&wanted, common).await;
    }
    match command.watch {
        true => watch(command, common).await,
        false => once(command, common).await,
    }
}

/// Reruns the tests on every change, until told to stop.
async fn watch(command: &Test, common: &Common) -> Result<Exit, Failure> {
    let mut signals = Signals::listen();
    let mut seen = None;
    loop {
        let now = state(common);
        if seen.as_ref() != Some(&now) {
            if seen.is_some() {
                note!();
            }
            seen = Some(now);
            match once(command, common).await {
                Err(failure) => drop(failure.tell()),
                Ok(_) => note!("waiting for changes; Ctrl-C ends it"),
            }
        }
        tokio::select! {
            () = signals.told_to_stop() => return Ok(Exit::Done),
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// A digest of the files that the tests depend on.
fn state(common: &Common) -> String {
    let (mut state, config) = digest(&common.config);
    let tests = config.map_or_else(Vec::new, |config| {
        rules::test_files(&config, &Sources::default()).0
    });
    for path in tests {
        let text = crate::source::read(&path).unwrap_or_default();
        let hash = blake3::hash(text.as_bytes());
        state.push_str(&format!("{}{hash}", path.display()));
    }
    state
}

async fn once(command: &Test, common: &Common) -> Result<Exit, Failure> {
    let (mut project, suites) = load(common).await?;
    let warnings: Vec<Finding> = std::mem::take(&mut project.findings);
    if common.format == Format::Table {
        tell(&project.sources, &warnings);
    }
    let wanted = Wanted {
        names: command.names.clone(),
        mutate: command.mutate,
    };
    let report = match testing::run(&mut project, &suites, &wanted) {
        Ok(report) => report,
        Err(TestError::Wrong(findings)) => {
            return Err(LoadError::Refused(project.sources, findings).into());
        }
        Err(TestError::Engine(error)) => return Err(error.into()),
        Err(error @ TestError::Unlike) => return Err(Failure::world(error)),
    };
    if report.tests.is_empty() {
        return Err(none(command, &project));
    }
    if let Some(path) = &command.junit {
        let text = junit(&report, command.min_coverage, &marks(project.config.locale));
        disk::write(path, text.as_bytes(), Access::Usual).map_err(|error| {
            Failure::world(format!("`{}` cannot be written: {error}", path.display()))
        })?;
    }
    print(&report, &project, command, common)?;
    let enough = command
        .min_coverage
        .is_none_or(|least| report.coverage.reaches(least));
    Ok(match report.failed() {
        0 if enough => Exit::Done,
        _ => Exit::Attention,
    })
}

async fn load(common: &Common) -> Result<(Project, Suites), Failure> {
    let mut suites = Suites::default();
    let project = load_further(&common.config, connect, |written| {
        let mut outputs = Outputs::default();
        suites = testing::load(written, &mut outputs);
        Further {
            outputs,
            schema: suites.schema.clone(),
            ..Further::default()
        }
    })
    .await;
    match project {
        Ok(project) => Ok((project, suites)),
        Err(LoadError::World(reason)) if suites.schema.is_none() => {
            let without = "tests can do without the database: where it is there, \
                           `muster schema tables > rules/tests/tables.yaml` writes down its columns";
            Err(Failure::world(format!("{reason}; {without}")))
        }
        Err(error) => Err(error.into()),
    }
}

/// The error that there are no tests to run.
fn none(command: &Test, project: &Project) -> Failure {
    match command.names.is_empty() {
        true => Failure::input(format!(
            "there are no tests: no file of `{}` has any",
            project.config.tests.value
        )),
        false => Failure::input(format!(
            "no test has `{}` in its name or in that of its file",
            command.names.join("` or `")
        )),
    }
}

/// Parses `90%`.
fn share(text: &str) -> Result<Share, String> {
    Share::of_percent(text).ok_or_else(|| "a share such as 90%".to_owned())
}

fn print(
    report: &Report,
    project: &Project,
    command: &Test,
    common: &Common,
) -> Result<(), Failure> {
    if common.format != Format::Table {
        let json = serde_json::to_value(report).unwrap_or_default();
        return print_value(&json, WHAT, common.format);
    }
    let marks = marks(project.config.locale);
    let mut lines = test_lines(report, &marks);
    let with_gaps = command.coverage || command.min_coverage.is_some();
    if with_gaps || command.names.is_empty() {
        lines.extend(coverage_lines(&report.coverage, with_gaps, &marks));
    }
    if let Some(mutation) = &report.mutation {
        lines.extend(mutation_lines(mutation, &marks));
    }
    for line in lines {
        say!("{line}");
    }
    Ok(())
}
