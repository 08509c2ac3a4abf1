//! `count`, `sum`, `first` and their kin over the rows of one subject.

use super::checker::{Checker, Frame, Meaning, gone, unknown};
use super::gone::reason_within;
use super::row_fields::no_field_yet;
use crate::catalog::CollectionId;
use crate::diagnostic::Code;
use crate::language::ast::{Arg, Call, Expr, ExprKind, Name, Span, WindowExpr};
use crate::language::functions::over_population;
use crate::language::functions::rows::{Of, OverRows, is_summable, takes_share};
use crate::language::typed::{Aggregate, Kind, Measure, Typed};
use crate::time::Window;
use crate::value::{Type, number};

/// `name.field [window]` as an argument says it.
struct Read<'e> {
    path: &'e [Name],
    path_span: Span,
    window: Option<&'e WindowExpr>,
}

impl Checker<'_> {
    /// A call whose argument names a collection, or must.
    pub fn aggregate(
        &mut self,
        function: &OverRows,
        call: &Call,
        collection: Option<CollectionId>,
        span: Span,
    ) -> Meaning {
        let name = call.name.text.as_str();
        let (share, arg) = match call.args.as_slice() {
            [share, arg] if takes_share(name) => (Some(share), arg),
            [arg] if !takes_share(name) => (None, arg),
            _ => return Meaning::Value(self.several_arguments(call, span)),
        };
        let share = match share.map(|share| self.share(call, share, arg, span)) {
            Some(None) => return Meaning::Value(unknown(span)),
            Some(Some(share)) => share,
            None => 0,
        };
        let (Some(id), Some(read)) = (collection, read(&arg.expr)) else {
            return Meaning::Value(self.no_collection(name, arg, span));
        };
        if let Some(scope) = &call.within {
            return Meaning::Value(self.aggregate_within(call, scope, span));
        }
        let checked = self.rows_of(id, arg, &read);
        let fields = read.path.get(1..).unwrap_or_default();
        let reason = self.gone.get(id).cloned().flatten();
        if let Some(reason) = reason {
            return Meaning::Value(gone(reason, span));
        }
        let Some((window, filter)) = checked else {
            return Meaning::Value(unknown(span));
        };
        let rows = |measure| Aggregate {
            collection: id,
            window,
            filter,
            measure,
        };
        if let Of::Row(measure) = function.of {
            if !self.has_row_key(id, name, fields, arg, span) {
                return Meaning::Value(unknown(span));
            }
            let row = rows(measure(no_field_yet(span)));
            return match reason_within(&row) {
                Some(reason) => Meaning::Value(gone(reason, span)),
                None => Meaning::Row(Box::new(row)),
            };
        }
        let Some((measure, ty)) = self.measure(function, share, arg, id, &read, span) else {
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
        collection: CollectionId,
        arg: &Arg,
        read: &Read<'_>,
    ) -> Option<(Window, Option<Typed>)> {
        let window = match read.window {
            Some(window) => self.rows_window(collection, window),
            None => Some(Window::Past),
        };
        let filter = arg.filter.as_ref().map(|filter| {
            let before = std::mem::replace(&mut self.frame, Frame::Row(collection));
            let typed = self.condition(filter);
            self.frame = before;
            typed
        });
        Some((window?, filter))
    }

    /// The share before a field, in billionths.
    fn share(&mut self, call: &Call, share: &Arg, of: &Arg, span: Span) -> Option<u32> {
        let function = over_population(&call.name.text)?;
        let share = self.literal_before(function, &share.expr, &of.expr, span)?;
        number::billionths(share).and_then(|share| u32::try_from(share).ok())
    }

    fn measure(
        &mut self,
        function: &OverRows,
        share: u32,
        arg: &Arg,
        collection: CollectionId,
        read: &Read<'_>,
        span: Span,
    ) -> Option<(Measure, Type)> {
        let name = function.entry.name;
        let (owner, fields) = read.path.split_first()?;
        let slip = match (&function.of, fields.first()) {
            (Of::Rows(_, _, None) | Of::Field(..) | Of::Share(_) | Of::Row(_), _)
                if arg.distinct =>
            {
                Some(self.misplaced_distinct(name, read.path_span))
            }
            (Of::Rows(measure, ty, _), None) if !arg.distinct => {
                return Some((measure.clone(), *ty));
            }
            (Of::Rows(..), Some(field)) if !arg.distinct => {
                Some(self.field_where_rows(name, owner, field, read.path_span))
            }
            (_, None) => Some(self.rows_where_field(name, owner, collection)),
            (_, Some(_)) => None,
        };
        if let Some(finding) = slip {
            let at = match finding.code {
                Code::WrongArguments if !fields.is_empty() => span,
                _ => read.path_span,
            };
            self.tell(at, finding);
            return None;
        }
        let field = self.row_field(collection, &owner.text, fields, read.path_span);
        let ty = field.ty;
        let fits = match &function.of {
            Of::Field(fits, _) => fits(ty),
            Of::Share(_) => is_summable(ty),
            Of::Rows(..) | Of::Row(_) => true,
        };
        if !fits {
            let finding = self.unfit_field(name, ty, owner, read.path_span);
            self.tell(span, finding);
            return None;
        }
        match function.of {
            Of::Rows(_, ty, distinct) => Some((distinct?(field), ty)),
            Of::Field(_, measure) | Of::Row(measure) => Some((measure(field), ty)),
            Of::Share(measure) => Some((measure(field, share), ty)),
        }
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
