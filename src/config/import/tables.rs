//! What config says about the tables that files may become.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Collection, Lookup, Subject};
use crate::source::Scalar;
use crate::value::{ColumnType, Type};

/// What config says about the tables that files become: see [`FileSet`](super::FileSet).
pub(in crate::config) struct Tables {
    pub(super) keys: Vec<(String, String)>,
    pub(super) links: Vec<(String, String)>,
    pub(super) times: Vec<(String, String, ColumnType)>,
    pub(super) named: Vec<String>,
    pub(super) people: Vec<String>,
}

/// A table as config reads it: that of the subject, or of a collection.
struct Read<'c> {
    table: &'c Scalar,
    at: Option<&'c Scalar>,
    types: &'c BTreeMap<String, (Scalar, ColumnType)>,
    lookups: &'c [(Scalar, Lookup)],
}

impl Tables {
    pub(in crate::config) fn of(subject: &Subject, collections: &[Collection]) -> Self {
        let of_collections = collections.iter();
        let keys = of_collections.filter_map(|of| Some((&of.table, of.key.as_ref()?)));
        let keys = keys.chain([(&subject.table, &subject.key)]);
        let keys = keys.map(|(table, key)| (table.value.clone(), key.value.clone()));
        let keys: Vec<(String, String)> = keys.collect();
        let read: Vec<Read<'_>> = collections
            .iter()
            .map(Read::from)
            .chain([Read::from(subject)])
            .collect();
        let found = read.iter().flat_map(Read::found_by);
        let pointing = read.iter().zip(collections);
        let pointing = pointing.map(|(read, of)| read.column(&of.subject));
        let links = keys.iter().map(|(table, key)| column(table, key));
        let links: BTreeSet<(String, String)> = links.chain(found).chain(pointing).collect();
        let mut times: Vec<(String, String, ColumnType)> =
            read.iter().flat_map(Read::times).collect();
        times.sort_by(|(table, column, _), (of, other, _)| (table, column).cmp(&(of, other)));
        times.dedup();
        let looked_up = read.iter().flat_map(|read| read.lookups);
        let named = collections.iter().map(|of| &of.table);
        let named = named.chain(looked_up.map(|(_, of)| &of.table));
        let named = named.chain([&subject.table]);
        Self {
            links: links.into_iter().collect(),
            times,
            named: named.map(|table| table.value.clone()).collect(),
            people: vec![subject.table.value.clone()],
            keys,
        }
    }
}

impl<'c> From<&'c Collection> for Read<'c> {
    fn from(of: &'c Collection) -> Self {
        Self {
            table: &of.table,
            at: of.at.as_ref(),
            types: &of.types,
            lookups: &of.lookups,
        }
    }
}

impl<'c> From<&'c Subject> for Read<'c> {
    fn from(of: &'c Subject) -> Self {
        Self {
            table: &of.table,
            at: of.at.as_ref(),
            types: &of.types,
            lookups: &of.lookups,
        }
    }
}

impl Read<'_> {
    /// The table of a column that config names, and the column: `order.client_id` belongs to the row that a lookup
    /// finds.
    fn column(&self, named: &Scalar) -> (String, String) {
        match self.behind_lookup(named) {
            Some((of, behind)) => column(&of.table.value, behind),
            None => column(&self.table.value, &named.value),
        }
    }

    /// The lookup through which a column is named, and the column.
    fn behind_lookup<'n>(&self, named: &'n Scalar) -> Option<(&Lookup, &'n str)> {
        let (name, behind) = named.value.split_once('.')?;
        let mut lookups = self.lookups.iter();
        let (_, of) = lookups.find(|(lookup, _)| lookup.value == name.trim())?;
        Some((of, behind.trim()))
    }

    /// The columns by which its lookups find rows, on both sides.
    fn found_by(&self) -> impl Iterator<Item = (String, String)> {
        let sides = |(_, of): &(Scalar, Lookup)| {
            [column(&of.table.value, &of.key.value), self.column(&of.by)]
        };
        self.lookups.iter().flat_map(sides)
    }

    /// The columns that are read as times, with their types: ISO for a column that `at:` names and that has no type.
    fn times(&self) -> impl Iterator<Item = (String, String, ColumnType)> {
        let at = self.at.filter(|named| {
            let through = self.behind_lookup(named);
            let (types, at) = through.map_or((self.types, named.value.as_str()), |(of, behind)| {
                (&of.types, behind)
            });
            let mut typed = types.values();
            !typed.any(|(column, _)| column.value.to_lowercase() == at.to_lowercase())
        });
        let at = at.map(|named| {
            let (table, at) = self.column(named);
            (table, at, ColumnType::Instant)
        });
        let of_lookups = self.lookups.iter().map(|(_, of)| (&of.table, &of.types));
        let types = of_lookups.chain([(self.table, self.types)]);
        let typed =
            types.flat_map(|(table, types)| types.values().map(move |typed| (table, typed)));
        let typed = typed.filter_map(|(table, (named, ty))| {
            let is_time = matches!(ty.value_type(), Type::Date | Type::Instant);
            let (table, named) = column(&table.value, &named.value);
            is_time.then_some((table, named, *ty))
        });
        typed.chain(at)
    }
}

/// A table and its column, both in lower case.
fn column(table: &str, column: &str) -> (String, String) {
    (table.to_lowercase(), column.to_lowercase())
}
