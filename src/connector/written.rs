//! Converts numbers and times from servers' own formats to what SQLite would store.
//!
//! A number becomes a float if the float represents it exactly with a shortest decimal form of at most 15 digits. Any
//! other decimal becomes text, from which amounts are read exactly.

use crate::engine::Cell;
use crate::time::DAY;

/// Whole numbers up to this limit are exact in a float, and so is their quotient by a power of ten up to
/// [`MOST_PLACES`].
const EXACT: u128 = 1_000_000_000_000_000;
const MOST_PLACES: u32 = 22;

/// The number `whole` × 10^`power`, with a sign; none where only a text represents it exactly.
#[allow(clippy::cast_precision_loss)]
pub(super) fn decimal(mut whole: u128, mut power: i32, is_negative: bool) -> Option<Cell<'static>> {
    if whole == 0 {
        return Some(Cell::Integer(0));
    }
    while power < 0 && whole.is_multiple_of(10) {
        whole /= 10;
        power += 1;
    }
    if let Ok(power) = u32::try_from(power) {
        let whole = 10_u128.checked_pow(power)?.checked_mul(whole)?;
        let whole = i64::try_from(whole).ok()?;
        return Some(Cell::Integer(if is_negative { -whole } else { whole }));
    }
    (whole < EXACT && power.unsigned_abs() <= MOST_PLACES).then(|| {
        let real = whole as f64 / 10_f64.powi(-power);
        Cell::Real(if is_negative { -real } else { real })
    })
}

/// The text of a decimal without trailing zeros after the decimal point, and without a trailing point: columns that
/// show more or fewer places hold the same numbers.
pub(super) fn without_zeros(decimal: &str) -> &str {
    match decimal.contains('.') {
        true => decimal.trim_end_matches('0').trim_end_matches('.'),
        false => decimal,
    }
}

/// A time as `2025-01-31 18:30:00`, with microseconds if there are any, followed by the zone. `at` counts
/// microseconds from the start of the day `of`, which counts days from 1970-01-01.
pub(super) fn moment(of: i64, at: i64, zone: &str, written: &mut Vec<u8>) {
    let days = of + at.div_euclid(DAY);
    let rest = at.rem_euclid(DAY);
    let (seconds, micros) = (rest / 1_000_000, rest % 1_000_000);
    day(days, written);
    let [a, b] = pair(seconds / 3_600);
    let [c, d] = pair(seconds / 60 % 60);
    let [e, f] = pair(seconds % 60);
    written.extend_from_slice(&[b' ', a, b, b':', c, d, b':', e, f]);
    if micros > 0 {
        let [a, b] = pair(micros / 10_000);
        let [c, d] = pair(micros / 100 % 100);
        let [e, f] = pair(micros % 100);
        written.extend_from_slice(&[b'.', a, b, c, d, e, f]);
    }
    written.extend_from_slice(zone.as_bytes());
}

/// A day counted from 1970-01-01, by Howard Hinnant's algorithm for the proleptic Gregorian calendar. Days before
/// year 1 and after 9999 are written so that they cannot be mistaken for others.
pub(super) fn day(days: i64, written: &mut Vec<u8>) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year + era * 400 + i64::from(month <= 2);
    match year {
        1..=9_999 => {
            let [a, b] = pair(year / 100);
            let [c, d] = pair(year % 100);
            written.extend_from_slice(&[a, b, c, d]);
        }
        10_000.. => written.extend_from_slice(year.to_string().as_bytes()),
        // The year 0 is 1 BC. After the day, the word could be overlooked.
        _ => written.extend_from_slice(format!("BC {:04}", 1 - year).as_bytes()),
    }
    let [a, b] = pair(month);
    let [c, d] = pair(day);
    written.extend_from_slice(&[b'-', a, b, b'-', c, d]);
}

/// The two digits of a number below 100.
#[inline]
fn pair(number: i64) -> [u8; 2] {
    let number = u8::try_from(number).unwrap_or(0);
    [b'0' + number / 10, b'0' + number % 10]
}
