//! Functions (`grammar/functions.txt`) and words that stand for a value (`grammar/words.txt`) of other languages which
//! this language lacks.

use std::sync::LazyLock;

use super::advice::Place;
use super::checker::Checker;
use super::templates::{filled, without_understood};
use crate::diagnostic::quoted;
use crate::language::ast::{Arg, Call, Expr, ExprKind, Span};
use crate::language::functions::{of_values, over_population, over_rows};
use crate::language::month_of;
use crate::language::table::{self, Row};

static ELSEWHERE: LazyLock<Vec<Row>> =
    LazyLock::new(|| table::rows(include_str!("../../../grammar/functions.txt")));

static WORDS: LazyLock<Vec<Row>> =
    LazyLock::new(|| table::rows(include_str!("../../../grammar/words.txt")));

impl Checker<'_> {
    /// The help for an unknown name that means something in other languages, or as a function.
    pub fn word_of_elsewhere(&mut self, name: &str) -> Option<String> {
        let lower = name.to_lowercase();
        let owners = self.owners_of(name);
        if let (Some(first), false) = (owners.first(), self.in_config) {
            let rows = first.trim_matches('`').split('.').next().unwrap_or("");
            let written = [
                format!("last({rows}).{name}"),
                format!("exists({rows} where {name} is present)"),
            ];
            let shown = self.that_fit(written, Place::Value);
            let shown: Vec<String> = shown.iter().map(|text| quoted(text)).collect();
            return Some(match shown.is_empty() {
                true => format!("it is a field of rows, {}", owners.join(" and ")),
                false => format!(
                    "it is a field of rows, and one value is needed: for example {}",
                    shown.join(" or ")
                ),
            });
        }
        if let Some(row) = table::of_name(&WORDS, &lower) {
            return Some(row.remark.to_owned());
        }
        if let Some(month) = month_of(&lower) {
            return Some(format!("write `{month}`: months are numbers"));
        }
        if let Some(help) = self.looked_up_from(name, &[]) {
            return Some(help);
        }
        let example = if let Some((_, definition)) = of_values(&lower) {
            definition.entry.example.to_owned()
        } else if over_rows(&lower).is_some() {
            self.example(&lower)
        } else {
            over_population(&lower)?.entry.example.to_owned()
        };
        Some(format!(
            "it is a function and takes parentheses, as in `{example}`"
        ))
    }

    /// What to write instead of a call of another language's function.
    pub fn known_elsewhere(&mut self, call: &Call) -> Option<String> {
        let name = call.name.text.as_str();
        let row = table::of_name(&ELSEWHERE, name)?;
        let args: Vec<String> = call
            .args
            .iter()
            .map(|arg| self.argument_text(arg))
            .collect();
        let shorter = without_understood(&args);
        let rows = call.args.first().and_then(|arg| self.rows_in(&arg.expr));
        let mut written = Vec::new();
        for template in &row.here {
            for args in [&args, &shorter] {
                written.extend(filled(template, args, rows.as_ref()));
            }
        }
        written.dedup();
        let help = match self.first_that_fits(written, Place::Any) {
            Some(text) => format!("write {}", quoted(&text)),
            None => self.in_own_words(row.remark),
        };
        Some(help)
    }

    /// A remark with a collection and a lookup of this config as its examples.
    fn in_own_words(&self, remark: &str) -> String {
        let collections = &self.catalog.collections;
        let timed = collections
            .iter()
            .find(|c| c.at.is_some() && c.key.is_some());
        let rows = timed.or(collections.first());
        let rows = rows.map_or("visits", |c| c.name.as_str());
        let lookups = self.catalog.subject.lookups.iter();
        let looked_up = lookups.filter_map(|(name, lookup)| {
            let column = lookup.columns.keys().find(|c| **c != lookup.key)?;
            Some(format!("{name}.{column}"))
        });
        let lookup = looked_up.min().unwrap_or_else(|| "studio.name".to_owned());
        remark.replace("{rows}", rows).replace("{lookup}", &lookup)
    }

    /// An argument as written, including its `where`.
    pub fn argument_text(&self, arg: &Arg) -> String {
        let end = arg.filter.as_ref().unwrap_or(&arg.expr).span.end;
        let text = self.quote(Span {
            end,
            ..arg.expr.span
        });
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match arg.distinct {
            true => format!("distinct {text}"),
            false => text,
        }
    }

    /// The collection whose field comes first in an expression, and that field.
    pub fn rows_in(&self, expr: &Expr) -> Option<(String, Option<String>)> {
        let mut rest = vec![expr];
        while let Some(expr) = rest.pop() {
            match &expr.kind {
                ExprKind::Path(path) => {
                    let (head, fields) = path.split_first()?;
                    if self.collection(&head.text).is_some() && !self.names_a_value(&head.text) {
                        let field = fields.first().map(ToString::to_string);
                        return Some((head.text.clone(), field));
                    }
                }
                ExprKind::Binary(_, left, right) | ExprKind::TextTest(_, _, left, right) => {
                    rest.extend([&**right, &**left]);
                }
                // The result of an aggregate is no longer many values.
                ExprKind::Call(call) if over_rows(&call.name.text).is_none() => {
                    rest.extend(call.args.iter().rev().map(|arg| &arg.expr));
                }
                ExprKind::Between(_, inner, ..)
                | ExprKind::InList(_, inner, _)
                | ExprKind::InWindow(_, inner, _)
                | ExprKind::Is(_, _, inner)
                | ExprKind::Not(inner)
                | ExprKind::Negate(inner)
                | ExprKind::Paren(inner) => rest.push(inner),
                _ => {}
            }
        }
        None
    }
}
