//! What the name of a column says of its time.

use crate::init::words::{flat, is_among, singular, words};

/// What a name says of a column's time, the most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said {
    /// Not when it happened: when it ends or is due, a birthday, a length of time.
    Never,
    /// What became of the row later.
    Later,
    Nothing,
    /// That it is a time.
    Some,
    /// When the row was written.
    Written,
    /// A time and nothing else, or that of what the table is called.
    Plain,
    /// When it happened.
    Happened,
}

/// Words, and beginnings of words of at least five letters, that make a time one that is not meant.
const NEVER: &str = "expir until till due deadline end ends valid birth dob born geburt next renew remind delet \
    remov archiv cancel duration length prep opening opens closes closing hours minutes seconds \
    estimat expected promised required planned target death deceased died anniversary warranty \
    cooking waiting zone";

const LATER: &str = "updat modif chang edited touched synced import export shipped shipping deliver closed \
    complet finish ended process approv review refund return last settled cleared printed \
    confirm geändert checkout left";

const HAPPENED: &str = "order placed paid purchas bought sold start starts begin began visit attend checkin checked \
    occurr happen receiv donat given played performed transact booked joined bezahlt gekauft";

const WRITTEN: &str = "creat insert added register registr logged recorded entered submitted signed erstellt \
    angelegt";

const PLAIN: &str = "at on am date time datetime timestamp when day ts datum fecha zeit data";

/// So many letters are the stem of a word, and at most so many follow it: `refund` of `refunds` and `refunded`, `erstatt` of
/// `erstattungen` and `erstattet`.
const STEM: usize = 5;
const ENDING: usize = 5;

/// Whether two words have a stem in common.
fn have_one_stem(one: &str, other: &str) -> bool {
    let pairs = one.chars().zip(other.chars());
    let same = pairs.take_while(|(one, other)| one == other).count();
    same >= STEM
        && [one, other]
            .iter()
            .all(|word| word.chars().count() <= same + ENDING)
}

fn ends(name: &str) -> bool {
    let ends = ["date", "time", "timestamp", "datum"];
    ends.iter().any(|end| name.ends_with(end))
}

/// Whether a name ends in a word for a time: `valid_until_date`, `expires_at`, `birthday`.
pub(super) fn ends_as_time(column: &str) -> bool {
    let name = words(column);
    let is_day = |word: &String| is_among("at on day datum birthday dob", word);
    ends(&name.concat()) || name.last().is_some_and(is_day)
}

/// What a column's name says of its time.
pub(super) fn said(column: &str, table: &str) -> Said {
    let name = words(column);
    let all = name.concat();
    let has = |wanted: &str| {
        wanted.split(' ').any(|word| {
            name.iter().any(|n| n == word) || (word.chars().count() >= 5 && all.contains(word))
        })
    };
    let is_time = |word: &str| is_among(PLAIN, word);
    let ends_so = ends(&all);
    let table = singular(&flat(table));
    let rest: String = name
        .iter()
        .filter(|word| !is_time(word))
        .map(String::as_str)
        .collect();
    let rest = rest.trim_end_matches("date").trim_end_matches("time");
    let is_time_last = ends_so || name.last().is_some_and(|word| is_time(word));
    // `data rimborso`, as languages do that put the time first.
    let is_time_first = name.first().is_some_and(|word| is_time(word));
    // `gift_date` in a table of gifts.
    let is_of_table = !rest.is_empty() && table.ends_with(rest);
    // `refunded_at` says of an order what became of it later, and of a refund when it happened.
    let is_by_stem = (is_time_last || is_time_first) && have_one_stem(rest, &table);
    if has(NEVER) {
        Said::Never
    } else if is_by_stem {
        Said::Happened
    } else if has(LATER) {
        Said::Later
    } else if has(HAPPENED) && (name.len() < 3 || ends_so) || is_of_table && ends_so {
        Said::Happened
    } else if name.iter().all(|word| is_time(word)) {
        Said::Plain
    } else if has(WRITTEN) {
        Said::Written
    } else if is_time_last {
        Said::Some
    } else {
        Said::Nothing
    }
}
