//! Finds tables and columns in the database, or reports them as gone.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::build::{Builder, Overrides};
use super::declared::column_type;
use super::{ColumnState, Schema, Table, spelled};
use crate::diagnostic::{Code, Finding, suggest};
use crate::source::Scalar;

/// At most this many names are listed.
const FEW: usize = 12;

impl Builder<'_> {
    /// A table's name as the database spells it, why it is gone if it is, and its columns.
    pub fn table(
        &mut self,
        named: &Scalar,
        types: &Overrides,
        zone: Option<Tz>,
    ) -> (String, Option<String>, BTreeMap<String, ColumnState>) {
        let schema = self.schema;
        let found = schema.spelled(&named.value);
        if let Err(alike) = &found {
            let reason = self.ambiguous(named, "tables", alike);
            return (named.value.clone(), Some(reason), BTreeMap::new());
        }
        let Some((name, table)) = found.ok().flatten() else {
            let unreadable = schema.unreadable.iter();
            let unreadable = unreadable.map(|(known, why)| (known.as_str(), why));
            let reason = match spelled(unreadable.clone(), &named.value).ok().flatten() {
                Some((name, why)) => format!("the table `{name}` cannot be read: {why}"),
                None => format!("the table `{}` is not in the database", named.value),
            };
            let is_there = spelled(unreadable, &named.value).is_ok_and(|found| found.is_some());
            let near = suggest(&named.value, schema.tables.keys().map(String::as_str));
            let near = near.filter(|_| !is_there);
            let near = near.map(|near| format!("there is a table `{near}`; is that the one?"));
            let near = near.unwrap_or_else(|| match schema.meant().next() {
                Some(_) => there_are("tables", schema.meant()),
                None => "the database has no tables: check `database:` and its `schema:` or, for Spark, its `tables:`"
                    .to_owned(),
            });
            let was_read = self.was_read(&named.value, None);
            let gone = Absent {
                code: Code::MissingTable,
                was_read,
                is_there,
            };
            self.absent(named, &reason, gone, near);
            return (named.value.clone(), Some(reason), BTreeMap::new());
        };
        let mut columns = declared_columns(table);
        for (_, column) in self
            .remembered
            .iter()
            .filter(|(t, _)| t.eq_ignore_ascii_case(name))
        {
            if !self.has(&columns, column) {
                let reason = format!("the column `{column}` is no longer in the table `{name}`");
                columns.insert(column.clone(), ColumnState::Gone(reason));
            }
        }
        for (scalar, ty) in types.values() {
            // What reads it is told.
            if self.is_unreadable(name, &scalar.value) {
                continue;
            }
            let column = self.find(name, None, &mut columns, scalar);
            if let Some(state @ (ColumnState::Present(_) | ColumnState::Untyped)) =
                columns.get_mut(&column)
            {
                *state = ColumnState::Present(*ty);
            }
        }
        for state in columns.values_mut() {
            if let (ColumnState::Present(ty), Some(zone)) = (state, zone) {
                *ty = ty.in_zone(zone);
            }
        }
        (name.to_owned(), None, columns)
    }

    /// A column's name as the database spells it. A missing column is reported and marked as gone.
    pub fn find(
        &mut self,
        table: &str,
        table_gone: Option<&str>,
        columns: &mut BTreeMap<String, ColumnState>,
        named: &Scalar,
    ) -> String {
        let known = match state_of(columns, &named.value) {
            Ok(known) => known,
            Err(alike) => {
                let reason = self.ambiguous(named, "columns", &alike);
                columns.insert(named.value.clone(), ColumnState::Gone(reason));
                return named.value.clone();
            }
        };
        if let Some((name, ColumnState::Present(_) | ColumnState::Untyped)) = known {
            return name.to_owned();
        }
        if table_gone.is_none() {
            let is_there = self.is_unreadable(table, &named.value);
            let reason = match known {
                Some((_, ColumnState::Gone(why))) if is_there => why.clone(),
                _ => format!("the column `{}` is not in the table `{table}`", named.value),
            };
            let near = suggest(&named.value, present(columns)).filter(|_| !is_there);
            let near = near.map(|near| format!("there is a column `{near}`; is that the one?"));
            let near = near.unwrap_or_else(|| there_are("columns", present(columns)));
            let gone = Absent {
                code: Code::MissingColumn,
                was_read: self.was_read(table, Some(&named.value)),
                is_there,
            };
            self.absent(named, &reason, gone, near);
            columns.insert(named.value.clone(), ColumnState::Gone(reason));
        }
        named.value.clone()
    }

    /// Whether there is a column of this name.
    pub fn has(&self, columns: &BTreeMap<String, ColumnState>, name: &str) -> bool {
        !matches!(state_of(columns, name), Ok(None))
    }

    /// Reports that a name can mean several, and returns the reason in words.
    fn ambiguous(&mut self, named: &Scalar, what: &str, alike: &[&str]) -> String {
        let reason = format!(
            "`{}` can be any of the {what} {}, which differ only in capitals",
            named.value,
            listed(alike.iter().copied())
        );
        let finding = Finding::new(Code::UnknownName, &reason).at(named.location);
        let help = "write the one that is meant with its own capitals";
        self.findings.push(finding.help(help));
        reason
    }

    /// Whether a column exists but no rule can read it.
    fn is_unreadable(&self, table: &str, column: &str) -> bool {
        let columns = self
            .schema
            .table(table)
            .map(|(_, table)| table.columns.iter());
        let mut columns = columns.into_iter().flatten();
        columns.any(|known| known.unreadable.is_some() && known.name.eq_ignore_ascii_case(column))
    }

    /// Whether the last published run read a table, or a column of it, which therefore existed.
    fn was_read(&self, table: &str, column: Option<&str>) -> bool {
        self.remembered.iter().any(|(of, read)| {
            of.eq_ignore_ascii_case(table)
                && column.is_none_or(|column| read.eq_ignore_ascii_case(column))
        })
    }

    /// Reports what is not in the database, or cannot be read: gone where an earlier run read it, else a typo or without rights.
    fn absent(&mut self, named: &Scalar, reason: &str, absent: Absent, help: String) {
        let finding = match absent.was_read {
            true => Finding::new(absent.code, reason)
                .label("everything that reads it keeps its last result"),
            false => Finding::new(Code::UnknownName, reason),
        };
        let help = match absent {
            Absent { is_there: true, .. } => format!("do that, or name another one here; {help}"),
            Absent { was_read: true, .. } => {
                format!("restore it, or name another one here; {help}")
            }
            _ => help,
        };
        self.findings.push(finding.at(named.location).help(help));
    }
}

