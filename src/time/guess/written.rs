//! Times as people and programs write them.

mod likely;
mod skeleton;
mod tokens;

use std::collections::BTreeSet;

use skeleton::{ORDERS, Order, Skeleton, is_time_of_day};
use tokens::{Token, tokens};

use super::{Guess, NAME_A_DAY, Remedy, TIMES_OF_DAY};
use crate::time::forms::{TimeForm, TimeForms};
use crate::time::pattern::Pattern;

/// What is done about texts that no form reads.
const REWRITE: &str = "write them as ISO where they come from, or in a view";
/// A column is written in no more ways than these.
const MOST_FORMS: usize = 4;

/// What texts look like: each order of day, month and year is tried on all of them.
pub(super) fn guess(texts: &[&str]) -> Option<Guess> {
    let tokens: Vec<Vec<Token<'_>>> = texts.iter().map(|text| tokens(text.trim())).collect();
    let skeletons: Vec<Skeleton<'_>> = tokens.iter().filter_map(|t| Skeleton::of(t)).collect();
    let tried: Vec<Attempt> = ORDERS
        .iter()
        .map(|order| Attempt::of(*order, &skeletons, texts))
        .collect();
    let tried = likely::likely(tried, &tokens);
    let most = tried.iter().map(Attempt::count).max()?;
    let mut best = tried.iter().filter(|attempt| attempt.count() == most);
    let first = best.next()?;
    let mut likely = tried.iter().filter(|attempt| attempt.is_likely);
    // Where some texts are read in another order alone, nothing tells in which order the others are.
    let is_read_alone = |other: &Attempt| {
        let mut both = first.reads.iter().zip(&other.reads);
        both.any(|(first, other)| *other && !*first)
    };
    if let Some(other) = likely.find(|other| is_read_alone(other)) {
        return beside(first, other, texts);
    }
    let mut unread = texts.iter().zip(&first.reads).filter(|(_, read)| !**read);
    let unread = unread.next().map(|(text, _)| text.trim());
    if most * 2 <= texts.len() {
        return unread_form(&tokens);
    }
    let words = first.words(texts)?;
    let forms = first.forms()?;
    let other = best.find(|other| other.is_likely && other.patterns != first.patterns);
    let other = other.and_then(|other| {
        // What both have in common tells nobody which of them it is.
        let (own, their) = (first.apart_from(other)?, other.apart_from(first)?);
        let is_either = |text: &&&str| {
            [own, their]
                .iter()
                .all(|form| form.read(text.as_bytes()).is_some())
        };
        let example = texts.iter().find(is_either).or(texts.first())?.trim();
        Some((
            of_both(own, their, texts)?,
            of_both(their, own, texts)?,
            example,
            other.forms()?,
        ))
    });
    let unread = unread.map(str::to_owned);
    if let Some(unproven) = unproven(first, &tried, texts).filter(|_| other.is_none()) {
        return Some(unproven.guess(forms, unread));
    }
    Some(match other {
        Some((words, other_words, example, other_forms)) => Guess {
            words: format!("{words} or {other_words}"),
            either: Some(example.to_owned()),
            unread,
            remedy: Remedy::Either([(words, forms), (other_words, other_forms)]),
        },
        None => Guess {
            unread,
            ..Guess::plain(words, Remedy::Read(forms))
        },
    })
}

/// An order of day, month and year, tried on texts.
struct Attempt {
    is_likely: bool,
    /// In the order of the texts that have them first.
    patterns: Vec<Pattern>,
    /// Whether each text is read.
    reads: Vec<bool>,
}

