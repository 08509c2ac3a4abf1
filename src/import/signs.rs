//! Symbols inside words, which are letters in an encoding other than the one that the file is read as.

use super::encoding::letters;
use super::notes::{Notes, Oddity};
use super::rows::Row;
use crate::config::Encoding;

/// Symbols of Windows-1252 that never stand between two letters in correct text, and are letters in other encodings: `‚`, `„`, `†`, `£`, `³`, `¹`.
const INSIDE: [u8; 29] = [
    0x82, 0x83, 0x84, 0x86, 0x87, 0x88, 0x89, 0x93, 0x94, 0x98, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6,
    0xA7, 0xA8, 0xAC, 0xAF, 0xB1, 0xB3, 0xB6, 0xB8, 0xB9, 0xBC, 0xBD, 0xBE, 0xBF,
];
/// Those of them that do not end a word either: `Annul‚`.
const AT_END: [u8; 3] = [0x82, 0x84, 0x88];
/// Bytes that Windows-1252 leaves undefined.
const NOTHING: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];
/// Quotation marks that may stand between words without blanks, but not between their lower-case letters.
const BRACKETS: [u8; 2] = [0x8B, 0x9B];
/// Capitals, which occur inside words at most in names written as one word: `Š`, `Œ`, `Ž`, `Ÿ`.
const CAPITALS: [u8; 4] = [0x8A, 0x8C, 0x8E, 0x9F];

/// Other encodings: the name of each, and its characters from 0x80 to 0xBF.
const OTHERS: [(&str, &str); 3] = [
    (
        "Windows-1250, which Central European programs use",
        "..........Š.ŚŤŽŹ..........š.śťžź...Ł.Ą....Ş....Ż...ł.....ąş.Ľ.ľż",
    ),
    (
        "that of an old Mac",
        "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü.......ß......ÆØ..............æø",
    ),
    (
        "that of DOS",
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø.Ø..áíóúñÑ...............ÁÂÀ........",
    ),
];
/// An encoding is the likely one if this many symbols out of ten are letters of it that fit where they stand.
const LIKELY: u64 = 9;

/// What was seen of such symbols.
#[derive(Debug, Default)]
pub(super) struct Signs {
    /// The rows that have them.
    rows: Notes,
    /// Whether some certainly are not what they are in Windows-1252; odd capitals alone do not make this certain.
    is_sure: bool,
    /// How many symbols were examined, and how many of them fit as letters of each of [`OTHERS`].
    seen: u64,
    fits: [u64; OTHERS.len()],
    /// One symbol with the letters next to it. No word is quoted, as an import does not know which columns are private.
    example: Option<String>,
}

impl Signs {
    /// Records a row.
    pub(super) fn see(&mut self, row: &Row<'_>) {
        let mut has_some = false;
        for cell in row.cells.iter().filter(|cell| !cell.is_ascii()) {
            // UTF-8 has such bytes inside its characters.
            if std::str::from_utf8(cell).is_err() {
                has_some |= self.see_cell(cell);
            }
        }
        if has_some {
            self.rows.add(Oddity::Signs, row.place);
        }
    }

    fn see_cell(&mut self, cell: &[u8]) -> bool {
        let before = self.seen;
        let bytes = cell.iter().copied().enumerate();
        for (at, byte) in bytes.filter(|(_, byte)| (0x80..0xC0).contains(byte)) {
            let beside = Beside {
                before: at.checked_sub(1).and_then(|at| cell.get(at)).copied(),
                behind: cell.get(at + 1).copied(),
            };
            let is_sure = beside.makes_wrong(byte);
            if !is_sure && !beside.makes_odd(byte) {
                continue;
            }
            self.is_sure |= is_sure;
            self.seen += 1;
            for (fits, (_, others)) in self.fits.iter_mut().zip(OTHERS) {
                let letter = others.chars().nth(usize::from(byte - 0x80));
                *fits += u64::from(letter.is_some_and(|letter| beside.fits(letter)));
            }
            if self.example.is_none() {
                let shown: Vec<u8> = beside.with(byte).collect();
                let shown = letters(&shown, Encoding::Windows1252);
                let visible = |c| match crate::diagnostic::is_unprintable(c) {
                    true => '\u{fffd}',
                    false => c,
                };
                self.example = Some(shown.chars().map(visible).collect());
            }
        }
        self.seen > before
    }

    /// The rows that have such symbols, with what that means; `rows` is the number of rows with characters beyond ASCII. Capitals alone mean
    /// nothing if only a few of these rows have them.
    pub(super) fn told(&self, rows: u64) -> Notes {
        let mut notes = self.rows.clone();
        let Some(example) = &self.example else {
            return notes;
        };
        if !self.is_sure && notes.count(Oddity::Signs) * 2 <= rows {
            return Notes::default();
        }
        let likely = match self.likely() {
            Some(name) => format!(", most likely {name}"),
            None => " (Windows-1250, Mac or DOS)".to_owned(),
        };
        let words = format!(
            ", such as `{example}`: the file is in an encoding other than Windows-1252{likely}: save it as `CSV UTF-8`"
        );
        notes.explain(Oddity::Signs, words);
        notes
    }

    /// The encoding in which nearly all of them are letters that fit, if there is exactly one.
    fn likely(&self) -> Option<&'static str> {
        let all = self.fits.iter().zip(OTHERS);
        let mut likely = all.filter(|(fits, _)| **fits * 10 >= self.seen * LIKELY);
        match (likely.next(), likely.next()) {
            (Some((_, (name, _))), None) => Some(name),
            _ => None,
        }
    }
}

/// The bytes next to a symbol, if there are any.
#[derive(Clone, Copy)]
struct Beside {
    before: Option<u8>,
    behind: Option<u8>,
}

