//! The functions of values, by columns.

use super::column::{Column, MISSING_DATE, MISSING_I64, TextColumn};
use super::operand::{is_missing, kind};
use super::scalar::{self, Ordered};
use super::vector::{map, rows, spread, zip, zip3};
use crate::language::typed::Function;
use crate::time::{self, Clock};
use crate::value::{Money, Truth, Type, number};

/// Calls a function; missing where the arguments do not fit it, which the checker rules out.
pub(super) fn call(function: Function, args: &[&Column], ty: Type, clock: &Clock) -> Column {
    use Function as F;
    let done = match (function, args) {
        (F::DaysSince, [x]) => days_since(x, clock),
        (F::HoursSince, [x]) => Some(Column::Number(map(x.instants(), |instant| {
            whole(instant, |instant| clock.hours_since(instant))
        }))),
        (F::Elapsed, [start, end]) => Some(Column::Number(zip(
            start.instants(),
            end.instants(),
            |start, end| scalar::elapsed(start, end, clock.now),
        ))),
        (F::Age, [date]) => Some(Column::Number(map(date.dates(), |date| match date {
            MISSING_DATE => f64::NAN,
            date => time::age(date, clock.today()) as f64,
        }))),
        (F::Anniversary, [date]) => {
            let today = clock.today();
            Some(Column::Date(map(date.dates(), |date| match date {
                MISSING_DATE => MISSING_DATE,
                date => time::anniversary(date, today),
            })))
        }
        (F::DayOfWeek, [x]) => {
            Some(texts(local_dates(x, clock).iter().map(|date| {
                (*date != MISSING_DATE).then(|| time::day_of_week(*date))
            })))
        }
        (F::Month, [x]) => Some(of_dates(x, clock, |date| f64::from(time::month(date)))),
        (F::Year, [x]) => Some(of_dates(x, clock, |date| f64::from(time::year(date)))),
        (F::Date, [x]) => Some(Column::Date(local_dates(x, clock))),
        (F::Midnight, [x]) => Some(Column::Instant(map(x.dates(), |date| match date {
            MISSING_DATE => MISSING_I64,
            date => clock.midnight(date),
        }))),
        (F::Lower, [x]) => {
            let lowered: Vec<_> = (0..x.len())
                .map(|row| x.texts().get(row).map(str::to_lowercase))
                .collect();
            Some(texts(lowered.iter().map(Option::as_deref)))
        }
        (F::Length, [x]) => Some(Column::Number(
            (0..x.len())
                .map(|row| x.texts().get(row))
                .map(|text| text.map_or(f64::NAN, |text| text.chars().count() as f64))
                .collect(),
        )),
        (F::Abs, [x]) => one(x, f64::abs, |amount| Some(Money(amount.0.abs()))),
        (F::Round, [x]) => one(x, |x| number::round(x, 0), |amount| amount.round(0)),
        (F::Round, [x, digits]) => match x {
            Column::Number(x) => Some(Column::Number(zip(x, digits.numbers(), scalar::round))),
            Column::Money(x) => Some(Column::Money(zip(
                x,
                digits.numbers(),
                scalar::round_amount,
            ))),
            _ => None,
        },
        (F::Floor, [x]) => one(x, number::floor, Money::floor),
        (F::Ceil, [x]) => one(x, number::ceil, Money::ceil),
        (F::Least, args) => extreme(args, true),
        (F::Greatest, args) => extreme(args, false),
        (F::Default, [x, otherwise]) => choose(&is_missing(x), otherwise, x),
        (F::If, [condition, yes]) => choose(condition.truths(), yes, &Column::missing(ty)),
        (F::If, [condition, yes, no]) => choose(condition.truths(), yes, no),
        (F::Band, [x, bounds @ ..]) => Some(band(x, bounds, |order| order.is_ge())),
        (F::BandRight, [x, bounds @ ..]) => Some(band(x, bounds, |order| order.is_gt())),
        (F::Scale, [x, from, to]) => Some(Column::Number(zip3(
            &doubles(x),
            &doubles(from),
            &doubles(to),
            scalar::scale,
        ))),
        _ => None,
    };
    done.unwrap_or_else(|| Column::missing(ty))
}

/// A whole number of something since an instant.
fn whole(instant: i64, of: impl Fn(i64) -> i64) -> f64 {
    match instant {
        MISSING_I64 => f64::NAN,
        instant => of(instant) as f64,
    }
}

fn days_since(x: &Column, clock: &Clock) -> Option<Column> {
    match x {
        Column::Instant(instants) => Some(Column::Number(map(instants, |instant| {
            whole(instant, |instant| clock.days_since_instant(instant))
        }))),
        Column::Date(dates) => Some(Column::Number(map(dates, |date| match date {
            MISSING_DATE => f64::NAN,
            date => clock.days_since_date(date) as f64,
        }))),
        _ => None,
    }
}

/// The dates of a column; of instants, those of the business zone.
fn local_dates(x: &Column, clock: &Clock) -> Vec<i32> {
    match x {
        Column::Instant(instants) => map(instants, |instant| match instant {
            MISSING_I64 => MISSING_DATE,
            instant => clock.local_date(instant),
        }),
        _ => x.dates().to_vec(),
    }
}

