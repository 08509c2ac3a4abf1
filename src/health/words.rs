//! Reasons filled in with one subject's values, in natural wording.

use chrono_tz::Tz;

use crate::config::{Config, Locale, Marks, marks};
use crate::engine::Evaluation;
use crate::ir::{IrFactor, OutputId};
use crate::language::reason::{Form, Piece};
use crate::time::{Clock, date_of_days};
use crate::value::{Money, Truth, Value, number};

/// From this number on, numbers are written without decimals.
const WHOLE_FROM: f64 = 10.0;

/// Marks the position of the number among its words; without it, the number comes first.
const NUMBER: char = '#';

/// Writes reasons.
pub(super) struct Words<'a> {
    evaluation: &'a Evaluation,
    marks: Marks,
    locale: Locale,
    currency: &'a str,
}

impl<'a> Words<'a> {
    pub(super) fn new(config: &'a Config, evaluation: &'a Evaluation) -> Self {
        Self {
            evaluation,
            marks: marks(config.locale),
            locale: config.locale,
            currency: &config.currency,
        }
    }

    /// Appends the reason with a subject's values. Clauses with a missing value are left out; if nothing of the reason
    /// is left, the factor's name is used.
    pub(super) fn reason(&self, factor: &IrFactor, place: usize, words: &mut String) {
        let begin = words.len();
        for clause in &factor.reason.clauses {
            let before = words.len();
            if self.clause(clause, place, words).is_none() {
                words.truncate(before);
            }
        }
        let sentence = words.get(begin..).unwrap_or_default();
        let left = sentence.trim_start_matches([',', ';', ' ']).trim_end();
        // A parenthesised clause with nothing before it any more.
        let inside = left
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'));
        let left = match inside.unwrap_or(left) {
            "" => factor.id.replace('_', " "),
            whole if whole.len() == sentence.len() => return,
            left => left.to_owned(),
        };
        words.truncate(begin);
        words.push_str(&left);
    }

    /// Appends a clause; `None` if a value in it is missing.
    fn clause(&self, clause: &[Piece<OutputId>], place: usize, words: &mut String) -> Option<()> {
        for piece in clause {
            match piece {
                Piece::Text(text) => words.push_str(text),
                Piece::Value(value, form) => words.push_str(&self.value(*value, form, place)?),
            }
        }
        Some(())
    }

    /// A formatted value; `None` if it is missing.
    fn value(&self, output: OutputId, form: &Form, place: usize) -> Option<String> {
        let column = self.evaluation.output(output);
        let value = column.map_or(Value::Missing, |column| column.value(place));
        let Clock { zone, .. } = self.evaluation.clock;
        Some(match value {
            Value::Missing | Value::Truth(Truth::Unknown) => return None,
            Value::Number(number) => self.number(number, form),
            Value::Money(amount) => self.amount(amount),
            Value::Text(text) => text,
            Value::Truth(truth) => if truth == Truth::Yes { "yes" } else { "no" }.to_owned(),
            Value::Date(days) => self.marks.date(date_of_days(days)),
            Value::Instant(micros) => self.day(micros, zone),
        })
    }

    fn number(&self, number: f64, form: &Form) -> String {
        let (figure, decimals) = match form {
            Form::Percent => (number::round(number * 100.0, 0), 0),
            _ if number.abs() >= WHOLE_FROM => (number::round(number, 0), 0),
            _ => {
                let rounded = number::round(number, 1);
                (rounded, usize::from(rounded.fract() != 0.0))
            }
        };
        // Avoids `-0`.
        let shown = self.marks.number(figure + 0.0, decimals);
        match form {
            Form::Plain => shown,
            Form::Percent => format!("{shown}%"),
            Form::Counted {
                none: Some(none), ..
            } if figure == 0.0 => none.clone(),
            Form::Counted { one, many, .. } => {
                let words = if self.is_one(figure) { one } else { many };
                match one.contains(NUMBER) || many.contains(NUMBER) {
                    true => words.replace(NUMBER, &shown),
                    false => format!("{shown} {words}"),
                }
            }
        }
    }

    /// Whether a number takes the singular; CLDR 46 uses it for every number below 2 in French and in Brazilian
    /// Portuguese.
    fn is_one(&self, figure: f64) -> bool {
        match self.locale {
            Locale::FrFr | Locale::PtBr => figure.abs() < 2.0,
            _ => figure == 1.0,
        }
    }

    fn amount(&self, amount: Money) -> String {
        let figure = amount.to_f64();
        let decimals = if figure.fract() == 0.0 { 0 } else { 2 };
        format!("{} {}", self.marks.number(figure, decimals), self.currency)
    }

    /// The day of an instant.
    fn day(&self, micros: i64, zone: Tz) -> String {
        let clock = Clock { now: micros, zone };
        self.marks.date(date_of_days(clock.today()))
    }
}
