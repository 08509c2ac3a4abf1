//! Finds the table that holds the people.

use super::data::Data;
use super::key::{Key, keys, why_no_key};
use super::label::label;
use super::lexicon::Terms;
use super::lexicon::names::{BIRTHDAYS, FIRST_NAMES, MAILS, NAMES, PHONES, SURNAMES};
use super::lexicon::people::{LISTS, OTHERS, PEOPLE, PERHAPS};
use super::names::plain;
use super::tables::Seen;
use super::totals::Total;
use super::words::{bare, words};
use super::{Refused, Wishes};
use crate::config::singular_of;

/// The table of people.
pub(super) struct People {
    pub(super) place: usize,
    pub(super) key: String,
    /// The columns for their label, in display order; empty to use the key.
    pub(super) label: Vec<String>,
    /// The tables that refer to them: each with its column.
    pub(super) pointers: Vec<(usize, String)>,
    /// The tables that do not refer to them, although a column's name suggests it: each with the reason.
    pub(super) strangers: Vec<(usize, String)>,
    /// The rows of their table that are totals rather than people.
    pub(super) totals: Vec<Total>,
}

/// Judges tables by name, by the references to them, and by what they hold.
pub(super) fn people(data: &Data, tables: &[Seen<'_>], wishes: &Wishes) -> Result<People, Refused> {
    let (mut refused, mut called_people) = (Vec::new(), Vec::new());
    let mut best: Option<(Merit, People)> = None;
    for (place, seen) in tables.iter().enumerate() {
        if wishes
            .table
            .as_ref()
            .is_some_and(|table| !table.eq_ignore_ascii_case(seen.name))
        {
            continue;
        }
        match candidate(data, tables, place, wishes) {
            Ok((merit, people)) => {
                if best.as_ref().is_none_or(|(before, _)| merit > *before) {
                    best = Some((merit, people));
                }
            }
            Err(reason) => {
                refused.push((seen.name.to_owned(), reason));
                // A table with references to owners holds what happened to them, whatever it is called.
                let is_list = seen.profile.references.is_empty();
                called_people.extend((is_list && class(seen) == CALLED_PEOPLE).then_some(place));
            }
        }
    }
    // People cannot be something that happened to a shop. If it looks like that, their own table has a problem, which
    // must be reported first.
    let best = best.filter(|(_, people)| {
        let own = tables.get(people.place).map_or(0, class);
        let mut pointers = people.pointers.iter();
        own == CALLED_PEOPLE || !pointers.any(|(place, _)| called_people.contains(place))
    });
    best.map(|(_, people)| people)
        .ok_or(Refused::NoPeople(refused))
}

/// How strong a candidate a table is. It is compared by: being a table of people, judging by its name and the
/// references to it; having names; having rows; not being a view; then the number of references to it.
type Merit = (u8, bool, bool, bool, usize, u64);

fn candidate(
    data: &Data,
    tables: &[Seen<'_>],
    place: usize,
    wishes: &Wishes,
) -> Result<(Merit, People), String> {
    let seen = tables.get(place).ok_or_else(String::new)?;
    let class = class(seen);
    if class == 0 && wishes.table.is_none() {
        return Err("its name suggests something else".to_owned());
    }
    if let Some(lacking) = wishes.label.iter().find(|name| seen.column(name).is_none()) {
        let columns = seen.table.columns.iter();
        let columns: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
        return Err(format!(
            "it has no column `{lacking}`; its columns are: {}",
            columns.join(", ")
        ));
    }
    let (mut keys, mut reason) = keys(data, seen);
    if keys.is_empty() {
        return Err(reason);
    }
    if let Some(wished) = &wishes.key {
        keys.retain(|key| key.column.eq_ignore_ascii_case(wished));
        let column = seen.column(wished).filter(|_| keys.is_empty());
        reason = column
            .and_then(|column| why_no_key(&column.name, &data.values(seen.name, &column.name)))
            .unwrap_or_else(|| {
                format!("it has no column `{wished}` that is unique and never empty")
            });
    }
    let pointed = |key: &Key| {
        let others = tables
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place);
        let pointers =
            others.filter_map(|(other, events)| Some((other, key.pointer(seen, events, tables)?)));
        pointers.collect::<Vec<_>>()
    };
    let judged = keys.iter().map(|key| (key, pointed(key)));
    let judged = judged.filter(|(key, pointers)| !pointers.is_empty() || !key.is_accident());
    let confidence = |pointers: &[(usize, (String, u8))]| {
        pointers
            .iter()
            .map(|(_, (_, sure))| u64::from(*sure))
            .sum::<u64>()
    };
    // Of equal candidates, take the first.
    let judged: Vec<_> = judged.collect();
    let best = judged
        .into_iter()
        .rev()
        .max_by_key(|(key, pointers)| (confidence(pointers), key.rank));
    let Some((key, pointers)) = best else {
        return Err(reason);
    };
    let timed = !pointers.is_empty();
    let merit = match class {
        // Only references could speak for it, and there are none.
        1 if !timed && wishes.table.is_none() => {
            return Err("nothing suggests that it holds people: neither its name nor a reference from another table".to_owned());
        }
        // Any table with columns that only people have is more likely.
        1 => 3,
        class => 2 * class + 3 * u8::from(timed),
    };
    let label = match wishes.label.is_empty() {
        true => label(seen),
        false => {
            let wished = wishes.label.iter().filter_map(|name| seen.column(name));
            wished.map(|column| column.name.clone()).collect()
        }
    };
    let label = match label.as_slice() {
        [only] if *only == key.column => Vec::new(),
        _ => label,
    };
    let merit = (
        merit,
        !label.is_empty(),
        seen.profile.rows > 0,
        seen.profile.view.is_none(),
        pointers.len(),
        seen.profile.rows,
    );
    let pointers: Vec<(usize, String)> = pointers
        .into_iter()
        .map(|(other, (column, _))| (other, column))
        .collect();
    let others = tables.iter().enumerate().filter(|(other, _)| {
        *other != place && pointers.iter().all(|(pointer, _)| pointer != other)
    });
    let strangers = others.filter_map(|(other, events)| Some((other, key.why_not(seen, events)?)));
    Ok((
        merit,
        People {
            place,
            key: key.column.clone(),
            label,
            strangers: strangers.collect(),
            totals: key.totals.clone(),
            pointers,
        },
    ))
}

/// The class of a table that is named after the kind of people who are segmented.
const CALLED_PEOPLE: u8 = 4;

/// [`CALLED_PEOPLE`] for a table that is named after the people who are segmented, 3 where its name may mean them, 2
/// for one with columns that only people have, 0 for one that is named after something else, 1 for all others.
pub(super) fn class(seen: &Seen<'_>) -> u8 {
    let mut name = words(&seen.called);
    // A list of guests, or customers of 2024.
    let says_nothing = |word: &String| LISTS.has(word) || word.parse::<u64>().is_ok();
    while name.len() > 1 && name.last().is_some_and(says_nothing) {
        name.pop();
    }
    let last = name.last().map_or("", String::as_str);
    let all = name.concat();
    let is = |terms: &Terms| terms.name(last) || terms.name(&all);
    let columns: Vec<Vec<String>> = seen
        .table
        .columns
        .iter()
        .map(|column| words(&column.name))
        .collect();
    // `customer_email`, `E-Mail privat`: whatever other words are in the name.
    let has = |terms: &Terms| columns.iter().any(|column| terms.are_in(column));
    let is_name = |column: &Vec<String>| {
        column.last().is_some_and(|last| NAMES.has(last)) || NAMES.has(&column.concat())
    };
    let personal = [
        has(&MAILS),
        has(&PHONES),
        has(&SURNAMES) || has(&FIRST_NAMES),
        has(&BIRTHDAYS),
    ];
    let personal = personal.iter().filter(|has| **has).count();
    if PEOPLE.iter().any(|(_, terms)| is(terms)) {
        CALLED_PEOPLE
    } else if is(&PERHAPS) {
        3
    } else if is(&OTHERS) {
        0
    } else if personal >= 2 || personal == 1 && columns.iter().any(is_name) {
        2
    } else {
        1
    }
}

/// Whether a table is named after people, or after what may be people: accounts, users.
pub(super) fn is_of_people(seen: &Seen<'_>) -> bool {
    class(seen) >= 3
}

/// The singular for the people: an English word, because it is used in English sentences.
pub(super) fn one_of(table: &str) -> String {
    let name = plain(table);
    let is_list = |list: &&str| LISTS.has(list) && name.contains('_');
    let last = name.rsplit('_').next().filter(is_list);
    let own = last.and_then(|list| name.strip_suffix(list)?.strip_suffix('_'));
    let own = own.unwrap_or(&name);
    let mut people = PEOPLE.iter();
    let english = people.find(|(english, terms)| !english.is_empty() && terms.name(&bare(own)));
    english.map_or_else(|| singular_of(own), |(english, _)| (*english).to_owned())
}