impl Attempt {
    fn of(order: Order, skeletons: &[Skeleton<'_>], texts: &[&str]) -> Self {
        let mut patterns: Vec<Pattern> = Vec::new();
        for skeleton in skeletons {
            let pattern = skeleton.pattern(order);
            let new = pattern.filter(|pattern| !patterns.contains(pattern));
            patterns.extend(new.filter(|_| patterns.len() < MOST_FORMS));
        }
        let read_by = |patterns: &[Pattern]| -> Vec<bool> {
            let is_read = |text: &&str| {
                let mut patterns = patterns.iter();
                patterns.any(|pattern| pattern.read(text.as_bytes()).is_some())
            };
            texts.iter().map(is_read).collect()
        };
        let reads = read_by(&patterns);
        // What the others read as well is one form too many: `%d %b %Y` of a May among whole names.
        let mut place = 0;
        while place < patterns.len() {
            let mut others = patterns.clone();
            others.remove(place);
            match read_by(&others) == reads {
                true => patterns = others,
                false => place += 1,
            }
        }
        Self {
            is_likely: order.is_likely,
            patterns,
            reads,
        }
    }

    fn count(&self) -> usize {
        self.reads.iter().filter(|read| **read).count()
    }

    fn forms(&self) -> Option<TimeForms> {
        let forms = self.patterns.iter().cloned().map(TimeForm::Pattern);
        TimeForms::new(forms.collect()).ok()
    }

    /// The date of the first pattern in words.
    fn words(&self, texts: &[&str]) -> Option<String> {
        words_of(self.patterns.first()?, texts)
    }

    /// The first pattern that another one does not have.
    fn apart_from(&self, other: &Self) -> Option<&Pattern> {
        let mut patterns = self.patterns.iter();
        patterns.find(|pattern| !other.patterns.contains(pattern))
    }
}

/// Dates with a mark of their own between their numbers, which are of another program than the others: days over 12 of those prove nothing of them,
/// and none of theirs is over 12.
struct Unproven {
    /// What the others are, in words.
    proven: String,
    /// What these are, as the others are and in the other order.
    either: [String; 2],
    example: String,
}

impl Unproven {
    /// `forms` are those in which all are in one order.
    fn guess(self, forms: TimeForms, unread: Option<String>) -> Guess {
        let [own, their] = &self.either;
        Guess {
            words: format!("{}, beside {own} or {their}", self.proven),
            either: Some(self.example),
            unread,
            remedy: Remedy::OneOrder(forms),
        }
    }
}

/// Which of the dates that an attempt reads are of another program than the others, in an order that nothing proves.
fn unproven(first: &Attempt, tried: &[Attempt], texts: &[&str]) -> Option<Unproven> {
    let marks: BTreeSet<&str> = first.patterns.iter().filter_map(mark_of).collect();
    let likely = || tried.iter().filter(|other| other.is_likely);
    let mut pairs = marks
        .iter()
        .flat_map(|mark| likely().map(move |other| (*mark, other)));
    if marks.len() < 2 {
        return None;
    }
    pairs.find_map(|(mark, other)| unproven_of(mark, (first, other), texts))
}

fn unproven_of(
    mark: &str,
    (first, other): (&Attempt, &Attempt),
    texts: &[&str],
) -> Option<Unproven> {
    let of_mark = |attempt: &Attempt| -> Vec<Pattern> {
        let own = attempt.patterns.iter();
        own.filter(|pattern| mark_of(pattern) == Some(mark))
            .cloned()
            .collect()
    };
    let (own, their) = (of_mark(first), of_mark(other));
    let begin = |patterns: &[Pattern]| patterns.first()?.as_str().chars().nth(1);
    let is_swapped = match (begin(&own)?, begin(&their)?) {
        // Nobody writes a point behind a month.
        ('d', 'm') => mark != ".",
        (one, other) => (one, other) == ('m', 'd'),
    };
    let read = |patterns: &[Pattern], text: &str| {
        let mut patterns = patterns.iter();
        patterns.any(|pattern| pattern.read(text.as_bytes()).is_some())
    };
    let mut dates = texts.iter().filter(|text| read(&own, text)).peekable();
    let example = dates.peek()?.trim().to_owned();
    if !is_swapped || !dates.all(|text| read(&their, text)) {
        return None;
    }
    let mut others = first
        .patterns
        .iter()
        .filter(|pattern| !own.contains(pattern));
    Some(Unproven {
        proven: words_of(others.next()?, texts)?,
        either: [
            words_of(own.first()?, texts)?,
            words_of(their.first()?, texts)?,
        ],
        example,
    })
}

/// The mark between the day and the month of a pattern that begins with these as numbers.
fn mark_of(pattern: &Pattern) -> Option<&str> {
    let pattern = pattern.as_str();
    let are_both = ["%d", "%m"].into_iter().all(|code| {
        let begin = pattern.get(..2);
        let next = pattern.get(3..5);
        begin == Some(code) || next == Some(code)
    });
    pattern.get(2..3).filter(|_| are_both)
}

/// The date of a pattern in words.
fn words_of(pattern: &Pattern, texts: &[&str]) -> Option<String> {
    let pattern = pattern.as_str();
    if pattern.contains("%b") || pattern.contains("%B") {
        return Some("a day with the name of its month".to_owned());
    }
    if let Some(time) = pattern.strip_prefix("%Y-%m-%d") {
        let is_short = texts.iter().any(|text| {
            let mut parts = text.trim().split(['-', ' ', 'T']);
            parts.any(|part| part.len() == 1)
        });
        return Some(match time.contains("%I") {
            true => "a twelve-hour clock".to_owned(),
            false if is_short => "ISO without the leading zeros of its month and day".to_owned(),
            false if time.is_empty() => "ISO (2026-11-02)".to_owned(),
            false => "ISO with another time of day behind it".to_owned(),
        });
    }
    let end = ["%d", "%m", "%Y", "%y"].map(|code| pattern.find(code).map_or(0, |at| at + 2));
    let date = pattern.get(..end.into_iter().max()?)?;
    let date = date.replace("%d", "day").replace("%m", "month");
    Some(date.replace("%Y", "year").replace("%y", "year"))
}

/// The same, apart from another pattern.
fn of_both(pattern: &Pattern, other: &Pattern, texts: &[&str]) -> Option<String> {
    let words = words_of(pattern, texts)?;
    if words != words_of(other, texts)? {
        return Some(words);
    }
    let first = match pattern.as_str().get(..2) {
        Some("%d") => "day",
        Some("%m" | "%b" | "%B") => "month",
        _ => "year",
    };
    Some(format!("{words}, the {first} first"))
}

/// Texts of which some have one order and some another.
fn beside(one: &Attempt, other: &Attempt, texts: &[&str]) -> Option<Guess> {
    let (one, other) = (one.words(texts)?, other.words(texts)?);
    Some(Guess::plain(
        format!("{one} beside {other}"),
        Remedy::Neither,
    ))
}

/// What is no day in numbers.
fn unread_form(tokens: &[Vec<Token<'_>>]) -> Option<Guess> {
    // Numbers that run on within a year: `2026-00001`, and `2026-01` beside `2026-57`.
    let numbered = tokens.iter().filter(|t| number_of_year(t).is_some());
    let numbered: Vec<&Vec<Token<'_>>> = numbered.collect();
    let beyond = numbered.iter().filter(|t| unread_words(t).is_none());
    // One in ten may be damaged.
    if beyond.count() * 10 > numbered.len() {
        return None;
    }
    let words = tokens.iter().find_map(|tokens| unread_words(tokens))?;
    let remedy = match words {
        TIMES_OF_DAY => NAME_A_DAY,
        _ => REWRITE,
    };
    Some(Guess::without(words, remedy))
}

/// The digits behind a year where there is nothing else.
fn number_of_year<'t>(tokens: &[Token<'t>]) -> Option<&'t str> {
    use Token::{Digits, Sign};
    match tokens {
        [Digits(year), Sign('-' | '/' | '.'), Digits(number)] if year.len() == 4 => Some(*number),
        _ => None,
    }
}

