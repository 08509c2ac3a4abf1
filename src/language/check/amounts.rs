//! The literal numbers of population functions: p and k, and the amount of `top`.

use super::checker::Checker;
use super::literals::{literal_of, number_of};
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{Expr, NumberLiteral, Top};
use crate::language::functions::PopulationFunction;
use crate::language::functions::population::{Literal, OverPopulation};

impl Checker<'_> {
    /// The k or p of `bin`, `ntile` and `quantile`.
    pub fn population_literal(&mut self, function: &OverPopulation, expr: &Expr) -> Option<f64> {
        let (name, example) = (function.entry.name, function.entry.example);
        let text = self.quote(expr.span);
        let Some((literal, negative)) = literal_of(expr) else {
            let finding = Finding::new(
                Code::WrongArguments,
                format!("the first argument of `{name}` must be a literal number, and `{text}` is not one"),
            )
            .help(format!("for example {}", quoted(example)));
            self.tell(expr.span, finding);
            return None;
        };
        let value = number_of(literal);
        if !negative && fits(function.literal, literal) {
            return Some(value);
        }
        let wants = match function.literal {
            Literal::Share => "a share from 0% to 100%",
            Literal::Count | Literal::None => "a whole number above 0",
        };
        self.tell(
            expr.span,
            Finding::new(
                Code::InvalidNumber,
                format!("`{name}` needs {wants}, and this is `{text}`"),
            )
            .help(format!("for example {}", quoted(example))),
        );
        None
    }

    /// The amount of `top 20%` or `top 100`.
    pub fn amount(&mut self, top: &Top, name: &str) -> Option<PopulationFunction> {
        let NumberLiteral { digits, percent } = &top.amount;
        let value: f64 = digits.parse().unwrap_or(f64::NAN);
        if *percent && value > 0.0 && value <= 100.0 {
            return Some(match top.bottom {
                true => PopulationFunction::BottomShare(value),
                false => PopulationFunction::TopShare(value),
            });
        }
        if !*percent && is_whole(value) && value < 9e15 {
            let count = value as u64;
            return Some(match top.bottom {
                true => PopulationFunction::BottomCount(count),
                false => PopulationFunction::TopCount(count),
            });
        }
        let text = self.quote(top.amount_span);
        let finding = Finding::new(
            Code::InvalidNumber,
            format!(
                "`{name} {text}` is not an amount of {}s",
                self.catalog.subject_name
            ),
        )
        .help(format!(
            "write a share above 0% up to 100% (`{name} 20% by …`) or a whole number above 0 \
             (`{name} 100 by …`)"
        ));
        self.tell(top.amount_span, finding);
        None
    }
}

/// Whether an expression is a number that a population function accepts as its first argument.
pub(super) fn fits_as_literal(wanted: Literal, expr: &Expr) -> bool {
    literal_of(expr).is_some_and(|(literal, negative)| !negative && fits(wanted, literal))
}

fn fits(wanted: Literal, literal: &NumberLiteral) -> bool {
    let value = number_of(literal);
    match wanted {
        Literal::Share => (0.0..=1.0).contains(&value),
        Literal::Count => !literal.percent && is_whole(value) && value <= f64::from(u32::MAX),
        Literal::None => false,
    }
}

fn is_whole(value: f64) -> bool {
    value >= 1.0 && value.fract() == 0.0
}
