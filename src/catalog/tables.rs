//! Tables and columns found in the database, or told to be gone.

use std::collections::BTreeMap;

use super::build::{Builder, Overrides};
use super::declared::column_type;
use super::{ColumnState, Table};
use crate::diagnostic::{Code, Finding, suggest};
use crate::source::Scalar;

impl Builder<'_> {
    /// A table's name as the database spells it, why it is gone, and its columns.
    pub fn table(
        &mut self,
        named: &Scalar,
        types: &Overrides,
    ) -> (String, Option<String>, BTreeMap<String, ColumnState>) {
        let schema = self.schema;
        let Some((name, table)) = schema.table(&named.value) else {
            let reason = format!("the table `{}` is not in the database", named.value);
            let near = suggest(&named.value, schema.tables.keys().map(String::as_str));
            let help = match near {
                Some(near) => format!("there is a table `{near}`; is that the one?"),
                None => "restore the table, or take it out of the config".to_owned(),
            };
            self.findings.push(
                Finding::new(Code::MissingTable, &reason)
                    .at(named.location)
                    .label("everything that reads it keeps its last result")
                    .help(help),
            );
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
            let reason = format!("the column `{}` is not in the table `{table}`", named.value);
            let near = suggest(&named.value, present(columns));
            let help = match near {
                Some(near) => format!("there is a column `{near}`; is that the one?"),
                None => "restore the column, or name another one here".to_owned(),
            };
            self.findings.push(
                Finding::new(Code::MissingColumn, &reason)
                    .at(named.location)
                    .label("everything that reads it keeps its last result")
                    .help(help),
            );
            columns.insert(named.value.clone(), ColumnState::Gone(reason));
        }
        named.value.clone()
    }
}

fn declared_columns(table: &Table) -> BTreeMap<String, ColumnState> {
    table
        .columns
        .iter()
        .map(|c| {
            let state = column_type(&c.declared).map_or(ColumnState::Untyped, ColumnState::Present);
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
