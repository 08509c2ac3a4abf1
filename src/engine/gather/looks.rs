//! Describes values that cannot be read, and the config entry that would read them.

use super::doubted::{Doubted, without_views};
use super::proposal::is_better;
use crate::engine::OwnedCell;
use crate::source::types_entry;
use crate::time::{Guess, InstantReader, Remedy, Samples, TimeForm, TimeForms, since_2001};
use crate::value::{ColumnType, Money, Notation, Type};

/// What the values look like that cannot be read as the declared type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looks {
    /// In words, without any of the values: `day/month/year`, `a negative amount in parentheses`.
    pub words: String,
    /// The same with values as examples.
    pub shown: String,
    /// The types that would read the values, each after a description of the form that it assumes: none, one, or two if
    /// it is unclear which one is meant. Config writes a type as [`ColumnType`]'s `Display` does.
    pub types: Vec<(String, ColumnType)>,
    /// What to do, as a sentence without its full stop.
    pub remedy: String,
}

/// A column's entry in config: `` `types: { joined: { date: "%d/%m/%Y" } }` ``.
pub(super) fn entry(column: &str, ty: ColumnType) -> String {
    format!("`{}`", types_entry(column, &ty.to_string()))
}

impl Looks {
    /// In words, with values as examples unless their column `is_private`.
    pub fn told(&self, is_private: bool) -> &str {
        match is_private {
            true => &self.words,
            false => &self.shown,
        }
    }

    /// Describes values that cannot be read as a type; `is_all` if no other value of the column can be read either.
    pub fn of(
        ty: ColumnType,
        of: Samples<'_>,
        samples: &[&OwnedCell],
        is_all: bool,
    ) -> Option<Self> {
        let texts = samples.iter().filter_map(|value| value.as_str());
        let texts: Vec<&str> = texts.collect();
        match ty.value_type() {
            Type::Instant | Type::Date => of_times(ty, of, (samples, &texts), is_all),
            Type::Number | Type::Money => of_amounts(ty, of.column, &texts),
            Type::Text | Type::Truth | Type::Missing | Type::Unknown => None,
        }
    }

    /// The line of config that reads a column's times in further forms, beside those that a type reads.
    pub fn line_with(column: &str, ty: ColumnType, forms: TimeForms) -> String {
        entry(column, times_as(ty, forms, false, false))
    }

    /// With nothing to write, where one of the types would lose values that are read now, or read them as something
    /// else: following it would only lead to the next one.
    pub(super) fn unless_mixed(self, declared: ColumnType, values: &[OwnedCell]) -> Self {
        let is_better = |(_, ty): &(String, ColumnType)| is_better(values, declared, *ty);
        match self.types.iter().all(is_better) {
            true => self,
            false => Self {
                types: Vec::new(),
                remedy: "the column mixes forms, and no line reads them all; write them in one form where they come \
                         from, or in a view"
                    .to_owned(),
                ..self
            },
        }
    }

    /// The same for a column of imported files, whose table no view can replace.
    pub fn of_files(self) -> Self {
        Self {
            remedy: without_views(&self.remedy),
            ..self
        }
    }

    /// Seconds since 2001.
    pub(super) fn of_2001(of: Samples<'_>) -> Self {
        let guess = since_2001(of);
        let (words, shown) = (guess.told(true), guess.told(false));
        let remedy = match guess.remedy {
            Remedy::Other(remedy) => remedy,
            Remedy::Read(_) | Remedy::Either(_) | Remedy::OneOrder(_) | Remedy::Neither => {
                String::new()
            }
        };
        Self {
            words,
            shown,
            types: Vec::new(),
            remedy,
        }
    }
}