fn unread_words(tokens: &[Token<'_>]) -> Option<&'static str> {
    use Token::{Digits, Sign, Word};
    let is_word = |token: &Token<'_>| matches!(token, Word(word) if word.len() > 1);
    Some(match tokens {
        [
            Digits(year),
            Sign('-'),
            Digits(_),
            Sign('-'),
            Digits(_),
            rest @ ..,
        ] if year.len() == 4 => match rest {
            [] => "dates that are in no calendar",
            _ if rest.iter().any(is_word) => "ISO with the name of a zone",
            _ => "ISO with another time of day behind it",
        },
        [
            Digits(first),
            Sign('/' | '.' | '-'),
            Digits(second),
            Sign('/' | '.' | '-'),
            Digits(third),
            rest @ ..,
        ] if is_of_day([first, second, third]) => match rest {
            [] => "dates that are in no calendar",
            _ => "a day in numbers with something else behind it",
        },
        _ if is_time_of_day(tokens) => TIMES_OF_DAY,
        [_, _, _] if number_of_year(tokens).is_some() => {
            let number = number_of_year(tokens)?;
            match (number.len(), number.parse().ok()?) {
                (3, 1..=366) => "a year and the day of it",
                (1 | 2, 1..=12) => "a month without a day",
                _ => return None,
            }
        }
        [Digits(year), Sign('-'), Word("W" | "w"), ..] if year.len() == 4 => "a week of a year",
        [Sign('/'), Word("Date"), Sign('('), ..] => "milliseconds as .NET writes them",
        _ if tokens
            .iter()
            .any(|token| matches!(token, Word(word) if is_month(word))) =>
        {
            "a day with the name of its month"
        }
        _ => return None,
    })
}

/// Whether digits can be a day, a month and a year in some order: those of `1.234.567` cannot.
fn is_of_day(parts: [&str; 3]) -> bool {
    let years = parts.iter().filter(|part| part.len() == 4).count();
    let short = parts.iter().filter(|part| part.len() <= 2).count();
    years <= 1 && years + short == parts.len()
}

/// Whether a word begins like a month in English, German, French, Dutch, Spanish, Swedish or Polish.
fn is_month(word: &str) -> bool {
    const MONTHS: [&str; 38] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mär",
        "mrz", "mai", "okt", "dez", "fév", "avr", "juin", "aoû", "déc", "mrt", "mei", "ene", "dic",
        "maj", "stycz", "luty", "luteg", "kwie", "czerw", "lipc", "sierp", "wrze", "paźdz",
        "listop", "grud",
    ];
    let word = word.to_lowercase();
    MONTHS.iter().any(|month| word.starts_with(month))
}
