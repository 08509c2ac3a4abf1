//! Rows that hardly anybody means: deleted, cancelled, refused. Names say which columns tell, values whether they do.

use super::data::Guessed;
use super::lexicon::Terms;
use super::lexicon::private::{NO, YES};
use super::lexicon::states::{
    CAME, FILLERS, GONE, GONE_STATES, NOT, PAID, PARTLY, SILENT, STATES, THERE, UNDONE,
    UNDONE_STATES, UNPAID_STATES, WILLING,
};
use super::lexicon::times::PLAIN;
use super::tables::{Seen, share};
use super::text::{can_be_written, in_line, quoted, written};
use super::words::{bare, words};
use crate::catalog::{TableColumn, column_type};
use crate::engine::{Cell, OwnedCell};
use crate::value::ColumnType;

/// A condition for the rows that count, and how many of the sampled ones do not.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Exclusion {
    pub(super) column: String,
    pub(super) condition: String,
    /// From 0 to 1.
    pub(super) share: f64,
}

/// Who of the people's table takes part.
pub(super) fn of_people(seen: &Seen<'_>) -> Vec<Exclusion> {
    found(seen, None, |name| {
        if is_all(name, &GONE) {
            Some(Sign::Against)
        } else if is_all(name, &THERE) {
            Some(Sign::For)
        } else {
            is_state(name).then_some(Sign::States(&[&GONE_STATES]))
        }
    })
}

/// Who of them may be written to: nothing that decides who takes part.
pub(super) fn of_mail(seen: &Seen<'_>) -> Option<Exclusion> {
    let found = found(seen, None, |name| {
        let all = name.concat();
        let is = |terms: &Terms| terms.has(all.strip_prefix("is").unwrap_or(&all));
        match (is(&SILENT), is(&WILLING)) {
            (true, _) => Some(Sign::Against),
            (_, true) => Some(Sign::For),
            _ => None,
        }
    });
    found.into_iter().next()
}

/// Which rows of a table of events count; those of payments must have been paid. `lookup` is what finds them, where
/// they are not the rows at hand.
pub(super) fn of_events(
    seen: &Seen<'_>,
    has_amounts: bool,
    lookup: Option<&str>,
) -> Vec<Exclusion> {
    found(seen, lookup, of_row(has_amounts))
}

/// What would leave out so many of its rows that it is not likely to be meant.
pub(super) fn doubted(seen: &Seen<'_>, has_amounts: bool) -> Vec<Exclusion> {
    let mut judged = judged(seen, None, of_row(has_amounts));
    judged.retain(|excluded| excluded.share >= MOST);
    judged
}

fn of_row(has_amounts: bool) -> impl Fn(&[String]) -> Option<Sign<'static>> {
    let states: &[&Terms] = match has_amounts {
        true => &[&UNDONE_STATES, &UNPAID_STATES],
        false => &[&UNDONE_STATES],
    };
    move |name| {
        if is_all(name, &UNDONE) {
            Some(Sign::Against)
        } else if has_amounts && is_all(name, &PAID) {
            Some(Sign::For)
        } else if is_all(name, &CAME) {
            Some(Sign::Came)
        } else {
            is_state(name).then_some(Sign::States(states))
        }
    }
}

/// What a column says by its name.
#[derive(Clone, Copy)]
enum Sign<'l> {
    /// Whoever has it does not count.
    Against,
    /// Whoever lacks it does not count.
    For,
    /// Whoever did not come does not count, by a no or by a state.
    Came,
    /// The states in these lists do not count.
    States(&'l [&'l Terms]),
}

/// More than half of the rows are hardly ever left out on purpose.
const MOST: f64 = 0.5;

fn found<'l>(
    seen: &Seen<'_>,
    lookup: Option<&str>,
    sign: impl Fn(&[String]) -> Option<Sign<'l>>,
) -> Vec<Exclusion> {
    let mut judged = judged(seen, lookup, sign);
    judged.retain(|excluded| excluded.share < MOST);
    judged
}

/// What its columns would leave out, however much that is.
fn judged<'l>(
    seen: &Seen<'_>,
    lookup: Option<&str>,
    sign: impl Fn(&[String]) -> Option<Sign<'l>>,
) -> Vec<Exclusion> {
    let columns = seen.table.columns.iter();
    let columns = columns.filter(|column| can_be_written(&column.name));
    let judged = columns.filter_map(|column| {
        let name = written(&column.name);
        let name = lookup.map_or_else(|| name.clone(), |lookup| format!("{lookup}.{name}"));
        exclusion(seen, column, name, sign(&words(&column.name))?)
    });
    judged.collect()
}

