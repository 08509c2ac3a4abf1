//! `muster check`

use clap::Args;

use super::exit::{Exit, Failure};
use super::output::{print_json, print_table};
use super::{Common, Format, findings, fixing, import, results};
use crate::config::{Database, Locale};
use crate::connector::connect;
use crate::diagnostic::{Code, Finding, Severity, TerminalText, suggest, to_json};
use crate::engine::Unwatched;
use crate::lint::{Effort, Look};
use crate::mail;
use crate::project::load_with_reports;
use crate::project::{LoadError, Project};
use crate::source::Sources;
use crate::time::Clock;
use crate::view::{catalog_table, findings_table, marks};

/// Everything that can be known before running, against the real database.
#[derive(Args, Debug)]
pub(super) struct Check {
    /// List every name that rules can use, with its type and where it comes from
    #[arg(long, conflicts_with = "explain")]
    catalog: bool,
    /// Explain a code that a finding showed
    #[arg(long, value_name = "CODE")]
    explain: Option<String>,
    /// Correct the errors in config and rule files that can be corrected in only one way
    #[arg(long, conflicts_with_all = ["catalog", "explain"])]
    fix: bool,
}

pub(super) async fn check(command: &Check, common: &Common) -> Result<Exit, Failure> {
    if let Some(code) = &command.explain {
        return explain(code);
    }
    if command.fix {
        fixing::fix(common).await?;
    }
    // The conditions of reports are checked too, but are not part of the catalog.
    let loaded = match command.catalog {
        true => crate::project::load(&common.config, connect).await,
        false => load_with_reports(&common.config, connect).await,
    };
    match loaded {
        Ok(project) if command.catalog => {
            print_table(
                &catalog_table(&project),
                common.format,
                project.config.locale,
            )?;
            Ok(Exit::Done)
        }
        Ok(mut project) => {
            let mut outlook = import::tell_if_outdated(&project.config);
            if matches!(outlook, Exit::Done) {
                outlook = import::tell_lacking(&project)?;
            }
            let clock = Clock {
                now: results::now(),
                zone: project.config.timezone,
            };
            let look = Look {
                connector: &*connect(&project.config),
                clock: &clock,
                watch: &Unwatched,
                beside_a_run: false,
            };
            let mut found = mail::found_in_texts(&project, Effort::Check);
            found.extend(mail::found_beside(&project.compiled(), &look)?);
            project.findings = mail::told(&project, found);
            tell(&project.sources, &project.findings, common.format)?;
            if project.findings.iter().any(Finding::is_error) {
                return Ok(Exit::Input);
            }
            tell_by_rows(&project, &clock)?;
            if common.format == Format::Table {
                let marks = marks(project.config.locale);
                note!(
                    "checked {}, {} and {}",
                    marks.counted(project.rules.segments.len(), "segment"),
                    marks.counted(metrics(&project), "metric"),
                    marks.counted(project.rules.files.len(), "rule file")
                );
            }
            let stale = |finding: &Finding| finding.severity == Severity::Stale;
            Ok(match outlook {
                Exit::Done if project.findings.iter().any(stale) => Exit::Attention,
                outlook => outlook,
            })
        }
        Err(LoadError::Refused(sources, findings)) => {
            tell(&sources, &findings, common.format)?;
            Ok(Exit::Input)
        }
        Err(error) => Err(error.into()),
    }
}

/// Reports what a Spark server cannot aggregate.
fn tell_by_rows(project: &Project, clock: &Clock) -> Result<(), Failure> {
    if !matches!(project.config.database, Database::Spark(_)) {
        return Ok(());
    }
    let snapshot = connect(&project.config).snapshot()?;
    for refused in snapshot.by_rows(&project.ir, clock) {
        note!("rows are read one by one: {refused}");
    }
    Ok(())
}

/// Prints the findings, which are the result of this command: in machine-readable formats they go to stdout.
fn tell(sources: &Sources, found: &[Finding], format: Format) -> Result<(), Failure> {
    match format {
        Format::Table => findings::tell(sources, found),
        Format::Json => print_json(&to_json(found, sources))?,
        Format::Jsonl | Format::Csv | Format::Markdown => {
            let table = findings_table(found, sources);
            print_table(&table, format, Locale::EnUs)?;
        }
    }
    Ok(())
}

/// The number of metrics defined in the rule files; reports add more, which are defined in the config.
fn metrics(project: &Project) -> usize {
    let written = project.rules.metrics.iter();
    written
        .filter(|metric| metric.name.location.file != project.config.file)
        .count()
}

fn explain(name: &str) -> Result<Exit, Failure> {
    let Some(code) = Code::parse(name) else {
        let names = Code::ALL.iter().map(|code| code.name());
        let near = suggest(name, names)
            .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        return Err(Failure::input(format!("there is no code `{name}`{near}")));
    };
    super::say::try_out(&TerminalText::lines(code.page()))?;
    Ok(Exit::Done)
}
