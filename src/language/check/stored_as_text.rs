//! Columns of text that hold amounts or times: texts are ordered letter by letter, so it is config that has to say
//! what such a column holds.

use super::checker::Checker;
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{Expr, Span};
use crate::language::date_of_text;
use crate::language::typed::{Comparison, Kind, Typed};
use crate::source::types_entry;
use crate::value::{Type, Value};

impl Checker<'_> {
    /// The line of config that reads a column of text as another type; none of what is no such column, and of types
    /// that no text is read as.
    pub fn read_as(&self, typed: &Typed, wanted: Type) -> Option<String> {
        let column = self.text_column(typed)?;
        let (what, plain, written) = match wanted {
            Type::Number | Type::Money => {
                ("numbers or amounts", "number", "{ money: \"1.234,5\" }")
            }
            Type::Date | Type::Instant => ("dates or times", "date", "{ date: \"%d.%m.%Y\" }"),
            Type::Text | Type::Truth | Type::Missing | Type::Unknown => return None,
        };
        let [plain, written] = [plain, written].map(|ty| quoted(&types_entry(column, ty)));
        Some(format!(
            "if the column holds {what}, say so in config.yaml where its table stands: {plain}, or with the form \
             they are written in, such as {written}"
        ))
    }

    /// Tells of a column of text that is ordered against a day as `"01.03.2026"`: its order is not that of time. Texts
    /// that begin with the year have the same order as their days.
    pub fn is_day_as_text(
        &mut self,
        comparison: Comparison,
        (one, other): (&Typed, &Typed),
        (one_expr, other_expr): (&Expr, &Expr),
    ) -> bool {
        if matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
            return false;
        }
        let day_at = |typed: &Typed, span: Span| is_day(typed).then_some(span);
        let told = [
            (one, day_at(other, other_expr.span)),
            (other, day_at(one, one_expr.span)),
        ];
        for (column, day) in told {
            let (Some(day), Some(help)) = (day, self.read_as(column, Type::Date)) else {
                continue;
            };
            let text = self.quote(column.span);
            let message = format!(
                "`{text}` is a text, and texts are ordered letter by letter: {} is no day to it",
                quoted(&self.quote(day))
            );
            self.tell(day, Finding::new(Code::WrongType, message).help(help));
            return true;
        }
        false
    }

    /// The column that a text is read from.
    fn text_column<'t>(&'t self, typed: &'t Typed) -> Option<&'t str> {
        match self.behind_metrics(&typed.kind) {
            Kind::Subject(column) | Kind::Row(column) if typed.ty == Type::Text => {
                Some(&column.column)
            }
            Kind::Aggregate(aggregate) if typed.ty == Type::Text => {
                self.text_column(aggregate.measure.field()?)
            }
            _ => None,
        }
    }
}

/// Whether a text is a day that does not begin with its year.
fn is_day(typed: &Typed) -> bool {
    let Kind::Constant(Value::Text(written)) = &typed.kind else {
        return false;
    };
    let digits = written.trim().chars().take_while(char::is_ascii_digit);
    digits.count() < 4 && date_of_text(written).is_some()
}