fn exclusion(
    seen: &Seen<'_>,
    column: &TableColumn,
    name: String,
    sign: Sign<'_>,
) -> Option<Exclusion> {
    let (all, filled) = (seen.cells(&column.name), seen.filled(&column.name));
    if all.is_empty() {
        return None;
    }
    let declared = column_type(&column.declared);
    let is_missing = |cell: &&OwnedCell| matches!(cell, OwnedCell::Null);
    let has_missing = all.iter().any(is_missing);
    let excluded = |share: f64, condition: String| {
        Some(Exclusion {
            column: column.name.clone(),
            condition,
            share,
        })
    };
    let is_text = matches!(declared, Some(ColumnType::Text))
        && filled.iter().all(|cell| cell.text().is_some());
    if let Sign::States(lists) = sign {
        let is_bad = |text: &str| lists.iter().any(|list| is_state_of(text, list));
        let bad = all_spellings(seen, &column.name, bad_texts(&filled, is_bad), is_bad);
        let share = share(&all, |cell| {
            cell.text()
                .is_some_and(|text| bad.iter().any(|bad| bad.trim() == text))
        });
        let condition = is_text
            .then(|| none_of(&name, &bad, has_missing))
            .flatten()?;
        return excluded(share, condition);
    }
    if matches!(sign, Sign::Came) && is_text {
        let is_bad = |text: &str| NO.has(text) || is_state_of(text, &UNDONE_STATES);
        let came = |cell: &&OwnedCell| {
            cell.text()
                .is_some_and(|text| YES.has(text) || CAME.has(text))
        };
        let bad = all_spellings(
            seen,
            &column.name,
            bad_texts(&filled, |text| is_bad(text.trim())),
            is_bad,
        );
        let share = share(&all, |cell| cell.text().is_some_and(is_bad));
        let condition = filled
            .iter()
            .any(|cell| came(&&**cell))
            .then(|| none_of(&name, &bad, has_missing));
        return excluded(share, condition.flatten()?);
    }
    let is_against = matches!(sign, Sign::Against);
    let is_flag = !filled.is_empty()
        && filled
            .iter()
            .all(|cell| matches!(cell, OwnedCell::Integer(0 | 1)));
    let counts_not = |cell: &&OwnedCell| cell.number() == Some(f64::from(u8::from(is_against)));
    if is_flag && declared == Some(ColumnType::Number) {
        let (usual, sign) = if is_against { (0, "0") } else { (1, "1") };
        let value = if has_missing {
            format!("default({name}, {usual})")
        } else {
            name
        };
        return excluded(share(&all, counts_not), format!("{value} = {sign}"));
    }
    if is_flag && declared == Some(ColumnType::Boolean) {
        let usual = if is_against { "no" } else { "yes" };
        let value = if has_missing {
            format!("default({name}, {usual})")
        } else {
            name
        };
        let not = if is_against { "not " } else { "" };
        return excluded(share(&all, counts_not), format!("{not}{value}"));
    }
    let is_answer = |cell: &&OwnedCell| {
        cell.text()
            .is_some_and(|text| YES.has(text) || NO.has(text))
    };
    if is_text && !filled.is_empty() && filled.iter().all(is_answer) {
        let wrong = if is_against { &YES } else { &NO };
        let bad = bad_texts(&filled, |text| wrong.has(text));
        let share = share(&all, |cell| {
            cell.text()
                .is_some_and(|text| bad.iter().any(|bad| bad == text))
        });
        return excluded(share, none_of(&name, &bad, has_missing)?);
    }
    // A time, or a day: who has one is gone.
    let is_time = matches!(
        declared,
        Some(ColumnType::Instant | ColumnType::Date | ColumnType::Text)
    ) && filled
        .iter()
        .all(|cell| cell.text().is_some_and(is_like_time))
        && words(&column.name)
            .iter()
            .any(|word| PLAIN.has(word) || word == "death");
    // An empty text is a text, and not missing.
    let is_plain = all.len() == filled.len() + all.iter().filter(|cell| is_missing(cell)).count();
    match is_against && is_time && is_plain {
        true => excluded(
            share(&all, |cell| !is_missing(cell)),
            format!("{name} is missing"),
        ),
        false => None,
    }
}

