//! Digits, dates and CSV in the notation of a country.

use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;

use super::{Locale, plural_of};
use crate::time::local_naive;

/// The formats of a locale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks {
    /// The thousands separator.
    pub group: char,
    /// The number of digits before the decimal mark from which they are grouped: `1234` and `12.345` in Spanish.
    pub least_grouped: usize,
    /// The decimal mark.
    pub decimal: char,
    /// The separator of fields in a CSV file.
    pub delimiter: u8,
    /// A date, in the notation of `strftime`: `%d`, `%m`, `%Y` and the characters between them.
    pub date: &'static str,
}

/// The formats of a locale, according to CLDR 46.
pub fn marks(locale: Locale) -> Marks {
    let (group, decimal, date) = match locale {
        Locale::EnUs => (',', '.', "%m/%d/%Y"),
        Locale::EnGb => (',', '.', "%d/%m/%Y"),
        Locale::DeDe => ('.', ',', "%d.%m.%Y"),
        Locale::FrFr => ('\u{202f}', ',', "%d/%m/%Y"),
        Locale::NlNl => ('.', ',', "%d-%m-%Y"),
        Locale::ItIt | Locale::EsEs | Locale::PtBr => ('.', ',', "%d/%m/%Y"),
        Locale::PtPt => ('\u{a0}', ',', "%d/%m/%Y"),
        Locale::PlPl => ('\u{a0}', ',', "%d.%m.%Y"),
        Locale::SvSe => ('\u{a0}', ',', "%Y-%m-%d"),
    };
    // Where the comma is the decimal mark, spreadsheets expect semicolons between fields.
    let delimiter = if decimal == ',' { b';' } else { b',' };
    let least_grouped = match locale {
        Locale::ItIt | Locale::EsEs | Locale::PtPt | Locale::PlPl => 5,
        _ => 4,
    };
    Marks {
        group,
        least_grouped,
        decimal,
        delimiter,
        date,
    }
}

impl Marks {
    /// A whole number with thousands separators; the largest `i64` for anything larger.
    pub fn whole(&self, number: impl TryInto<i64>) -> String {
        self.grouped(&number.try_into().unwrap_or(i64::MAX).to_string())
    }

    /// A number with a noun: `1 client`, `1,236 clients`.
    pub fn counted(&self, number: usize, what: &str) -> String {
        match number {
            1 => format!("1 {what}"),
            _ => format!("{} {}", self.whole(number), plural_of(what)),
        }
    }

    /// A number for people, with this many decimals and with thousands separators.
    pub fn number(&self, number: f64, decimals: usize) -> String {
        self.grouped(&fixed(number, decimals))
    }

    /// A number for a file, with this many decimals and without thousands separators.
    pub fn plain(&self, number: f64, decimals: usize) -> String {
        self.marked(fixed(number, decimals))
    }

    /// A number that has a decimal point, with the locale's decimal mark instead.
    pub fn marked(&self, number: String) -> String {
        match self.decimal {
            '.' => number,
            decimal => number.replace('.', &decimal.to_string()),
        }
    }

    /// The separator between the items of a list that may contain numbers.
    pub fn between(&self) -> &'static str {
        if self.decimal == ',' { "; " } else { ", " }
    }

    /// A date.
    pub fn date(&self, date: NaiveDate) -> String {
        let Ok(year @ 0..=9_999) = u32::try_from(date.year()) else {
            return date.format(self.date).to_string();
        };
        // Reports contain a date for each row, and parsing the format each time would be ten times as slow.
        let mut text = String::with_capacity("2025-06-01 09:30".len());
        let mut form = self.date.chars();
        while let Some(c) = form.next() {
            match c {
                '%' => match form.next() {
                    Some('d') => push_two(&mut text, date.day()),
                    Some('m') => push_two(&mut text, date.month()),
                    _ => {
                        push_two(&mut text, year / 100);
                        push_two(&mut text, year % 100);
                    }
                },
                separator => text.push(separator),
            }
        }
        text
    }

    /// An instant in microseconds, to the minute on a zone's clock.
    pub fn instant(&self, micros: i64, zone: Tz) -> String {
        DateTime::from_timestamp_micros(micros).map_or_else(String::new, |_| {
            let local = local_naive(micros, zone);
            let mut text = self.date(local.date());
            text.push(' ');
            push_two(&mut text, local.hour());
            text.push(':');
            push_two(&mut text, local.minute());
            text
        })
    }

    /// The same with the zone's abbreviation or offset at that time: `06/01/2025 09:30 EDT`.
    pub fn moment(&self, micros: i64, zone: Tz) -> String {
        let local = DateTime::from_timestamp_micros(micros).map(|utc| utc.with_timezone(&zone));
        let name = local.map_or_else(String::new, |local| local.format(" %Z").to_string());
        self.instant(micros, zone) + &name
    }

    /// A number that has only a decimal point, with the locale's thousands separators and decimal mark.
    pub fn grouped(&self, plain: &str) -> String {
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |d| ("-", d));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let mut text = String::from(sign);
        for (place, digit) in whole.chars().enumerate() {
            let is_grouped = whole.len() >= self.least_grouped;
            if is_grouped && place > 0 && (whole.len() - place).is_multiple_of(3) {
                text.push(self.group);
            }
            text.push(digit);
        }
        if !part.is_empty() {
            text.push(self.decimal);
            text.push_str(part);
        }
        text
    }
}

/// A number with this many decimals, as `{:.n}` formats it.
fn fixed(number: f64, decimals: usize) -> String {
    let scale = 10_f64.powi(i32::try_from(decimals).unwrap_or(i32::MAX));
    let scaled = number * scale;
    // Most numbers have no more decimals than are shown. Those can be formatted from whole numbers, ten times as fast.
    let is_exact = scaled.fract() == 0.0 && scaled < 9e15 && scaled / scale == number;
    if !is_exact || number.is_sign_negative() {
        return format!("{number:.decimals$}");
    }
    let (scaled, scale) = (scaled as u64, scale as u64);
    match decimals {
        0 => scaled.to_string(),
        _ => format!("{}.{:0decimals$}", scaled / scale, scaled % scale),
    }
}

/// Appends a number below 100 as two digits.
fn push_two(text: &mut String, number: u32) {
    text.extend(
        [number / 10 % 10, number % 10].map(|digit| char::from_digit(digit, 10).unwrap_or('0')),
    );
}
