//! Finds what is legal but probably not meant: one file for each lint, and [`LINTS`] as the list of all lints.
//!
//! A lint is a function from what it needs to findings. To add one, add its code in `diagnostic/code.rs` with page and case, a file here, and a row
//! in the list. A caller that has what a kind of lint needs runs all lints of that kind at once: [`of_config`], [`of_timetable`], [`of_rules`],
//! [`of_schema`], [`of_data`] and [`of_people`].

mod absent_filter_value;
mod absent_text;
mod allow;
mod changed_unit;
mod clauses;
mod clock_change;
mod columns;
mod compared;
mod either_day;
mod expressions;
mod gathered;
mod heading_row;
mod hidden_rows;
mod idle_report;
mod idle_schedule;
mod misread_column;
mod missing_text;
mod mixed_offsets;
mod other_spelling;
mod people;
mod percent_number;
mod private;
mod proof;
mod proved;
mod repeated_key;
mod repeated_row;
mod respelled_key;
mod same_members;
mod several_currencies;
mod split_table;
mod stray_rows;
mod unmatched_entry;
mod utc_default;
mod wording;

pub use absent_filter_value::{absent_filter_values, absent_from};
pub use allow::{Allowing, allow_fix, allowed, by_segment};
pub use people::Past;
pub use proof::Effort;
pub use same_members::takes_the_same;
pub use unmatched_entry::{MOST_VALUES, unmatched, unmatched_entries};

use crate::catalog::{Catalog, Schema};
use crate::config::Config;
use crate::connector::Connector;
use crate::diagnostic::{Code, Finding};
use crate::engine::{EngineError, Watch};
use crate::ir::Ir;
use crate::language::check::Checked;
use crate::lists::List;
use crate::rules::RuleSet;
use crate::source::Sources;
use crate::time::Clock;

/// A single lint.
pub struct Lint {
    /// Its name: that of its file here, if it has one.
    pub name: &'static str,
    /// The code of its findings. Several lints may share one.
    pub code: Code,
    /// What it needs, and how it is run.
    pub needs: Needs,
}

