//! `muster check`

use clap::Args;

use super::exit::{Exit, Failure};
use super::output::{print_json, print_table};
use super::{Common, Format, findings, results};
use crate::absent::{absent_texts, absent_types, absent_values};
use crate::catalog::{Catalog, ColumnState, Entity};
use crate::config::{HEALTH, Locale};
use crate::diagnostic::{Code, Finding, Severity, TerminalText, sort, suggest, to_json};
use crate::engine::Unwatched;
use crate::language::check::MetricDefinition;
use crate::project::reports::load_with_reports;
use crate::project::{LoadError, Project};
use crate::source::Sources;
use crate::time::Clock;
use crate::view::{Cell, Heading, Table, findings_table};

/// Everything that can be known before running, against the real database.
#[derive(Args, Debug)]
pub(super) struct Check {
    /// List every name that rules can use, with its type and where it comes from
    #[arg(long, conflicts_with = "explain")]
    catalog: bool,
    /// Explain a code that a finding showed
    #[arg(long, value_name = "CODE")]
    explain: Option<String>,
}

pub(super) async fn check(command: &Check, common: &Common) -> Result<Exit, Failure> {
    if let Some(code) = &command.explain {
        return explain(code);
    }
    // The conditions of reports are looked at too, and are in no catalog.
    let loaded = match command.catalog {
        true => crate::project::load(&common.config).await,
        false => load_with_reports(&common.config).await,
    };
    match loaded {
        Ok(project) if command.catalog => {
            print_table(&catalog(&project), common.format, project.config.locale)?;
            Ok(Exit::Done)
        }
        Ok(mut project) => {
            let clock = Clock {
                now: results::now(),
                zone: project.config.timezone,
            };
            let absent = absent_values(&project, &clock, &Unwatched)?;
            project.findings.extend(absent);
            let absent = absent_texts(&project)?;
            project.findings.extend(absent);
            let absent = absent_types(&project, &clock)?;
            project.findings.extend(absent);
            project
                .findings
                .extend(crate::mail::findings(&project.config, &project.sources));
            sort(&mut project.findings);
            tell(&project.sources, &project.findings, common.format)?;
            if project.findings.iter().any(Finding::is_error) {
                return Ok(Exit::Input);
            }
            if common.format == Format::Table {
                note!(
                    "checked {}, {} and {}",
                    counted(project.rules.segments.len(), "segment"),
                    counted(metrics(&project), "metric"),
                    counted(project.rules.files.len(), "rule file")
                );
            }
            let stale = |finding: &Finding| finding.severity == Severity::Stale;
            Ok(if project.findings.iter().any(stale) {
                Exit::Attention
            } else {
                Exit::Done
            })
        }
        Err(LoadError::Refused(sources, findings)) => {
            tell(&sources, &findings, common.format)?;
            Ok(Exit::Input)
        }
        Err(error) => Err(error.into()),
    }
}

/// Findings are the result of this command: for programs they go to stdout.
fn tell(sources: &Sources, found: &[Finding], format: Format) -> Result<(), Failure> {
    match format {
        Format::Table => findings::tell(sources, found),
        Format::Json => print_json(&to_json(found, sources))?,
        Format::Jsonl | Format::Csv => {
            let table = findings_table(found, sources);
            print_table(&table, format, Locale::EnUs)?;
        }
    }
    Ok(())
}

/// How many metrics the rule files define; reports need some more, which stand in the config.
fn metrics(project: &Project) -> usize {
    let written = project.rules.metrics.iter();
    written
        .filter(|metric| metric.name.location.file != project.config.file)
        .count()
}

fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

fn explain(name: &str) -> Result<Exit, Failure> {
    let Some(code) = Code::parse(name) else {
        let names = Code::ALL.iter().map(|code| code.name());
        let near =
            suggest(name, names).map_or_else(String::new, |n| format!("; did you mean `{n}`?"));
        return Err(Failure::input(format!("there is no code `{name}`{near}")));
    };
    super::say::try_out(&TerminalText::lines(code.page()))?;
    Ok(Exit::Done)
}

fn catalog(project: &Project) -> Table {
    let mut table = Table::new([
        Heading::left("name", "Name"),
        Heading::left("type", "Type").spare(10),
        Heading::left("origin", "Origin").spare(20),
    ]);
    let mut add = |name: String, ty: String, origin: String| {
        table
            .rows
            .push(vec![Cell::Text(name), Cell::Text(ty), Cell::Text(origin)]);
    };
    let names: &Catalog = &project.catalog;
    entity(&mut add, "", &names.subject);
    for collection in &names.collections {
        add(
            collection.name.clone(),
            "rows".to_string(),
            format!("table {}", collection.entity.table),
        );
        if let Some(at) = &collection.at {
            add(
                format!("{}.at", collection.name),
                "instant".to_string(),
                format!("{}.{at}", collection.entity.table),
            );
        }
        entity(
            &mut add,
            &format!("{}.", collection.name),
            &collection.entity,
        );
    }
    for (name, path) in &names.scopes {
        add(name.clone(), "scope".to_string(), path.join("."));
    }
    if project.checked.health.is_some() {
        let origin = "the health score of config.yaml";
        add(HEALTH.to_string(), "number".to_string(), origin.to_string());
    }
    for (metric, checked) in project.rules.metrics.iter().zip(&project.checked.metrics) {
        let file = project.sources.get(metric.name.location.file);
        let ty = match &checked.definition {
            MetricDefinition::Value(typed) => typed.ty.name(),
            MetricDefinition::Row(_) => "row",
        };
        add(
            metric.name.value.clone(),
            ty.to_string(),
            file.map_or_else(String::new, |file| file.path.display().to_string()),
        );
    }
    table
}

fn entity(add: &mut impl FnMut(String, String, String), prefix: &str, entity: &Entity) {
    for (name, state) in &entity.columns {
        add(
            format!("{prefix}{name}"),
            state_name(state),
            format!("{}.{name}", entity.table),
        );
    }
    for (lookup, of) in &entity.lookups {
        for (name, state) in &of.columns {
            add(
                format!("{prefix}{lookup}.{name}"),
                state_name(state),
                format!("{}.{name}, found by {}", of.table, of.by),
            );
        }
    }
}

fn state_name(state: &ColumnState) -> String {
    match state {
        ColumnState::Present(ty) => ty.value_type().name().to_string(),
        ColumnState::Untyped => "not declared".to_string(),
        ColumnState::Gone(reason) => format!("gone: {reason}"),
    }
}
