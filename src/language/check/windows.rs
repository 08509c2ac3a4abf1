//! Windows: over a collection's rows, and as a test of a date or instant.

use super::checker::{Checker, Frame, Meaning, Rows, unknown};
use super::expression::{a, negated, truth};
use super::literals::literal_of;
use crate::catalog::CollectionId;
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{Expr, ExprKind, Span, WindowExpr, WindowKind};
use crate::language::typed::Kind;
use crate::time::{Moment, Window, YearStart};
use crate::value::Type;

impl Checker<'_> {
    /// `visits in last 30 days`, `expires_at in next 14 days`.
    pub fn in_window(
        &mut self,
        not: bool,
        value: &Expr,
        window: &WindowExpr,
        span: Span,
    ) -> Meaning {
        if let WindowKind::FromTo(from, to) = &window.kind
            && let (Some(_), Some(_)) = (literal_of(from), literal_of(to))
        {
            let [of, from, to] = [value, from, to].map(|e| self.quote(e.span));
            let not = if not { "not " } else { "" };
            let finding = Finding::new(
                Code::WrongType,
                "a window begins and ends at a fixed point in time, and not at a number",
            )
            .help(format!(
                "write {}",
                quoted(&format!("{of} {not}between {from} and {to}"))
            ));
            return Meaning::Value(self.refuse(span, finding));
        }
        let meaning = self.meaning(value);
        let text = self.quote(value.span);
        let tested = match &meaning {
            Meaning::Value(_) => Some(text.as_str()),
            _ => None,
        };
        let Some(bounds) = self.window(window, tested) else {
            return Meaning::Value(unknown(span));
        };
        match meaning {
            Meaning::Rows(rows) => {
                if rows.window.is_some() {
                    let finding = Finding::new(
                        Code::WrongArguments,
                        format!("`{}` has two windows here", rows.name),
                    )
                    .help("keep one; `from … to …` says any stretch of time");
                    return Meaning::Value(self.refuse(window.span, finding));
                }
                if not {
                    let finding = Finding::new(
                        Code::RowAsValue,
                        format!("`{text}` is a collection of rows, not a value"),
                    )
                    .help(format!("write `not exists({text} …)`"));
                    return Meaning::Value(self.refuse(span, finding));
                }
                if !self.has_time(rows.collection, window.span) {
                    return Meaning::Value(unknown(span));
                }
                Meaning::Rows(Rows {
                    window: Some(bounds),
                    ..rows
                })
            }
            Meaning::Value(typed) => match typed.ty {
                Type::Unknown if !matches!(typed.kind, Kind::Gone(_) | Kind::Metric(_)) => {
                    Meaning::Value(typed)
                }
                Type::Date | Type::Instant | Type::Unknown | Type::Missing => {
                    self.warn_of_birth(value, window);
                    let inside = truth(Kind::InWindow(Box::new(typed), bounds), span);
                    Meaning::Value(negated(not, inside))
                }
                // Anything but a condition is a column that is no time: before `where` it would be none either.
                Type::Truth if self.among_rows() && !matches!(self.frame, Frame::Taken(_)) => {
                    let window_text = self.quote(window.span);
                    let finding =
                        Finding::new(Code::WindowAfterWhere, "a window comes before `where`")
                            .label("this belongs before `where`")
                            .help(format!("write `… {window_text} where {text}`"));
                    Meaning::Value(self.refuse(window.span, finding))
                }
                ty => {
                    let finding = Finding::new(
                        Code::WrongType,
                        format!(
                            "a window tests a date or a point in time, and `{text}` is {}",
                            a(ty)
                        ),
                    )
                    .label(format!("this is {}", a(ty)));
                    let finding = match self.read_as(&typed, Type::Instant) {
                        Some(help) => finding.help(help),
                        None => finding,
                    };
                    Meaning::Value(self.refuse(value.span, finding))
                }
            },
            Meaning::Duration(_) => Meaning::Value(self.value(value)),
            Meaning::Row(_) => {
                let finding = Finding::new(
                    Code::RowAsValue,
                    format!("`{text}` is a whole row, not a point in time"),
                )
                .help(format!(
                    "test its time: `{text}.at {}`",
                    self.quote(window.span)
                ));
                Meaning::Value(self.refuse(value.span, finding))
            }
        }
    }

    /// The window of a collection's rows; `None` after telling why it can have none.
    pub fn rows_window(&mut self, id: CollectionId, window: &WindowExpr) -> Option<Window> {
        let bounds = self.window(window, None);
        if self.has_time(id, window.span) {
            bounds
        } else {
            None
        }
    }

    fn has_time(&mut self, id: CollectionId, span: Span) -> bool {
        let Some(collection) = self.catalog.collections.get(id) else {
            return false;
        };
        let name = &collection.name;
        if collection.at.is_some() || collection.entity.gone.is_some() {
            return true;
        }
        self.tell(
            span,
            Finding::new(
                Code::NoTimeColumn,
                format!("`{name}` has no time column, so it can have no window"),
            )
            .help(format!(
                "name the time column in config.yaml (`at:` of `{name}`), or leave the window out"
            )),
        );
        false
    }

    /// A window; `tested` is what stands before it, where that is a value and no rows.
    fn window(&mut self, window: &WindowExpr, tested: Option<&str>) -> Option<Window> {
        let at = tested.unwrap_or("at");
        let condition = |test: String| match tested {
            Some(_) => format!("compare instead: {}", quoted(&test)),
            None => format!(
                "compare each row's time: write {}",
                quoted(&format!("where {test}"))
            ),
        };
        Some(match &window.kind {
            WindowKind::Last(d) => Window::Last(*d),
            WindowKind::Previous(d) => Window::Previous(*d),
            WindowKind::Next(d) => Window::Next(*d),
            WindowKind::Today => Window::Today,
            WindowKind::This(p) => Window::This(*p),
            WindowKind::LastCalendar(count, p) => Window::LastCalendar(*count, *p),
            WindowKind::ThisFiscalYear => Window::ThisFiscalYear(self.year_start(window.span)?),
            WindowKind::LastFiscalYears(count) => {
                Window::LastFiscalYears(*count, self.year_start(window.span)?)
            }
            WindowKind::Since(from) => {
                let from_text = self.own_or_client(from, tested.is_none());
                let test = format!("{at} >= {from_text}");
                Window::Since(self.moment(from, &condition(test))?)
            }
            WindowKind::FromTo(from, to) => {
                let [first, last] =
                    [from, to].map(|bound| self.own_or_client(bound, tested.is_none()));
                let help = condition(format!("{at} >= {first} and {at} < {last}"));
                let (from, to) = (self.moment(from, &help), self.moment(to, &help));
                Window::FromTo(from?, to?)
            }
        })
    }

    /// When the fiscal year begins; `None` after telling that config does not say it.
    fn year_start(&mut self, span: Span) -> Option<YearStart> {
        let begins = self.config.year_begins;
        if begins.is_none() {
            let finding = Finding::new(
                Code::NoFiscalYear,
                "config does not say when the fiscal year begins",
            )
            .help(
                "write its first day into config.yaml, for example `year_begins: 04-01`; `this year` and `last \
                 calendar year` begin on 1 January",
            );
            self.tell(span, finding);
        }
        begins
    }

    /// A bound as it is written in a comparison; a column of the subject has its owner before it among rows.
    fn own_or_client(&self, bound: &Expr, among_rows: bool) -> String {
        let text = self.quote(bound.span);
        let subject = &self.catalog.subject_name;
        match &bound.kind {
            ExprKind::Path(path)
                if among_rows
                    && path.first().is_some_and(|head| {
                        head.text != *subject && !self.metrics.contains_key(head.text.as_str())
                    }) =>
            {
                format!("{subject}.{text}")
            }
            _ => text,
        }
    }

    /// A window's bound: the same moment for every subject and row. `compared` says what to write for a point in time
    /// that is not.
    fn moment(&mut self, expr: &Expr, compared: &str) -> Option<Moment> {
        let text = self.quote(expr.span);
        let typed = match self.meaning(expr) {
            Meaning::Duration(_) => {
                self.tell(
                    expr.span,
                    Finding::new(
                        Code::MisplacedDuration,
                        format!("`{text}` is a length of time, and a window begins and ends at a point in time"),
                    )
                    .help(format!("write `{text} ago`")),
                );
                return None;
            }
            Meaning::Value(typed) => typed,
            _ => self.value(expr),
        };
        let moment = match self.behind_metrics(&typed.kind) {
            Kind::Moment(moment) => Some(moment.clone()),
            _ => None,
        };
        if moment.is_none() && typed.ty != Type::Unknown {
            let help = match typed.ty {
                Type::Date | Type::Instant => compared,
                _ => "for example `30 days ago`, `today - 1 month` or `2025-01-01`",
            };
            self.tell(
                expr.span,
                Finding::new(
                    Code::WrongType,
                    format!(
                        "a window begins and ends at a fixed point in time, and `{text}` is not one"
                    ),
                )
                .help(help),
            );
        }
        moment
    }
}
