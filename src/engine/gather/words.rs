//! Says in words why a column cannot be relied on, what its values look like and what to do.

use super::account::{Account, Doubt};
use super::doubted::Doubted;
use super::looks::{Looks, entry, times_as};
use crate::config::{Locale, marks};
use crate::engine::OwnedCell;
use crate::time::{
    DAY, InstantReader, Plausible, Samples, Stored, TimeForm, TimeForms, instant_of_milliseconds,
    instant_of_seconds, year,
};
use crate::value::{ColumnType, Type};

/// The reason. `samples` are some of the doubted values, `values` all values that were looked at, as far as they are
/// known. If the column `is_private`, no value is shown.
pub(super) fn reason(
    account: &Account,
    doubt: Doubt,
    (table, column): (&str, &str),
    (samples, values): (&[&OwnedCell], &[OwnedCell]),
    plausible: &Plausible,
    is_private: bool,
) -> Doubted {
    let doubted = match doubt {
        Doubt::Unreadable => account.unread(),
        _ => account.doubted(doubt).count,
    };
    let present = match doubt {
        Doubt::Unreadable | Doubt::Swapped => account.present(),
        Doubt::Odd | Doubt::Aged => account.present().max(doubted),
    };
    let (one, many) = nouns(account.ty);
    let whole = |count: u64| marks(Locale::EnUs).whole(count);
    let who = match (doubted == present, present) {
        (true, 1) => format!("the only {one} in `{table}.{column}` is"),
        (true, _) => format!(
            "every one of {} {many} in `{table}.{column}` is",
            whole(present)
        ),
        (false, _) => {
            let are = if doubted == 1 { "is" } else { "are" };
            let (doubted, present) = (whole(doubted), whole(present));
            format!("{doubted} of {present} {many} in `{table}.{column}` {are}")
        }
    };
    let example = samples.first().copied().filter(|_| !is_private);
    let shown = example.map(|value| {
        let value = value.lent().to_string();
        format!("`{}`", value.trim_matches('"'))
    });
    let they = shown.clone().unwrap_or_else(|| "what is there".to_owned());
    let of = Samples { column, plausible };
    let is_all = doubted == present;
    // The form of an amount can only be described by an example.
    let is_told = !is_private || !matches!(account.ty.value_type(), Type::Number | Type::Money);
    let looks = Looks::of(account.ty, of, samples, is_all).filter(|_| is_told);
    match doubt {
        Doubt::Unreadable => {
            let (reads, is_of_types) = reads(account.ty, column);
            match looks.map(|looks| looks.unless_mixed(account.ty, values)) {
                Some(looks) => Doubted {
                    what: format!(
                        "{who} unreadable: {they} looks like {}",
                        looks.told(is_private)
                    ),
                    remedy: format!("{reads}; {}", looks.remedy),
                    names_types: is_of_types || !looks.types.is_empty(),
                },
                None => {
                    let such = shown.map_or_else(String::new, |shown| format!(", such as {shown}"));
                    Doubted {
                        what: format!("{who} unreadable{such}"),
                        remedy: format!("{reads}; read a view that converts them"),
                        names_types: is_of_types,
                    }
                }
            }
        }
        Doubt::Swapped => Doubted {
            what: format!(
                "{who} unreadable: {they} has day and month the other way round, and for values with days up to 12, nothing \
                 tells which order is meant"
            ),
            remedy: format!(
                "{}; write all of them in one order where they come from, or in a view",
                reads(account.ty, column).0
            ),
            names_types: true,
        },
        Doubt::Odd => {
            let would_be = example.and_then(|value| read_as(account.ty, value));
            let would_be = would_be.map_or_else(String::new, |at| {
                let days = i32::try_from(at.div_euclid(DAY)).unwrap_or(0);
                format!(" would be in the year {}", year(days))
            });
            let odd = shown.map_or_else(String::new, |shown| format!(": {shown}{would_be}"));
            match looks {
                Some(looks) => Doubted {
                    what: format!(
                        "{who} implausible: {they}{would_be}, and looks like {}",
                        looks.told(is_private)
                    ),
                    names_types: !looks.types.is_empty(),
                    remedy: looks.remedy,
                },
                None => Doubted {
                    what: format!("{who} implausible{odd}"),
                    remedy: "numbers are seconds or milliseconds since 1970; read a view that converts them"
                        .to_owned(),
                    names_types: false,
                },
            }
        }
        Doubt::Aged => {
            let Looks { words, remedy, .. } = Looks::of_2001(of);
            let unix = TimeForms::one(TimeForm::Unix);
            let unix = entry(column, times_as(account.ty, unix, false, is_all));
            Doubted {
                what: format!(
                    "{who} implausible: even the newest would be thirty years old, and looks like {words}"
                ),
                remedy: format!("{remedy}, or write {unix} if they are seconds since 1970"),
                names_types: true,
            }
        }
    }
}

/// The name of a value of a type, singular and plural.
fn nouns(ty: ColumnType) -> (&'static str, &'static str) {
    match ty.value_type() {
        Type::Instant => ("time", "times"),
        Type::Date => ("date", "dates"),
        Type::Money => ("amount", "amounts"),
        Type::Number => ("number", "numbers"),
        Type::Truth => ("yes or no", "answers"),
        Type::Text | Type::Missing | Type::Unknown => ("text", "texts"),
    }
}

/// How values of a type are read, and whether that mentions the column's entry in `types:`.
fn reads(ty: ColumnType, column: &str) -> (String, bool) {
    let asked = |what: String| (format!("{} asks for {what}", entry(column, ty)), true);
    let what = match ty {
        ColumnType::Instant | ColumnType::InstantIn(_) => "ISO such as `2026-03-11 18:30`",
        ColumnType::Date => "ISO such as `2026-03-11`",
        ColumnType::Unix | ColumnType::UnixMs => return asked("numbers".to_owned()),
        ColumnType::DateAs(forms) | ColumnType::InstantAs(forms, _) => {
            let examples = forms
                .all()
                .iter()
                .map(|form| format!("`{}`", form.example()));
            let examples: Vec<String> = examples.collect();
            return asked(format!("values such as {}", examples.join(" or ")));
        }
        ColumnType::NumberAs(notation) | ColumnType::MoneyAs(notation) => {
            return asked(format!("values such as `{notation}`"));
        }
        ColumnType::Number | ColumnType::Money => "plain numbers such as `1080.50`",
        ColumnType::Cents => "whole cents such as `108050`",
        ColumnType::Boolean => "1 and 0, true and false, t and f, yes and no",
        ColumnType::Text => "text in UTF-8",
    };
    (format!("Muster reads {what}"), false)
}

/// The instant that a number is read as.
fn read_as(ty: ColumnType, value: &OwnedCell) -> Option<i64> {
    let number = match value {
        OwnedCell::Integer(whole) => *whole as f64,
        OwnedCell::Real(real) => *real,
        OwnedCell::Text(_) => value.as_str()?.trim().parse().ok()?,
        OwnedCell::Null | OwnedCell::Blob(_) => return None,
    };
    match ty {
        ColumnType::Unix => instant_of_seconds(number),
        ColumnType::UnixMs => instant_of_milliseconds(number),
        ColumnType::InstantAs(forms, zone) => {
            let mut times = InstantReader::new(chrono_tz::UTC);
            forms.instant(Stored::Real(number), &mut times, zone)
        }
        _ => InstantReader::read_number(number),
    }
}
