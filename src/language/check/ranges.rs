//! Comparisons that are decided by the range of a number, whatever the data.

use std::cmp::Ordering;

use super::checker::Checker;
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{Expr, ExprKind, NumberLiteral, Span};
use crate::language::typed::{
    Arithmetic, Comparison, Function, Kind, Measure, Population, PopulationFunction, Typed,
};
use crate::value::{Value, number};

/// How many metrics and calls deep a range is computed.
const DEPTH: u8 = 32;

/// The minimum and maximum of a number.
type Range = [f64; 2];

impl Checker<'_> {
    /// Warns about a comparison with a number outside the range of the other side: `health < 400`. A comparison with
    /// the end of the range is a way to require a value, so it gets no warning.
    pub fn warn_of_range(
        &mut self,
        comparison: Comparison,
        (left, left_expr): (&Typed, &Expr),
        (right, right_expr): (&Typed, &Expr),
        (span, of_between): (Span, bool),
    ) {
        let (range, number, expr, number_expr, comparison) = match (constant(left), constant(right))
        {
            (None, Some(n)) => (
                self.range(left, DEPTH),
                n,
                left_expr,
                right_expr,
                comparison,
            ),
            (Some(n), None) => (
                self.range(right, DEPTH),
                n,
                right_expr,
                left_expr,
                comparison.turned(),
            ),
            _ => return,
        };
        let Some([low, high]) = range else {
            return;
        };
        if self.warn_of_share([low, high], expr, number_expr) {
            return;
        }
        // Sums of decimals are compared as decimals, so the last digits may differ slightly here.
        let number = match number::order(number, low) {
            Some(Ordering::Equal) => low,
            _ if number::order(number, high) == Some(Ordering::Equal) => high,
            _ => number,
        };
        let beyond = number < low || number > high;
        let for_all = match comparison {
            Comparison::Less if number <= low => false,
            Comparison::Greater if number >= high => false,
            _ if !beyond => return,
            Comparison::Less | Comparison::LessOrEqual => number > high,
            Comparison::Greater | Comparison::GreaterOrEqual => number < low,
            Comparison::Equal => false,
            Comparison::NotEqual => true,
        };
        // The far end of a `between` may lie outside, since that excludes nothing.
        if for_all && of_between {
            return;
        }
        let text = self.quote(expr.span);
        let whom = match for_all {
            true => "everyone who has one",
            false => "nobody",
        };
        let (range, help) = match high.is_finite() {
            _ if low == high => (
                format!("always {low}"),
                "take the comparison away: it says the same of everyone".to_owned(),
            ),
            true => (
                format!("{low} to {high}"),
                format!("compare it with a number from {low} to {high}"),
            ),
            false => (
                format!("never below {low}"),
                format!("compare it with a number from {low} on"),
            ),
        };
        let message = format!("`{text}` is {range}, so this is true for {whom}");
        let finding = Finding::new(Code::OutOfRange, message);
        let is_share = matches!(&number_expr.kind, ExprKind::Number(n) if n.percent);
        let by = match &expr.kind {
            ExprKind::Call(call) if call.name.text == "rank" && number < 1.0 => call.args.first(),
            _ => None,
        };
        let share = match (by, is_share) {
            (Some(by), true) => {
                let share = self.quote(number_expr.span);
                let by = self.argument_text(by);
                format!("; a share of all is `top {share} by {by}`")
            }
            _ => String::new(),
        };
        self.tell(span, finding.help(format!("{help}{share}")));
    }

    /// `health < 40%`: for a value from 0 to 100, 40% means 0.4.
    fn warn_of_share(&mut self, [low, high]: Range, of: &Expr, share: &Expr) -> bool {
        let ExprKind::Number(NumberLiteral {
            digits,
            percent: true,
        }) = &share.kind
        else {
            return false;
        };
        let value: f64 = digits.parse().unwrap_or(0.0);
        if (low, high) != (0.0, 100.0) || value == 0.0 {
            return false;
        }
        let (text, written) = (self.quote(of.span), self.quote(share.span));
        let message = format!("`{text}` is 0 to 100, and `{written}` is {}", value / 100.0);
        let finding = Finding::new(Code::OutOfRange, message);
        self.tell(share.span, finding.help(format!("write `{digits}`")));
        true
    }

    /// The range of a number, if both ends are known whatever the data.
    fn range(&self, typed: &Typed, depth: u8) -> Option<Range> {
        let depth = depth.checked_sub(1)?;
        match self.behind_metrics(&typed.kind) {
            Kind::Constant(Value::Number(number)) => Some([*number, *number]),
            Kind::Health => Some([0.0, 100.0]),
            Kind::Aggregate(aggregate) => match aggregate.measure {
                Measure::Count | Measure::CountDistinct(_) => Some([0.0, f64::INFINITY]),
                _ => None,
            },
            Kind::Population(population) => self.range_of_many(population, depth),
            Kind::Negate(x) => self
                .range(x, depth)
                .filter(|[_, high]| high.is_finite())
                .map(|[low, high]| [-high, -low]),
            Kind::Arithmetic(operator, left, right) => {
                let ([a, b], [c, d]) = (self.range(left, depth)?, self.range(right, depth)?);
                // Without an upper end on both sides, the result may be unbounded too.
                if !(b.is_finite() && d.is_finite()) {
                    return None;
                }
                match operator {
                    Arithmetic::Add => Some([a + c, b + d]),
                    Arithmetic::Subtract => Some([a - d, b - c]),
                    Arithmetic::Multiply | Arithmetic::Divide => None,
                }
            }
            Kind::Call(function, args) => self.range_of_call(*function, args, depth),
            _ => None,
        }
    }

    fn range_of_call(&self, function: Function, args: &[Typed], depth: u8) -> Option<Range> {
        match (function, args) {
            // The number of steps is one more than the number of boundaries.
            (Function::Band | Function::BandRight, [_, bounds @ ..]) => {
                let bounds = u32::try_from(bounds.len()).ok()?;
                Some([1.0, f64::from(bounds) + 1.0])
            }
            (Function::Scale, _) => Some([0.0, 100.0]),
            (Function::Month, _) => Some([1.0, 12.0]),
            (Function::If, [_, one]) => self.range(one, depth),
            (Function::If, [_, one, other]) | (Function::Default, [one, other]) => {
                let ([a, b], [c, d]) = (self.range(one, depth)?, self.range(other, depth)?);
                Some([a.min(c), b.max(d)])
            }
            (Function::Round, [x, ..]) => self.range(x, depth),
            _ => None,
        }
    }

    fn range_of_many(&self, population: &Population, depth: u8) -> Option<Range> {
        match population.function {
            PopulationFunction::Rank | PopulationFunction::Position => Some([1.0, f64::INFINITY]),
            PopulationFunction::Percentile => Some([0.0, 1.0]),
            PopulationFunction::Bin(parts) | PopulationFunction::Ntile(parts) => {
                Some([1.0, f64::from(parts)])
            }
            PopulationFunction::Avg
            | PopulationFunction::Min
            | PopulationFunction::Max
            | PopulationFunction::Quantile(_) => self.range(population.of.as_ref()?, depth),
            _ => None,
        }
    }
}

fn constant(typed: &Typed) -> Option<f64> {
    match &typed.kind {
        Kind::Constant(Value::Number(number)) => Some(*number),
        Kind::Negate(inner) => constant(inner).map(|number| -number),
        _ => None,
    }
}
