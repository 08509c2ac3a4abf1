//! The score as an expression of its factors.

use super::CheckedFactor;
use crate::config::Factor;
use crate::language::typed::{Arithmetic, Function, Kind, Typed};
use crate::value::{Type, Value};

/// The number of decimals that the score is rounded to, so that conditions compare exactly the number that people see.
const DECIMALS: f64 = 1.0;

/// The points for a value: linear from 0 at `zero` to 100 at `full`, clamped.
pub(super) fn points(value: &Typed, factor: &Factor) -> Typed {
    let ends = [factor.zero, factor.full].map(number);
    call(Function::Scale, [value.clone()].into_iter().chain(ends))
}

/// `round(sum of points × weight / sum of weights, 1)` over the factors that are present.
pub(super) fn score(factors: &[CheckedFactor]) -> Typed {
    let (mut gained, mut counted) = (number(0.0), number(0.0));
    for factor in factors {
        let weight = number(factor.weight);
        let points = call(Function::Default, [factor.points.clone(), number(0.0)]);
        let points = arithmetic(Arithmetic::Multiply, points, weight.clone());
        gained = arithmetic(Arithmetic::Add, gained, points);
        let missing = Typed::made(
            Kind::IsMissing(Box::new(factor.points.clone())),
            Type::Truth,
        );
        let weight = call(Function::If, [missing, number(0.0), weight]);
        counted = arithmetic(Arithmetic::Add, counted, weight);
    }
    // If no factor is present, this divides by zero, which is missing.
    let mean = arithmetic(Arithmetic::Divide, gained, counted);
    call(Function::Round, [mean, number(DECIMALS)])
}

fn number(value: f64) -> Typed {
    Typed::made(Kind::Constant(Value::Number(value)), Type::Number)
}

fn arithmetic(operator: Arithmetic, left: Typed, right: Typed) -> Typed {
    let kind = Kind::Arithmetic(operator, Box::new(left), Box::new(right));
    Typed::made(kind, Type::Number)
}

fn call(function: Function, args: impl IntoIterator<Item = Typed>) -> Typed {
    Typed::made(
        Kind::Call(function, args.into_iter().collect()),
        Type::Number,
    )
}
