//! Tables and columns found in the database, or told to be gone.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::build::{Builder, Overrides};
use super::declared::column_type;
use super::{ColumnState, Schema, Table};
use crate::diagnostic::{Code, Finding, suggest};
use crate::source::Scalar;

/// So many names are listed.
const FEW: usize = 12;

impl Builder<'_> {
    /// A table's name as the database spells it, why it is gone, and its columns.
    pub fn table(
        &mut self,
        named: &Scalar,
        types: &Overrides,
        zone: Option<Tz>,
    ) -> (String, Option<String>, BTreeMap<String, ColumnState>) {
        let schema = self.schema;
        let Some((name, table)) = schema.table(&named.value) else {
            let reason = format!("the table `{}` is not in the database", named.value);
            let near = suggest(&named.value, schema.tables.keys().map(String::as_str));
            let near = near.map(|near| format!("there is a table `{near}`; is that the one?"));
            let near = near.unwrap_or_else(|| there_are("tables", tables(schema)));
            let was_read = self.was_read(&named.value, None);
            self.absent(named, &reason, (Code::MissingTable, was_read), near);
            return (named.value.clone(), Some(reason), BTreeMap::new());
        };
        let mut columns = declared_columns(table);
        for (_, column) in self
            .remembered
            .iter()
            .filter(|(t, _)| t.eq_ignore_ascii_case(name))
        {
            if spelled(&columns, column).is_none() {
                let reason = format!("the column `{column}` is no longer in the table `{name}`");
                columns.insert(column.clone(), ColumnState::Gone(reason));
            }
        }
        for (scalar, ty) in types.values() {
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
        (name.clone(), None, columns)
    }

    /// A column's name as the database spells it; told and marked as gone where there is none.
    pub fn find(
        &mut self,
        table: &str,
        table_gone: Option<&str>,
        columns: &mut BTreeMap<String, ColumnState>,
        named: &Scalar,
    ) -> String {
        let known = spelled(columns, &named.value);
        if let Some((name, ColumnState::Present(_) | ColumnState::Untyped)) = known {
            return name.to_owned();
        }
        if table_gone.is_none() {
            let reason = match known {
                Some((_, ColumnState::Gone(why))) if self.is_unreadable(table, &named.value) => {
                    why.clone()
                }
                _ => format!("the column `{}` is not in the table `{table}`", named.value),
            };
            let near = suggest(&named.value, present(columns));
            let near = near.map(|near| format!("there is a column `{near}`; is that the one?"));
            let near = near.unwrap_or_else(|| there_are("columns", present(columns)));
            let was_read = self.was_read(table, Some(&named.value));
            self.absent(named, &reason, (Code::MissingColumn, was_read), near);
            columns.insert(named.value.clone(), ColumnState::Gone(reason));
        }
        named.value.clone()
    }

    /// Whether there is a column of this name.
    pub fn has(&self, columns: &BTreeMap<String, ColumnState>, name: &str) -> bool {
        spelled(columns, name).is_some()
    }

    /// Whether a column is there and no rule can read it.
    fn is_unreadable(&self, table: &str, column: &str) -> bool {
        let columns = self
            .schema
            .table(table)
            .map(|(_, table)| table.columns.iter());
        let mut columns = columns.into_iter().flatten();
        columns.any(|known| known.unreadable.is_some() && known.name.eq_ignore_ascii_case(column))
    }

    /// Whether the last published run read a table, or a column of it: then it was there.
    fn was_read(&self, table: &str, column: Option<&str>) -> bool {
        self.remembered.iter().any(|(of, read)| {
            of.eq_ignore_ascii_case(table)
                && column.is_none_or(|column| read.eq_ignore_ascii_case(column))
        })
    }

    /// Reports what is not in the database: gone where an earlier run read it, else a typo.
    fn absent(
        &mut self,
        named: &Scalar,
        reason: &str,
        (gone, was_read): (Code, bool),
        help: String,
    ) {
        let finding = match was_read {
            true => {
                Finding::new(gone, reason).label("everything that reads it keeps its last result")
            }
            false => Finding::new(Code::UnknownName, reason),
        };
        let help = match was_read {
            true => format!("restore it, or name another one here; {help}"),
            false => help,
        };
        self.findings.push(finding.at(named.location).help(help));
    }
}

/// The tables that may be meant: ours are not.
fn tables(schema: &Schema) -> impl Iterator<Item = &str> {
    let names = schema.tables.keys().map(String::as_str);
    names.filter(|name| !name.starts_with("muster_") && !name.starts_with("_sqlx"))
}

/// What there is, as far as it can be taken in.
fn there_are<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let few: Vec<&str> = names.iter().take(FEW).map(String::as_str).collect();
    let more = match names.len().saturating_sub(FEW) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    match few.is_empty() {
        true => format!("there are no {what}"),
        false => format!("the {what} are {}{more}", few.join(", ")),
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

/// A column by its name without case, as SQLite compares them.
fn spelled<'a>(
    columns: &'a BTreeMap<String, ColumnState>,
    name: &str,
) -> Option<(&'a str, &'a ColumnState)> {
    columns
        .iter()
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(n, s)| (n.as_str(), s))
}

fn present(columns: &BTreeMap<String, ColumnState>) -> impl Iterator<Item = &str> {
    columns
        .iter()
        .filter(|(_, s)| !matches!(s, ColumnState::Gone(_)))
        .map(|(n, _)| n.as_str())
}
