//! Finds the people to whom the rows of a table belong, by the values of its columns: keys that match the people's
//! except for their form, and e-mail addresses.

use std::collections::{BTreeMap, BTreeSet};

use super::collection::{Beside, Collection, collection};
use super::data::Guessed;
use super::lexicon::names::MAILS;
use super::lookup::LookupGuess;
use super::names::{Names, plain};
use super::people::is_of_people;
use super::tables::{Seen, share};
use super::text::{can_be_written, in_line};
use super::words::words;
use crate::config::singular_of;
use crate::engine::OwnedCell;
use crate::value::loose_key;

/// The share of the distinct values that must belong to people.
const MOST: f64 = 0.9;
/// Fewer distinct values than these prove nothing.
const FEW: usize = 3;

/// How many of a column's distinct values are found among others, both exactly and in any form.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Found {
    different: usize,
    exactly: usize,
    loosely: usize,
}

impl Found {
    fn of(values: &[&OwnedCell], keys: &Forms) -> Self {
        let different: BTreeSet<String> = values.iter().filter_map(|value| value.key()).collect();
        let exactly = |value: &&String| keys.has(value);
        let loosely = |value: &&String| keys.has(value) || keys.has_one_like(value);
        Self {
            different: different.len(),
            exactly: different.iter().filter(exactly).count(),
            loosely: different.iter().filter(loosely).count(),
        }
    }

    /// Whether keys have to be matched loosely. A server can only aggregate by itself what it finds by exact
    /// matching: that is worth giving up if at least one value in a hundred is found in addition.
    fn is_loose(self, is_of_server: bool) -> bool {
        let more = self.loosely - self.exactly;
        more > 0 && (!is_of_server || more * 100 >= self.different)
    }

    #[allow(clippy::cast_precision_loss)]
    fn are_theirs(self) -> bool {
        self.different >= FEW && self.loosely as f64 >= MOST * self.different as f64
    }
}

/// The values of a key by their loose form.
struct Forms(BTreeMap<String, Vec<String>>);

impl Forms {
    fn of(keys: &[OwnedCell]) -> Self {
        let mut forms: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for key in keys.iter().filter_map(Guessed::key) {
            forms
                .entry(loose_key(&key).into_owned())
                .or_default()
                .push(key);
        }
        Self(forms)
    }

    fn has(&self, value: &String) -> bool {
        let keys = self.0.get(&*loose_key(value));
        keys.is_some_and(|keys| keys.contains(value))
    }

    /// Whether exactly one key differs from a value only in form.
    fn has_one_like(&self, value: &str) -> bool {
        self.0
            .get(&*loose_key(value))
            .is_some_and(|keys| keys.len() == 1)
    }

    /// The first keys that differ only in form, and the number of such groups.
    fn twins(&self) -> Option<(usize, &[String])> {
        let twins = || self.0.values().filter(|keys| keys.len() > 1);
        Some((twins().count(), twins().next()?))
    }
}

/// How the rows of other tables write the people's keys.
#[derive(Debug, Default)]
pub(super) struct Matched {
    /// Whether loose matching assigns more of these rows to people.
    pub(super) is_loose: bool,
    /// A message about people whose keys differ only in form.
    pub(super) twins: Option<String>,
}

