//! What tells that the amounts of a column are in several currencies.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::catalog::{ColumnRef, Entity};
use crate::connector::Snapshot;
use crate::engine::EngineError;
use crate::init::{are_currencies, is_called_currency};
use crate::lint::compared::MAX_ROWS;
use crate::value::{Currency, currency_forms};

/// The most different values in a column of currencies.
const MOST: usize = 40;

/// A column by which amounts are in several currencies.
#[derive(Clone)]
pub(super) struct Mixed {
    pub(super) table: String,
    pub(super) column: ColumnRef,
    /// How many rows each currency has, the most common first.
    pub(super) counts: Vec<(String, u64)>,
    /// Whether it is the column of the amounts itself, with the currencies in its cells.
    pub(super) is_amount: bool,
}

/// A column that names currencies, and how many rows each has, the most common first.
type Named = (String, Vec<(String, u64)>);

/// The columns of tables that name currencies: each table is examined once.
pub(super) struct Tables<'s> {
    snapshot: &'s dyn Snapshot,
    /// The currency of all amounts, according to config.
    usual: Option<Currency>,
    named: BTreeMap<String, Rc<[Named]>>,
}

/// The table that holds a column of a collection.
pub(super) fn table_of<'e>(entity: &'e Entity, column: &ColumnRef) -> Option<&'e str> {
    match &column.lookup {
        None => Some(&entity.table),
        Some(name) => Some(&entity.lookups.get(name)?.table),
    }
}

impl<'s> Tables<'s> {
    pub(super) fn new(snapshot: &'s dyn Snapshot, usual: Option<Currency>) -> Self {
        Self {
            snapshot,
            usual,
            named: BTreeMap::new(),
        }
    }

    /// What tells that the amounts of a column are in several currencies: a column of the same row, else a column of a row that it looks up.
    pub(super) fn beside(
        &mut self,
        entity: &Entity,
        amount: &ColumnRef,
    ) -> Result<Vec<Mixed>, EngineError> {
        let Some(table) = table_of(entity, amount) else {
            return Ok(Vec::new());
        };
        let lookup = amount.lookup.as_ref();
        let mut found = self.of(table, lookup)?;
        if found.is_empty() && lookup.is_none() {
            for (name, of) in &entity.lookups {
                found.extend(self.of(&of.table, Some(name))?);
            }
        }
        found.retain(|mixed| mixed.counts.len() > 1);
        Ok(found)
    }

    /// The columns of a table that name currencies, whether one or several.
    fn of(&mut self, table: &str, lookup: Option<&String>) -> Result<Vec<Mixed>, EngineError> {
        let named = match self.named.get(table) {
            Some(known) => Rc::clone(known),
            None => {
                let new: Rc<[Named]> = self.named(table)?.into();
                self.named.insert(table.to_owned(), Rc::clone(&new));
                new
            }
        };
        let mixed = named.iter().map(|(column, counts)| Mixed {
            table: table.to_owned(),
            column: ColumnRef {
                lookup: lookup.cloned(),
                column: column.clone(),
            },
            counts: counts.clone(),
            is_amount: false,
        });
        Ok(mixed.collect())
    }

    fn named(&self, table: &str) -> Result<Vec<Named>, EngineError> {
        let schema = self.snapshot.schema()?;
        let columns = schema.table(table).map(|(_, table)| &table.columns);
        let mut found = Vec::new();
        for column in columns.into_iter().flatten() {
            let column = &column.name;
            let rows = MAX_ROWS as usize;
            let texts = self.snapshot.distinct_texts(table, column, MOST, rows)?;
            let Some(texts) = texts.filter(|texts| !texts.is_empty()) else {
                continue;
            };
            let forms = currency_forms(texts.iter().map(String::as_str), self.usual);
            let capitals = texts
                .iter()
                .map(|text| text.trim().to_uppercase())
                .collect();
            if !is_called_currency(column) && !are_currencies(&capitals) {
                continue;
            }
            // Two spellings of one currency count as one.
            let counts = match forms.len() {
                1 => forms.into_iter().map(|form| (form, 0)).collect(),
                _ => self.counts(table, column),
            };
            found.push((column.clone(), counts));
        }
        Ok(found)
    }

    /// How many rows have each of a column's texts, the most common first.
    fn counts(&self, table: &str, column: &str) -> Vec<(String, u64)> {
        let values = self.snapshot.values(table, column, MAX_ROWS);
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for cell in values.iter().flatten() {
            let text = cell.as_str().map(str::trim);
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                *counts.entry(text.to_owned()).or_default() += 1;
            }
        }
        let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    }
}
