//! Whose the rows of a table are, by what its columns hold: keys that match the people's but for their form, and e-mails of theirs.

use std::collections::{BTreeMap, BTreeSet};

use super::collection::{Beside, Collection, collection};
use super::data::{Data, Guessed};
use super::lexicon::names::MAILS;
use super::lookup::LookupGuess;
use super::names::{Names, plain};
use super::people::is_of_people;
use super::tables::{Seen, share};
use super::text::can_be_written;
use super::words::words;
use crate::config::singular_of;
use crate::engine::OwnedCell;
use crate::value::loose_key;

/// So many of the different values must be those of people.
const MOST: f64 = 0.9;
/// Fewer different values can be anybody's.
const FEW: usize = 3;

/// How many of a column's different values are found among others, as they are written and in any form.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Found {
    different: usize,
    exactly: usize,
    loosely: usize,
}

impl Found {
    /// Of values among the values of a key; none where two of those differ in form alone, or are the same.
    fn of(values: &[&OwnedCell], keys: &[OwnedCell]) -> Option<Self> {
        let mut forms: BTreeMap<String, String> = BTreeMap::new();
        for key in keys.iter().filter_map(Guessed::key) {
            if forms.insert(loose_key(&key).into_owned(), key).is_some() {
                return None;
            }
        }
        let different: BTreeSet<String> = values.iter().filter_map(|value| value.key()).collect();
        let found = different
            .iter()
            .filter_map(|value| Some((value, forms.get(&*loose_key(value))?)));
        let found: Vec<(&String, &String)> = found.collect();
        Some(Self {
            different: different.len(),
            exactly: found.iter().filter(|(value, key)| value == key).count(),
            loosely: found.len(),
        })
    }

    fn is_loose(self) -> bool {
        self.loosely > self.exactly
    }

    #[allow(clippy::cast_precision_loss)]
    fn are_theirs(self) -> bool {
        self.different >= FEW && self.loosely as f64 >= MOST * self.different as f64
    }
}

/// Whether more rows of tables belong to people if their keys are matched loosely; `pointing` are those tables, each with its column.
pub(super) fn is_loose(
    data: &Data,
    of: &Seen<'_>,
    key: &str,
    pointing: &[(&Seen<'_>, String)],
) -> bool {
    // A column of numbers is compared by number.
    let texts = |seen: &Seen<'_>, column: &str| {
        let filled = seen.filled(column);
        filled.iter().any(|cell| cell.text().is_some())
    };
    if !texts(of, key) {
        return false;
    }
    let keys = data.values(of.name, key);
    pointing.iter().any(|(seen, column)| {
        let found = Found::of(&seen.filled(column), &keys);
        found.is_some_and(Found::is_loose)
    })
}

/// Whether what a column holds are e-mails, and no answers to a question about them.
fn holds_mails(seen: &Seen<'_>, column: &str) -> bool {
    let filled = seen.filled(column);
    let is_mail = |cell: &&OwnedCell| cell.text().is_some_and(|text| text.contains('@'));
    !filled.is_empty() && share(&filled, is_mail) >= MOST
}

/// What a table tells whose rows name people by e-mail: through a lookup into the people's table.
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
    // A person is no row of what somebody did.
    if is_of_people(seen) || seen.profile.view.is_some() || !can_be_written(key) {
        return None;
    }
    let (theirs, own) = (mails(of), mails(seen));
    let pairs = theirs
        .iter()
        .flat_map(|mail| own.iter().map(move |by| (mail, by)));
    let (mail, by, found) = pairs.into_iter().find_map(|(mail, by)| {
        let all = beside.data.values(of.name, mail);
        // A lookup finds nothing where two rows have the same, nothing included.
        let empty = all.iter().filter(|cell| {
            let is_text = !matches!(cell, OwnedCell::Null);
            is_text && cell.is_empty()
        });
        if empty.count() > 1 {
            return None;
        }
        let found = Found::of(&seen.filled(by), &all)?;
        found.are_theirs().then_some((mail, by, found))
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
            is_loose: found.is_loose(),
            types: Vec::new(),
        },
    );
    Some(rows)
}
