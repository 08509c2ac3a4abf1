//! The possible values of each node, whatever the data: one pass over the program.

use crate::index::IndexVec;
use crate::ir::{Ir, IrMeasure, Node, NodeId, Op};
use crate::language::typed::{Arithmetic, Function, PopulationFunction};
use crate::value::{Type, Value, number};

/// Whole numbers beyond this are not distinguished.
const EXACT: f64 = 1e15;

/// The possible values of a node. For anything but a number, only whether it can be missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    pub low: f64,
    pub high: f64,
    /// Whether a number is always whole.
    pub whole: bool,
    pub missing: bool,
}

/// Nothing is known.
const ANYTHING: Range = Range {
    low: f64::NEG_INFINITY,
    high: f64::INFINITY,
    whole: false,
    missing: true,
};

/// The ranges of all nodes of the subject program.
pub fn ranges(ir: &Ir) -> IndexVec<NodeId, Range> {
    let mut found: IndexVec<NodeId, Range> = IndexVec::new();
    for node in ir.program.nodes.iter() {
        let range = range(ir, node, &|id| found.get(id).copied().unwrap_or(ANYTHING));
        found.push(range);
    }
    let score = ir
        .health
        .as_ref()
        .and_then(|health| ir.output(health.score));
    if let Some(range) = score.and_then(|score| found.get_mut(score)) {
        *range = Range::from_to(0.0, 100.0);
    }
    found
}

impl Range {
    fn from_to(low: f64, high: f64) -> Self {
        Self {
            low,
            high,
            ..ANYTHING
        }
    }

    fn whole(self) -> Self {
        Self {
            whole: true,
            ..self
        }
    }

    fn always(self) -> Self {
        Self {
            missing: false,
            ..self
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
            whole: self.whole && other.whole,
            missing: self.missing || other.missing,
        }
    }

    fn is_bounded(self) -> bool {
        self.low.abs() < EXACT && self.high.abs() < EXACT
    }

    /// Whether a value can lie between two bounds; if the bounds are equal, whether it can be that value.
    pub fn meets(&self, [from, to]: [f64; 2]) -> bool {
        use std::cmp::Ordering::{Greater, Less};
        let before = |a: f64, b: f64| number::order(a, b) == Some(Less);
        if from == to {
            let value = number::to_nine_decimals(from);
            let fits = !self.whole || value.abs() > EXACT || value.trunc() == value;
            return fits && !before(from, self.low) && !before(self.high, from);
        }
        if self.low.is_finite() && number::order(self.low, to) != Some(Less)
            || self.high.is_finite() && number::order(self.high, from) != Some(Greater)
        {
            return false;
        }
        let from = number::to_nine_decimals(from).max(self.low - 1.0);
        if !self.whole || from.abs() > EXACT || to.abs() > EXACT {
            return true;
        }
        let next = (from.floor() + 1.0).max(self.low.ceil());
        before(next, to) && !before(self.high, next)
    }
}

fn range(ir: &Ir, node: &Node, of: &dyn Fn(NodeId) -> Range) -> Range {
    match &node.op {
        Op::Constant(Value::Missing) => ANYTHING,
        Op::Constant(Value::Number(number)) => Range {
            low: *number,
            high: *number,
            whole: number.trunc() == *number,
            missing: false,
        },
        Op::Constant(_)
        | Op::Moment(_)
        | Op::Member(_)
        | Op::Listed(..)
        | Op::IsMissing(_)
        | Op::Call(Function::Sample, _) => ANYTHING.always(),
        Op::Aggregate(aggregate) => match ir.aggregates.get(*aggregate).map(|a| a.measure) {
            Some(IrMeasure::Count | IrMeasure::CountDistinct(_)) => {
                Range::from_to(0.0, f64::INFINITY).whole().always()
            }
            Some(IrMeasure::Exists) => ANYTHING.always(),
            _ => ANYTHING,
        },
        Op::Population {
            function, of: x, ..
        } => of_many(*function, x.map(of)),
        Op::Negate(x) if node.ty == Type::Number => {
            let x = of(*x);
            Range {
                low: -x.high,
                high: -x.low,
                ..x
            }
        }
        Op::Arithmetic(operator, a, b) if node.ty == Type::Number => {
            let is_number = |x: NodeId| {
                let node = ir.program.nodes.get(x);
                node.is_some_and(|node| node.ty == Type::Number)
            };
            match is_number(*a) && is_number(*b) {
                true => arithmetic(*operator, of(*a), of(*b)),
                false => ANYTHING,
            }
        }
        Op::Call(function, args) => {
            let args: Vec<Range> = args.iter().map(|arg| of(*arg)).collect();
            call(*function, &args, node.ty)
        }
        _ => ANYTHING,
    }
}

