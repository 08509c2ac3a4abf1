//! Decoded values of one column, and how each fits.

use super::cells::{Cells, Raw};
use super::codes::Integers;
use crate::engine::column::{MISSING_DATE, MISSING_I64};
use crate::engine::gather::decode::Fit;
use crate::engine::{Cell, Column, TextColumn};
use crate::value::Truth;

/// Values in compact form. They come out bit for bit as they went in.
#[derive(Debug)]
pub(super) struct Values {
    numbers: Packed,
    fits: Fits,
}

#[derive(Debug)]
enum Packed {
    /// Amounts, instants, dates, truth values, and numbers without a fraction.
    Whole(Integers),
    /// Numbers with at most two decimal places.
    Hundredths(Integers),
    /// Any other numbers.
    Bits(Box<[u64]>),
    Texts(Cells),
}

#[derive(Debug)]
enum Fits {
    Alike(Fit),
    Each(Box<[Fit]>),
}

impl Values {
    pub(super) fn pack(column: &Column, fits: &[Fit]) -> Self {
        let numbers = match column {
            Column::Number(numbers) => numbers_of(numbers),
            Column::Money(values) | Column::Instant(values) => {
                Packed::Whole(Integers::pack(values.iter().copied()))
            }
            Column::Date(days) => Packed::Whole(Integers::pack(days.iter().map(number_of_day))),
            Column::Truth(answers) => {
                Packed::Whole(Integers::pack(answers.iter().map(number_of_answer)))
            }
            Column::Text(texts) => Packed::Texts(texts_of(texts)),
        };
        let alike = fits
            .first()
            .filter(|first| fits.iter().all(|fit| fit == *first));
        Self {
            numbers,
            fits: match alike {
                Some(fit) => Fits::Alike(*fit),
                None => Fits::Each(fits.into()),
            },
        }
    }

    /// Appends this many values to a column of their type.
    pub(super) fn unpack(&self, rows: usize, column: &mut Column, fits: &mut Vec<Fit>) {
        match (&self.numbers, column) {
            (Packed::Whole(packed), Column::Number(into)) => {
                packed.extend(into, rows, |number| real(number, 1.0));
            }
            (Packed::Hundredths(packed), Column::Number(into)) => {
                packed.extend(into, rows, |number| real(number, 100.0));
            }
            (Packed::Bits(bits), Column::Number(into)) => {
                into.extend(bits.iter().map(|bits| f64::from_bits(*bits)));
            }
            (Packed::Whole(packed), Column::Money(into) | Column::Instant(into)) => {
                packed.extend(into, rows, |number| number);
            }
            (Packed::Whole(packed), Column::Date(into)) => {
                packed.extend(into, rows, day_of_number);
            }
            (Packed::Whole(packed), Column::Truth(into)) => {
                packed.extend(into, rows, answer_of_number);
            }
            (Packed::Texts(cells), Column::Text(into)) => {
                let text = |cell| match cell {
                    Cell::Text(bytes) => std::str::from_utf8(bytes).ok(),
                    _ => None,
                };
                cells.each_made(rows, text, |text| into.push(text));
            }
            // A column is requested with the type that it has.
            _ => {}
        }
        match &self.fits {
            Fits::Alike(fit) => fits.resize(fits.len() + rows, *fit),
            Fits::Each(each) => fits.extend_from_slice(each),
        }
    }

    /// The number of bytes, without the value itself.
    pub(super) fn bytes(&self) -> usize {
        let numbers = match &self.numbers {
            Packed::Whole(packed) | Packed::Hundredths(packed) => packed.bytes(),
            Packed::Bits(bits) => size_of_val(bits.as_ref()),
            Packed::Texts(cells) => cells.bytes(),
        };
        let fits = match &self.fits {
            Fits::Alike(_) => 0,
            Fits::Each(each) => each.len(),
        };
        numbers + fits
    }
}

/// Packs as numbers without a fraction or as hundredths, if all come out bit for bit the same.
fn numbers_of(numbers: &[f64]) -> Packed {
    for (times, packed) in [
        (1.0, Packed::Whole as fn(_) -> _),
        (100.0, Packed::Hundredths),
    ] {
        let is_exact = |x: &f64| real(whole(*x, times), times).to_bits() == x.to_bits();
        if numbers.iter().all(is_exact) {
            return packed(Integers::pack(numbers.iter().map(|x| whole(*x, times))));
        }
    }
    Packed::Bits(numbers.iter().map(|x| x.to_bits()).collect())
}

/// A number times `times`, rounded. A number that [`real`] does not restore cannot be packed this way.
#[allow(clippy::cast_possible_truncation)]
fn whole(x: f64, times: f64) -> i64 {
    match x.is_nan() {
        true => MISSING_I64,
        false => (x * times).round() as i64,
    }
}

#[inline]
#[allow(clippy::cast_precision_loss)]
fn real(number: i64, times: f64) -> f64 {
    match number {
        MISSING_I64 => f64::NAN,
        number => number as f64 / times,
    }
}

fn texts_of(texts: &TextColumn) -> Cells {
    let mut raw = Raw::default();
    for row in 0..texts.len() {
        let text = texts.get(row).map(str::as_bytes);
        raw.push(text.map_or(Cell::Null, Cell::Text));
    }
    raw.pack()
}

fn number_of_day(day: &i32) -> i64 {
    match *day {
        MISSING_DATE => MISSING_I64,
        day => i64::from(day),
    }
}

fn day_of_number(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(MISSING_DATE)
}

fn number_of_answer(answer: &Truth) -> i64 {
    match answer {
        Truth::No => 0,
        Truth::Yes => 1,
        Truth::Unknown => 2,
    }
}

fn answer_of_number(number: i64) -> Truth {
    match number {
        0 => Truth::No,
        1 => Truth::Yes,
        _ => Truth::Unknown,
    }
}
