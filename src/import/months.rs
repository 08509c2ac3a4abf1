//! Months by name, as they stand in the names of files.

use crate::value::folded;

/// Their names, long and short, in the languages that `init` knows: without accents, and `maerz` as it is typed without them.
const MONTHS: [&str; 12] = [
    "january jan januar janner jaenner jaen janvier janv januari gennaio gen enero ene janeiro",
    "february feb februar fevrier fevr fev februari febbraio febrero fevereiro",
    "march mar marz maerz mrz mars maart mrt marzo marco",
    "april apr avril avr aprile abril abr",
    "may mai mei maggio mag mayo maio",
    "june jun juni juin giugno giu junio junho",
    "july jul juli juillet juil luglio lug julio julho",
    "august aug aout aou augustus agosto ago",
    "september sep sept septembre settembre set septiembre setiembre setembro",
    "october oct oktober okt octobre ottobre ott octubre outubro out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez decembre dicembre dic diciembre dezembro",
];

/// Which month a word names, from 1.
pub(super) fn month_of(word: &str) -> Option<u8> {
    let mut plain = String::new();
    folded(word, &mut plain);
    let names = |list: &&str| list.split(' ').any(|name| name == plain);
    let at = MONTHS.iter().position(names)?;
    u8::try_from(at + 1).ok()
}

/// Whether it is a letter, or an accent behind one, as some systems write names of files.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c)
}

/// Whether a word names a month.
pub fn is_month(word: &str) -> bool {
    month_of(word).is_some()
}

/// Whether a number in the name of a file is a year.
pub(super) fn is_year(number: u128) -> bool {
    (1_900..2_100).contains(&number)
}
