//! The tables to consider, and what they hold.

use std::ops::ControlFlow;

use super::counted::{Counted, Counting};
use super::data::{Data, Guessed};
use super::lexicon::people::is_several;
use super::time::order::Proven;
use super::words::{flat, words};
use crate::catalog::{Table, TableColumn};
use crate::connector::TableProfile;
use crate::engine::{Cell, OwnedCell};

/// Name prefixes of tables that programs use internally.
const HOUSEKEEPING: [&str; 5] = ["muster_", "sqlite_", "_", "django_", "ar_internal_"];

/// A table to consider.
pub(super) struct Seen<'d> {
    pub(super) name: &'d str,
    /// The words of its name, without a prefix that most names in the database share: `orders` for `wp_wc_orders`.
    pub(super) called: String,
    pub(super) table: &'d Table,
    pub(super) profile: TableProfile,
    /// The single column by which its rows can be looked up.
    pub(super) key: Option<String>,
    /// The order of day and month, where other columns prove it.
    pub(super) order: Option<Proven>,
    /// The rows of the people's table that are totals rather than people.
    pub(super) nobody: Vec<usize>,
    sample: Vec<Vec<OwnedCell>>,
    data: &'d Data,
}

/// All tables to consider.
pub(super) fn tables(data: &Data) -> Vec<Seen<'_>> {
    let own = |name: &str| {
        let lower = name.to_lowercase();
        !HOUSEKEEPING.iter().any(|begin| lower.starts_with(begin))
            && !lower.contains("migration")
            && lower != "alembic_version"
    };
    let tables = data.schema().tables.iter();
    let names: Vec<Vec<String>> = data
        .schema()
        .tables
        .keys()
        .map(|name| words(name))
        .collect();
    let prefix = prefix(&names);
    tables
        .filter(|(name, table)| own(name) && !table.columns.is_empty())
        .filter_map(|(name, table)| {
            let profile = data.profile(name)?;
            let own = words(name);
            let rest = own
                .strip_prefix(prefix.as_slice())
                .filter(|rest| rest.concat().starts_with(char::is_alphabetic));
            Some(Seen {
                name,
                called: rest.map_or_else(|| name.clone(), |rest| rest.join("_")),
                table,
                sample: data.sample(name, profile.rows),
                key: None,
                order: None,
                nobody: Vec::new(),
                profile,
                data,
            })
        })
        .collect()
}

/// The words with which most of these names begin: the name of a program or a shop, rather than what their tables
/// hold, as in `orders_web` and `orders_app`.
fn prefix(names: &[Vec<String>]) -> Vec<String> {
    let mut prefix: Vec<String> = Vec::new();
    loop {
        let begun: Vec<&String> = names
            .iter()
            .filter(|name| name.starts_with(&prefix))
            .filter_map(|name| name.get(prefix.len()))
            .collect();
        let most = begun.iter().find(|word| {
            let same = begun.iter().filter(|other| other == word).count();
            same >= 3 && same * 5 >= names.len() * 3 && !is_several(word)
        });
        match most {
            Some(word) => prefix.push((*word).clone()),
            None => return prefix,
        }
    }
}

impl<'d> Seen<'d> {
    /// Finds a column by name, however it is written.
    pub(super) fn column(&self, wanted: &str) -> Option<&'d TableColumn> {
        let mut columns = self.table.columns.iter();
        columns.find(|column| flat(&column.name) == flat(wanted))
    }

    /// The number of rows for each value of a column; none where it has many distinct values.
    pub(super) fn counted(&self, column: &str) -> Option<Counted> {
        let sample = self.counted_in_sample(column)?;
        let (mut counting, mut is_read) = (Counting::default(), false);
        let all = self.each_value(column, |cell| {
            is_read = true;
            counting.see(cell)
        });
        match all.is_some() && is_read {
            true => counting.counted(),
            false => Some(sample),
        }
    }

    /// The same for the rows of the sample.
    pub(super) fn counted_in_sample(&self, column: &str) -> Option<Counted> {
        let mut counting = Counting::default();
        let mut cells = self.cells(column).into_iter();
        // If there are too many values, `counted` returns none.
        let _ = cells.try_for_each(|cell| counting.see(cell.lent()));
        counting.counted()
    }

    /// Passes a column's values in all rows, except those that are not people, to `see` until it breaks; none where
    /// they cannot be read.
    pub(super) fn each_value(
        &self,
        column: &str,
        mut see: impl FnMut(Cell<'_>) -> ControlFlow<()>,
    ) -> Option<()> {
        let mut places = 0..;
        self.data.each_value(self.name, column, |cell| {
            let is_nobody = places.next().is_some_and(|at| self.nobody.contains(&at));
            match is_nobody {
                true => ControlFlow::Continue(()),
                false => see(cell),
            }
        })
    }

    /// The same values as a list; empty where they cannot be read.
    pub(super) fn values(&self, column: &str) -> Vec<OwnedCell> {
        let mut values = Vec::new();
        let all = self.each_value(column, |cell| {
            values.push(cell.into());
            ControlFlow::Continue(())
        });
        all.map(|()| values).unwrap_or_default()
    }

    /// A column's cells in the sample.
    pub(super) fn cells<'s>(&'s self, column: &str) -> Vec<&'s OwnedCell> {
        let place = self.table.columns.iter().position(|c| c.name == column);
        let rows = self.sample.iter();
        rows.filter_map(|row| row.get(place?)).collect()
    }

    /// A column's cells in the sample, without empty ones.
    pub(super) fn filled<'s>(&'s self, column: &str) -> Vec<&'s OwnedCell> {
        let mut cells = self.cells(column);
        cells.retain(|cell| !cell.is_empty());
        cells
    }

    /// The same without placeholders for a missing value, which are not times: `NULL`, `0000-00-00`.
    pub(super) fn telling<'s>(&'s self, column: &str) -> Vec<&'s OwnedCell> {
        let mut cells = self.cells(column);
        cells.retain(|cell| !cell.is_nothing());
        cells
    }

    /// Whether this is a view of a table, because its definition contains the table's name.
    pub(super) fn is_made_of(&self, table: &str) -> bool {
        self.profile.view.as_ref().is_some_and(|definition| {
            let (definition, table) = (definition.to_lowercase(), table.to_lowercase());
            let is_part = |c: char| c.is_alphanumeric() || c == '_';
            definition.match_indices(&table).any(|(at, found)| {
                let before = definition
                    .get(..at)
                    .and_then(|text| text.chars().next_back());
                let after = definition
                    .get(at + found.len()..)
                    .and_then(|text| text.chars().next());
                !before.is_some_and(is_part) && !after.is_some_and(is_part)
            })
        })
    }
}

/// The share of items for which `is` holds; 0 where there are no items.
#[allow(clippy::cast_precision_loss)]
pub(super) fn share<T>(of: &[T], is: impl Fn(&T) -> bool) -> f64 {
    let count = of.iter().filter(|one| is(one)).count();
    count as f64 / of.len().max(1) as f64
}
