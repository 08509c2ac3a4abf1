//! Labels as people sort them: accents and case aside.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a label is sorted by: NFKD, case-folded, marks removed. Compare it by code point.
pub(super) fn folded(label: &str, into: &mut String) {
    into.clear();
    if label.is_ascii() {
        into.extend(label.chars().map(|letter| letter.to_ascii_lowercase()));
        return;
    }
    let letters = label.nfkd().filter(|letter| !is_combining_mark(*letter));
    for letter in letters {
        // Up and down again folds what `to_lowercase` leaves: ß is ss, ς is σ. Only the dotless i
        // would become another letter on the way.
        if letter == 'ı' {
            into.push(letter);
        } else {
            into.extend(letter.to_uppercase().flat_map(char::to_lowercase));
        }
    }
}
