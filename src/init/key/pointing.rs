//! Finds columns of other tables that refer to a key.

use std::collections::{BTreeSet, HashMap};

use super::{FEW, Key, MOST, NEARLY_ALL, is_telling, stem};
use crate::config::singular_of;
use crate::engine::OwnedCell;
use crate::init::data::Guessed;
use crate::init::lexicon::are_forms;
use crate::init::lexicon::keys::ACCIDENTS;
use crate::init::lexicon::names::MAILS;
use crate::init::lexicon::people::is_person;
use crate::init::private::is_private;
use crate::init::tables::{Seen, share};
use crate::init::words::{is_one_of, words};
use crate::value::loose_key;

impl Key {
    /// Whether uniqueness is the only evidence for it, and its name speaks against it.
    pub(in crate::init) fn is_accident(&self) -> bool {
        let name = words(&self.column);
        let is_accident =
            ACCIDENTS.are_in(&name) || !MAILS.are_in(&name) && is_private(&self.column);
        self.rank == 1 && is_accident
    }

    /// The column of another table that refers to this key, and how certain that is.
    pub(in crate::init) fn pointer(
        &self,
        of: &Seen<'_>,
        events: &Seen<'_>,
        tables: &[Seen<'_>],
    ) -> Option<(String, u8)> {
        let columns = events.table.columns.iter();
        let sure = columns.filter_map(|column| {
            let sure = self.confidence(of, events, &column.name);
            let sure = sure.or_else(|| self.by_person(of, (events, &column.name), tables))?;
            Some((column.name.clone(), sure))
        });
        // Of equals, take the first.
        sure.collect::<Vec<_>>()
            .into_iter()
            .rev()
            .max_by_key(|(_, sure)| *sure)
    }

    /// Whether a column is named after a kind of person and holds values of this key: `customer_id` or `customer`,
    /// where the table is one of `people` and there is none of customers.
    fn by_person(
        &self,
        of: &Seen<'_>,
        (events, column): (&Seen<'_>, &str),
        tables: &[Seen<'_>],
    ) -> Option<u8> {
        let name = words(column);
        let (stem, is_key) = stem(&name);
        let mut others = tables.iter().filter(|other| other.name != of.name);
        let is_of_another = others.any(|other| {
            let called = words(&other.called);
            let is_it = |last: &String| is_one_of(&stem, last) || are_forms(&stem, last);
            called.last().is_some_and(is_it)
        });
        if !is_person(&stem) || is_of_another || events.table.primary_key == [column] {
            return None;
        }
        let filled = events.filled(column);
        let different: BTreeSet<Option<String>> = filled.iter().map(|cell| cell.key()).collect();
        let are_theirs = share(&filled, |cell| self.has(cell)) >= NEARLY_ALL;
        // The numbers of a few employees match those of customers by accident, and so does a number of visitors.
        let least = if is_key { 10 } else { 2 };
        let are_many = different.len() * least >= self.values.len().min(filled.len());
        (different.len() >= FEW && are_many && are_theirs).then_some(2)
    }

    fn confidence(&self, of: &Seen<'_>, events: &Seen<'_>, column: &str) -> Option<u8> {
        let filled = events.filled(column);
        let found = share(&filled, |cell| self.has(cell));
        let mut references = events.profile.references.iter();
        // A declared reference refers to the declared key, where there is one.
        let is_referred = self.rank == 4 || of.table.primary_key.is_empty();
        let is_declared = is_referred
            && references.any(|(from, to)| from == column && to.eq_ignore_ascii_case(of.name));
        // A table's own key does not refer to another table, unless it is declared to.
        if events.table.primary_key == [column] && !is_declared {
            return None;
        }
        let named = self.is_named(of, column);
        if is_declared || named > 0 {
            let fits = filled.is_empty()
                || self.values.is_empty()
                || found >= MOST
                || self.share_loosely(&filled) >= MOST;
            return fits.then_some(if is_declared { 4 } else { named });
        }
        if found < NEARLY_ALL || self.values.is_empty() {
            return None;
        }
        let different: BTreeSet<Option<String>> = filled.iter().map(|cell| cell.key()).collect();
        let tells = || self.values.iter().all(|key| is_telling(key));
        (different.len() >= FEW && tells()).then_some(1)
    }

    /// Why a table does not refer to the key, although one of its columns is named like that.
    pub(in crate::init) fn why_not(&self, of: &Seen<'_>, events: &Seen<'_>) -> Option<String> {
        let mut columns = events.table.columns.iter();
        let column = columns.find(|column| {
            let is_own = events.table.primary_key == [column.name.as_str()];
            !is_own && self.is_named(of, &column.name) > 0
        })?;
        let filled = events.filled(&column.name);
        let found = self.share_loosely(&filled) * 100.0;
        Some(format!(
            "`{}` is named after `{}.{}`, but only {found:.0}% of its values are found there",
            column.name, of.name, self.column
        ))
    }

    /// The share of cells that hold the key, either exactly or in another form that no other key has.
    fn share_loosely(&self, cells: &[&OwnedCell]) -> f64 {
        let keys = cells.iter().filter_map(|cell| cell.key());
        // The number of keys for each of the forms in the cells.
        let mut forms: HashMap<String, usize> =
            keys.map(|key| (loose_key(&key).into_owned(), 0)).collect();
        let is_letter = |byte: u8| byte.is_ascii_alphabetic();
        let has_letters = |key: &String| key.bytes().any(is_letter);
        let are_numbers = !forms.keys().any(has_letters);
        // A key with letters does not have the form of a number.
        let keys = self.values.iter();
        for key in keys.filter(|key| !are_numbers || !has_letters(key)) {
            if let Some(keys) = forms.get_mut(&*loose_key(key)) {
                *keys += 1;
            }
        }
        let is_form = |key: String| forms.get(&*loose_key(&key)) == Some(&1);
        share(cells, |cell| {
            self.has(cell) || cell.key().is_some_and(is_form)
        })
    }

    fn has(&self, cell: &OwnedCell) -> bool {
        let trimmed = || Some(cell.text()?.parse::<i64>().ok()?.to_string());
        let known = |key: String| self.values.contains(&key);
        cell.key().is_some_and(known) || trimmed().is_some_and(known)
    }

    /// How clearly a column's name says that it holds this key: 0 for not at all.
    fn is_named(&self, of: &Seen<'_>, column: &str) -> u8 {
        let (name, own) = (words(column), words(&self.column));
        let (stem_of_name, is_key) = stem(&name);
        let (stem_of_own, _) = stem(&own);
        let table = words(of.name);
        let one = singular_of(&table.concat());
        let last = table
            .last()
            .map(|word| singular_of(word))
            .unwrap_or_default();
        let is_table = [&one, &last, &table.concat()].contains(&&stem_of_name)
            || table.last().is_some_and(|last| {
                is_one_of(&stem_of_name, last) || are_forms(&stem_of_name, last)
            });
        let is_id = name.last().is_some_and(|word| word.ends_with("id"))
            && own.last().is_some_and(|word| word.ends_with("id"));
        if stem_of_name.is_empty() {
            0
        } else if name.concat() == own.concat() && !stem_of_own.is_empty() || is_table && is_id {
            3
        } else if is_table || stem_of_name == stem_of_own && is_key {
            2
        } else {
            0
        }
    }
}
