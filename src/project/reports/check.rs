//! Checks reports and the guard: the names of segments and collections, and who may be sent mail.

use crate::catalog::Catalog;
use crate::config::{Config, Mail, Report};
use crate::diagnostic::{Code, Finding, suggest};
use crate::language::check::{Checked, MetricDefinition, Output, OutputForm};
use crate::rules::RuleSet;
use crate::source::Scalar;
use crate::value::Type;

/// Everything that is wrong with the guard and the reports of config, apart from their conditions and columns, which
/// are checked like all others.
pub(in crate::project) fn check(
    config: &Config,
    rules: &RuleSet,
    catalog: &Catalog,
    (outputs, checked): (&[Output], &Checked),
) -> Vec<Finding> {
    let guarded = config.guard.iter().flat_map(|guard| &guard.except);
    let mut findings = unknown_segments(guarded, rules);
    for report in &config.reports {
        let except = report.hold.iter().flat_map(|hold| &hold.except);
        let named = report.segments.iter().flatten().chain(except);
        findings.extend(unknown_segments(named, rules));
        findings.extend(condition(report, outputs, checked));
        findings.extend(ages(report, catalog));
    }
    match &config.mail {
        Some(mail) => findings.extend(allowed(config, mail)),
        None => findings.extend(config.reports.first().map(|report| {
            let message = "there are reports, and no `mail:` that says how they leave";
            Finding::new(Code::MissingKey, message)
                .at(report.id.location)
                .help("add `mail: { from: Segments <segments@example.com>, file: outbox }`")
        })),
    }
    findings
}

fn unknown_segments<'a>(named: impl Iterator<Item = &'a Scalar>, rules: &RuleSet) -> Vec<Finding> {
    let known = || {
        rules
            .segments
            .iter()
            .map(|segment| segment.id.value.as_str())
    };
    named
        .filter(|id| !known().any(|known| known == id.value))
        .map(|id| {
            let message = format!("there is no segment `{}`", id.value);
            let all = id.value.eq_ignore_ascii_case("all");
            let near = all.then_some("all").or_else(|| suggest(&id.value, known()));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    "no rule file defines it; take it out of the list, or list one that there is"
                        .to_owned()
                }
            };
            Finding::new(Code::UnknownSegment, message)
                .at(id.location)
                .help(help)
        })
        .collect()
}

/// `where:` must be yes or no.
fn condition(report: &Report, outputs: &[Output], checked: &Checked) -> Option<Finding> {
    let filter = report.filter.as_ref()?;
    let mut outputs = outputs.iter().zip(&checked.outputs);
    let (_, definition) = outputs
        .find(|(output, _)| output.form == OutputForm::Expression && output.text == *filter)?;
    let is = match definition {
        MetricDefinition::Row(_) => "a whole row",
        MetricDefinition::Value(typed) => match typed.ty {
            Type::Truth | Type::Unknown | Type::Missing => return None,
            Type::Number => "a number",
            Type::Money => "money",
            Type::Text => "a text",
            Type::Date => "a date",
            Type::Instant => "a point in time",
        },
    };
    let message = format!(
        "`where` says whom the report `{}` is about, and this is {is}",
        report.id.value
    );
    let finding = Finding::new(Code::NotACondition, message).at(filter.location);
    Some(finding.help("compare it with something, for example `studio.name = \"Soho\"`"))
}

fn ages(report: &Report, catalog: &Catalog) -> Vec<Finding> {
    let known = || catalog.collections.iter();
    let names = || known().map(|collection| collection.name.as_str());
    let wrong = super::ages(report).filter_map(|(name, _)| {
        let found = known().find(|collection| collection.name == name.value);
        let finding = match found {
            Some(collection) if collection.at.is_some() => return None,
            Some(_) => Finding::new(
                Code::NoTimeColumn,
                format!(
                    "`{}` has no time column, so nobody can tell how old it is",
                    name.value
                ),
            )
            .help("give it an `at:` under `collections:`, or take it out here"),
            None => {
                let message = format!("there is no collection `{}`", name.value);
                let all: Vec<&str> = names().collect();
                Finding::new(Code::UnknownName, message).help(match suggest(&name.value, names()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there are: {}", all.join(", ")),
                })
            }
        };
        Some(finding.at(name.location))
    });
    wrong.collect()
}

/// Every recipient must be allowed.
fn allowed(config: &Config, mail: &Mail) -> Vec<Finding> {
    let recipients = config.reports.iter().flat_map(|report| &report.to);
    let wrong = |address: &&Scalar| !mail.allows(&address.value);
    recipients
        .chain(&config.owner)
        .filter(wrong)
        .map(|address| {
            let message = format!("`{}` is not an allowed recipient", address.value);
            Finding::new(Code::InvalidValue, message)
                .at(address.location)
                .help("add the address, or its domain as `@example.com`, to `allow:` under `mail:`")
        })
        .collect()
}
