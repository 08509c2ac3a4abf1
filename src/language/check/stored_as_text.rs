//! Columns that hold something other than their declared type, which config has to state: texts that are amounts or
//! times, which would be ordered letter by letter, and numbers that are amounts.

use super::checker::Checker;
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::Expr;
use crate::language::date_of_text;
use crate::language::typed::{Comparison, Kind, Typed};
use crate::source::types_entry;
use crate::value::{Type, Value};

impl Checker<'_> {
    /// The config entry that reads a text column as another type; `None` if it is not such a column, or if texts cannot
    /// be read as the type.
    pub fn read_as(&self, typed: &Typed, wanted: Type) -> Option<String> {
        let column = self.column_of(typed, Type::Text)?;
        let entry = |ty: &str| quoted(&types_entry(column, ty));
        let said = "say so in config.yaml where its table stands";
        Some(match wanted {
            // A postcode consists of digits too.
            Type::Number | Type::Money => format!(
                "if the column holds numbers or amounts, and not codes such as postcodes, {said}: {}; for amounts `money`, \
                 or with the form they are written in, such as `{{ money: \"1.234,5\" }}`",
                entry("number")
            ),
            Type::Date | Type::Instant => format!(
                "if the column holds dates or times, {said}: {}, or with the form they are written in, such as {}",
                entry("date"),
                entry("{ date: \"%d.%m.%Y\" }")
            ),
            Type::Text | Type::Truth | Type::Missing | Type::Unknown => return None,
        })
    }

    /// Reports a text column that is ordered against a day or a number in quotes. True if that is an error, as for
    /// `"01.03.2026"`: texts are never in the order of such days. Numbers, and days that begin with the year, can be in
    /// order if all are written in the same way, so they get a warning, once per column.
    pub fn orders_letters(
        &mut self,
        comparison: Comparison,
        (one, other): (&Typed, &Typed),
        (one_expr, other_expr): (&Expr, &Expr),
    ) -> bool {
        if matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
            return false;
        }
        let pairs = [(one, other, other_expr.span), (other, one, one_expr.span)];
        for (column, text, span) in pairs {
            let Some((wanted, is_refused)) = looks_like(text) else {
                continue;
            };
            let Some(help) = self.read_as(column, wanted) else {
                continue;
            };
            let (column, shown) = (self.quote(column.span), quoted(&self.quote(span)));
            let begin = format!("`{column}` is a text, and texts are ordered letter by letter");
            if is_refused {
                let message = format!("{begin}: {shown} is not read as a day");
                self.tell(span, Finding::new(Code::WrongType, message).help(help));
                return true;
            }
            if self.told.insert(format!("letters {column}")) {
                let message = match wanted {
                    Type::Number => {
                        format!("{begin}, `10` before `9`: {shown} is not read as a number")
                    }
                    _ => format!(
                        "{begin}: that is the order of days only where all are written like {shown}"
                    ),
                };
                self.tell(span, Finding::new(Code::LetterOrder, message).help(help));
            }
        }
        false
    }

    /// The config entry that reads a number column as amounts; `None` if it is not such a column.
    pub fn read_as_money(&self, typed: &Typed) -> Option<String> {
        let column = self.column_of(typed, Type::Number)?;
        let entry = quoted(&types_entry(column, "money"));
        Some(format!(
            "if the column holds amounts, say so in config.yaml where its table stands: {entry}"
        ))
    }

    /// The column that a value of a type is read from.
    fn column_of<'t>(&'t self, typed: &'t Typed, ty: Type) -> Option<&'t str> {
        match self.behind_metrics(&typed.kind) {
            Kind::Subject(column) | Kind::Row(column) if typed.ty == ty => Some(&column.column),
            Kind::Aggregate(aggregate) if typed.ty == ty => {
                self.column_of(aggregate.measure.field()?, ty)
            }
            _ => None,
        }
    }
}

/// What a text in quotes looks like, a number or a day, and whether it is a day that does not begin with the year.
fn looks_like(typed: &Typed) -> Option<(Type, bool)> {
    let Kind::Constant(Value::Text(written)) = &typed.kind else {
        return None;
    };
    let written = written.trim();
    let digits = written.chars().take_while(char::is_ascii_digit).count();
    let has_digit = written.contains(|c: char| c.is_ascii_digit());
    if has_digit && written.parse::<f64>().is_ok() {
        return Some((Type::Number, false));
    }
    date_of_text(written).map(|_| (Type::Date, digits < 4))
}
