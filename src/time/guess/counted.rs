//! Times as counts of days, seconds or smaller units since some day.

use super::{Guess, Samples, TimeForm};
use crate::sql;
use crate::time::plausible::TO_2001;

/// A count: its name, the length of its unit in seconds, its zero in seconds since 1970, and what reads it: the name of
/// a form, or an expression with `{}` for the column.
type Count = (&'static str, f64, f64, &'static str);

const DAY: f64 = 86_400.0;
/// The second at which Apple's counts begin: 2001.
const APPLE: f64 = TO_2001 as f64;
/// The second at which Windows's counts begin: 1601.
const WINDOWS: f64 = -11_644_473_600.0;

const SINCE_2001: Count = (
    "seconds since 2001, as Apple counts them",
    1.0,
    APPLE,
    "{} + 978307200",
);

/// The counts that databases use. If two fit at once, the one nearer to now is not nearer by mere chance.
const COUNTS: [Count; 18] = [
    (
        "days as a spreadsheet counts them",
        DAY,
        -25_569.0 * DAY,
        "excel",
    ),
    ("Julian days", DAY, -2_440_587.5 * DAY, "julian"),
    (
        "modified Julian days",
        DAY,
        -40_587.0 * DAY,
        "({} - 40587) * 86400",
    ),
    ("days since 1970", DAY, 0.0, "date({} * 86400, 'unixepoch')"),
    (
        "days since the year 0, as MySQL and MATLAB count them",
        DAY,
        -719_528.0 * DAY,
        "date(({} - 719528) * 86400, 'unixepoch')",
    ),
    ("hours since 1970", 3_600.0, 0.0, "{} * 3600"),
    ("minutes since 1970", 60.0, 0.0, "{} * 60"),
    ("seconds since 1970", 1.0, 0.0, "unix"),
    ("milliseconds since 1970", 1e-3, 0.0, "unix_ms"),
    ("microseconds since 1970", 1e-6, 0.0, "unix_us"),
    ("nanoseconds since 1970", 1e-9, 0.0, "{} / 1000000000.0"),
    (
        "ticks as .NET counts them",
        1e-7,
        -62_135_596_800.0,
        "({} - 621355968000000000) / 10000000.0",
    ),
    (
        "tenths of microseconds since 1601, as Windows counts them",
        1e-7,
        WINDOWS,
        "{} / 10000000.0 - 11644473600",
    ),
    (
        "microseconds since 1601, as Chrome counts them",
        1e-6,
        WINDOWS,
        "{} / 1000000.0 - 11644473600",
    ),
    SINCE_2001,
    (
        "nanoseconds since 2001, as Apple counts them",
        1e-9,
        APPLE,
        "{} / 1000000000.0 + 978307200",
    ),
    (
        "seconds since 1900",
        1.0,
        -2_208_988_800.0,
        "{} - 2208988800",
    ),
    (
        "seconds since 1904",
        1.0,
        -2_082_844_800.0,
        "{} - 2082844800",
    ),
];

/// Apple's counts are accepted only from this second on; otherwise any small number would be one.
const APPLE_FROM: f64 = APPLE + 366.0 * DAY;

/// The count in which all numbers are plausible and the newest is nearest to now.
pub(super) fn guess(of: Samples<'_>, numbers: &[f64]) -> Option<Guess> {
    let (_, count) = COUNTS
        .iter()
        .filter_map(|count| Some((distance(of, count, numbers)?, count)))
        .min_by(|(one, _), (other, _)| one.total_cmp(other))?;
    Some(of_count(of, count))
}

/// Seconds since 2001.
pub fn since_2001(of: Samples<'_>) -> Guess {
    of_count(of, &SINCE_2001)
}

fn of_count(of: Samples<'_>, (words, _, _, reads): &Count) -> Guess {
    match TimeForm::of_word(reads) {
        Some(form) => Guess::by(*words, form),
        None => Guess::with_view(of, *words, &reads.replace("{}", &sql::name(of.column))),
    }
}

/// How far the newest number is from now, in seconds, if all numbers are plausible in this count.
fn distance(of: Samples<'_>, (_, unit, zero, _): &Count, numbers: &[f64]) -> Option<f64> {
    let (from, now, to) = of.plausible.seconds();
    let from = if *zero == APPLE { APPLE_FROM } else { from };
    let mut newest = f64::NEG_INFINITY;
    for number in numbers {
        let second = number * unit + zero;
        if !(from..=to).contains(&second) {
            return None;
        }
        newest = newest.max(second);
    }
    newest.is_finite().then_some((now - newest).abs())
}
