//! Checks `count`, `sum`, `first` and the like over the rows of one subject.

use super::checker::{Checker, Frame, Meaning, gone, unknown};
use super::gone::reason_within;
use super::row_fields::no_field_yet;
use crate::catalog::CollectionId;
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{Arg, Call, Expr, ExprKind, Name, Span, WindowExpr};
use crate::language::functions::over_population;
use crate::language::functions::rows::{Of, OverRows, is_summable, takes_share};
use crate::language::typed::{Aggregate, Kind, Measure, Typed};
use crate::time::Window;
use crate::value::{Type, number};

/// The maximum number of levels of scans. A level is read once the values that its rows are compared with are known.
const MAX_LEVELS: usize = 16;

/// What an argument requests: what is taken from the rows, and from which rows by time.
struct Read<'e> {
    taken: Taken<'e>,
    /// Its place, without the window.
    span: Span,
    window: Option<&'e WindowExpr>,
}

/// What is taken from rows.
#[derive(Clone, Copy)]
enum Taken<'e> {
    /// The rows themselves or a field of them, by name: `visits`, `visits.class.category`.
    Named(&'e [Name]),
    /// An expression that is computed for each row: `items.price * items.quantity`.
    Made(&'e Expr),
}

impl Checker<'_> {
    /// Checks a call whose argument names a collection, or must.
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
        let read = read(&arg.expr);
        let takes_values = match function.of {
            Of::Field(..) | Of::Share(_) => true,
            Of::Rows(_, _, distinct) => distinct.is_some() && arg.distinct,
            Of::Row(_) => false,
        };
        let is_named = matches!(read.taken, Taken::Named(_));
        let Some(id) = collection.filter(|_| is_named || takes_values) else {
            return Meaning::Value(self.no_collection(name, arg, span));
        };
        if let Some(scope) = &call.within {
            return Meaning::Value(self.aggregate_within(call, scope, span));
        }
        let checked = self.rows_of(id, arg, &read);
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
            if !self.has_row_key(id, name, read.fields(), arg, span) {
                return Meaning::Value(unknown(span));
            }
            let row = rows(measure(no_field_yet(span)));
            if self.is_too_deep(&row, span) {
                return Meaning::Value(unknown(span));
            }
            return match reason_within(&row) {
                Some(reason) => Meaning::Value(gone(reason, span)),
                None => Meaning::Row(Box::new(row)),
            };
        }
        let Some((measure, ty)) = self.measure(function, share, arg, id, &read, span) else {
            return Meaning::Value(unknown(span));
        };
        let aggregate = rows(measure);
        if self.is_too_deep(&aggregate, span) {
            return Meaning::Value(unknown(span));
        }
        match reason_within(&aggregate) {
            Some(reason) => Meaning::Value(gone(reason, span)),
            None => Meaning::Value(Typed::new(Kind::Aggregate(Box::new(aggregate)), ty, span)),
        }
    }

    /// Reports an aggregate for which its table would be read too often.
    fn is_too_deep(&mut self, aggregate: &Aggregate, span: Span) -> bool {
        let of_metric = |name: &str| self.levels_of(name);
        let is_too_deep = aggregate.level(&of_metric) >= MAX_LEVELS;
        if is_too_deep {
            let message = format!(
                "rows are compared with what other rows come to on more than {MAX_LEVELS} levels"
            );
            let finding = Finding::new(Code::TooDeep, message)
                .help("compare these rows with a column, or with something that is known earlier");
            self.tell(span, finding);
        }
        is_too_deep
    }

    /// How many levels of scans must be read before a metric is known.
    pub fn levels_of(&self, metric: &str) -> usize {
        let known = self.metrics.get(metric).and_then(|id| self.known.get(*id));
        known
            .and_then(Option::as_ref)
            .map_or(0, |known| known.levels)
    }

    /// The window and condition of an argument; `None` after reporting what is wrong with them.
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
        let filter = arg
            .filter
            .as_ref()
            .map(|filter| self.among(Frame::Row(collection), |checker| checker.condition(filter)));
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
        let (owner, fields) = match read.taken {
            Taken::Named(path) => path.split_first()?,
            Taken::Made(expr) => {
                if arg.distinct && matches!(function.of, Of::Field(..) | Of::Share(_)) {
                    let finding = self.misplaced_distinct(function.entry.name, read.span);
                    self.tell(span, finding);
                    return None;
                }
                let look = |checker: &mut Self| checker.value(expr);
                let value = self.among(Frame::Taken(collection), look);
                return self.measured((function, share), value, (collection, read), span);
            }
        };
        let name = function.entry.name;
        let slip = match (&function.of, fields.first()) {
            (Of::Rows(_, _, None) | Of::Field(..) | Of::Share(_) | Of::Row(_), _)
                if arg.distinct =>
            {
                Some(self.misplaced_distinct(name, read.span))
            }
            (Of::Rows(measure, ty, _), None) if !arg.distinct => {
                return Some((measure.clone(), *ty));
            }
            (Of::Rows(..), Some(field)) if !arg.distinct => {
                Some(self.field_where_rows(name, owner, field, read.span))
            }
            (_, None) => Some(self.rows_where_field(name, owner, collection)),
            (_, Some(_)) => None,
        };
        if let Some(finding) = slip {
            let at = match finding.code {
                Code::WrongArguments if !fields.is_empty() => span,
                _ => read.span,
            };
            self.tell(at, finding);
            return None;
        }
        let field = self.row_field(collection, &owner.text, fields, read.span);
        self.measured((function, share), field, (collection, read), span)
    }

    /// The value that a function takes from each row; `None` after reporting that it cannot.
    fn measured(
        &mut self,
        (function, share): (&OverRows, u32),
        value: Typed,
        (collection, read): (CollectionId, &Read<'_>),
        span: Span,
    ) -> Option<(Measure, Type)> {
        let ty = value.ty;
        let fits = match &function.of {
            Of::Field(fits, _) => fits(ty),
            Of::Share(_) => is_summable(ty),
            Of::Rows(..) | Of::Row(_) => true,
        };
        if !fits {
            let is_field = matches!(read.taken, Taken::Named(_));
            let finding = self.unfit(function, &value, collection, (read.span, is_field));
            self.tell(span, finding);
            return None;
        }
        match function.of {
            Of::Rows(_, ty, distinct) => Some((distinct?(value), ty)),
            Of::Field(_, measure) | Of::Row(measure) => Some((measure(value), ty)),
            Of::Share(measure) => Some((measure(value, share), ty)),
        }
    }

    /// Runs `look` while the current text is about one row.
    fn among<T>(&mut self, rows: Frame, look: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.frame, rows);
        let found = look(self);
        self.frame = before;
        found
    }
}

impl Read<'_> {
    /// The fields after the collection's name.
    fn fields(&self) -> &[Name] {
        match self.taken {
            Taken::Named(path) => path.get(1..).unwrap_or_default(),
            Taken::Made(_) => &[],
        }
    }
}

/// What an argument takes from rows. A window after it belongs to the aggregate, whatever comes before it; the window
/// of a name may be in parentheses with it.
fn read(expr: &Expr) -> Read<'_> {
    if let Some(named) = read_name(expr) {
        return named;
    }
    let (taken, window) = match &expr.kind {
        ExprKind::InWindow(false, inner, window) => (&**inner, Some(window)),
        _ => (expr, None),
    };
    Read {
        taken: Taken::Made(taken),
        span: taken.span,
        window,
    }
}

fn read_name(expr: &Expr) -> Option<Read<'_>> {
    match &expr.kind {
        ExprKind::Path(path) => Some(Read {
            taken: Taken::Named(path),
            span: expr.span,
            window: None,
        }),
        ExprKind::Paren(inner) => read_name(inner),
        ExprKind::InWindow(false, inner, window) => {
            let named = read_name(inner)?;
            named.window.is_none().then_some(Read {
                window: Some(window),
                ..named
            })
        }
        _ => None,
    }
}
