//! The written numbers of population functions: p and k, and the amount of `top`.

use super::checker::Checker;
use super::literals::{literal_of, number_of};
use super::population::example;
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{Expr, NumberLiteral, Top};
use crate::language::typed::PopulationFunction;

impl Checker<'_> {
    /// The k or p of `bin`, `ntile` and `quantile`.
    pub fn population_literal(&mut self, name: &str, expr: &Expr) -> Option<f64> {
        let text = self.quote(expr.span);
        let share = name == "quantile";
        let Some((literal, negative)) = literal_of(expr) else {
            let finding = Finding::new(
                Code::WrongArguments,
                format!("`{name}` needs a number as written for its first argument, and `{text}` is none"),
            )
            .help(format!("for example `{}`", example(name)));
            self.tell(expr.span, finding);
            return None;
        };
        let value = number_of(literal);
        if !negative && fits(share, literal) {
            return Some(value);
        }
        let wants = if share {
            "a share from 0% to 100%"
        } else {
            "a whole number above 0"
        };
        self.tell(
            expr.span,
            Finding::new(
                Code::InvalidNumber,
                format!("`{name}` needs {wants}, and here is `{text}`"),
            )
            .help(format!("for example `{}`", example(name))),
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
                "`{name} {text}` is no amount of {}s",
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

/// Whether an expression is a number that a population function can take first.
pub(super) fn fits_as_literal(name: &str, expr: &Expr) -> bool {
    literal_of(expr)
        .is_some_and(|(literal, negative)| !negative && fits(name == "quantile", literal))
}

fn fits(share: bool, literal: &NumberLiteral) -> bool {
    let value = number_of(literal);
    match share {
        true => (0.0..=1.0).contains(&value),
        false => !literal.percent && is_whole(value) && value <= f64::from(u32::MAX),
    }
}

fn is_whole(value: f64) -> bool {
    value >= 1.0 && value.fract() == 0.0
}
