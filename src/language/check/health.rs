//! Checks config's `health:`: the factors, their reasons, and who counts as lost.

mod score;
mod texts;

use super::MetricDefinition;
use super::checker::{Checker, unknown};
use super::expression::a;
use super::gone::{find, reason};
use crate::config::{Factor, HEALTH};
use crate::diagnostic::{Code, Finding};
use crate::language::Expr;
use crate::language::ast::Span;
use crate::language::reason::{Form, Piece, Reason};
use crate::language::typed::{Kind, Typed};
use crate::source::Location;
use crate::value::Type;
use score::{points, score};
use texts::FactorText;
pub(super) use texts::HealthTexts;

/// The name of a factor's value in its reason.
pub(super) const VALUE: &str = "value";

/// The health score, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedHealth {
    /// The score: the weighted mean of the points of the factors that are present; 0 to 100, rounded to one decimal;
    /// missing if no factor is present.
    pub score: Typed,
    /// The factors, in the order of config.
    pub factors: Vec<CheckedFactor>,
    /// Who counts as lost, for the backtest; `None` if config does not say.
    pub churn: Option<CheckedChurn>,
}

/// A factor of the score, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedFactor {
    /// Its id.
    pub id: String,
    /// The measured value: a number, or money.
    pub value: Typed,
    /// The points for that value: a number from 0 to 100; missing if the value is.
    pub points: Typed,
    /// The weight, above 0.
    pub weight: f64,
    /// The reason shown to those who lose points by this factor.
    pub reason: Reason<Typed>,
}

/// Who counts as lost, checked: two conditions that are evaluated as of the same instant as the score.
///
/// Only windows that reach past that instant (`in next 90 days`) see rows at or after it. `when` uses such windows. A
/// factor does so only if it looks ahead itself, which the backtest finds from its node. [`crate::ir::Ir::changing`]
/// tells which columns behind a factor only have today's contents.
/// today, [`crate::ir::Ir::changing`] tells.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedChurn {
    /// The subjects that are considered.
    pub among: Typed,
    /// Which of them were lost; looks ahead.
    pub when: Typed,
}

