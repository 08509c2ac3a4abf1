//! Sorts labels as people do: without regard to accents and case, with special letters next to the letters that English
//! uses for them, and with every kind of apostrophe treated alike.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The sort key of a label: NFKD, case-folded, marks removed, [`plain`] letters, [`straight`] apostrophes. Compare keys
/// by code point.
pub fn folded(label: &str, into: &mut String) {
    into.clear();
    if label.is_ascii() {
        into.extend(label.chars().map(|letter| letter.to_ascii_lowercase()));
        return;
    }
    let letters = label.chars().map(straight).nfkd();
    let letters = letters.filter(|letter| !is_combining_mark(*letter));
    for letter in letters {
        // Converting to upper and back to lower case folds what `to_lowercase` leaves: ß becomes ss, ς becomes σ, ı
        // becomes i.
        for letter in letter.to_uppercase().flat_map(char::to_lowercase) {
            match plain(letter) {
                Some(plain) => into.push_str(plain),
                None => into.push(letter),
            }
        }
    }
}

/// Turns the characters that people and programs use as an apostrophe into the plain one.
fn straight(letter: char) -> char {
    match letter {
        '’' | '‘' | 'ʼ' | '´' | '′' => '\'',
        other => other,
    }
}

/// The plain spelling of a Latin letter that Unicode does not decompose, although people expect it among plain letters.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'æ' => "ae",
        'ð' | 'đ' => "d",
        'ħ' => "h",
        'ł' => "l",
        'ø' => "o",
        'œ' => "oe",
        'þ' => "th",
        'ŧ' => "t",
        _ => return None,
    })
}
