//! A column's name in quotes, as in SQL: `"Status" = "Active"` would compare one text with another.

use super::checker::{Checker, Frame};
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{Expr, ExprKind, Name, Span};

impl Checker<'_> {
    /// Reports a text that is a column's name and is tested or compared with another literal. The column must be meant,
    /// as the answer would be the same for everyone otherwise.
    pub fn is_quoted_column<'e>(
        &mut self,
        tested: &Expr,
        others: impl IntoIterator<Item = &'e Expr>,
    ) -> bool {
        others.into_iter().all(is_written) && self.is_column_in_quotes(tested)
    }

    /// Reports a text that is a column's name, if a column must be meant.
    pub fn is_column_in_quotes(&mut self, expr: &Expr) -> bool {
        let ExprKind::Text(text) = &inner(expr).kind else {
            return false;
        };
        let Some(column) = self.column_of_text(text) else {
            return false;
        };
        let name = Name {
            text: column,
            span: Span::default(),
        };
        let written = self.quote(expr.span);
        let finding = Finding::new(
            Code::WrongType,
            format!("`{written}` is a text here and not the column of this name"),
        )
        .help(format!(
            "write {}: a column is written without quotes, or in backticks",
            quoted(&name.to_string())
        ));
        self.tell(expr.span, finding);
        true
    }

    /// The column in scope with the same name as a text, in any case.
    pub fn column_of_text(&self, text: &str) -> Option<String> {
        let entity = match self.frame {
            Frame::Row(row) | Frame::Taken(row) => &self.catalog.collections.get(row)?.entity,
            Frame::Subject | Frame::Member | Frame::Segment => &self.catalog.subject,
        };
        super::fields::find(&entity.columns, text).map(|(name, _)| name.to_owned())
    }
}

/// Whether an expression is a literal, which is the same for everyone.
fn is_written(expr: &Expr) -> bool {
    matches!(
        inner(expr).kind,
        ExprKind::Number(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Truth(_)
            | ExprKind::Now
            | ExprKind::Today
            | ExprKind::Duration(_)
            | ExprKind::Ago(_)
            | ExprKind::FromNow(_)
    )
}

/// The expression inside parentheses.
fn inner(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Paren(within) => inner(within),
        _ => expr,
    }
}