/// Determines how rows of other tables write the people's keys; `pointing` lists those tables, each with its column.
pub(super) fn matched(
    beside: &Beside<'_>,
    of: &Seen<'_>,
    key: &str,
    pointing: &[(&Seen<'_>, String)],
) -> Matched {
    if !holds_texts(of, key) {
        return Matched::default();
    }
    let keys = Forms::of(&beside.data.values(of.name, key));
    let is_loose = pointing.iter().any(|(seen, column)| {
        let found = Found::of(&seen.filled(column), &keys);
        found.is_loose(beside.is_of_server)
    });
    let twins = keys.twins().map(|(groups, keys)| {
        let shown: Vec<String> = keys.iter().map(|key| format!("`{}`", in_line(key))).collect();
        let more = match groups {
            1 => String::new(),
            2 => ", and one more such group,".to_owned(),
            groups => format!(", and {} more such groups,", groups - 1),
        };
        format!(
            "{}{more} differ only in form: rows that write such a key in yet another form belong to nobody",
            shown.join(" and ")
        )
    });
    Matched { is_loose, twins }
}

/// Whether a column holds texts; columns of numbers are compared by number.
fn holds_texts(seen: &Seen<'_>, column: &str) -> bool {
    let filled = seen.filled(column);
    filled.iter().any(|cell| cell.text().is_some())
}

/// Switches lookups to loose matching where more of a table's rows then find their target.
pub(super) fn match_lookups(seen: &Seen<'_>, lookups: &mut [LookupGuess], beside: &Beside<'_>) {
    for lookup in lookups.iter_mut().filter(|lookup| !lookup.is_loose) {
        let mut tables = beside.tables.iter();
        let of = tables.find(|of| of.name == lookup.table);
        if of.is_some_and(|of| holds_texts(of, &lookup.key)) {
            let keys = Forms::of(&beside.data.values(&lookup.table, &lookup.key));
            let found = Found::of(&seen.filled(&lookup.by), &keys);
            lookup.is_loose = found.is_loose(beside.is_of_server);
        }
    }
}

/// Whether a column holds e-mail addresses, rather than answers to a question about them.
fn holds_mails(seen: &Seen<'_>, column: &str) -> bool {
    let filled = seen.filled(column);
    let is_mail = |cell: &&OwnedCell| cell.text().is_some_and(|text| text.contains('@'));
    !filled.is_empty() && share(&filled, is_mail) >= MOST
}

/// The collection of a table whose rows identify people by e-mail, through a lookup into the people's table.
pub(super) fn by_mail(
    seen: &Seen<'_>,
    (of, key): (&Seen<'_>, &str),
    names: &mut Names,
    beside: &Beside<'_>,
) -> Option<Collection> {
    let mails = |seen: &Seen<'_>| {
        let columns = seen.table.columns.iter();
        let columns = columns.map(|column| column.name.clone());
        columns
            .filter(|column| MAILS.are_in(&words(column)) && holds_mails(seen, column))
            .collect::<Vec<_>>()
    };
    // A person is not something that somebody did.
    if is_of_people(seen) || seen.profile.view.is_some() || !can_be_written(key) {
        return None;
    }
    let (theirs, own) = (mails(of), mails(seen));
    let pairs = theirs
        .iter()
        .flat_map(|mail| own.iter().map(move |by| (mail, by)));
    let (mail, by, found) = pairs.into_iter().find_map(|(mail, by)| {
        let all = beside.data.values(of.name, mail);
        // A lookup finds nothing where two rows have the same value, including an empty one.
        let empty = all.iter().filter(|cell| {
            let is_text = !matches!(cell, OwnedCell::Null);
            is_text && cell.is_empty()
        });
        if empty.count() > 1 {
            return None;
        }
        let keys = Forms::of(&all);
        let found = Found::of(&seen.filled(by), &keys);
        let is_unique = keys.twins().is_none();
        (is_unique && found.are_theirs()).then_some((mail, by, found))
    })?;
    let columns = seen.table.columns.iter().map(|column| column.name.as_str());
    let mut own = Names::beside(columns.chain([beside.who]));
    let name = singular_of(&plain(&of.called));
    let name = own.take(&name, &format!("{name}_row"));
    let subject = format!("{name}.{key}");
    let mut rows = collection(seen, subject, beside.times(seen), names, beside);
    rows.is_part = true;
    rows.lookups.retain(|lookup| lookup.name != name);
    rows.lookups.insert(
        0,
        LookupGuess {
            name,
            table: of.name.to_owned(),
            key: mail.clone(),
            by: by.clone(),
            is_loose: found.is_loose(beside.is_of_server),
            types: Vec::new(),
        },
    );
    Some(rows)
}
