//! Dates of birth, of which people mean the return.

use super::checker::Checker;
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{Expr, WindowExpr, WindowKind};
use crate::language::births::is_birth;

impl Checker<'_> {
    /// Warns of a date of birth in a window of today's: `birthday in next 7 days` is true for nobody.
    pub fn warn_of_birth(&mut self, value: &Expr, window: &WindowExpr) {
        let near = match window.kind {
            WindowKind::Next(_) | WindowKind::Today => "nobody",
            WindowKind::This(_) | WindowKind::ThisFiscalYear => "those only who were born in it",
            _ => return,
        };
        if is_birth(value) {
            let text = self.quote(value.span);
            let window = self.quote(window.span);
            let message = format!("`{text}` has its year in it, so that this is true for {near}");
            let finding = Finding::new(Code::PastDate, message).help(format!(
                "for the day on which it comes round again write `anniversary({text}) {window}`"
            ));
            self.tell(value.span, finding);
        }
    }
}