impl Checker<'_> {
    /// The score; `None` if config defines none, or if one of its texts cannot be parsed.
    pub fn health(&mut self, texts: Option<&HealthTexts>) -> Option<CheckedHealth> {
        let health = self.config.health.as_ref()?;
        let texts = texts?;
        self.warn_of_column();
        let factors = health.factors.iter().zip(&texts.factors);
        let factors: Vec<Option<CheckedFactor>> = factors
            .map(|(factor, text)| self.factor(factor, text))
            .collect();
        let churn = match &texts.churn {
            Some((among, when)) => {
                let among = among.as_ref().map(|among| self.condition(among));
                let when = when.as_ref().map(|when| self.lost(when));
                among
                    .zip(when)
                    .map(|(among, when)| CheckedChurn { among, when })
            }
            _ => None,
        };
        let factors: Vec<CheckedFactor> = factors.into_iter().collect::<Option<_>>()?;
        Some(CheckedHealth {
            score: score(&factors),
            factors,
            churn,
        })
    }

    fn factor(&mut self, factor: &Factor, text: &FactorText) -> Option<CheckedFactor> {
        let value = text.value.as_ref().map(|value| self.factor_value(value));
        self.factor = Some(value.clone().unwrap_or_else(|| unknown(Span::default())));
        let reason = text.reason.as_ref().map(|reason| self.reason(reason));
        self.factor = None;
        let value = value?;
        Some(CheckedFactor {
            id: factor.id.value.clone(),
            points: points(&value, factor),
            value,
            weight: factor.weight,
            reason: reason?,
        })
    }

    /// A value that must be a number or money.
    fn factor_value(&mut self, expr: &Expr) -> Typed {
        let typed = self.value(expr);
        let text = self.quote(expr.span);
        let help = match typed.ty {
            Type::Number | Type::Money | Type::Unknown => return typed,
            Type::Missing => "a factor that is always missing is always left out".to_owned(),
            Type::Date | Type::Instant => format!("write `days_since({text})`"),
            Type::Truth => format!("write `if({text}, 1, 0)`"),
            Type::Text => {
                format!("give each text a number: `if({text} = \"…\", 1, 0)`")
            }
        };
        let finding = Finding::new(
            Code::WrongType,
            format!(
                "a factor is a number or money, and `{text}` is {}",
                a(typed.ty)
            ),
        );
        self.refuse(expr.span, finding.help(help))
    }

    fn reason(&mut self, reason: &Reason<Option<Expr>>) -> Reason<Typed> {
        let clauses = reason.clauses.iter().map(|clause| {
            let pieces = clause.iter().map(|piece| match piece {
                Piece::Text(text) => Piece::Text(text.clone()),
                Piece::Value(None, form) => Piece::Value(unknown(Span::default()), form.clone()),
                Piece::Value(Some(expr), form) => {
                    Piece::Value(self.told_value(expr, form), form.clone())
                }
            });
            pieces.collect()
        });
        Reason {
            clauses: clauses.collect(),
        }
    }

    /// A value in a sentence, of the type that its form needs.
    fn told_value(&mut self, expr: &Expr, form: &Form) -> Typed {
        let typed = self.value(expr);
        let text = self.quote(expr.span);
        let finding = match (typed.ty, form) {
            (Type::Number | Type::Unknown, _)
            | (Type::Money | Type::Text | Type::Date | Type::Instant, Form::Plain) => return typed,
            (Type::Truth, _) => Finding::new(
                Code::WrongType,
                format!("`{text}` is yes or no, and a reason needs words"),
            )
            .help(format!("write `if({text}, \"…\", \"…\")`")),
            (Type::Missing, _) => Finding::new(
                Code::WrongType,
                format!("`{text}` is always missing, so nothing could stand here"),
            ),
            (ty, Form::Percent | Form::Counted { .. }) => Finding::new(
                Code::WrongType,
                format!(
                    "the words after `|` need a number, and `{text}` is {}",
                    a(ty)
                ),
            )
            .help(format!("leave them out: `{{{text}}}`")),
        };
        self.refuse(expr.span, finding)
    }

    /// Who was lost: a condition that must look ahead.
    fn lost(&mut self, expr: &Expr) -> Typed {
        let told = self.findings.len();
        let typed = self.condition(expr);
        if self.findings.len() > told || reason(&typed).is_some() || self.looks_ahead(&typed) {
            return typed;
        }
        let text = self.quote(expr.span);
        let finding = Finding::new(
            Code::InvalidValue,
            format!(
                "`{text}` says nothing of the time after the score, so nobody is seen to be lost"
            ),
        );
        let help = "look ahead, as in `not exists(visits in next 90 days)`";
        self.refuse(expr.span, finding.help(help))
    }

    /// Whether an expression depends on rows or times after the run's instant.
    fn looks_ahead(&self, typed: &Typed) -> bool {
        let ahead = find(typed, &mut |part| {
            let ahead = match &part.kind {
                Kind::Aggregate(aggregate) => {
                    let mut parts = aggregate.filter.iter().chain(aggregate.measure.field());
                    aggregate.window.reaches_past_now() || parts.any(|part| self.looks_ahead(part))
                }
                Kind::InWindow(_, window) => window.reaches_past_now(),
                Kind::Metric(name) => {
                    let place = self.metrics.get(name.as_str())?;
                    match &self.known.get(*place)?.as_ref()?.definition {
                        MetricDefinition::Value(value) => self.looks_ahead(value),
                        MetricDefinition::Row(row) => row.window.reaches_past_now(),
                    }
                }
                _ => false,
            };
            ahead.then_some(())
        });
        ahead.is_some()
    }

    /// Warns if the score hides a column.
    fn warn_of_column(&mut self) {
        let (entity, subject) = (&self.catalog.subject, &self.catalog.subject_name);
        if !entity.columns.contains_key(HEALTH) {
            return;
        }
        let message = format!(
            "`{HEALTH}` is the score that config.yaml defines and also a column of the {subject}: the score counts"
        );
        let finding = Finding::new(Code::ShadowedName, message)
            .help(format!("the column is still there as `{subject}.{HEALTH}`"));
        self.findings.push(match self.score() {
            Some(score) => finding.at(score),
            None => finding,
        });
    }

    /// Where config begins to define the score.
    pub(super) fn score(&self) -> Option<Location> {
        let first = self.config.health.as_ref()?.factors.first()?;
        Some(first.id.location)
    }
}