fn arithmetic(operator: Arithmetic, a: Range, b: Range) -> Range {
    let missing = a.missing || b.missing || !(a.is_bounded() && b.is_bounded());
    let whole = a.whole && b.whole;
    // An unbounded value is never infinite itself, so zero times it is zero.
    let times = |x: f64, y: f64| if x == 0.0 || y == 0.0 { 0.0 } else { x * y };
    match operator {
        Arithmetic::Add => Range {
            low: a.low + b.low,
            high: a.high + b.high,
            whole,
            missing,
        },
        Arithmetic::Subtract => Range {
            low: a.low - b.high,
            high: a.high - b.low,
            whole,
            missing,
        },
        Arithmetic::Multiply => {
            let ends = [
                times(a.low, b.low),
                times(a.low, b.high),
                times(a.high, b.low),
                times(a.high, b.high),
            ];
            Range {
                low: ends.into_iter().fold(f64::INFINITY, f64::min),
                high: ends.into_iter().fold(f64::NEG_INFINITY, f64::max),
                whole,
                missing,
            }
        }
        // A division by zero gives a missing value.
        Arithmetic::Divide if a.low >= 0.0 && b.low >= 0.0 => Range::from_to(0.0, f64::INFINITY),
        Arithmetic::Divide => ANYTHING,
    }
}

fn call(function: Function, args: &[Range], ty: Type) -> Range {
    let missing = args.iter().any(|arg| arg.missing);
    let strict = |range: Range| Range { missing, ..range };
    match (function, args) {
        (Function::If, [_, one]) => Range {
            missing: true,
            ..*one
        },
        (Function::If, [_, one, other]) => one.or(*other),
        (Function::Default, [one, other]) => Range {
            missing: one.missing && other.missing,
            ..one.or(*other)
        },
        (Function::Band | Function::BandRight, [_, bounds @ ..]) => {
            strict(Range::from_to(1.0, bounds.len() as f64 + 1.0).whole())
        }
        (Function::Scale, _) => Range::from_to(0.0, 100.0),
        (Function::Month, _) => strict(Range::from_to(1.0, 12.0).whole()),
        (Function::Week, _) => strict(Range::from_to(1.0, 53.0).whole()),
        (Function::DayOfMonth, _) => strict(Range::from_to(1.0, 31.0).whole()),
        (Function::Hour, _) => strict(Range::from_to(0.0, 23.0).whole()),
        (Function::Length, _) => strict(Range::from_to(0.0, f64::INFINITY).whole()),
        (Function::DaysSince | Function::HoursSince | Function::Age | Function::Year, _) => {
            strict(ANYTHING.whole())
        }
        _ if ty != Type::Number => ANYTHING,
        (Function::Abs, [x]) => {
            let low = match x.low > 0.0 {
                true => x.low,
                false => (-x.high).max(0.0),
            };
            Range {
                low,
                high: x.high.max(-x.low),
                ..*x
            }
        }
        (Function::Round | Function::Floor | Function::Ceil, [x]) => {
            let whole = x.low.floor();
            Range {
                low: whole,
                high: x.high.ceil(),
                whole: true,
                missing: x.missing,
            }
        }
        (Function::Least, all) => all
            .iter()
            .copied()
            .reduce(|a, b| Range {
                high: a.high.min(b.high),
                ..a.or(b)
            })
            .unwrap_or(ANYTHING),
        (Function::Greatest, all) => all
            .iter()
            .copied()
            .reduce(|a, b| Range {
                low: a.low.max(b.low),
                ..a.or(b)
            })
            .unwrap_or(ANYTHING),
        _ => ANYTHING,
    }
}

fn of_many(function: PopulationFunction, of: Option<Range>) -> Range {
    match function {
        PopulationFunction::Rank | PopulationFunction::Position => {
            Range::from_to(1.0, f64::INFINITY).whole()
        }
        PopulationFunction::Percentile => Range::from_to(0.0, 1.0),
        PopulationFunction::Bin(parts) | PopulationFunction::Ntile(parts) => {
            Range::from_to(1.0, f64::from(parts)).whole()
        }
        PopulationFunction::Size => Range::from_to(0.0, f64::INFINITY).whole(),
        PopulationFunction::Min | PopulationFunction::Max => Range {
            missing: true,
            ..of.unwrap_or(ANYTHING)
        },
        PopulationFunction::Avg | PopulationFunction::Quantile(_) => Range {
            missing: true,
            whole: false,
            ..of.unwrap_or(ANYTHING)
        },
        _ => ANYTHING,
    }
}