fn of_times(
    ty: ColumnType,
    of: Samples<'_>,
    (samples, texts): (&[&OwnedCell], &[&str]),
    is_all: bool,
) -> Option<Looks> {
    let numbers = samples.iter().map(|value| match value {
        OwnedCell::Integer(whole) => Some(*whole as f64),
        OwnedCell::Real(real) => Some(*real),
        OwnedCell::Null | OwnedCell::Text(_) | OwnedCell::Blob(_) => None,
    });
    let numbers: Option<Vec<f64>> = numbers.collect();
    let numbers = numbers.filter(|numbers| !numbers.is_empty());
    let mut times = InstantReader::new(chrono_tz::UTC);
    let is_iso = |text: &&str| times.read(text.as_bytes()).is_some();
    let asks_for_numbers = matches!(ty, ColumnType::Unix | ColumnType::UnixMs);
    if asks_for_numbers && texts.iter().all(is_iso) && !texts.is_empty() {
        return Some(Looks {
            words: "ISO".to_owned(),
            shown: "ISO".to_owned(),
            types: vec![("ISO".to_owned(), ColumnType::Instant)],
            remedy: "leave that out, or write `instant`".to_owned(),
        });
    }
    let guess = match &numbers {
        Some(numbers) => Guess::of_numbers(of, numbers),
        None => Guess::of_texts(of, texts),
    }?;
    let is_whole = numbers.is_some_and(|numbers| numbers.iter().all(|n| n.fract() == 0.0));
    let reads = |forms| times_as(ty, forms, is_whole, is_all);
    let (words, shown) = (guess.told(true), guess.told(false));
    let (types, remedy) = match guess.remedy {
        Remedy::Read(forms) => {
            let ty = reads(forms);
            let remedy = format!("write {}", entry(of.column, ty));
            (vec![(guess.words.clone(), ty)], remedy)
        }
        Remedy::Either([(one, forms), (other, others)]) => {
            let [ty, other_ty] = [forms, others].map(reads);
            let [line, other_line] = [ty, other_ty].map(|ty| entry(of.column, ty));
            let remedy = format!("write {line} if it is {one}, {other_line} if it is {other}");
            (vec![(one, ty), (other, other_ty)], remedy)
        }
        Remedy::OneOrder(forms) => {
            let line = entry(of.column, reads(forms));
            let remedy = format!(
                "write {line} if all are in one order; if not, no form reads them: write all of them in one order where they come from"
            );
            (Vec::new(), remedy)
        }
        Remedy::Neither => {
            let remedy = "no form reads both, as most days could be either; write them as ISO where they come from, or in a view";
            (Vec::new(), remedy.to_owned())
        }
        Remedy::Other(remedy) => (Vec::new(), remedy),
    };
    Some(Looks {
        words,
        shown,
        types,
        remedy,
    })
}

/// The type that reads times in further forms, in addition to those that it reads already, unless `is_all` values are
/// in the new forms. A form without a time of day is a date.
pub(super) fn times_as(
    ty: ColumnType,
    forms: TimeForms,
    is_whole: bool,
    is_all: bool,
) -> ColumnType {
    let (before, zone): (&[TimeForm], _) = match ty {
        ColumnType::InstantAs(before, zone) => (before.all(), zone),
        ColumnType::DateAs(before) => (before.all(), None),
        ColumnType::InstantIn(zone) => (&[TimeForm::Iso], Some(zone)),
        ColumnType::Instant | ColumnType::Date => (&[TimeForm::Iso], None),
        _ => (&[], None),
    };
    let together = before.iter().chain(forms.all()).cloned().collect();
    let reads = match is_all {
        true => forms,
        false => TimeForms::new(together).unwrap_or(forms),
    };
    let reads = match ty.forms().and_then(TimeForms::last_year) {
        None => reads,
        last_year => reads.up_to(last_year),
    };
    let is_date = match forms.all() {
        [TimeForm::Excel] => is_whole,
        _ => !forms.has_time(),
    };
    match is_date && (is_all || ty.value_type() == Type::Date) {
        true => ColumnType::date_as(reads),
        false => ColumnType::instant_as(reads, zone),
    }
}

