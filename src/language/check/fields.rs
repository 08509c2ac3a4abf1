//! Columns and lookups of the subject, of a row, and of `first` and `last`.

use std::collections::BTreeMap;

use super::checker::{Checker, did_you_mean, gone, listed, unknown};
use crate::catalog::{ColumnRef, ColumnState, Entity, spelled};
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{Name, Span};
use crate::language::functions::of_values;
use crate::language::name;
use crate::language::typed::{Kind, Typed};

/// Makes a column's node: [`Kind::Subject`] or [`Kind::Row`].
type Owner = fn(ColumnRef) -> Kind;

impl Checker<'_> {
    /// A column of an entity, or of one of its lookups; `None` where it has nothing of that name.
    pub fn entity_path(
        &mut self,
        entity: &Entity,
        head: &Name,
        fields: &[Name],
        span: Span,
        owner: Owner,
    ) -> Option<Typed> {
        if !entity.lookups.contains_key(&head.text)
            && let Some(refused) = self.ambiguous(&entity.columns, head)
        {
            return Some(refused);
        }
        let column = find(&entity.columns, &head.text);
        if let (Some((name, state)), None) = (column, fields.first()) {
            return Some(self.column(&entity.table, None, name, state, span, owner));
        }
        if let Some(lookup) = entity.lookups.get(&head.text) {
            let Some((field, rest)) = fields.split_first() else {
                let some = lookup.columns.keys().find(|c| **c != lookup.key);
                let example = some.map_or("name", String::as_str);
                let in_words =
                    |path: &str| format!("name one of its columns, for example {}", quoted(path));
                let finding = Finding::new(
                    Code::RowAsValue,
                    format!(
                        "`{}` is a whole row of `{}`, not a value",
                        head.text, lookup.table
                    ),
                )
                .help(match self.quote(span).as_str() {
                    "" => in_words(&name::path(&[&head.text, example])),
                    text => in_words(&format!("{text}.{}", name::field(example))),
                });
                return Some(self.refuse(span, finding));
            };
            if let Some(reason) = &lookup.gone {
                return Some(gone(reason, span));
            }
            if let Some(deeper) = rest.first() {
                return Some(self.no_deeper(&format!("{}.{}", head.text, field.text), deeper));
            }
            if let Some(refused) = self.ambiguous(&lookup.columns, field) {
                return Some(refused);
            }
            return Some(match find(&lookup.columns, &field.text) {
                Some((name, state)) => {
                    self.column(&lookup.table, Some(&head.text), name, state, span, owner)
                }
                None => self.unknown_column(
                    &lookup.table,
                    lookup.columns.keys().map(String::as_str),
                    &head.text,
                    field,
                ),
            });
        }
        match (column, fields.first()) {
            (Some(_), Some(deeper)) => Some(self.no_deeper(&head.text, deeper)),
            _ => None,
        }
    }

    /// Refuses a name that several columns could be meant by.
    fn ambiguous(
        &mut self,
        columns: &BTreeMap<String, ColumnState>,
        named: &Name,
    ) -> Option<Typed> {
        let alike = state_of(columns, &named.text).err()?;
        let message = format!(
            "`{}` can be any of the columns {}, which differ only in capitals",
            named.text,
            listed(alike)
        );
        let finding = Finding::new(Code::UnknownField, message);
        let help = "write the one that is meant with its own capitals";
        Some(self.refuse(named.span, finding.help(help)))
    }

    fn column(
        &mut self,
        table: &str,
        lookup: Option<&str>,
        name: &str,
        state: &ColumnState,
        span: Span,
        owner: Owner,
    ) -> Typed {
        match state {
            ColumnState::Present(ty) => Typed::new(
                owner(ColumnRef {
                    lookup: lookup.map(str::to_owned),
                    column: name.to_owned(),
                }),
                ty.value_type(),
                span,
            ),
            ColumnState::Untyped if self.told.insert(format!("{table}.{name}")) => {
                let guess = likely_type(name);
                let finding = Finding::new(
                    Code::UndeclaredType,
                    format!("the database does not tell what kind of value `{table}.{name}` holds"),
                )
                .help(format!(
                    "say so in config.yaml where `{table}` stands, for example \
                     `types: {{ {name}: {guess} }}`"
                ));
                self.refuse(span, finding)
            }
            ColumnState::Untyped => unknown(span),
            ColumnState::Gone(reason) => {
                // A label's column that exports have because config names none was told at the label.
                let text = self.source_map.text(span);
                let is_written = text.is_none_or(|text| text.location.start < text.location.end);
                if is_written && self.told.insert(format!("{table}.{name}")) {
                    self.tell(
                        span,
                        Finding::new(Code::MissingColumn, reason.clone())
                            .label("everything that reads it keeps its last result")
                            .help(self.out_of_rules(table, name)),
                    );
                }
                gone(reason, span)
            }
        }
    }

    /// What to do about a column that rules cannot read.
    fn out_of_rules(&self, table: &str, name: &str) -> &'static str {
        let place = (table.to_owned(), name.to_owned());
        match self.catalog.unreadable.contains(&place) {
            // What that is ends the reason.
            true => "do that, or take the column out of the rules",
            false => "restore the column, or take it out of the rules",
        }
    }

    fn no_deeper(&mut self, parent: &str, field: &Name) -> Typed {
        let finding = Finding::new(
            Code::UnknownField,
            format!("`{parent}` is a column and has no field `{}`", field.text),
        );
        let finding = if of_values(&field.text).is_some() {
            finding.help(format!(
                "`{0}` is a function: write `{0}({parent})`",
                field.text
            ))
        } else {
            finding
        };
        self.refuse(field.span, finding)
    }

    /// Tells of a field that an entity does not have.
    pub fn unknown_field(&mut self, entity: &Entity, owner: &str, field: &Name) -> Typed {
        let names = entity
            .columns
            .keys()
            .chain(entity.lookups.keys())
            .map(String::as_str);
        self.unknown_column(&entity.table, names, owner, field)
    }

    fn unknown_column<'n>(
        &mut self,
        table: &str,
        names: impl Iterator<Item = &'n str> + Clone,
        owner: &str,
        field: &Name,
    ) -> Typed {
        let finding = Finding::new(
            Code::UnknownField,
            format!("`{owner}` has no field `{}`", field.text),
        );
        let finding = did_you_mean(finding, &field.text, names.clone(), || {
            Some(format!("the table `{table}` has {}", listed(names)))
        });
        self.refuse(field.span, finding)
    }
}

/// A column by its name, [whatever the capitals](spelled); none where several could be meant.
pub(super) fn find<'a>(
    columns: &'a BTreeMap<String, ColumnState>,
    name: &str,
) -> Option<(&'a str, &'a ColumnState)> {
    state_of(columns, name).ok().flatten()
}

fn state_of<'a>(
    columns: &'a BTreeMap<String, ColumnState>,
    name: &str,
) -> Result<Option<(&'a str, &'a ColumnState)>, Vec<&'a str>> {
    let columns = columns.iter();
    spelled(columns.map(|(known, state)| (known.as_str(), state)), name)
}

/// What a column of this name probably holds, for the example in the help.
fn likely_type(name: &str) -> &'static str {
    let lower = name.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if lower.ends_with("_at") || has(&["time"]) {
        "instant"
    } else if lower.ends_with("_on") || has(&["date", "birthday"]) {
        "date"
    } else if has(&["amount", "price", "cost", "revenue", "total", "value"]) {
        "money"
    } else if has(&["count", "number", "quantity", "points", "score"]) {
        "number"
    } else {
        "text"
    }
}
