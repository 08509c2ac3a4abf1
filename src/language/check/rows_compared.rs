//! A field of a collection, or the collection itself, in a place that needs one value. What it may mean depends on how
//! it is compared.

use super::advice::Place;
use super::checker::Checker;
use super::templates::own;
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{Expr, ExprKind, Name, Span};
use crate::language::typed::Typed;

impl Checker<'_> {
    /// Reports `gifts.Method = "DD"`, `visits > 3` or `last(visits) < today`, if the whole expression shows what to
    /// take from the rows; `None` if there is nothing like that, or the meaning is unknown.
    pub fn rows_compared(&mut self, operands: &[&Expr], whole: Span) -> Option<Typed> {
        if self.among_rows() || self.trying {
            return None;
        }
        let operand = operands.iter().find(|e| self.is_of_rows(e))?;
        let text = self.quote(whole);
        let (start, end) = (operand.span.start, operand.span.end);
        let before = text.get(..start.checked_sub(whole.start)?)?;
        let behind = text.get(end.checked_sub(whole.start)?..)?;
        let with = |part: String| format!("{before}{part}{behind}");
        let of = self.quote(operand.span);
        let (finding, candidates) = match &operand.kind {
            ExprKind::Path(path) => match path.split_first()? {
                (head, []) => (
                    collection_as_value(&head.text),
                    vec![
                        with(format!("exists({of})")),
                        with(format!("count({of})")),
                        with(format!("last({of}).at")),
                    ],
                ),
                (head, _) => {
                    let rows = Name::to_string(head);
                    let behind_head = of.split_once('.').map_or("", |(_, behind)| behind);
                    let asks = format!("exists({rows} where {})", own(&text, &head.text));
                    let takes = ["sum", "avg", "max", "min"];
                    let mut all = vec![asks];
                    all.extend(takes.map(|name| with(format!("{name}({of})"))));
                    all.push(with(format!("last({rows}).{behind_head}")));
                    (many_values(&of), all)
                }
            },
            _ => (
                Finding::new(
                    Code::RowAsValue,
                    format!("`{of}` is a whole row, not a value"),
                ),
                vec![with(format!("{of}.at"))],
            ),
        };
        let fit = self.that_fit(candidates, Place::Condition);
        let shown: Vec<String> = fit.iter().take(3).map(|text| quoted(text)).collect();
        let (first, others) = shown.split_first()?;
        let is_field = matches!(&operand.kind, ExprKind::Path(path) if path.len() > 1);
        let asks = first.trim_start_matches(['`', ' ']).starts_with("exists(") && is_field;
        let rest = match (asks, others) {
            (false, []) => String::new(),
            (true, []) => ": whether any row is so".to_owned(),
            (true, others) => format!(
                " to ask whether any row is so, or {} for one value of them all",
                others.join(" or ")
            ),
            (false, others) => format!(", or {}", others.join(", ")),
        };
        Some(self.refuse(whole, finding.help(format!("write {first}{rest}"))))
    }

    fn is_of_rows(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Path(path) => path.first().is_some_and(|head| {
                self.collection(&head.text).is_some() && !self.names_a_value(&head.text)
            }),
            ExprKind::Call(call) => {
                let one_row = matches!(call.name.text.as_str(), "first" | "last");
                let arg = call
                    .args
                    .first()
                    .filter(|_| one_row && call.args.len() == 1);
                arg.is_some_and(|arg| {
                    super::depends::collection_of(&arg.expr, self.catalog).is_some()
                })
            }
            _ => false,
        }
    }
}

fn collection_as_value(name: &str) -> Finding {
    Finding::new(
        Code::RowAsValue,
        format!("`{name}` is a collection of rows, not a value"),
    )
}

/// The message about a field of many rows.
pub(super) fn many_values(text: &str) -> Finding {
    Finding::new(
        Code::NestedAggregate,
        format!("`{text}` is many values, one for each row, and one value is needed here"),
    )
}
