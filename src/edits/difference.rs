//! The smallest part in which two texts differ, in whole words.

use std::ops::Range;

/// The longest text shown for one side, in characters.
const SHOWN: usize = 80;

/// The ranges in which two texts differ, including the word before for readability: `top 20%` and `top 15%`. If one
/// text only has an addition, both are shown whole.
pub(super) fn ranges(old: &str, new: &str) -> (Range<usize>, Range<usize>) {
    let (before, after) = (words(old), words(new));
    let alike = |(one, other): &(&Range<usize>, &Range<usize>)| {
        old.get((*one).clone()) == new.get((*other).clone())
    };
    let shorter = before.len().min(after.len());
    let first = before.iter().zip(&after).take_while(alike).count();
    let last = before.iter().rev().zip(after.iter().rev());
    let mut last = last.take(shorter - first).take_while(alike).count();
    if first + last == shorter {
        return (0..old.len(), 0..new.len());
    }
    let ends_in_operator = |text: &str, words: &[Range<usize>]| {
        let end = words.get(words.len() - last - 1);
        let end = end.and_then(|word| text.get(word.clone()));
        end.is_some_and(|word| word.chars().all(|c| Kind::of(c) == Kind::Operator))
    };
    // If the difference ends with an operator, its right operand belongs to it.
    if last > 0 && (ends_in_operator(old, &before) || ends_in_operator(new, &after)) {
        last -= 1;
    }
    let part = |words: &[Range<usize>]| {
        let start = words.get(first.saturating_sub(1));
        let end = words.get(words.len() - last - 1);
        start.map_or(0, |word| word.start)..end.map_or(0, |word| word.end)
    };
    (part(&before), part(&after))
}

/// A text on one line, cut where it is too long.
pub(super) fn shown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((cut, _)) => {
            let cut = line.get(..cut).unwrap_or(&line);
            let is_open = cut.matches('"').count() % 2 == 1;
            format!("{cut}…{}", if is_open { "\"" } else { "" })
        }
        None => line,
    }
}

/// Words, signed numbers, operators, quoted texts, and every other character by itself.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let (mut last, mut is_quoted) = (Kind::Sign, false);
    for (at, c) in text.char_indices() {
        let (kind, end) = (Kind::of(c), at + c.len_utf8());
        if is_quoted {
            words
                .iter_mut()
                .last()
                .into_iter()
                .for_each(|word| word.end = end);
            is_quoted = c != '"';
            continue;
        }
        if c.is_whitespace() {
            continue;
        }
        is_quoted = c == '"';
        match words.last_mut() {
            Some(word) if word.end == at && kind == last && kind != Kind::Sign => word.end = end,
            _ => words.push(at..end),
        }
        last = kind;
    }
    words
}

/// The kinds of characters that are joined into one word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Operator,
    /// A character by itself.
    Sign,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            '_' | '.' | '%' => Self::Word,
            '<' | '>' | '=' | '!' => Self::Operator,
            _ if c.is_alphanumeric() => Self::Word,
            _ => Self::Sign,
        }
    }
}
