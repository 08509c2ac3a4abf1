//! `count`, `sum`, `first` and their kin over the rows of one subject.

use super::calls::{given, is_ordered};
use super::checker::{Checker, Frame, Meaning, did_you_mean, gone, listed, unknown};
use super::expression::a;
use super::fields::no_field_yet;
use super::gone::reason_within;
use crate::catalog::ColumnState;
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{Arg, Call, Expr, ExprKind, Name, Span, WindowExpr};
use crate::language::typed::{Aggregate, Kind, Measure, Typed};
use crate::time::Window;
use crate::value::{ColumnType, Type};

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
            let finding = Finding::new(
                Code::WrongArguments,
                format!(
                    "`{name}` takes one collection, and {}",
                    given(call.args.len())
                ),
            )
            .help(format!("for example `{}`", self.example(name)));
            return Meaning::Value(self.refuse(span, finding));
        };
        let (Some(place), Some(read)) = (collection, read(&arg.expr)) else {
            return Meaning::Value(self.no_collection(name, arg));
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
            None => Meaning::Value(Typed {
                kind: Kind::Aggregate(Box::new(aggregate)),
                ty,
                span,
            }),
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
        let fields = read.path.get(1..).unwrap_or_default();
        let text = self.quote(read.path_span);
        let owner = read.path.first().map_or("", |n| n.text.as_str());
        if arg.distinct && name != "count" {
            self.tell(
                arg.expr.span,
                Finding::new(
                    Code::WrongArguments,
                    format!("`distinct` belongs to `count`, not to `{name}`"),
                )
                .help(format!("write `count(distinct {text})`")),
            );
            return None;
        }
        if name == "exists" || (name == "count" && !arg.distinct) {
            if fields.is_empty() {
                return Some(match name {
                    "exists" => (Measure::Exists, Type::Truth),
                    _ => (Measure::Count, Type::Number),
                });
            }
            let field = fields.first().map_or("", |f| f.text.as_str());
            let finding = Finding::new(
                Code::WrongArguments,
                format!("`{name}` looks at rows, and `{text}` is a field of them"),
            )
            .help(if name == "count" {
                format!(
                    "count the rows with `count({owner})`, those that have it with \
                     `count({owner} where {field} is present)`, the different values with \
                     `count(distinct {text})`"
                )
            } else {
                format!("write `exists({owner} where {field} is present)`")
            });
            self.tell(read.path_span, finding);
            return None;
        }
        if fields.is_empty() {
            let wrong = if arg.distinct {
                "count(distinct …)"
            } else {
                name
            };
            let finding = Finding::new(
                Code::WrongArguments,
                format!("`{wrong}` needs a field of `{owner}`"),
            )
            .help(format!(
                "for example `{}`; `count({owner})` counts the rows",
                self.field_example(name, place)
            ));
            self.tell(arg.expr.span, finding);
            return None;
        }
        let field = self.row_field(place, owner, fields, read.path_span);
        let ty = field.ty;
        let fits = match name {
            "count" => true,
            "sum" | "avg" => matches!(ty, Type::Number | Type::Money | Type::Unknown),
            _ => is_ordered(ty),
        };
        if !fits {
            let finding = Finding::new(
                Code::WrongType,
                format!("`{name}` cannot be taken of `{text}`, which is {}", a(ty)),
            );
            let finding = match ty {
                Type::Truth => {
                    let field = fields.first().map_or("", |f| f.text.as_str());
                    finding.help(format!(
                        "count the rows instead: `count({owner} where {field})`"
                    ))
                }
                Type::Text => finding.help(format!(
                    "count different texts with `count(distinct {text})`, or take one with \
                     `last({owner}).…`"
                )),
                _ => finding.help(format!(
                    "the latest is `max({text})`, the earliest `min({text})`"
                )),
            };
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

    /// Tells where `first` or `last` has fields inside, or no key to break ties with.
    fn has_row_key(
        &mut self,
        place: usize,
        name: &str,
        fields: &[Name],
        arg: &Arg,
        span: Span,
    ) -> bool {
        let Some(collection) = self.catalog.collections.get(place) else {
            return false;
        };
        if let Some(field) = fields.first() {
            let finding = Finding::new(
                Code::WrongArguments,
                format!("`{name}` takes a collection, and its field comes after the parenthesis"),
            )
            .help(format!(
                "write `{name}({}).{}`",
                collection.name, field.text
            ));
            self.tell(arg.expr.span, finding);
            return false;
        }
        if collection.at.is_none() {
            let finding = Finding::new(
                Code::NoTimeColumn,
                format!(
                    "`{}` has no time column, so none of its rows is the {name}",
                    collection.name
                ),
            )
            .help(format!(
                "name the time column in config.yaml: `at:` of `{}`",
                collection.name
            ));
            self.tell(span, finding);
            return false;
        }
        if collection.key.is_none() {
            let finding = Finding::new(
                Code::NoRowKey,
                format!(
                    "`{}` has no key, so two rows of one time have no {name}",
                    collection.name
                ),
            )
            .help(format!(
                "name a column that tells its rows apart in config.yaml: `key:` of `{}`",
                collection.name
            ));
            self.tell(span, finding);
            return false;
        }
        true
    }

    /// `avg(payments.amount) within studio`: an aggregate where a number per subject is meant.
    fn aggregate_within(&mut self, call: &Call, scope: &Name, span: Span) -> Typed {
        let upto = Span {
            start: span.start,
            end: scope.span.start,
        };
        let inner = self.quote(upto);
        let inner = inner
            .get(..inner.len().saturating_sub("within".len()))
            .unwrap_or(inner)
            .trim_end();
        let outer = match call.name.text.as_str() {
            "sum" | "min" | "max" => call.name.text.as_str(),
            _ => "avg",
        };
        let subject = &self.catalog.subject_name;
        let finding = Finding::new(
            Code::NestedAggregate,
            format!(
                "`{inner}` is taken of one {subject}'s rows, and `within {}` compares {subject}s",
                scope.text
            ),
        );
        let finding = match call.name.text.as_str() {
            "exists" => finding.help(format!(
                "write `avg(if({inner}, 1, 0)) within {}`",
                scope.text
            )),
            "first" | "last" => finding.help("leave `within` out"),
            _ => finding.help(format!("write `{outer}({inner}) within {}`", scope.text)),
        };
        self.refuse(span, finding)
    }

    fn no_collection(&mut self, name: &str, arg: &Arg) -> Typed {
        let text = self.quote(arg.expr.span);
        let catalog = self.catalog;
        let names = || catalog.collections.iter().map(|c| c.name.as_str());
        if let ExprKind::Path(path) = &bare(&arg.expr).kind
            && let Some(head) = path.first()
            && !self.is_name_outside_where(&head.text)
        {
            let finding = Finding::new(
                Code::UnknownName,
                format!(
                    "`{name}` needs a collection, and none is called `{}`",
                    head.text
                ),
            );
            let finding = did_you_mean(finding, &head.text, names(), || {
                Some(format!("the collections are {}", listed(names())))
            });
            return self.refuse(head.span, finding);
        }
        let help = match name {
            "count" => format!(
                "to count clients for whom something is true, write `sum(if({text}, 1, 0))`"
            ),
            "exists" => format!("`{text} is present` asks whether there is a value"),
            _ => format!("the collections are {}", listed(names())),
        };
        let finding = Finding::new(
            Code::WrongArguments,
            format!("`{name}` takes a collection, and `{text}` is none"),
        )
        .help(help);
        self.refuse(arg.expr.span, finding)
    }

    /// A correct call with a field of a collection, for help lines.
    fn field_example(&self, name: &str, place: usize) -> String {
        let Some(collection) = self.catalog.collections.get(place) else {
            return format!("{name}(…)");
        };
        let keys = [Some(&collection.subject), collection.key.as_ref()];
        let summable = |state: &ColumnState| {
            matches!(
                state,
                ColumnState::Present(ColumnType::Money | ColumnType::Cents | ColumnType::Number)
            )
        };
        let field = collection.entity.columns.iter().find(|(column, state)| {
            !keys.contains(&Some(column)) && (name == "count" || summable(state))
        });
        let field = field.map_or("…", |(column, _)| column.as_str());
        let distinct = if name == "count" { "distinct " } else { "" };
        format!("{name}({distinct}{}.{field})", collection.name)
    }

    /// A correct call with a collection of this config, for help lines.
    fn example(&self, name: &str) -> String {
        let collection = self.catalog.collections.first();
        let rows = collection.map_or("visits", |c| c.name.as_str());
        match name {
            "count" | "exists" => format!("{name}({rows} in last 30 days)"),
            "first" | "last" => format!("{name}({rows}).at"),
            _ => format!("{name}({rows}.…)"),
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

/// What stands inside windows and parentheses.
fn bare(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Paren(inner) | ExprKind::InWindow(_, inner, _) => bare(inner),
        _ => expr,
    }
}
