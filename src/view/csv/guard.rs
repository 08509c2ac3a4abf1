//! Guards against texts that a spreadsheet would run as formulas, and files that it would mistake for another format.

use std::borrow::Cow;
use std::iter::once;

use unicode_normalization::UnicodeNormalization;

/// Characters that start a new cell in some country or program: a comma-separated file may be read as a
/// semicolon-separated one, and quotes protect a cell only if they are its first character.
const SEPARATORS: [char; 5] = [',', ';', '\t', '\n', '\r'];

/// Puts an apostrophe before each part of a text that a spreadsheet would take for a formula: at the start, and after
/// every separator in it. Numbers and dashes stay as they are.
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    let suspicious = |c: char| !c.is_ascii() || "=+-@".contains(c) || SEPARATORS.contains(&c);
    if !text.contains(suspicious) || is_number(text) {
        return Cow::Borrowed(text);
    }
    let separators = text.match_indices(SEPARATORS);
    let parts = separators.filter_map(|(at, separator)| {
        // A cell ends at the separator that started it, and at the end of the line.
        let ends = |c: char| separator.contains(c) || matches!(c, '\n' | '\r');
        let cell = text.get(at + 1..)?.split(ends).next()?;
        is_formula(cell).then_some(at + 1)
    });
    let first = text.starts_with(['\t', '\n', '\r']) || is_formula(text);
    let places: Vec<usize> = first.then_some(0).into_iter().chain(parts).collect();
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut guarded = String::with_capacity(text.len() + places.len());
    let mut from = 0;
    for place in places {
        guarded.push_str(text.get(from..place).unwrap_or_default());
        guarded.push('\'');
        from = place;
    }
    guarded.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(guarded)
}

/// Whether a program could mistake a file that starts with this text for another format, judging by its first symbols
/// or capitals: `ID` is SYLK, `PK` an archive, `<` HTML; `{\rtf` and `%PDF` name themselves.
pub(super) fn is_signature(text: &str) -> bool {
    if text.starts_with('#') {
        return text.starts_with("#!");
    }
    let mut letters = text.chars();
    let capital = |c: Option<char>| c.is_some_and(|c| c.is_ascii_uppercase());
    match letters.next() {
        None | Some('\'' | '_') => false,
        Some(first) if !first.is_alphanumeric() => true,
        first => capital(first) && capital(letters.next()),
    }
}

/// Whether Excel would take a text in the first line for a declaration of the separator.
pub(super) fn names_separator(text: &str) -> bool {
    let begin = text.trim_start_matches(is_unseen).get(..4);
    begin.is_some_and(|begin| begin.eq_ignore_ascii_case("sep="))
}

/// Whether a cell would be taken for a formula.
fn is_formula(cell: &str) -> bool {
    let cell = cell.trim_start_matches(is_unseen);
    cell.starts_with(is_sign) && !is_number(cell) && !cell.chars().all(|c| is_dash(c) || c == ' ')
}

/// Whether a character starts a formula, in any of its forms: East Asian spreadsheets treat the full-width form like
/// the plain one, and some programs treat the typographic minus like the ASCII one.
fn is_sign(c: char) -> bool {
    matches!(plain(c), '=' | '+' | '@') || is_dash(c)
}

fn is_dash(c: char) -> bool {
    matches!(plain(c), '-' | '\u{2212}')
}

fn plain(c: char) -> char {
    once(c).nfkc().next().unwrap_or(c)
}

/// Characters that may precede a formula character unseen: blanks, controls, zero-width characters, quotes.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || plain(c) == '"'
        || matches!(c,
            // Unicode's Default_Ignorable_Code_Point, and noncharacters.
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a text is a number in any country's format, a percentage, an amount or a telephone number: one sign, and
/// then nothing that could be computed. A line break or tab never belongs to a number, because some programs split the
/// cell there.
fn is_number(text: &str) -> bool {
    if text.contains(['\t', '\n', '\r']) {
        return false;
    }
    let text: String = text.trim().nfkc().collect();
    let unsigned = text.strip_prefix(['+', '-', '\u{2212}']).unwrap_or(&text);
    let currency = |c: char| matches!(c, '$' | '£' | '¥' | '\u{20a0}'..='\u{20cf}');
    let amount = unsigned.trim_start().trim_start_matches(currency);
    let amount = amount.trim_end_matches(|c| currency(c) || matches!(c, '%' | '‰'));
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\'' | '’');
    let exponent = |c: &str| c.parse::<i32>().is_ok();
    match amount.split_once(['e', 'E']) {
        Some((number, power)) => is_digits(number, digits) && exponent(power),
        None => is_digits(amount, digits),
    }
}

fn is_digits(text: &str, digits: impl Fn(char) -> bool) -> bool {
    text.contains(|c: char| c.is_ascii_digit()) && text.chars().all(digits)
}
