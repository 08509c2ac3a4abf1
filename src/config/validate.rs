//! Checks the parts of config against each other.

use super::{Config, HEALTH, Report, ReportValues, SEGMENTS_FIELD};
use crate::decode::Reader;
use crate::diagnostic::{Code, FIRST, Finding, suggest};
use crate::source::Scalar;

/// One name, one meaning: reports names that rules could not tell apart, and ids that occur twice.
pub(super) fn names(config: &Config, reader: &mut Reader<'_>) {
    let subject = &config.subject.name;
    for collection in &config.collections {
        let name = &collection.name;
        if name.value == subject.value {
            clash(name, "the subject's name", subject, reader);
        }
        let lookups = config.subject.lookups.iter().map(|(lookup, _)| lookup);
        for lookup in lookups.filter(|lookup| lookup.value == name.value) {
            clash(name, "a lookup of the subject", lookup, reader);
        }
        for (lookup, _) in &collection.lookups {
            if lookup.value == subject.value {
                clash(lookup, "the subject's name", subject, reader);
            }
        }
    }
    for (scope, _) in config.scopes.iter().filter(|(s, _)| s.value == "everyone") {
        let message = "a scope cannot be called `everyone`: that is the scope of all subjects";
        reader.report(Finding::new(Code::DuplicateId, message).at(scope.location));
    }
    unique("schedule", config.schedules.iter().map(|s| &s.id), reader);
    unique("report", config.reports.iter().map(|r| &r.id), reader);
    unique("value", config.values.iter().map(|v| &v.id), reader);
    health(config, reader);
    import(config, reader);
    for field in &config.fields {
        if field.id.value == SEGMENTS_FIELD {
            let message = "`segments` is a field already: it is built in";
            let finding = Finding::new(Code::DuplicateId, message).at(field.id.location);
            reader.report(finding.help("give this one another name"));
        }
        once("value", field.values.iter().flatten(), reader);
    }
    once("column", config.export.columns.iter(), reader);
    for report in &config.reports {
        recipients(report, reader);
        once("segment", report.segments.iter().flatten(), reader);
        once("column", report.columns.iter().flatten(), reader);
        if let ReportValues::These(ids) = &report.values {
            once("value", ids.iter(), reader);
        }
    }
}

/// An import creates the database anew, so results in it would be lost.
fn import(config: &Config, reader: &mut Reader<'_>) {
    let Some(import) = config.import.as_ref().filter(|_| config.results.is_none()) else {
        return;
    };
    let message = "`import:` makes the database anew, and results cannot be kept in it";
    let finding = Finding::new(Code::InvalidValue, message).at(import.place);
    reader.report(finding.help("write a file of their own: `results: sqlite:results.db`"));
}

/// If there is a health score, nothing else may be named `health`.
fn health(config: &Config, reader: &mut Reader<'_>) {
    let Some(health) = &config.health else {
        return;
    };
    unique("factor", health.factors.iter().map(|f| &f.id), reader);
    let collections = config.collections.iter().map(|c| ("a collection", &c.name));
    let lookups = config.subject.lookups.iter();
    let lookups = lookups.map(|(name, _)| ("a lookup of the subject", name));
    let subject = [("the subject", &config.subject.name)];
    for (what, name) in collections.chain(lookups).chain(subject) {
        if name.value == HEALTH {
            let message = format!("{what} cannot be called `{HEALTH}`: that is the score");
            let mut finding = Finding::new(Code::DuplicateId, message).at(name.location);
            if let Some(factor) = health.factors.first() {
                finding = finding.related(factor.id.location, "the score begins here");
            }
            reader.report(finding.help("give it another name, or leave `health:` out"));
        }
    }
}

/// Nobody may get a report twice, however the address is written.
fn recipients(report: &Report, reader: &mut Reader<'_>) {
    let lower = report.to.iter().map(|to| Scalar {
        value: to.value.to_lowercase(),
        ..to.clone()
    });
    let lower: Vec<Scalar> = lower.collect();
    once("recipient", lower.iter(), reader);
}

/// Reports items that occur twice in a list.
fn once<'a>(kind: &str, items: impl Iterator<Item = &'a Scalar>, reader: &mut Reader<'_>) {
    let mut seen: Vec<&Scalar> = Vec::new();
    for item in items {
        if let Some(first) = seen.iter().find(|s| s.value == item.value) {
            let message = format!("the {kind} `{}` is in this list twice", item.value);
            let finding = Finding::new(Code::DuplicateId, message).at(item.location);
            reader.report(
                finding
                    .label("the second one")
                    .related(first.location, FIRST)
                    .help("leave one of them out"),
            );
        } else {
            seen.push(item);
        }
    }
}

fn clash(name: &Scalar, owner: &str, first: &Scalar, reader: &mut Reader<'_>) {
    let message = format!("`{}` is {owner} already", name.value);
    let help = format!(
        "that one is at {}; rename one of them",
        reader.place(first.location)
    );
    reader.report(
        Finding::new(Code::DuplicateId, message)
            .at(name.location)
            .related(first.location, owner)
            .help(help),
    );
}

fn unique<'a>(kind: &str, ids: impl Iterator<Item = &'a Scalar>, reader: &mut Reader<'_>) {
    let mut seen: Vec<&Scalar> = Vec::new();
    for id in ids {
        match seen.iter().find(|s| s.value == id.value) {
            Some(first) => clash(id, &format!("the id of a {kind}"), first, reader),
            None => seen.push(id),
        }
    }
}

/// Reports names that are not defined in the file.
pub(super) fn references(config: &Config, reader: &mut Reader<'_>) {
    let reports = || config.reports.iter().map(|r| r.id.value.as_str());
    let is_read = !reader.is_unread("reports");
    let schedules = config.schedules.iter().filter(|_| is_read);
    for report in schedules.flat_map(|s| &s.reports) {
        if !reports().any(|id| id == report.value) {
            unknown("report", report, &report.value, reports(), reader);
        }
    }
    let values = || config.values.iter().map(|v| v.id.value.as_str());
    for report in &config.reports {
        if let ReportValues::These(ids) = &report.values {
            for id in ids.iter().filter(|id| !values().any(|v| v == id.value)) {
                unknown("value", id, &id.value, values(), reader);
            }
        }
    }
    let lookups = || config.subject.lookups.iter().map(|(n, _)| n.value.as_str());
    for (_, path) in &config.scopes {
        if let Some((lookup, _)) = path.value.split_once('.')
            && !lookups().any(|name| name == lookup)
        {
            unknown("lookup of the subject", path, lookup, lookups(), reader);
        }
    }
}

pub(super) fn unknown<'a>(
    kind: &str,
    at: &Scalar,
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
    reader: &mut Reader<'_>,
) {
    if reader.is_unread(name) {
        return;
    }
    let finding = Finding::new(Code::UnknownName, format!("there is no {kind} `{name}`"));
    let help = match suggest(name, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => match known
            .map(|k| format!("`{k}`"))
            .collect::<Vec<_>>()
            .join(", ")
        {
            none if none.is_empty() => format!("this file defines no {kind}"),
            all => format!("defined here: {all}"),
        },
    };
    reader.report(finding.at(at.location).help(help));
}