impl Beside {
    /// Whether a byte cannot be meant as its Windows-1252 character here.
    fn makes_wrong(self, byte: u8) -> bool {
        let is_inside = self.before.is_some_and(is_letter) && self.behind.is_some_and(is_letter);
        let is_in_small = self.before.is_some_and(is_small) && self.behind.is_some_and(is_small);
        let is_at_end = self.before.is_some_and(is_small) && self.ends_word();
        let is_beside = self.before.is_some_and(is_letter) || self.behind.is_some_and(is_letter);
        is_inside && INSIDE.contains(&byte)
            || is_in_small && BRACKETS.contains(&byte)
            || is_at_end && AT_END.contains(&byte)
            || is_beside && NOTHING.contains(&byte)
    }

    /// Whether it is a capital inside a word.
    fn makes_odd(self, byte: u8) -> bool {
        let is_behind_small = self.before.is_some_and(is_small);
        let is_behind_letter = self.before.is_some_and(is_letter);
        let is_before_small = self.behind.is_some_and(is_small);
        let is_inside = is_behind_small && self.ends_word() || is_behind_letter && is_before_small;
        is_inside && CAPITALS.contains(&byte)
    }

    fn ends_word(self) -> bool {
        self.behind.is_none_or(|byte| byte == b' ')
    }

    /// Whether a letter fits here: no lower-case one among capitals, and no capital after a lower-case one.
    fn fits(self, letter: char) -> bool {
        let is_capital = |byte| is_letter(byte) && !is_small(byte);
        let are_capitals =
            self.before.is_some_and(is_capital) && self.behind.is_some_and(is_capital);
        let is_in_word = self.before.is_some_and(is_letter) && self.behind.is_some_and(is_small);
        match letter {
            letter if letter.is_lowercase() => !are_capitals,
            letter if letter.is_uppercase() => !is_in_word && !self.before.is_some_and(is_small),
            _ => false,
        }
    }

    /// The byte together with the bytes next to it that are letters.
    fn with(self, byte: u8) -> impl Iterator<Item = u8> {
        let before = self.before.filter(|byte| is_letter(*byte));
        let behind = self.behind.filter(|byte| is_letter(*byte));
        before.into_iter().chain([byte]).chain(behind)
    }
}

/// Whether a byte is a letter in Windows-1252.
fn is_letter(byte: u8) -> bool {
    let is_capital = matches!(byte, 0xC0..=0xDE) && byte != 0xD7 || CAPITALS.contains(&byte);
    byte.is_ascii_alphabetic() || is_capital || is_small(byte)
}

/// Whether it is a lower-case letter.
fn is_small(byte: u8) -> bool {
    byte.is_ascii_lowercase()
        || matches!(byte, 0xDF..=0xFF) && byte != 0xF7
        || matches!(byte, 0x9A | 0x9C | 0x9E)
}

#[cfg(test)]
mod tests {
    use csv::ByteRecord;

    use super::*;

    fn told(cells: &[&[u8]]) -> String {
        let mut signs = Signs::default();
        let mut rows = 0;
        for (number, cell) in (0..).zip(cells) {
            signs.see(&Row {
                number,
                place: number + 2,
                cells: &ByteRecord::from(vec![*cell]),
                numbers: &[],
            });
            rows += u64::from(!cell.is_ascii());
        }
        let notes = signs.told(rows);
        notes
            .lines("line", super::super::source::Unit::File)
            .concat()
    }

    #[test]
    fn letters_of_other_encodings_are_told_apart() {
        let cases: [(&[&[u8]], &str); 7] = [
            // `Odwołana`, `Paweł`, `Zażółć`
            (
                &[b"Odwo\xb3ana", b"Za\xbf\xf3\xb3\xe6"],
                "`o³a`: the file is in an encoding other than Windows-1252, most likely Windows-1250",
            ),
            // `Annulé`, `Honoré`
            (
                &[b"Annul\x82", b"Honor\x82", b"Gen\x8ave"],
                "3 rows have signs inside words, such as `l‚`: the file is in an encoding other than Windows-1252, most likely that of DOS",
            ),
            // `Müller`, `Jörg`, `Kälin`
            (
                &[b"M\x81ller", b"J\x94rg", b"K\x84lin"],
                "`M\u{fffd}l`: the file is in an encoding other than Windows-1252, most likely that of DOS",
            ),
            // `Annulé`, `Bérang`, `Hélène`
            (
                &[b"Annul\x8e", b"B\x8erang", b"H\x8el\x8fne"],
                "most likely that of an old Mac",
            ),
            // `Müller`, `Straße`
            (
                &[b"M\x9fller", b"Stra\xa7e"],
                "most likely that of an old Mac",
            ),
            (&[b"\x8a\x97"], ""),
            // Correct as they are: `L’Œuvre`, `«Été»`, `N°3`, `12 m³`, `Škoda`, `Homes–Gardens`, `Lego™`, `d´Or`, and one name written as one word.
            (
                &[
                    b"L\x92\x8cuvre",
                    b"\xab\xc9t\xe9\xbb",
                    b"N\xb03",
                    b"12 m\xb3",
                    b"\x8akoda",
                    b"Homes\x96Gardens",
                    b"Lego\x99",
                    b"d\xb4Or",
                    b"Moje\x8eena",
                    b"Damen\x9bSchuhe",
                    b"ca\xf1\xf3n 1\xbd",
                    b"Meier\x86",
                ],
                "",
            ),
        ];
        for (cells, part) in cases {
            let told = told(cells);
            assert!(told.contains(part), "{part}: {told}");
            assert_eq!(told.is_empty(), part.is_empty(), "{part}: {told}");
        }
    }
}
