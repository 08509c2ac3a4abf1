//! Groups files whose names differ only in their time by their columns: an export whose columns changed from some month on is another table.

use std::cmp::Reverse;

use super::{Export, only_file};
use crate::import::ImportError;
use crate::import::files::Found;
use crate::import::series::are_alike;
use crate::import::source::{Source, name_of};

/// A file of one table, and the name of that table if the file stays separate.
pub(super) struct Single<'f> {
    pub(super) file: &'f Found,
    pub(super) table: String,
    /// Its sheets, if they are one table.
    pub(super) sheets: Vec<Export<'f>>,
    /// Whether it lists the rows of another file again, whose name it extends.
    pub(super) is_more: bool,
}

/// The files that share one name apart from their times.
pub(super) struct Named<'f> {
    /// Groups of files with the same form, the latest first.
    pub(super) groups: Vec<Group<'f>>,
    /// The remaining files, each with its columns in lower case.
    pub(super) alone: Vec<(Single<'f>, Vec<String>)>,
}

/// Several files of one form, or the sheets of one file, in their order.
pub(super) struct Group<'f> {
    /// The words of their names without times and numbers, in lower case.
    pub(super) name: String,
    pub(super) exports: Vec<Export<'f>>,
    /// Whether files of the same name with other columns are later, so that no further file belongs here.
    pub(super) is_past: bool,
}

impl Group<'_> {
    /// What its rows are called in words: the name of its table, if the names of the files give only a time.
    pub(super) fn word<'w>(&'w self, table: &'w str) -> &'w str {
        match self.name.as_str() {
            "" => table,
            name => name,
        }
    }

    /// The names of its files.
    pub(super) fn names(&self) -> Vec<&str> {
        let exports = self.exports.iter();
        let mut names: Vec<&str> = exports.map(|export| export.file.name.as_str()).collect();
        // Several sheets of one file follow each other.
        names.dedup();
        names
    }
}

impl<'f> Group<'f> {
    /// The files whose names do not extend another file's: their names tell what the group is and whether its times are in order.
    pub(super) fn firsts(&self) -> impl Iterator<Item = &Export<'f>> {
        firsts(&self.exports)
    }

    /// The file, if all of these are sheets of one file.
    pub(super) fn only_file(&self) -> Option<&'f Found> {
        only_file(&self.exports)
    }
}

/// See [`Group::firsts`].
pub(super) fn firsts<'e, 'f>(exports: &'e [Export<'f>]) -> impl Iterator<Item = &'e Export<'f>> {
    exports.iter().filter(|export| !export.is_more)
}

impl<'f> Named<'f> {
    /// Groups the files of a name, given in their order.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(super) fn of(name: &str, files: Vec<Single<'f>>) -> Result<Self, ImportError> {
        if let [only] = files.as_slice()
            && only.sheets.is_empty()
        {
            let alone = files.into_iter().map(|single| (single, Vec::new()));
            return Ok(Self {
                groups: Vec::new(),
                alone: alone.collect(),
            });
        }
        let mut by_form: Vec<Vec<(usize, Single<'f>, Vec<Export<'f>>)>> = Vec::new();
        for (place, mut single) in files.into_iter().enumerate() {
            let exports = match std::mem::take(&mut single.sheets) {
                none if none.is_empty() => vec![Export {
                    is_more: single.is_more,
                    ..Export::of(single.file)?
                }],
                sheets => sheets,
            };
            let is_of = |group: &&mut Vec<(usize, Single<'f>, Vec<Export<'f>>)>| {
                let others = group.iter().flat_map(|(.., others)| others);
                let mut pairs =
                    others.flat_map(|other| exports.iter().map(move |own| (own, other)));
                pairs.any(|(own, other)| are_alike(&own.headings, &other.headings))
            };
            match by_form.iter_mut().find(is_of) {
                Some(group) => group.push((place, single, exports)),
                None => by_form.push(vec![(place, single, exports)]),
            }
        }
        let is_several = |group: &Vec<(usize, Single<'f>, Vec<Export<'f>>)>| {
            group
                .iter()
                .flat_map(|(.., exports)| exports)
                .nth(1)
                .is_some()
        };
        let (mut several, alone): (Vec<_>, Vec<_>) = by_form.into_iter().partition(is_several);
        several.sort_by_key(|group| Reverse(group.last().map(|(place, ..)| *place)));
        let groups = several.into_iter().enumerate().map(|(at, group)| Group {
            name: name.to_owned(),
            exports: group
                .into_iter()
                .flat_map(|(.., exports)| exports)
                .collect(),
            is_past: at > 0,
        });
        let alone = alone.into_iter().flatten();
        let headings =
            |exports: Vec<Export<'f>>| exports.into_iter().next().map(|one| one.headings);
        Ok(Self {
            groups: groups.collect(),
            alone: alone
                .map(|(_, single, exports)| (single, headings(exports).unwrap_or_default()))
                .collect(),
        })
    }

    /// Lines for people: which of these files are tables of their own because their columns differ from those of the latest ones. `tables` gives
    /// the name of each group's table, if it is one.
    pub(super) fn told(&self, tables: &[Option<String>]) -> Vec<String> {
        let mut named = self.groups.iter().zip(tables);
        let Some((latest, Some(_))) = named.next() else {
            return Vec::new();
        };
        let latest = latest.names().into_iter().next().unwrap_or_default();
        let past = named.filter_map(|(group, table)| {
            let sources = group.exports.iter().map(|export| Source {
                file: export.file,
                sheet: None,
            });
            let mut sources: Vec<Source<'_>> = sources.collect();
            sources.dedup_by(|one, other| one.file.name == other.file.name);
            let (files, table) = (name_of(&sources), table.as_ref()?);
            Some(format!(
                "{files}: have different columns from {latest}, and are the table `{table}`"
            ))
        });
        let alone = self.alone.iter();
        let alone = alone.filter(|(_, headings)| !headings.is_empty());
        let alone = alone.map(|(single, _)| {
            let (file, table) = (&single.file.name, &single.table);
            format!("{file}: has different columns from {latest}, and is the table `{table}`")
        });
        past.chain(alone).collect()
    }
}