/// The different texts that do not count, as they are written.
fn bad_texts(filled: &[&OwnedCell], is_bad: impl Fn(&str) -> bool) -> Vec<String> {
    let mut bad: Vec<String> = Vec::new();
    for text in filled.iter().filter_map(|cell| cell.as_str()) {
        let is_new = is_bad(text) && !bad.iter().any(|known| known == text);
        if is_new && bad.len() < 20 && text.chars().all(|c| !c.is_control()) {
            bad.push(text.to_owned());
        }
    }
    bad.sort();
    bad
}

/// The texts that do not count, of which some were found in a sample, in all of their spellings: whoever reads on finds `storniert`
/// beside `Storniert`.
fn all_spellings(
    seen: &Seen<'_>,
    column: &str,
    found: Vec<String>,
    is_bad: impl Fn(&str) -> bool,
) -> Vec<String> {
    if found.is_empty() {
        return found;
    }
    let texts = seen.texts(column);
    let texts = texts
        .iter()
        .map(|text| OwnedCell::from(Cell::Text(text.as_bytes())));
    let texts: Vec<OwnedCell> = texts.collect();
    let texts: Vec<&OwnedCell> = texts.iter().collect();
    let all = bad_texts(&texts, is_bad);
    match all.is_empty() {
        true => found,
        false => all,
    }
}

/// That a text is none of some; none where there are none.
fn none_of(name: &str, bad: &[String], has_missing: bool) -> Option<String> {
    let value = match has_missing {
        true => format!("default({name}, \"\")"),
        false => name.to_owned(),
    };
    let texts: Vec<String> = bad.iter().map(|text| quoted(text)).collect();
    match texts.as_slice() {
        [] => None,
        [only] => Some(format!("{value} != {only}")),
        several => Some(format!("{value} not in ({})", several.join(", "))),
    }
}

/// Whether nothing but these words is in a name: `is_deleted`, `NoShow`.
fn is_all(name: &[String], terms: &Terms) -> bool {
    let telling: Vec<&String> = name.iter().filter(|word| !FILLERS.has(word)).collect();
    let joined = || telling.iter().map(|word| word.as_str()).collect::<String>();
    !telling.is_empty() && (telling.iter().all(|word| terms.has(word)) || terms.has(&joined()))
}

/// `order_status`, `Stato ordine`.
fn is_state(name: &[String]) -> bool {
    let ends = [name.first(), name.last()];
    ends.into_iter().flatten().any(|word| STATES.has(word))
}

/// `wc-cancelled`, `No Show`, `annullata`; what is only partly so counts.
fn is_state_of(text: &str, terms: &Terms) -> bool {
    let name = words(text);
    let is_partly = name.iter().any(|word| {
        let word = bare(word);
        PARTLY.iter().any(|begin| word.starts_with(begin))
    });
    let is = |word: &str| terms.has(word) || terms.has(&masculine(word));
    let is_not = || name.iter().any(|word| NOT.has(word));
    let is_so = is(&name.concat()) || name.iter().any(|word| is(word)) && !is_not();
    is_so && !is_partly && name.len() <= 3
}

/// A participle of a Romance language as it stands of one man: `annullato` for `annullata`, `anulado` for `anuladas`,
/// `remboursé` for `remboursées`.
fn masculine(word: &str) -> String {
    let word = bare(word);
    let ends = [
        ("ees", "e"),
        ("ee", "e"),
        ("es", "e"),
        ("as", "o"),
        ("os", "o"),
        ("a", "o"),
        ("i", "o"),
        ("e", "o"),
    ];
    let ended = ends.iter().find_map(|(end, ending)| {
        let stem = word.strip_suffix(end)?;
        Some(format!("{stem}{ending}"))
    });
    ended.unwrap_or(word)
}

fn is_like_time(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.len() >= 6
}

/// What is left out, for people.
pub(super) fn told(words: &str, excluded: &[Exclusion]) -> String {
    if excluded.is_empty() {
        return String::new();
    }
    let conditions: Vec<&str> = excluded
        .iter()
        .map(|excluded| excluded.condition.as_str())
        .collect();
    let counted = excluded
        .iter()
        .map(|excluded| excluded.share)
        .fold(0.0, f64::max);
    let share = match counted > 0.0 {
        true => format!(" (leaves out about {:.0}%)", (counted * 100.0).max(1.0)),
        false => String::new(),
    };
    format!("{words} {}{share}", in_line(&conditions.join(" and ")))
}

/// One condition of all of them.
pub(super) fn together(excluded: &[Exclusion]) -> Option<String> {
    let conditions: Vec<&str> = excluded
        .iter()
        .map(|excluded| excluded.condition.as_str())
        .collect();
    (!conditions.is_empty()).then(|| conditions.join(" and "))
}
