//! Checks the command line of `muster init` against the database.

use super::Init;
use crate::catalog::{Schema, Table};
use crate::cli::exit::Failure;
use crate::init::{Data, Wishes};

/// The options about the table of subjects, checked against the database.
pub(super) fn wishes(command: &Init, data: &Data) -> Result<Wishes, Failure> {
    let schema = data.schema();
    let table = match &command.table {
        None => None,
        Some(table) => Some(schema.table(table).ok_or_else(|| {
            Failure::input(format!(
                "there is no table `{table}`; {}",
                tables_of(schema)
            ))
        })?),
    };
    let is_known = |column: &str| {
        let is = |table: &Table| {
            let mut columns = table.columns.iter();
            columns.any(|known| known.name.eq_ignore_ascii_case(column))
        };
        match table {
            Some((_, table)) => is(table),
            None => schema.tables.values().any(is),
        }
    };
    let label: Vec<&str> = match command.label.as_deref() {
        None => Vec::new(),
        // A heading may contain a comma, such as `Name, first name`.
        Some(one) if is_known(one) => vec![one],
        Some(several) => several.split(',').map(str::trim).collect(),
    };
    let mut named = command
        .key
        .as_deref()
        .into_iter()
        .chain(label.iter().copied());
    if let Some(unknown) = named.find(|column| !is_known(column)) {
        let words = match unknown.is_empty() {
            true => "a column name is missing, as between two commas".to_owned(),
            false => format!("there is no column `{unknown}`"),
        };
        let of = columns_of(schema, table.map(|(name, _)| name));
        return Err(Failure::input(format!("{words}; {of}")));
    }
    let mut at = Vec::new();
    for wish in &command.at {
        let named = wish.rsplit_once('.').and_then(|(table, column)| {
            let (name, table) = schema.table(table)?;
            Some((name, table, column))
        });
        let Some((name, table, column)) = named else {
            let words = format!(
                "`--at {wish}` does not name a table; write `TABLE.COLUMN`; {}",
                tables_of(schema)
            );
            return Err(Failure::input(words));
        };
        let columns = table.columns.iter().map(|known| &known.name);
        let known = columns
            .clone()
            .find(|known| known.eq_ignore_ascii_case(column));
        let Some(column) = known else {
            let columns: Vec<&str> = columns.map(String::as_str).collect();
            return Err(Failure::input(format!(
                "`--at {wish}`: `{name}` has no column `{column}`; its columns are: {}",
                columns.join(", ")
            )));
        };
        at.push((name.clone(), column.clone()));
    }
    Ok(Wishes {
        table: table.map(|(name, _)| name.clone()),
        key: command.key.clone(),
        label: label.into_iter().map(str::to_owned).collect(),
        at,
        types: Vec::new(),
    })
}

/// The columns of the table, or of the first few tables if none was named.
fn columns_of(schema: &Schema, table: Option<&String>) -> String {
    /// The maximum number of tables listed.
    const TOLD: usize = 5;
    let tables = schema.tables.iter();
    let tables = tables.filter(|(name, _)| table.is_none_or(|table| table == *name));
    let told: Vec<String> = tables
        .clone()
        .take(TOLD)
        .map(|(name, table)| {
            let columns = table.columns.iter().map(|known| known.name.as_str());
            let columns: Vec<&str> = columns.collect();
            format!("{name} ({})", columns.join(", "))
        })
        .collect();
    let more = if tables.count() > TOLD { ", …" } else { "" };
    format!("the columns are: {}{more}", told.join(", "))
}

fn tables_of(schema: &Schema) -> String {
    let names: Vec<&str> = schema.tables.keys().map(String::as_str).collect();
    format!("the tables are: {}", names.join(", "))
}
