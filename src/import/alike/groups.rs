//! Files whose names differ in their time alone, by their columns: what was exported otherwise from some month on is another table.

use std::cmp::Reverse;

use super::Export;
use crate::import::ImportError;
use crate::import::files::Found;
use crate::import::part::name_of;
use crate::import::series::are_alike;

/// A file of one table, and what that is called where it is left apart.
pub(super) struct Single<'f> {
    pub(super) file: &'f Found,
    pub(super) table: String,
}

/// The files of one name.
pub(super) struct Named<'f> {
    /// Those with others of their form, the latest first.
    pub(super) groups: Vec<Group<'f>>,
    /// The rest, each with its columns in small letters.
    pub(super) alone: Vec<(Single<'f>, Vec<String>)>,
}

/// Several files of one form, in their order.
pub(super) struct Group<'f> {
    /// The words of their names but for times and numbers, in small letters.
    pub(super) name: String,
    pub(super) exports: Vec<Export<'f>>,
    /// Whether others of the same name, with other columns, are later: no further file belongs here.
    pub(super) is_past: bool,
}

impl Group<'_> {
    /// What its rows are called in words: its table, where the names of the files say nothing but a time.
    pub(super) fn word<'w>(&'w self, table: &'w str) -> &'w str {
        match self.name.as_str() {
            "" => table,
            name => name,
        }
    }

    /// The names of its files.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.exports.iter().map(|export| export.file.name.as_str())
    }
}

impl<'f> Named<'f> {
    /// The files, in their order, of a name.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(super) fn of(name: &str, files: Vec<Single<'f>>) -> Result<Self, ImportError> {
        if files.len() == 1 {
            let alone = files.into_iter().map(|single| (single, Vec::new()));
            return Ok(Self {
                groups: Vec::new(),
                alone: alone.collect(),
            });
        }
        let mut by_form: Vec<Vec<(usize, Single<'f>, Export<'f>)>> = Vec::new();
        for (place, single) in files.into_iter().enumerate() {
            let export = Export::of(single.file)?;
            let is_of = |group: &&mut Vec<(usize, Single<'f>, Export<'f>)>| {
                let mut others = group.iter();
                others.any(|(.., other)| are_alike(&export.headings, &other.headings))
            };
            match by_form.iter_mut().find(is_of) {
                Some(group) => group.push((place, single, export)),
                None => by_form.push(vec![(place, single, export)]),
            }
        }
        let (mut several, alone): (Vec<_>, Vec<_>) =
            by_form.into_iter().partition(|group| group.len() > 1);
        several.sort_by_key(|group| Reverse(group.last().map(|(place, ..)| *place)));
        let groups = several.into_iter().enumerate().map(|(at, group)| Group {
            name: name.to_owned(),
            exports: group.into_iter().map(|(.., export)| export).collect(),
            is_past: at > 0,
        });
        let alone = alone.into_iter().flatten();
        Ok(Self {
            groups: groups.collect(),
            alone: alone
                .map(|(_, single, export)| (single, export.headings))
                .collect(),
        })
    }

    /// In lines for people: which of these files are tables of their own, as their columns are others than those of the latest ones; `tables` are
    /// what those of the groups are called, where they are one.
    pub(super) fn told(&self, tables: &[Option<String>]) -> Vec<String> {
        let mut named = self.groups.iter().zip(tables);
        let Some((latest, Some(_))) = named.next() else {
            return Vec::new();
        };
        let latest = latest.names().next().unwrap_or_default();
        let past = named.filter_map(|(group, table)| {
            let files: Vec<&Found> = group.exports.iter().map(|export| export.file).collect();
            let (files, table) = (name_of(&files), table.as_ref()?);
            Some(format!(
                "{files}: have other columns than {latest}, and are the table `{table}`"
            ))
        });
        let alone = self.alone.iter();
        let alone = alone.filter(|(_, headings)| !headings.is_empty());
        let alone = alone.map(|(single, _)| {
            let (file, table) = (&single.file.name, &single.table);
            format!("{file}: has other columns than {latest}, and is the table `{table}`")
        });
        past.chain(alone).collect()
    }
}