fn of_dates(x: &Column, clock: &Clock, of: impl Fn(i32) -> f64) -> Column {
    Column::Number(map(&local_dates(x, clock), |date| match date {
        MISSING_DATE => f64::NAN,
        date => of(date),
    }))
}

/// A function of one number, or of one amount.
fn one(
    x: &Column,
    number: impl Fn(f64) -> f64,
    amount: impl Fn(Money) -> Option<Money>,
) -> Option<Column> {
    match x {
        Column::Number(values) => Some(Column::Number(map(values, number))),
        Column::Money(values) => Some(Column::Money(map(values, |mark| {
            scalar::mark(scalar::amount(mark).and_then(&amount))
        }))),
        _ => None,
    }
}

fn extreme(args: &[&Column], least: bool) -> Option<Column> {
    fn fold<T: Ordered>(
        args: &[&Column],
        least: bool,
        values: impl Fn(&Column) -> &[T],
    ) -> Option<Vec<T>> {
        let join = if least { T::least } else { T::greatest };
        let (first, rest) = args.split_first()?;
        Some(rest.iter().fold(values(first).to_vec(), |so_far, next| {
            zip(&so_far, values(next), join)
        }))
    }
    match kind(args) {
        Type::Number => fold(args, least, Column::numbers).map(Column::Number),
        Type::Money => fold(args, least, Column::amounts).map(Column::Money),
        Type::Date => fold(args, least, Column::dates).map(Column::Date),
        Type::Instant => fold(args, least, Column::instants).map(Column::Instant),
        Type::Text => {
            let rows = rows(args.iter().map(|arg| arg.len()));
            Some(texts((0..rows).map(|row| {
                let mut all: Vec<&str> = args
                    .iter()
                    .map(|arg| arg.texts().get(row))
                    .collect::<Option<_>>()?;
                all.sort_unstable();
                if least { all.first() } else { all.last() }.copied()
            })))
        }
        Type::Truth | Type::Missing | Type::Unknown => None,
    }
}

/// One column's values where the answer is yes, the other's elsewhere.
fn choose(which: &[Truth], yes: &Column, no: &Column) -> Option<Column> {
    fn pick<T: Copy>(which: &[Truth], yes: &[T], no: &[T]) -> Vec<T> {
        zip3(which, yes, no, |which, yes, no| match which {
            Truth::Yes => yes,
            Truth::No | Truth::Unknown => no,
        })
    }
    Some(match kind(&[yes, no]) {
        Type::Number => Column::Number(pick(which, yes.numbers(), no.numbers())),
        Type::Money => Column::Money(pick(which, yes.amounts(), no.amounts())),
        Type::Date => Column::Date(pick(which, yes.dates(), no.dates())),
        Type::Instant => Column::Instant(pick(which, yes.instants(), no.instants())),
        Type::Truth | Type::Missing | Type::Unknown => {
            Column::Truth(pick(which, yes.truths(), no.truths()))
        }
        Type::Text => {
            let (yes, no) = (yes.texts(), no.texts());
            let rows = rows([which.len(), yes.len(), no.len()]);
            let which = spread(which, rows);
            texts(which.iter().enumerate().map(|(row, which)| match which {
                Truth::Yes => yes.get(row),
                Truth::No | Truth::Unknown => no.get(row),
            }))
        }
    })
}

/// 1 and one more for each boundary that `x` has passed; missing where any is.
fn band(x: &Column, bounds: &[&Column], passed: fn(std::cmp::Ordering) -> bool) -> Column {
    fn steps<T: Ordered>(x: &[T], bound: &[T], passed: fn(std::cmp::Ordering) -> bool) -> Vec<f64> {
        zip(x, bound, |x, bound| match x.order(bound) {
            Some(order) => f64::from(u8::from(passed(order))),
            None => f64::NAN,
        })
    }
    let start = map(&is_missing(x), |missing| match missing {
        Truth::Yes => f64::NAN,
        _ => 1.0,
    });
    Column::Number(bounds.iter().fold(start, |so_far, bound| {
        let step = match kind(&[x, bound]) {
            Type::Money => steps(x.amounts(), bound.amounts(), passed),
            Type::Date => steps(x.dates(), bound.dates(), passed),
            Type::Instant => steps(x.instants(), bound.instants(), passed),
            _ => steps(x.numbers(), bound.numbers(), passed),
        };
        zip(&so_far, &step, |sum, step| sum + step)
    }))
}

/// Numbers, or amounts and times as numbers, for shares of a distance.
fn doubles(x: &Column) -> std::borrow::Cow<'_, [f64]> {
    fn convert<T: Ordered>(values: &[T], double: impl Fn(T) -> f64) -> Vec<f64> {
        map(values, |value| {
            if value.is_missing() {
                f64::NAN
            } else {
                double(value)
            }
        })
    }
    match x {
        Column::Money(values) => convert(values, |mark| Money(mark).to_f64()).into(),
        Column::Date(values) => convert(values, f64::from).into(),
        Column::Instant(values) => convert(values, |micros| micros as f64).into(),
        _ => x.numbers().into(),
    }
}

/// One text for every row.
fn texts<'t>(texts: impl Iterator<Item = Option<&'t str>>) -> Column {
    Column::Text(TextColumn::from_iter(texts))
}
