//! How a column's stored values are read.

use std::fmt;

use chrono_tz::Tz;

use super::{Notation, Type};
use crate::time::{TimeForm, TimeForms};

/// How a column's stored values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// An IEEE double.
    Number,
    /// A number; as text, it is in this notation.
    NumberAs(Notation),
    /// An exact amount with four decimal places.
    Money,
    /// An amount; as text, it is in this notation.
    MoneyAs(Notation),
    /// Whole cents, read as money.
    Cents,
    /// Text.
    Text,
    /// 0/1, true/false, t/f, yes/no.
    Boolean,
    /// A calendar date: the first ten characters of its text.
    Date,
    /// A calendar date in other forms.
    DateAs(TimeForms),
    /// A point in time: ISO text, or seconds or milliseconds by size.
    Instant,
    /// The same, but text without an offset is on this zone's clock.
    InstantIn(Tz),
    /// A point in time in other forms. A time without an offset is on this zone's clock or, without a zone, on that of
    /// the business.
    InstantAs(TimeForms, Option<Tz>),
    /// Seconds since 1970.
    Unix,
    /// Milliseconds since 1970.
    UnixMs,
}

impl ColumnType {
    /// A date in these forms.
    pub fn date_as(forms: TimeForms) -> Self {
        match forms.all() {
            [TimeForm::Iso] => Self::Date,
            _ => Self::DateAs(forms),
        }
    }

    /// A point in time in these forms, on a zone's clock.
    pub fn instant_as(forms: TimeForms, zone: Option<Tz>) -> Self {
        match (forms.all(), zone) {
            ([TimeForm::Iso], None) => Self::Instant,
            ([TimeForm::Iso], Some(zone)) => Self::InstantIn(zone),
            ([TimeForm::Unix], _) => Self::Unix,
            ([TimeForm::UnixMs], _) => Self::UnixMs,
            // Forms that give the instant need no zone.
            ([TimeForm::UnixUs | TimeForm::Julian], _) => Self::InstantAs(forms, None),
            _ => Self::InstantAs(forms, zone),
        }
    }

    /// The same, but a time without an offset is on this zone's clock, unless its column states another zone.
    #[must_use]
    pub fn in_zone(self, zone: Tz) -> Self {
        match self {
            Self::Instant => Self::InstantIn(zone),
            Self::InstantAs(forms, None) => Self::instant_as(forms, Some(zone)),
            _ => self,
        }
    }

    /// The forms in which times are stored, if it has any.
    pub fn forms(self) -> Option<TimeForms> {
        match self {
            Self::DateAs(forms) | Self::InstantAs(forms, _) => Some(forms),
            _ => None,
        }
    }

    /// The same, but two-digit years are in the hundred years up to this one.
    #[must_use]
    pub fn up_to(self, last_year: Option<u16>) -> Self {
        match self {
            Self::DateAs(forms) => Self::DateAs(forms.up_to(last_year)),
            Self::InstantAs(forms, zone) => Self::InstantAs(forms.up_to(last_year), zone),
            _ => self,
        }
    }

    /// The type of the values in the language.
    pub fn value_type(self) -> Type {
        match self {
            Self::Number | Self::NumberAs(_) => Type::Number,
            Self::Money | Self::MoneyAs(_) | Self::Cents => Type::Money,
            Self::Text => Type::Text,
            Self::Boolean => Type::Truth,
            Self::Date | Self::DateAs(_) => Type::Date,
            Self::Instant
            | Self::InstantIn(_)
            | Self::InstantAs(..)
            | Self::Unix
            | Self::UnixMs => Type::Instant,
        }
    }
}

/// The entry next to forms that says which years their two digits mean, if it is stated.
fn last_year(forms: TimeForms) -> String {
    let last = forms.last_year();
    last.map_or_else(String::new, |last| format!(", last_year: {last}"))
}

impl fmt::Display for ColumnType {
    /// In config notation: `unix`, `{ date: "%d/%m/%Y" }`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NumberAs(notation) => write!(f, "{{ number: \"{notation}\" }}"),
            Self::MoneyAs(notation) => write!(f, "{{ money: \"{notation}\" }}"),
            Self::DateAs(forms) => match forms.to_string().as_str() {
                word @ "yyyymmdd" => f.write_str(word),
                written => write!(f, "{{ date: {written}{} }}", last_year(*forms)),
            },
            Self::InstantIn(Tz::UTC) => f.write_str("utc"),
            Self::InstantIn(zone) => write!(f, "{{ instant: iso, zone: {zone} }}"),
            Self::InstantAs(forms, Some(zone)) => {
                write!(
                    f,
                    "{{ instant: {forms}{}, zone: {zone} }}",
                    last_year(*forms)
                )
            }
            Self::InstantAs(forms, None) => match forms.all() {
                [form @ (TimeForm::UnixUs | TimeForm::Julian | TimeForm::Excel)] => form.fmt(f),
                _ => write!(f, "{{ instant: {forms}{} }}", last_year(*forms)),
            },
            Self::Number => f.write_str("number"),
            Self::Money => f.write_str("money"),
            Self::Cents => f.write_str("cents"),
            Self::Text => f.write_str("text"),
            Self::Boolean => f.write_str("boolean"),
            Self::Date => f.write_str("date"),
            Self::Instant => f.write_str("instant"),
            Self::Unix => f.write_str("unix"),
            Self::UnixMs => f.write_str("unix_ms"),
        }
    }
}