/// Describes amounts that are not plain numbers.
fn of_amounts(ty: ColumnType, column: &str, texts: &[&str]) -> Option<Looks> {
    let has_digit = |text: &&&str| text.contains(|c: char| c.is_ascii_digit());
    let texts: Vec<&str> = texts.iter().filter(has_digit).map(|t| t.trim()).collect();
    let text = *texts.first()?;
    if ty.value_type() == Type::Money && texts.iter().all(|text| is_too_large(text)) {
        let words = "an amount too large for money".to_owned();
        return Some(Looks {
            remedy: format!("write {}", entry(column, ColumnType::Number)),
            types: vec![(words.clone(), ColumnType::Number)],
            shown: words.clone(),
            words,
        });
    }
    let words = if text.starts_with('(') {
        "a negative amount in parentheses"
    } else if text.ends_with('%') {
        "a percentage"
    } else if text.contains(|c: char| !c.is_ascii() || c == '$' || c.is_alphabetic()) {
        "an amount with its currency or unit"
    } else if text.contains(',') {
        "a number with commas"
    } else {
        "a number with separators between its digits"
    };
    let as_number = |notation: Notation| {
        let read = texts.iter().map(|text| notation.number(text));
        Some((ColumnType::NumberAs(notation), read.collect::<Vec<_>>()))
    };
    let as_amount = |notation: Notation| {
        let read = texts.iter().map(|text| notation.amount(text));
        Some((ColumnType::MoneyAs(notation), read.collect::<Vec<_>>()))
    };
    // A few values may be damaged, so it is enough if nearly all can be read.
    let fits = |(_, read): &(ColumnType, Vec<Option<String>>)| {
        read.iter().flatten().count() * 10 >= read.len() * 9
    };
    let read = Notation::ALL.into_iter().filter_map(|notation| {
        let number =
            as_number(notation).filter(|read| ty.value_type() == Type::Number && fits(read));
        number.or_else(|| as_amount(notation).filter(fits))
    });
    let read: Vec<(ColumnType, Vec<Option<String>>)> = read.collect();
    let (types, remedy) = match read.as_slice() {
        [] => (
            Vec::new(),
            "read a view that keeps only the number".to_owned(),
        ),
        [(point, one), (comma, other)] if one != other => {
            let [line, other_line] = [*point, *comma].map(|ty| entry(column, ty));
            let remedy = format!(
                "write {line} if the decimal mark is a point, {other_line} if it is a comma"
            );
            let types = [("a decimal point", *point), ("a decimal comma", *comma)];
            (
                types.map(|(words, ty)| (words.to_owned(), ty)).into(),
                remedy,
            )
        }
        [(ty, _), ..] => {
            let remedy = format!("write {}", entry(column, *ty));
            (vec![(words.to_owned(), *ty)], remedy)
        }
    };
    Some(Looks {
        words: words.to_owned(),
        shown: words.to_owned(),
        types,
        remedy,
    })
}

/// Whether it is a plain number that is only too large for money.
fn is_too_large(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.');
    text.chars().all(is_plain) && text.parse::<f64>().is_ok() && Money::parse(text).is_none()
}

/// Describes amounts as text with three digits after each point, which may separate thousands: `1.080`.
pub(super) fn thousands(
    ty: ColumnType,
    (table, column): (&str, &str),
    values: &[OwnedCell],
) -> Option<Doubted> {
    if ty != ColumnType::Money {
        return None;
    }
    let texts = values.iter().filter_map(|value| value.as_str());
    let pointed: Vec<&str> = texts.filter(|text| text.contains('.')).collect();
    let is_apart = |text: &&str| Notation::Comma.amount(text).is_some();
    if pointed.len() < 2 || !pointed.iter().all(is_apart) {
        return None;
    }
    let example = pointed.first()?.trim();
    let [comma, point] = [Notation::Comma, Notation::Point]
        .map(|notation| entry(column, ColumnType::MoneyAs(notation)));
    Some(Doubted {
        what: format!(
            "every point in `{table}.{column}` has three digits after it, and is read as a decimal point: \
             `{example}`"
        ),
        remedy: format!("write {comma} if it separates thousands, {point} if not"),
        names_types: true,
    })
}
