//! The functions over columns of values, one file per family.
//!
//! The registry, [`crate::language::functions`], holds each function's name, parameters and result type;
//! [`super::scalar`] holds its rule for one row.

mod choice;
mod numbers;
mod sample;
mod texts;
mod times;

use std::cmp::Ordering;

use super::column::Column;
use super::operands::{NOTHING, is_missing};
use crate::language::typed::Function;
use crate::time::{self, Clock};
use crate::value::{Money, Type, number};

/// Calls a function. Gives missing if the arguments do not fit it, which the checker rules out. The match names every
/// function, so a function without an evaluation does not compile.
pub(super) fn call(function: Function, args: &[&Column], ty: Type, clock: &Clock) -> Column {
    let [x, y, z] = [0, 1, 2].map(|place| args.get(place).copied().unwrap_or(&NOTHING));
    let rest = args.get(1..).unwrap_or_default();
    let done = match function {
        Function::DaysSince => times::days_since(x, clock),
        Function::HoursSince => Some(times::hours_since(x, clock)),
        Function::Elapsed => Some(times::elapsed(x, y, clock)),
        Function::Age => Some(times::number_of(x, |date| {
            time::age(date, clock.today()) as f64
        })),
        Function::Anniversary => Some(times::anniversary(x, clock)),
        Function::DayOfWeek => Some(times::day_of_week(&times::local(x, clock))),
        Function::DayOfMonth => Some(times::number_of(&times::local(x, clock), |date| {
            f64::from(time::day_of_month(date))
        })),
        Function::Hour => Some(times::hour(x, clock)),
        Function::Week => Some(times::number_of(&times::local(x, clock), |date| {
            f64::from(time::week(date))
        })),
        Function::Month => Some(times::number_of(&times::local(x, clock), |date| {
            f64::from(time::month(date))
        })),
        Function::Year => Some(times::number_of(&times::local(x, clock), |date| {
            f64::from(time::year(date))
        })),
        Function::Date => Some(times::local(x, clock).into_owned()),
        Function::Midnight => Some(times::midnight(x, clock)),
        Function::Lower => Some(texts::lower(x)),
        Function::Domain => Some(texts::domain(x)),
        Function::Concat => Some(texts::concat(args)),
        Function::Length => Some(texts::length(x)),
        Function::Abs => numbers::of_one(x, f64::abs, |amount| Some(Money(amount.0.abs()))),
        Function::Round if rest.is_empty() => {
            numbers::of_one(x, |x| number::round(x, 0), |amount| amount.round(0))
        }
        Function::Round => numbers::round(x, y),
        Function::Floor => numbers::of_one(x, number::floor, Money::floor),
        Function::Ceil => numbers::of_one(x, number::ceil, Money::ceil),
        Function::Mod => numbers::modulo(x, y),
        Function::Least => choice::extreme(args, true),
        Function::Greatest => choice::extreme(args, false),
        Function::Default => Some(choice::choose(&is_missing(x), y, x)),
        Function::If if args.len() == 2 => {
            Some(choice::choose(x.truths(), y, &Column::missing(ty)))
        }
        Function::If => Some(choice::choose(x.truths(), y, z)),
        Function::Band => Some(numbers::band(x, rest, Ordering::is_ge)),
        Function::BandRight => Some(numbers::band(x, rest, Ordering::is_gt)),
        Function::Scale => Some(numbers::scale(x, y, z)),
        Function::Sample => Some(sample::sample(x, y, z)),
    };
    done.unwrap_or_else(|| Column::missing(ty))
}
