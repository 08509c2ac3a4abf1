//! Times written as the digits of a date: `20260314`.

use super::{Guess, NAME_A_DAY, Samples, TIMES_OF_DAY};
use crate::sql;
use crate::time::calendar::{days_of_civil, year};

/// Guesses the form, if the digits of all numbers are those of a date, a part of a date, or a time of day.
pub(super) fn guess(of: Samples<'_>, numbers: &[f64]) -> Option<Guess> {
    let whole = |number: &f64| (number.fract() == 0.0 && *number >= 0.0).then_some(*number as u64);
    let whole: Vec<u64> = numbers.iter().map(whole).collect::<Option<_>>()?;
    let (_, _, latest) = of.plausible.seconds();
    let latest = year((latest / 86_400.0) as i32);
    let latest = u64::try_from(latest).unwrap_or(0);
    let is_year = |year: u64| (1990..=latest).contains(&year);
    let is_day = |day: u64| is_year(day / 10_000) && is_date(day);
    let is_time = |time: u64| time / 100 < 24 && time % 100 < 60;
    let all = |fits: &dyn Fn(u64) -> bool| !whole.is_empty() && whole.iter().all(|n| fits(*n));
    let column = sql::name(of.column);
    let part = |from: usize, length: usize| format!("substr({column}, {from}, {length})");
    if all(&is_day) {
        Guess::by_pattern("yyyymmdd", "%Y%m%d")
    } else if all(&|n| is_day(n / 1_000_000) && is_time(n / 100 % 10_000) && n % 100 < 60) {
        Guess::by_pattern("yyyymmddhhmmss", "%Y%m%d%H%M%S")
    } else if all(&|n| is_day(n / 10_000) && is_time(n % 10_000)) {
        Guess::by_pattern("yyyymmddhhmm", "%Y%m%d%H%M")
    } else if all(&is_year) {
        let remedy = format!(
            "name a column that tells the day, or read a view that has `{column} || '-01-01'` in its place"
        );
        Some(Guess::without("years alone", remedy))
    } else if all(&|n| is_year(n / 100) && (1..=12).contains(&(n % 100))) {
        let month = format!("{} || '-' || {} || '-01'", part(1, 4), part(5, 2));
        Some(Guess::with_view(of, "yyyymm", &month))
    } else if all(&|n| (100_000..1_000_000).contains(&n) && is_date(20_000_000 + n)) {
        Guess::by_pattern("yymmdd", "%y%m%d")
    } else if all(&|n| is_year(n / 1_000) && (1..=366).contains(&(n % 1_000))) {
        let [year, day] = [part(1, 4), part(5, 3)];
        let expression = format!("date({year} || '-01-01', ({day} - 1) || ' days')");
        Some(Guess::with_view(
            of,
            "a year and the day of it",
            &expression,
        ))
    } else if all(&is_time) {
        Some(Guess::without(TIMES_OF_DAY, NAME_A_DAY))
    } else {
        None
    }
}

/// Whether `yyyymmdd` is a day.
fn is_date(day: u64) -> bool {
    let part = |number: u64| u32::try_from(number % 100).unwrap_or(0);
    let year = i32::try_from(day / 10_000).unwrap_or(0);
    days_of_civil(year, part(day / 100), part(day)).is_some()
}
