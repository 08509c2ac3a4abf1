//! The standard values of segments as trees, as a user could write them under `add:`.

use super::ast::{BinaryOp, Expr, ExprKind, Span, WindowExpr, WindowKind};
use super::made::{binary, call, call_where, number, paren, path};
use super::parse;
use crate::config::{Amounts, Formula, HEALTH, OrderWindow, Recurring, UsualValue};
use crate::source::Scalar;
use crate::time::{Duration, Unit};

/// How many times per year an invoice is due, with the words for each period.
const PERIODS: [(u32, &[&str]); 6] = [
    (52, &["week", "weekly"]),
    (26, &["fortnight", "fortnightly"]),
    (12, &["month", "monthly"]),
    (4, &["quarter", "quarterly"]),
    (2, &["half-year", "half-yearly"]),
    (1, &["year", "yearly", "annual", "annually"]),
];

/// The window for a year of revenue.
const YEAR: OrderWindow = OrderWindow::Last(Duration {
    count: 12,
    unit: Unit::Month,
});

/// The formula of a value, for people: as written, or as it could be written. It is not parsed again.
pub fn formula_words(formula: &Formula) -> String {
    match formula {
        Formula::Written(text) => text.value.clone(),
        Formula::Usual(value, _) => {
            let running = value.running().and_then(|text| parse(&text.value).ok());
            value.tree(running.as_ref()).to_string()
        }
    }
}

impl UsualValue {
    /// The condition in it that a user wrote.
    pub(super) fn running(&self) -> Option<&Scalar> {
        match self {
            Self::RecurringRevenue(recurring) => recurring.running.as_ref(),
            _ => None,
        }
    }

    /// Its tree, including the condition that a user wrote.
    pub(super) fn tree(&self, running: Option<&Expr>) -> Expr {
        match self {
            Self::Size => size(),
            Self::AverageHealth => call("avg", [path([HEALTH])]),
            Self::RecurringRevenue(recurring) => recurring.yearly(running),
            Self::TrailingRevenue(paid) => paid.yearly(),
            Self::OrderFrequency(paid, window) => {
                divided(call("sum", [paid.orders(window.as_ref())]), size())
            }
            Self::OrderValue(paid) => divided(paid.total(), call("sum", [paid.orders(None)])),
            Self::CustomerValue(paid) => divided(paid.total(), size()),
            Self::Total(paid) => paid.total(),
        }
    }
}

impl Amounts {
    fn amount(&self) -> Expr {
        path(self.column.iter().map(String::as_str))
    }

    /// The amounts of all rows.
    fn amounts(&self) -> Expr {
        let column = self.column.iter().map(String::as_str);
        path(std::iter::once(self.rows.as_str()).chain(column))
    }

    /// The condition that makes a row an order.
    fn is_order(&self) -> Expr {
        binary(BinaryOp::Greater, self.amount(), number(0))
    }

    /// The number of orders that a member made.
    fn orders(&self, window: Option<&OrderWindow>) -> Expr {
        let rows = path([self.rows.as_str()]);
        let rows = match window {
            Some(window) => within(rows, window),
            None => rows,
        };
        call_where("count", rows, Some(self.is_order()))
    }

    /// The total that all members paid.
    fn total(&self) -> Expr {
        call("sum", [call("sum", [self.amounts()])])
    }

    fn yearly(&self) -> Expr {
        let known = || {
            let first = path([self.rows.as_str(), "at"]);
            call(
                "days_since",
                [call_where("min", first, Some(self.is_order()))],
            )
        };
        let paid = || call("sum", [within(self.amounts(), &YEAR)]);
        let of_a_year = divided(
            binary(BinaryOp::Multiply, paid(), number(365)),
            call("least", [known(), number(365)]),
        );
        let known_long = binary(BinaryOp::Greater, known(), number(90));
        call("sum", [call("if", [known_long, of_a_year, paid()])])
    }
}

impl Recurring {
    fn yearly(&self, running: Option<&Expr>) -> Expr {
        let parts = PERIODS.map(|(times, words)| {
            let every = path(self.every.iter().map(String::as_str));
            let words = words.iter();
            let words = words.map(|word| Expr::made(ExprKind::Text((*word).to_owned())));
            let every = Box::new(call("lower", [every]));
            let due = Expr::made(ExprKind::InList(false, every, words.collect()));
            let rule = match running {
                Some(running) => binary(BinaryOp::And, paren(running.clone()), due),
                None => due,
            };
            let sum = call_where("sum", self.amounts.amounts(), Some(rule));
            match times {
                1 => sum,
                times => binary(BinaryOp::Multiply, sum, number(times)),
            }
        });
        let all = parts.into_iter();
        call(
            "sum",
            all.reduce(|sum, part| binary(BinaryOp::Add, sum, part)),
        )
    }
}

fn size() -> Expr {
    call("size", [])
}

fn divided(what: Expr, by: Expr) -> Expr {
    binary(BinaryOp::Divide, what, by)
}

/// Rows, or their column, in a window.
fn within(rows: Expr, window: &OrderWindow) -> Expr {
    let window = WindowExpr {
        kind: match *window {
            OrderWindow::Last(length) => WindowKind::Last(length),
            OrderWindow::This(period) => WindowKind::This(period),
            OrderWindow::LastCalendar(period) => WindowKind::LastCalendar(1, period),
            OrderWindow::Since(date) => {
                WindowKind::Since(Box::new(Expr::made(ExprKind::Date(date))))
            }
        },
        span: Span::default(),
    };
    Expr::made(ExprKind::InWindow(false, Box::new(rows), window))
}
