//! The forms in which a column's times are stored, as config states.

use std::collections::HashSet;
use std::fmt;
use std::sync::{LazyLock, Mutex, PoisonError};

use chrono_tz::Tz;

use super::pattern::{Order, Pattern};
use super::read::{InstantReader, Written, instant_of_milliseconds, instant_of_seconds};
use crate::source::yaml_quoted;

/// The number of milliseconds in a day.
const DAY_MS: f64 = 86_400_000.0;
/// 1970-01-01 in days since 1899-12-30, and the day after 9999-12-31.
const EXCEL_1970: f64 = 25_569.0;
const EXCEL_END: f64 = 2_958_466.0;
/// The midnight at which 1970-01-01 begins, in Julian days, and the end of those that SQLite reads.
const JULIAN_1970: f64 = 2_440_587.5;
const JULIAN_END: f64 = 5_373_484.5;

/// One form in which times are stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TimeForm {
    /// ISO text.
    Iso,
    /// Seconds since 1970.
    Unix,
    /// Milliseconds since 1970.
    UnixMs,
    /// Microseconds since 1970.
    UnixUs,
    /// Julian days, as SQLite's `julianday()` counts them in UTC.
    Julian,
    /// Days since 1899-12-30, as spreadsheets count them on a local clock; read to the millisecond.
    Excel,
    /// Text, or digits as a whole number.
    Pattern(Pattern),
}

/// One form, or several that are tried in turn. Each distinct list is stored once for the lifetime of the process, so
/// that a column's type is `Copy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeForms(&'static [TimeForm]);

/// A value as the database stores it.
#[derive(Debug, Clone, Copy)]
pub enum Stored<'a> {
    Text(&'a [u8]),
    Integer(i64),
    Real(f64),
}

/// Why forms cannot be combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discord {
    /// There are no forms.
    None,
    /// Some have the day first and some the month.
    Orders,
    /// More than one is a number, so each number would be read as the first one.
    Counts,
}

impl TimeForm {
    /// The form with a name: `iso`, `unix` and so on.
    pub fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "iso" => Self::Iso,
            "unix" => Self::Unix,
            "unix_ms" => Self::UnixMs,
            "unix_us" => Self::UnixUs,
            "julian" => Self::Julian,
            "excel" => Self::Excel,
            "yyyymmdd" => Self::Pattern(Pattern::new("%Y%m%d").ok()?),
            _ => return None,
        })
    }

    /// Whether it is a number that counts from some day.
    pub fn is_count(&self) -> bool {
        !matches!(self, Self::Iso | Self::Pattern(_))
    }

    /// Whether it has a time of day; counts may.
    pub fn has_time(&self) -> bool {
        match self {
            Self::Pattern(pattern) => pattern.has_time(),
            _ => true,
        }
    }

    /// An example, for people.
    pub fn example(&self) -> String {
        match self {
            Self::Iso => "2026-03-31 18:30".to_owned(),
            Self::Unix => "1774981800".to_owned(),
            Self::UnixMs => "1774981800000".to_owned(),
            Self::UnixUs => "1774981800000000".to_owned(),
            Self::Julian => "2461131.2708".to_owned(),
            Self::Excel => "46112.7708".to_owned(),
            Self::Pattern(pattern) => pattern.example(),
        }
    }

    #[inline]
    fn read(&self, stored: Stored<'_>) -> Option<Written> {
        match self {
            Self::Pattern(pattern) => read_by(pattern, stored),
            Self::Iso => match stored {
                Stored::Text(text) => Written::read(text),
                Stored::Integer(_) | Stored::Real(_) => None,
            },
            _ => self.count(stored.number()?),
        }
    }

    fn count(&self, number: f64) -> Option<Written> {
        match self {
            Self::Unix => Written::of_instant(instant_of_seconds(number)?),
            Self::UnixMs => Written::of_instant(instant_of_milliseconds(number)?),
            Self::UnixUs => Written::of_instant(instant_of_milliseconds(number / 1e3)?),
            Self::Julian => {
                let days = (0.0..JULIAN_END).contains(&number);
                let milliseconds = ((number - JULIAN_1970) * DAY_MS).round();
                Written::of_instant(days.then(|| instant_of_milliseconds(milliseconds))??)
            }
            Self::Excel => {
                let days = (0.0..EXCEL_END).contains(&number);
                let milliseconds = ((number - EXCEL_1970) * DAY_MS).round();
                let local = days.then(|| instant_of_milliseconds(milliseconds))??;
                Some(Written {
                    offset: None,
                    ..Written::of_instant(local)?
                })
            }
            Self::Iso | Self::Pattern(_) => None,
        }
    }
}

/// Digits may be stored as a whole number.
#[inline]
fn read_by(pattern: &Pattern, stored: Stored<'_>) -> Option<Written> {
    let whole = match stored {
        Stored::Text(text) => return pattern.read(text),
        Stored::Integer(whole) => whole,
        Stored::Real(real) if real.fract() == 0.0 && real.abs() < 1e18 => real as i64,
        Stored::Real(_) => return None,
    };
    match pattern.is_digits() {
        true => pattern.read(whole.to_string().as_bytes()),
        false => None,
    }
}

impl Stored<'_> {
    /// A number, or a number as text.
    fn number(self) -> Option<f64> {
        match self {
            Self::Integer(whole) => Some(whole as f64),
            Self::Real(real) => Some(real),
            Self::Text(text) => {
                let text = std::str::from_utf8(text.trim_ascii()).ok()?;
                let is_plain = text
                    .bytes()
                    .all(|c| c.is_ascii_digit() || matches!(c, b'.' | b'-'));
                text.parse().ok().filter(|_| is_plain)
            }
        }
    }
}