/// What is told of a table or column that rules cannot read.
struct Absent {
    /// Where an earlier run read it.
    code: Code,
    was_read: bool,
    /// Whether it is in the database all the same, and its reason ends with what to do.
    is_there: bool,
}

impl Schema {
    /// The columns that exist but that no rule can read, with their tables.
    pub(super) fn unreadable_columns(&self) -> impl Iterator<Item = (String, String)> {
        self.tables.iter().flat_map(|(name, table)| {
            let columns = table.columns.iter();
            let columns = columns.filter(|column| column.unreadable.is_some());
            columns.map(|column| (name.clone(), column.name.clone()))
        })
    }

    /// The tables that config may mean, without Muster's own.
    pub fn meant(&self) -> impl Iterator<Item = &str> {
        let names = self.tables.keys().map(String::as_str);
        names.filter(|name| {
            let mut ours = ["muster_", "_muster_", "_sqlx"].iter();
            !ours.any(|own| name.starts_with(own))
        })
    }
}

/// A sentence that lists the names, shortened if there are many.
fn there_are<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> String {
    let mut names = names.peekable();
    match names.peek() {
        None => format!("there are no {what}"),
        Some(_) => format!("the {what} are {}", listed(names)),
    }
}

/// The names, shortened if there are many.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let few: Vec<&str> = names.iter().take(FEW).map(String::as_str).collect();
    match names.len().saturating_sub(FEW) {
        0 => few.join(", "),
        more => format!("{} and {more} more", few.join(", ")),
    }
}

fn declared_columns(table: &Table) -> BTreeMap<String, ColumnState> {
    table
        .columns
        .iter()
        .map(|c| {
            let state = match (&c.unreadable, column_type(&c.declared)) {
                (Some(why), _) => ColumnState::Gone(format!("the column `{}` holds {why}", c.name)),
                (None, Some(ty)) => ColumnState::Present(ty),
                (None, None) => ColumnState::Untyped,
            };
            (c.name.clone(), state)
        })
        .collect()
}

/// The state of a column, [whatever the capitals](spelled) of its name.
///
/// # Errors
/// If several columns could be meant: their names.
fn state_of<'a>(
    columns: &'a BTreeMap<String, ColumnState>,
    name: &str,
) -> Result<Option<(&'a str, &'a ColumnState)>, Vec<&'a str>> {
    let columns = columns.iter();
    spelled(columns.map(|(known, state)| (known.as_str(), state)), name)
}

fn present(columns: &BTreeMap<String, ColumnState>) -> impl Iterator<Item = &str> {
    columns
        .iter()
        .filter(|(_, s)| !matches!(s, ColumnState::Gone(_)))
        .map(|(n, _)| n.as_str())
}
