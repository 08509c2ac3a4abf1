//! What says that the amounts of a column are in several currencies.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::catalog::{ColumnRef, Entity};
use crate::connector::Snapshot;
use crate::engine::EngineError;
use crate::init::{are_currencies, is_called_currency};
use crate::lint::compared::MAX_ROWS;
use crate::value::{currency_form, currency_in};

/// A column of currencies has no more of them.
const MOST: usize = 40;
/// So many rows tell whether amounts are texts: the first of them may be empty.
const FIRST: u32 = 1_000;

/// A column in which amounts are said to be in several currencies.
#[derive(Clone)]
pub(super) struct Mixed {
    pub(super) table: String,
    pub(super) column: ColumnRef,
    /// How many rows each currency has, the commonest first.
    pub(super) counts: Vec<(String, usize)>,
    /// Whether the column is that of the amounts, and the currencies stand in its cells.
    pub(super) is_amount: bool,
}

/// A column that names currencies, and how many rows each has, the commonest first.
type Named = (String, Vec<(String, usize)>);

/// The columns of tables that name currencies: each table is looked at once.
pub(super) struct Tables<'s> {
    snapshot: &'s dyn Snapshot,
    named: BTreeMap<String, Rc<[Named]>>,
}

impl<'s> Tables<'s> {
    pub(super) fn new(snapshot: &'s dyn Snapshot) -> Self {
        Self {
            snapshot,
            named: BTreeMap::new(),
        }
    }

    /// What tells that the amounts of a column are in several currencies: a column of its row, else one of a row that a lookup of
    /// it finds, and what stands in the cells themselves.
    pub(super) fn beside(
        &mut self,
        entity: &Entity,
        amount: &ColumnRef,
    ) -> Result<Vec<Mixed>, EngineError> {
        let lookups = || entity.lookups.iter();
        let own = match &amount.lookup {
            None => Some((&entity.table, None)),
            Some(name) => lookups()
                .find(|(lookup, _)| *lookup == name)
                .map(|(name, of)| (&of.table, Some(name))),
        };
        let Some((table, lookup)) = own else {
            return Ok(Vec::new());
        };
        let mut found = self.of(table, lookup)?;
        if found.is_empty() && lookup.is_none() {
            for (name, of) in lookups() {
                found.extend(self.of(&of.table, Some(name))?);
            }
        }
        found.retain(|mixed| mixed.counts.len() > 1);
        found.extend(self.cells(table, amount)?);
        Ok(found)
    }

    /// The columns of a table that name currencies, of one or of several.
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
            let forms: BTreeSet<String> = texts.iter().map(|text| currency_form(text)).collect();
            let capitals = texts
                .iter()
                .map(|text| text.trim().to_uppercase())
                .collect();
            if !is_called_currency(column) && !are_currencies(&capitals) {
                continue;
            }
            // Two spellings of one currency are one.
            let counts = match forms.len() {
                1 => forms.into_iter().map(|form| (form, 0)).collect(),
                _ => self.counts(table, column, |text| Some(text.trim().to_owned())),
            };
            found.push((column.clone(), counts));
        }
        Ok(found)
    }

    /// The currencies in the cells of a column of texts, where they are several.
    fn cells(&self, table: &str, amount: &ColumnRef) -> Result<Option<Mixed>, EngineError> {
        let sample = self.snapshot.first_rows(table, &[&amount.column], FIRST)?;
        let is_text = sample.iter().flatten().any(|cell| cell.as_str().is_some());
        if !is_text {
            return Ok(None);
        }
        let counts = self.counts(table, &amount.column, currency_in);
        Ok((counts.len() > 1).then(|| Mixed {
            table: table.to_owned(),
            column: amount.clone(),
            counts,
            is_amount: true,
        }))
    }

    /// How many rows have each of the texts that `of` makes of a column's cells, the commonest first.
    fn counts(
        &self,
        table: &str,
        column: &str,
        of: impl Fn(&str) -> Option<String>,
    ) -> Vec<(String, usize)> {
        let values = self.snapshot.values(table, column, MAX_ROWS);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for cell in values.iter().flatten() {
            let text = cell.as_str().and_then(&of);
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                *counts.entry(text).or_default() += 1;
            }
        }
        let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    }
}