impl TimeForms {
    /// Forms that are tried in this order.
    ///
    /// # Errors
    /// If they cannot be combined.
    pub fn new(forms: Vec<TimeForm>) -> Result<Self, Discord> {
        let orders = forms.iter().filter_map(|form| match form {
            TimeForm::Pattern(pattern) => pattern.order(),
            TimeForm::Iso => Some((true, Order::Month)),
            _ => None,
        });
        let orders: Vec<_> = orders.collect();
        let is_other = |(at, order): (usize, &(bool, Order))| {
            let mut before = orders.iter().take(at);
            before.any(|before| before.0 == order.0 && before.1 != order.1)
        };
        if forms.is_empty() {
            return Err(Discord::None);
        }
        if orders.iter().enumerate().any(is_other) {
            return Err(Discord::Orders);
        }
        if forms.iter().filter(|form| form.is_count()).count() > 1 {
            return Err(Discord::Counts);
        }
        Ok(Self::kept(forms))
    }

    /// The same, but two-digit years are in the hundred years up to this one.
    #[must_use]
    pub fn up_to(self, last_year: Option<u16>) -> Self {
        let forms = self.0.iter().map(|form| match form {
            TimeForm::Pattern(pattern) => TimeForm::Pattern(pattern.up_to(last_year)),
            form => form.clone(),
        });
        Self::kept(forms.collect())
    }

    /// The last year that two digits can mean, if it is stated.
    pub fn last_year(self) -> Option<u16> {
        self.0.iter().find_map(|form| match form {
            TimeForm::Pattern(pattern) => pattern.last_year(),
            _ => None,
        })
    }

    /// Whether any form has a two-digit year.
    pub fn has_short_year(self) -> bool {
        let is_short = |form: &TimeForm| matches!(form, TimeForm::Pattern(pattern) if pattern.has_short_year());
        self.0.iter().any(is_short)
    }

    /// Whether a value that no form reads would be read if day and month were swapped.
    pub fn reads_swapped(self, stored: Stored<'_>) -> bool {
        let Stored::Text(text) = stored else {
            return false;
        };
        let reads = |form: &TimeForm| matches!(form, TimeForm::Pattern(pattern) if pattern.reads_swapped(text));
        self.0.iter().any(reads)
    }

    /// Whether any form has the day before the month or the month before the day, where people use both orders.
    pub fn has_order(self) -> bool {
        let has_order =
            |form: &TimeForm| matches!(form, TimeForm::Pattern(pattern) if pattern.has_order());
        self.0.iter().any(has_order)
    }

    /// A single form.
    pub fn one(form: TimeForm) -> Self {
        Self::kept(vec![form])
    }

    fn kept(forms: Vec<TimeForm>) -> Self {
        static KEPT: LazyLock<Mutex<HashSet<&'static [TimeForm]>>> = LazyLock::new(Mutex::default);
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(forms.as_slice()) {
            return Self(known);
        }
        let forms: &'static [TimeForm] = Vec::leak(forms);
        kept.insert(forms);
        Self(forms)
    }

    /// The forms in order.
    pub fn all(self) -> &'static [TimeForm] {
        self.0
    }

    /// Whether any form has a time of day.
    pub fn has_time(self) -> bool {
        self.0.iter().any(TimeForm::has_time)
    }

    /// An instant in microseconds, by the first form that reads it. Without an offset it is on the clock of `zone` or,
    /// without a zone, of the reader's zone.
    #[inline]
    pub fn instant(
        self,
        stored: Stored<'_>,
        times: &mut InstantReader,
        zone: Option<Tz>,
    ) -> Option<i64> {
        let written = self.0.iter().find_map(|form| form.read(stored))?;
        Some(times.instant(&written, zone))
    }

    /// A date in days since 1970, by the first form that reads it, exactly as written.
    #[inline]
    pub fn date(self, stored: Stored<'_>) -> Option<i32> {
        let written = self.0.iter().find_map(|form| form.read(stored))?;
        Some(written.day)
    }

    /// The date, in days since 1970, of a value with a two-digit year; `None` for any other value.
    pub fn date_of_short_year(self, stored: Stored<'_>) -> Option<i32> {
        let read = |form| Some((form, TimeForm::read(form, stored)?));
        let (form, written) = self.0.iter().find_map(read)?;
        let is_short = matches!(form, TimeForm::Pattern(pattern) if pattern.has_short_year());
        is_short.then_some(written.day)
    }
}

impl fmt::Display for TimeForm {
    /// In config notation: a word, or a pattern in quotes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Iso => "iso",
            Self::Unix => "unix",
            Self::UnixMs => "unix_ms",
            Self::UnixUs => "unix_us",
            Self::Julian => "julian",
            Self::Excel => "excel",
            Self::Pattern(pattern) if pattern.as_str() == "%Y%m%d" => "yyyymmdd",
            Self::Pattern(pattern) => return f.write_str(&yaml_quoted(pattern.as_str())),
        })
    }
}

impl fmt::Display for TimeForms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [one] => one.fmt(f),
            forms => {
                let forms: Vec<String> = forms.iter().map(TimeForm::to_string).collect();
                write!(f, "[{}]", forms.join(", "))
            }
        }
    }
}
