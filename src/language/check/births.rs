//! Dates of birth in windows. People mean the anniversary.

use super::checker::Checker;
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{Expr, ExprKind, WindowExpr, WindowKind};
use crate::language::births::is_birth;
use crate::time::{Period, Unit};

impl Checker<'_> {
    /// Warns about a date of birth, or its anniversary, in a window near today. `birthday in next 7 days` is true for
    /// nobody. An anniversary is the midnight of its day, so today's has already passed when a run begins.
    pub fn warn_of_birth(&mut self, value: &Expr, window: &WindowExpr) {
        let returning = of_anniversary(value);
        let is_return = returning.is_some();
        let is_near = matches!(window.kind, WindowKind::Next(_) | WindowKind::Today);
        let is_this = matches!(
            window.kind,
            WindowKind::This(_) | WindowKind::ThisFiscalYear
        );
        let (text, words) = (self.quote(value.span), self.quote(window.span));
        let message = match (is_return, is_near) {
            (false, _) if !is_birth(value) || !is_near && !is_this => return,
            (false, true) => {
                format!("`{text}` includes its year, so this is true for nobody")
            }
            (false, false) => format!(
                "`{text}` includes its year, so this is true only for those born within that window"
            ),
            (true, true) if window.kind == WindowKind::Today => return,
            (true, true) => format!(
                "`{text}` is the midnight at which a day begins, so `{words}` leaves out those whose day is today"
            ),
            (true, false) if is_this => format!(
                "`{text}` is a day to come, and `{words}` ends now, so this is true only for those whose day is today"
            ),
            (true, false) => return,
        };
        let born = returning.map_or(text, |born| self.quote(born.span));
        let instead = match &window.kind {
            WindowKind::This(Period::Month) => format!("month({born}) = month(today)"),
            WindowKind::Next(duration) if !matches!(duration.unit, Unit::Minute | Unit::Hour) => {
                let duration = words.strip_prefix("in next ").unwrap_or("7 days");
                format!("anniversary({born}) <= today + {duration}")
            }
            WindowKind::Next(_) | WindowKind::Today => format!("anniversary({born}) = today"),
            _ => format!("anniversary({born}) <= today + 7 days"),
        };
        let finding = Finding::new(Code::PastDate, message).help(format!(
            "for the day it comes round again, write `{instead}`"
        ));
        self.tell(value.span, finding);
    }
}

/// The value whose anniversary this is.
fn of_anniversary(value: &Expr) -> Option<&Expr> {
    let ExprKind::Call(call) = &value.kind else {
        return None;
    };
    let [only] = call.args.as_slice() else {
        return None;
    };
    (call.name.text == "anniversary").then_some(&only.expr)
}
