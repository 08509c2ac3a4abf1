//! Checks config's `active:`, which decides who is active. It may depend on one subject alone.

use super::checker::{Checker, Many};
use super::gone::find;
use crate::diagnostic::{Code, Finding};
use crate::language::Expr;
use crate::language::ast::Span;
use crate::language::typed::{Kind, Typed};

impl Checker<'_> {
    /// The condition for being active. It cannot contain anything that depends on all active subjects.
    pub fn active(&mut self, expr: Option<&Expr>) -> Option<Typed> {
        let expr = expr?;
        let typed = self.condition(expr);
        let Some((span, many)) = self.many(&typed) else {
            return Some(typed);
        };
        let text = self.quote(span);
        let finding = match many {
            Many::Population => Finding::new(
                Code::Cycle,
                format!("`active` says who takes part, and `{text}` ranges over all who take part"),
            )
            .help(format!(
                "compare with a fixed number: `active` looks at one {} alone",
                self.catalog.subject_name
            )),
            Many::Segment(id) => Finding::new(
                Code::Cycle,
                format!("`active` says who takes part, and `{text}` is known of those alone"),
            )
            .help(format!(
                "write what `{id}` asks for in place of the segment"
            )),
            Many::Health => Finding::new(
                Code::Cycle,
                format!("`active` says who takes part, and `{text}` is the score of those alone"),
            )
            .help("write what it should look at in place of the score"),
        };
        Some(self.refuse(span, finding))
    }

    /// The first part of an expression that depends on more than one subject, directly or through a metric.
    pub fn many(&self, typed: &Typed) -> Option<(Span, Many)> {
        find(typed, &mut |part| {
            let many = match &part.kind {
                Kind::Population(_) => Many::Population,
                Kind::Member(id) => Many::Segment(id.clone()),
                Kind::Health => Many::Health,
                Kind::Metric(name) => {
                    let place = self.metrics.get(name.as_str())?;
                    self.known.get(*place)?.as_ref()?.many.clone()?
                }
                _ => return None,
            };
            Some((part.span, many))
        })
    }
}
