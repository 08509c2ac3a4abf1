//! `lower(x) = "Active"`, `domain(email) = "GMX.de"`: lower-case text never equals text with capitals.

use super::checker::Checker;
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::Span;
use crate::language::typed::{Function, Kind, Typed};
use crate::value::Value;

impl Checker<'_> {
    /// Warns about a text with capitals beside `lower(…)` or `domain(…)`, if nothing can equal it, begin or end with
    /// it, or contain it.
    pub fn warn_of_capitals(&mut self, lowered: &Typed, text: &Typed, span: Span) {
        let (
            Kind::Call(function @ (Function::Lower | Function::Domain), _),
            Kind::Constant(Value::Text(written)),
        ) = (self.behind_metrics(&lowered.kind), &text.kind)
        else {
            return;
        };
        let function = match function {
            Function::Domain => "domain",
            _ => "lower",
        };
        let small = written.to_lowercase();
        if small == *written {
            return;
        }
        let message =
            format!("`{function}` gives only lower-case letters, and `{written}` has capitals");
        let finding = Finding::new(Code::OutOfRange, message);
        let quote = self
            .quote(span)
            .chars()
            .next()
            .filter(|c| *c == '\'')
            .unwrap_or('"');
        let code = quoted(&format!(
            "{quote}{}{quote}",
            small.replace(quote, &format!("{quote}{quote}"))
        ));
        self.tell(span, finding.help(format!("write {code}")));
    }
}
