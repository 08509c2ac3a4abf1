//! Labels as people sort them: accents and case aside, letters of their own beside those they are written with in
//! English, and every apostrophe as it is typed.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a label is sorted by: NFKD, case-folded, marks removed, [`plain`] letters, [`straight`] apostrophes. Compare it by code
/// point.
pub fn folded(label: &str, into: &mut String) {
    into.clear();
    if label.is_ascii() {
        into.extend(label.chars().map(|letter| letter.to_ascii_lowercase()));
        return;
    }
    let letters = label.chars().map(straight).nfkd();
    let letters = letters.filter(|letter| !is_combining_mark(*letter));
    for letter in letters {
        // Up and down again folds what `to_lowercase` leaves: ß is ss, ς is σ, and ı is i.
        for letter in letter.to_uppercase().flat_map(char::to_lowercase) {
            match plain(letter) {
                Some(plain) => into.push_str(plain),
                None => into.push(letter),
            }
        }
    }
}

/// The apostrophe for what people and programs write in its place.
fn straight(letter: char) -> char {
    match letter {
        '’' | '‘' | 'ʼ' | '´' | '′' => '\'',
        other => other,
    }
}

/// A letter of the Latin script that Unicode takes for whole, although people look for it among plain ones.
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