/// What a lint needs to know.
pub enum Needs {
    /// The text of a file: found where the file is read.
    Reading,
    /// How a condition is typed: found by [`crate::language::check`] during type checking, as the typed tree no longer shows what was written.
    Typing,
    /// Config alone.
    Config(fn(&ConfigFile<'_>) -> Vec<Finding>),
    /// Config, and the instant from which to look ahead, in microseconds.
    Timetable(fn(&Config, i64) -> Vec<Finding>),
    /// Compiled rules alone.
    Rules(fn(&Compiled<'_>) -> Vec<Finding>),
    /// Compiled rules, too: found by `proved`, where lints share their proofs.
    Proof,
    /// Compiled rules and the database's columns.
    Schema(fn(&Compiled<'_>, &Schema) -> Vec<Finding>),
    /// Compiled rules and the data.
    Data(fn(&Compiled<'_>, &Look<'_>) -> Result<Vec<Finding>, EngineError>),
    /// Compiled rules and the data, and all rows of the collections: found by `gathered`, where lints share one reading.
    Gathered,
    /// All other findings: reported by `allow`.
    Allows,
    /// The people in an evaluation: found in `people`, from a single evaluation.
    People,
}

/// Every lint.
pub const LINTS: &[Lint] = &[
    lint("no_segments", Code::NoSegments, Needs::Reading),
    lint("unread_rules", Code::UnreadRules, Needs::Reading),
    lint("unused_label", Code::UnusedLabel, Needs::Reading),
    lint("open_password", Code::OpenPassword, Needs::Reading),
    lint(
        "unreplaced_variable",
        Code::UnreplacedVariable,
        Needs::Reading,
    ),
    lint("shadowed_name", Code::ShadowedName, Needs::Typing),
    lint("out_of_range", Code::OutOfRange, Needs::Typing),
    lint("past_date", Code::PastDate, Needs::Typing),
    lint("letter_order", Code::LetterOrder, Needs::Typing),
    lint("unlisted_value", Code::UnknownFieldValue, Needs::Typing),
    lint("thousands_separator", Code::InvalidNumber, Needs::Typing),
    lint(
        "idle_schedule",
        Code::IdleSchedule,
        Needs::Config(idle_schedule::find),
    ),
    lint(
        "either_day",
        Code::EitherDay,
        Needs::Config(either_day::find),
    ),
    lint(
        "idle_report",
        Code::IdleReport,
        Needs::Config(idle_report::find),
    ),
    lint(
        "clock_change",
        Code::ClockChange,
        Needs::Timetable(clock_change::find),
    ),
    lint(
        "percent_number",
        Code::PercentNumber,
        Needs::Rules(percent_number::find),
    ),
    lint("never_true", Code::NeverTrue, Needs::Proof),
    lint("always_true", Code::AlwaysTrue, Needs::Proof),
    lint("equal_segment", Code::EqualSegment, Needs::Proof),
    lint("dead_clause", Code::DeadClause, Needs::Proof),
    lint("inside_segment", Code::InsideSegment, Needs::Proof),
    lint("stale_segment", Code::StaleSegment, Needs::People),
    lint("no_members", Code::NoMembers, Needs::People),
    lint("idle_rung", Code::IdleRung, Needs::People),
    lint("all_members", Code::AllMembers, Needs::People),
    lint("missing_trap", Code::MissingTrap, Needs::People),
    lint("idle_clause", Code::IdleClause, Needs::People),
    lint("cliff", Code::Cliff, Needs::People),
    lint("flapping", Code::Flapping, Needs::People),
    lint("idle_allow", Code::IdleAllow, Needs::Allows),
    lint(
        "utc_default",
        Code::UtcDefault,
        Needs::Schema(utc_default::find),
    ),
    lint(
        "hidden_rows",
        Code::HiddenRows,
        Needs::Schema(hidden_rows::find),
    ),
    lint(
        "split_table",
        Code::SplitTable,
        Needs::Data(split_table::find),
    ),
    lint(
        "absent_filter_value",
        Code::AbsentValue,
        Needs::Data(absent_filter_values),
    ),
    lint(
        "absent_text",
        Code::AbsentValue,
        Needs::Data(absent_text::find),
    ),
    lint(
        "other_spelling",
        Code::OtherSpelling,
        Needs::Data(other_spelling::find),
    ),
    lint(
        "misread_column",
        Code::MisreadColumn,
        Needs::Data(misread_column::find),
    ),
    lint(
        "changed_unit",
        Code::MisreadColumn,
        Needs::Data(changed_unit::find),
    ),
    lint(
        "mixed_offsets",
        Code::MisreadColumn,
        Needs::Data(mixed_offsets::find),
    ),
    lint(
        "missing_text",
        Code::MisreadColumn,
        Needs::Data(missing_text::find),
    ),
    lint(
        "heading_row",
        Code::HeadingRow,
        Needs::Data(heading_row::find),
    ),
    lint("repeated_key", Code::RepeatedKey, Needs::Gathered),
    lint(
        "respelled_key",
        Code::RepeatedKey,
        Needs::Data(respelled_key::find),
    ),
    lint("stray_rows", Code::StrayRows, Needs::Gathered),
    lint(
        "several_currencies",
        Code::SeveralCurrencies,
        Needs::Data(several_currencies::find),
    ),
    lint(
        "repeated_row",
        Code::RepeatedRow,
        Needs::Data(repeated_row::find),
    ),
    lint(
        "unmatched_entry",
        Code::UnmatchedEntry,
        Needs::Data(unmatched_entry::find),
    ),
];

const fn lint(name: &'static str, code: Code, needs: Needs) -> Lint {
    Lint { name, code, needs }
}

/// Config as it was read.
pub struct ConfigFile<'a> {
    /// The part of config that could be read.
    pub config: &'a Config,
    /// The text, for locations in it.
    pub sources: &'a Sources,
    /// Whether something could not be read, so that a list may be empty that is not empty in the file.
    pub is_wrong: bool,
}

/// Rules without errors, compiled.
pub struct Compiled<'a> {
    /// The files, for locations in them.
    pub sources: &'a Sources,
    pub config: &'a Config,
    pub rules: &'a RuleSet,
    /// The vocabulary of names that rules can use.
    pub catalog: &'a Catalog,
    /// The contents of config's lists.
    pub lists: &'a [List],
    pub checked: &'a Checked,
    /// What a run evaluates.
    pub ir: &'a Ir,
}

/// A look at the data.
pub struct Look<'a> {
    /// Where the data is.
    pub connector: &'a dyn Connector,
    /// The instant at which the data is looked at.
    pub clock: &'a Clock,
    /// Can cancel the look.
    pub watch: &'a dyn Watch,
    /// Whether it happens beside a run. If so, nothing is read that would take much of the run's time, and nothing is reported that the run itself
    /// reports.
    pub beside_a_run: bool,
}

/// The findings that config alone shows.
pub fn of_config(file: &ConfigFile<'_>) -> Vec<Finding> {
    let found = LINTS.iter().filter_map(|lint| match lint.needs {
        Needs::Config(find) => Some(find(file)),
        _ => None,
    });
    found.flatten().collect()
}

/// The findings about what config's schedules will run into, from `now`, an instant in microseconds, on.
pub fn of_timetable(config: &Config, now: i64) -> Vec<Finding> {
    let found = LINTS.iter().filter_map(|lint| match lint.needs {
        Needs::Timetable(find) => Some(find(config, now)),
        _ => None,
    });
    found.flatten().collect()
}

/// The findings that compiled rules show, given what was already `told` of them: if a comparison is known to be out of range, consequences of that
/// are not reported again.
pub fn of_rules(compiled: &Compiled<'_>, told: &[Finding], effort: Effort) -> Vec<Finding> {
    let mut found = of_rules_alone(compiled);
    found.extend(proved::prove(compiled, effort).1);
    without_consequences(found, told)
}

fn of_rules_alone(compiled: &Compiled<'_>) -> Vec<Finding> {
    let found = LINTS.iter().filter_map(|lint| match lint.needs {
        Needs::Rules(find) => Some(find(compiled)),
        _ => None,
    });
    found.flatten().collect()
}

fn without_consequences(mut found: Vec<Finding>, told: &[Finding]) -> Vec<Finding> {
    let causes: Vec<_> = told
        .iter()
        .filter(|told| {
            matches!(
                told.code,
                Code::OutOfRange | Code::PastDate | Code::InvalidNumber
            )
        })
        .filter_map(|told| told.location)
        .collect();
    let follows = |finding: &Finding| {
        let place = finding.location;
        place.is_some_and(|place| causes.iter().any(|cause| cause.meets(place)))
    };
    found.retain(|finding| !follows(finding));
    found
}

/// The findings that compiled rules show together with the data and the people in it, given what was already `told`. Examples are named only
/// `with_names`.
///
/// # Errors
/// The database cannot be read, or the look was cancelled.
pub fn of_people(
    compiled: &Compiled<'_>,
    told: &[Finding],
    look: &Look<'_>,
    (past, with_names): (&Past, bool),
) -> Result<Vec<Finding>, EngineError> {
    let (proved, of_proofs) = proved::prove(compiled, Effort::Check);
    let mut found = of_rules_alone(compiled);
    found.extend(of_proofs);
    let mut found = without_consequences(found, told);
    found.extend(of_data(compiled, look)?);
    found.extend(people::find(compiled, look, &proved, (past, with_names))?);
    Ok(found)
}

/// How strongly a finding with this code suggests that something is wrong: lower values are stronger.
pub fn weight(code: Code) -> usize {
    let place = LINTS.iter().position(|lint| lint.code == code);
    place.map_or(0, |place| place + 1)
}

/// The findings that compiled rules and the database's columns show.
pub fn of_schema(compiled: &Compiled<'_>, schema: &Schema) -> Vec<Finding> {
    let found = LINTS.iter().filter_map(|lint| match lint.needs {
        Needs::Schema(find) => Some(find(compiled, schema)),
        _ => None,
    });
    found.flatten().collect()
}

/// The findings that compiled rules and the data show.
///
/// # Errors
/// The database cannot be read, or the look was cancelled.
pub fn of_data(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    let mut found = Vec::new();
    for lint in LINTS {
        if let Needs::Data(find) = lint.needs {
            found.extend(find(compiled, look)?);
        }
    }
    found.extend(gathered::find(compiled, look)?);
    Ok(found)
}
