//! `count`, `sum`, `first` and their kin over the rows of one subject.

use super::calls::is_ordered;
use super::checker::{Checker, Frame, Meaning, gone, unknown};
use super::gone::reason_within;
use super::row_fields::no_field_yet;
use crate::diagnostic::Code;
use crate::language::ast::{Arg, Call, Expr, ExprKind, Name, Span, WindowExpr};
use crate::language::typed::{Aggregate, Kind, Measure, Typed};
use crate::time::Window;
use crate::value::Type;

/// `name.field [window]` as an argument says it.
struct Read<'e> {
    path: &'e [Name],
    path_span: Span,
    window: Option<&'e WindowExpr>,
}

impl Checker<'_> {
    /// A call whose argument names a collection, or must.
    pub fn aggregate(&mut self, call: &Call, collection: Option<usize>, span: Span) -> Meaning {
        let name = call.name.text.as_str();
        let [arg] = call.args.as_slice() else {
            return Meaning::Value(self.several_arguments(call, span));
        };
        let (Some(place), Some(read)) = (collection, read(&arg.expr)) else {
            return Meaning::Value(self.no_collection(name, arg, span));
        };
        if let Some(scope) = &call.within {
            return Meaning::Value(self.aggregate_within(call, scope, span));
        }
        let checked = self.rows_of(place, arg, &read);
        let fields = read.path.get(1..).unwrap_or_default();
        let reason = self.gone.get(place).cloned().flatten();
        if let Some(reason) = reason {
            return Meaning::Value(gone(reason, span));
        }
        let Some((window, filter)) = checked else {
            return Meaning::Value(unknown(span));
        };
        let rows = |measure| Aggregate {
            collection: place,
            window,
            filter,
            measure,
        };
        if matches!(name, "first" | "last") {
            if !self.has_row_key(place, name, fields, arg, span) {
                return Meaning::Value(unknown(span));
            }
            let stand_in = no_field_yet(span);
            let row = rows(match name {
                "first" => Measure::First(stand_in),
                _ => Measure::Last(stand_in),
            });
            return match reason_within(&row) {
                Some(reason) => Meaning::Value(gone(reason, span)),
                None => Meaning::Row(Box::new(row)),
            };
        }
        let Some((measure, ty)) = self.measure(name, arg, place, &read, span) else {
            return Meaning::Value(unknown(span));
        };
        let aggregate = rows(measure);
        match reason_within(&aggregate) {
            Some(reason) => Meaning::Value(gone(reason, span)),
            None => Meaning::Value(Typed::new(Kind::Aggregate(Box::new(aggregate)), ty, span)),
        }
    }

    /// The window and condition of an argument; `None` after telling what is wrong with them.
    fn rows_of(
        &mut self,
        place: usize,
        arg: &Arg,
        read: &Read<'_>,
    ) -> Option<(Window, Option<Typed>)> {
        let window = match read.window {
            Some(window) => self.rows_window(place, window),
            None => Some(Window::Past),
        };
        let filter = arg.filter.as_ref().map(|filter| {
            let before = std::mem::replace(&mut self.frame, Frame::Row(place));
            let typed = self.condition(filter);
            self.frame = before;
            typed
        });
        Some((window?, filter))
    }

    fn measure(
        &mut self,
        name: &str,
        arg: &Arg,
        place: usize,
        read: &Read<'_>,
        span: Span,
    ) -> Option<(Measure, Type)> {
        let (owner, fields) = read.path.split_first()?;
        let slip = if arg.distinct && name != "count" {
            Some(self.misplaced_distinct(name, read.path_span))
        } else if name == "exists" || (name == "count" && !arg.distinct) {
            match fields.first() {
                None if name == "exists" => return Some((Measure::Exists, Type::Truth)),
                None => return Some((Measure::Count, Type::Number)),
                Some(field) => Some(self.field_where_rows(name, owner, field, read.path_span)),
            }
        } else if fields.is_empty() {
            Some(self.rows_where_field(name, owner, place))
        } else {
            None
        };
        if let Some(finding) = slip {
            let place = match finding.code {
                Code::WrongArguments if !fields.is_empty() => span,
                _ => read.path_span,
            };
            self.tell(place, finding);
            return None;
        }
        let field = self.row_field(place, &owner.text, fields, read.path_span);
        let ty = field.ty;
        let fits = match name {
            "count" => true,
            "sum" | "avg" => matches!(ty, Type::Number | Type::Money | Type::Unknown),
            _ => is_ordered(ty),
        };
        if !fits {
            let finding = self.unfit_field(name, ty, owner, read.path_span);
            self.tell(span, finding);
            return None;
        }
        Some(match name {
            "count" => (Measure::CountDistinct(field), Type::Number),
            "sum" => (Measure::Sum(field), ty),
            "avg" => (Measure::Avg(field), ty),
            "min" => (Measure::Min(field), ty),
            _ => (Measure::Max(field), ty),
        })
    }
}

/// The path and window of an argument; `None` where it is anything else.
fn read(expr: &Expr) -> Option<Read<'_>> {
    match &expr.kind {
        ExprKind::Path(path) => Some(Read {
            path,
            path_span: expr.span,
            window: None,
        }),
        ExprKind::Paren(inner) => read(inner),
        ExprKind::InWindow(false, inner, window) => {
            let inner_read = read(inner)?;
            inner_read.window.is_none().then_some(Read {
                window: Some(window),
                ..inner_read
            })
        }
        _ => None,
    }
}
