//! Names that belong elsewhere: fields of another collection, and columns that are looked up.

use super::advice::Place;
use super::checker::Checker;
use super::fields::find;
use crate::catalog::{Collection, ColumnState, Entity};
use crate::diagnostic::{Code, Finding, quoted, suggest};
use crate::language::ast::{Name, Span};

/// Written in place of a config column that is not known.
const OPEN: &str = "…";

impl Checker<'_> {
    /// The message if `where` names another collection: it suggests one value of that collection's rows, or a lookup
    /// that finds the row.
    pub fn other_rows(
        &mut self,
        collection: &Collection,
        (head, fields): (&Name, &[Name]),
        span: Span,
    ) -> Finding {
        let catalog = self.catalog;
        let (name, rows, subject) = (&head.text, &collection.name, &catalog.subject_name);
        let finding = Finding::new(
            Code::AggregateInFilter,
            format!("`{name}` is a collection, and `where` looks at one row at a time"),
        );
        let other = catalog.collections.iter().find(|c| c.name == *name);
        let Some((other, field)) = other.zip(fields.first()) else {
            return finding.help(format!(
                "inside `where`, use the columns of `{rows}` and `{subject}.…`"
            ));
        };
        if other.key.as_ref() == Some(&field.text) {
            return finding.help(looked_up(collection, other));
        }
        let text = self.quote(span);
        let behind = text.split_once('.').map_or("", |(_, behind)| behind);
        let taken = ["max", "min"].map(|function| format!("{function}({text})"));
        let last = format!("last({head}).{behind}");
        let fit = self.that_fit(taken.into_iter().chain([last]), Place::Value);
        let shown: Vec<String> = fit.iter().map(|text| quoted(text)).collect();
        match shown.is_empty() {
            true => finding.help(looked_up(collection, other)),
            false => finding.help(format!(
                "write {}: one value of all the {subject}'s `{name}`",
                shown.join(" or ")
            )),
        }
    }

    /// The message about a name that a row does not have, if a collection with a similar name, or a lookup, has it.
    pub fn far_from_row(
        &mut self,
        collection: &Collection,
        (head, fields): (&Name, &[Name]),
        span: Span,
    ) -> Option<String> {
        let name = &head.text;
        let is_own = suggest(name, [collection.name.as_str()]).is_some();
        let field = fields.first().filter(|_| is_own);
        if field.is_some_and(|field| has(&collection.entity, &field.text)) {
            let text = self.quote(span);
            let own = text.split_once('.').map_or("", |(_, own)| own);
            return Some(format!(
                "the columns of `{}` are used without a prefix here: `{own}`",
                collection.name
            ));
        }
        let near = through(&collection.entity, name).filter(|_| fields.is_empty());
        near.map(|column| format!("write {}: it is looked up", quoted(&column)))
            .or_else(|| self.looked_up_from(name, fields))
    }

    /// The message about a lookup, or a column of one, that only rows of other collections have.
    pub fn looked_up_from(&self, name: &str, fields: &[Name]) -> Option<String> {
        let mut owners = self.catalog.collections.iter().filter_map(|rows| {
            let column = match (rows.entity.lookups.get(name), fields) {
                (Some(_), [field]) => format!("{name}.{field}"),
                (Some(lookup), _) => {
                    let column = lookup.columns.keys().find(|c| **c != lookup.key);
                    format!("{name}.{}", column.map_or(OPEN, String::as_str))
                }
                (None, []) => through(&rows.entity, name)?,
                (None, _) => return None,
            };
            Some((rows, column))
        });
        let (rows, column) = owners.next()?;
        // A collection with a similar name holds the rows that are looked up.
        let table = rows.entity.lookups.get(name).map(|lookup| &lookup.table);
        let same = self.catalog.collections.iter().find(|other| {
            Some(&other.entity.table) == table && suggest(name, [other.name.as_str()]).is_some()
        });
        if let Some(same) = same {
            return Some(format!(
                "did you mean `{}`? `{name}` is how rows of `{}` look one of them up",
                same.name, rows.name
            ));
        }
        Some(format!(
            "it is looked up from rows: for example `exists({} where {column} is present)`",
            rows.name
        ))
    }
}

/// The config line that lets rows of one collection find a row of another.
fn looked_up(rows: &Collection, other: &Collection) -> String {
    let one = other.name.strip_suffix('s').unwrap_or(&other.name);
    let key = other.key.as_deref().unwrap_or(OPEN);
    let columns = rows.entity.columns.keys();
    let mut named = columns.filter(|column| {
        let column = column.to_lowercase();
        column.starts_with(&one.to_lowercase()) && column.ends_with("id")
    });
    let by = named.next().map_or(OPEN, String::as_str);
    let name = &rows.name;
    let lookup = format!(
        "lookups: {{ {one}: {{ table: {}, key: {key}, by: {by} }} }}",
        other.entity.table
    );
    format!(
        "rows of two collections meet through a lookup: give `{name}` in config.yaml `{lookup}`, and ask \
         `exists({name} where {one}.… = …)`, which is about both rows"
    )
}

/// A column that a table's rows look up, as conditions write it: `product.category`.
fn through(entity: &Entity, column: &str) -> Option<String> {
    let mut lookups = entity.lookups.iter();
    lookups.find_map(|(lookup, looked_up)| {
        let (found, _) = find(&looked_up.columns, column)?;
        Some(format!("{lookup}.{found}"))
    })
}

fn has(entity: &Entity, name: &str) -> bool {
    let is_there = |state: &ColumnState| !matches!(state, ColumnState::Gone(_));
    find(&entity.columns, name).is_some_and(|(_, state)| is_there(state))
        || entity.lookups.contains_key(name)
}
