//! What is said about aggregates that cannot be taken.

use super::advice::Place;
use super::calls::given;
use super::checker::{Checker, did_you_mean, listed};
use super::elsewhere::own;
use super::expression::a;
use super::fields::find;
use crate::catalog::ColumnState;
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{Arg, BinaryOp, Call, Expr, ExprKind, Name, Span};
use crate::language::number_of_several;
use crate::language::typed::Typed;
use crate::value::{ColumnType, Type};

impl Checker<'_> {
    /// `sum(distinct payments.amount)`
    pub fn misplaced_distinct(&self, name: &str, path: Span) -> Finding {
        Finding::new(
            Code::WrongArguments,
            format!("`distinct` belongs to `count`, not to `{name}`"),
        )
        .help(format!(
            "write `{name}({0})`, or `count(distinct {0})` for how many different ones there are",
            self.quote(path)
        ))
    }

    /// `count(payments.amount)`: a field where rows are meant.
    pub fn field_where_rows(&self, name: &str, owner: &Name, field: &Name, path: Span) -> Finding {
        let text = self.quote(path);
        let (owner, field) = (&owner.text, field.to_string());
        let help = if name == "count" {
            format!(
                "write `count({owner})` to count the rows, `count({owner} where {field} is present)` those \
                 that have it, or `count(distinct {text})` the different values"
            )
        } else {
            format!("write `exists({owner} where {field} is present)`")
        };
        Finding::new(
            Code::WrongArguments,
            format!("`{name}` looks at rows, and `{text}` is a field of them"),
        )
        .help(help)
    }

    /// `sum(payments)`: rows where a field is meant.
    pub fn rows_where_field(&self, name: &str, owner: &Name, place: usize) -> Finding {
        let owner = &owner.text;
        let shown = if name == "count" {
            "count(distinct …)"
        } else {
            name
        };
        Finding::new(
            Code::WrongArguments,
            format!("`{shown}` needs a field of `{owner}`"),
        )
        .help(match self.field_example(name, place) {
            Some(example) => {
                format!("for example `{example}`; `count({owner})` counts the rows")
            }
            None => format!("it has none of numbers; `count({owner})` counts the rows"),
        })
    }

    /// `sum(payments.status)`: a field of a type that the function cannot take.
    pub fn unfit_field(&self, name: &str, ty: Type, owner: &Name, path: Span) -> Finding {
        let text = self.quote(path);
        let owner = &owner.text;
        let field = text.split_once('.').map_or(text, |(_, field)| field);
        let help = match ty {
            Type::Truth => format!("count the rows instead: `count({owner} where {field})`"),
            Type::Text => format!(
                "count different texts with `count(distinct {text})`, or take one: \
                 `last({owner}).{field}`"
            ),
            _ => format!("the latest is `max({text})`, the earliest `min({text})`"),
        };
        Finding::new(
            Code::WrongType,
            format!("`{name}` cannot be taken of `{text}`, which is {}", a(ty)),
        )
        .help(help)
    }

    /// Tells where `first` or `last` has fields inside, or no key to break ties with.
    pub fn has_row_key(
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
            .help(match self.field_outside(name, fields, arg) {
                Some(code) => format!("write {}", quoted(&code)),
                None => format!("as in `{name}({}).{}`", collection.name, field),
            });
            self.tell(span, finding);
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

    /// `last(visits).at` for `last(visits.at)`, with what else stands in the parentheses.
    fn field_outside(&self, name: &str, fields: &[Name], arg: &Arg) -> Option<String> {
        let text = self.argument_text(arg);
        let (first, last) = (fields.first()?, fields.last()?);
        let path = self.quote(Span {
            start: first.span.start,
            end: last.span.end,
        });
        let (rows, behind) = text.split_once(&format!(".{path}"))?;
        Some(format!("{name}({rows}{behind}).{path}"))
    }

    /// `avg(payments.amount) within studio`: an aggregate where a number per subject is meant.
    pub fn aggregate_within(&mut self, call: &Call, scope: &Name, span: Span) -> Typed {
        let upto = Span {
            start: span.start,
            end: scope.span.start,
        };
        let inner = self.quote(upto);
        let within = inner.to_ascii_lowercase().rfind("within");
        let inner = within
            .and_then(|at| inner.get(..at))
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

    /// `sum(orders.amount * orders.quantity)`, `sum(if(orders.paid, orders.amount, 0))`, `sum(amount)`: fields of
    /// rows in another form than an aggregate takes.
    pub fn made_of_rows(&mut self, call: &Call, span: Span) -> Option<Typed> {
        let [arg] = call.args.as_slice() else {
            return None;
        };
        let name = call.name.text.as_str();
        if let ExprKind::Path(path) = &arg.expr.kind {
            let [field] = path.as_slice() else {
                return None;
            };
            let owners = self.owners_of(&field.text);
            if self.names_a_value(&field.text) || owners.is_empty() || self.factor.is_some() {
                return None;
            }
            let finding = Finding::new(
                Code::UnknownName,
                format!("nothing is called `{}`", field.text),
            );
            let help = format!("it is a field: write {}", owners.join(" or "));
            return Some(self.refuse(field.span, finding.help(help)));
        }
        let (rows, field) = self.rows_in(&arg.expr)?;
        let field = field?;
        let text = self.argument_text(arg);
        let mut written = Vec::new();
        if let ExprKind::Call(inner) = &arg.expr.kind
            && inner.name.text == "if"
        {
            let parts: Vec<String> = inner.args.iter().map(|a| self.argument_text(a)).collect();
            if let [condition, value, rest @ ..] = parts.as_slice()
                && rest.iter().all(|rest| rest == "0" || rest == "missing")
            {
                let condition = own(condition, &rows);
                if value == "1" && name == "sum" {
                    written.push(format!("count({rows} where {condition})"));
                }
                written.push(format!("{name}({value} where {condition})"));
            }
        }
        let finding = Finding::new(
            Code::NestedAggregate,
            format!(
                "`{name}` takes one field of the rows as it stands, and `{text}` is made of it"
            ),
        );
        let finding = self.write(finding, written, Place::Value, || {
            Some(format!(
                "calculate with what it gives, as in `{name}({rows}.{field})`; what is made of a \
                 row can be a column of a view of the database"
            ))
        });
        Some(self.refuse(span, finding))
    }

    /// `count(visits, kind = "a")`, `last(visits, 2)`, `max(a, b)`
    pub fn several_arguments(&mut self, call: &Call, span: Span) -> Typed {
        let name = call.name.text.as_str();
        let args: Vec<String> = call.args.iter().map(|a| self.argument_text(a)).collect();
        let rows = call.args.first().and_then(|arg| self.rows_in(&arg.expr));
        let mut written = Vec::new();
        if let ([first, second], Some((rows, _))) = (args.as_slice(), &rows) {
            written.push(format!("{name}({first} where {})", own(second, rows)));
        }
        // `where amount > 1.000,50`: the comma has begun a second argument.
        written.extend(number_of_several(self.quote(span)));
        if let ([first, _], [_, second]) = (args.as_slice(), call.args.as_slice())
            && let ExprKind::Duration(_) = second.expr.kind
        {
            let length = self.quote(second.expr.span);
            written.push(format!("{name}({first} in last {length})"));
        }
        let of_each: Vec<String> = call
            .args
            .iter()
            .zip(&args)
            .map(|(arg, text)| match self.rows_in(&arg.expr) {
                Some(_) => format!("{name}({text})"),
                None => text.clone(),
            })
            .collect();
        match name {
            "sum" | "count" if call.args.iter().all(|a| self.rows_in(&a.expr).is_some()) => {
                written.push(of_each.join(" + "));
            }
            "max" => written.extend([
                format!("greatest({})", args.join(", ")),
                format!("greatest({})", of_each.join(", ")),
            ]),
            "min" => written.extend([
                format!("least({})", args.join(", ")),
                format!("least({})", of_each.join(", ")),
            ]),
            _ => {}
        }
        let finding = Finding::new(
            Code::WrongArguments,
            format!("`{name}` takes one collection, and {}", given(args.len())),
        );
        let example = self.example(name);
        let place = match name {
            "first" | "last" => Place::Any,
            _ => Place::Value,
        };
        let finding = self.write(finding, written, place, || {
            Some(match name {
                "first" | "last" if args.len() > 1 => format!(
                    "it is the one row of the {}, as in `{example}`; there is none between the \
                     first and the last",
                    if name == "first" {
                        "earliest time"
                    } else {
                        "latest time"
                    }
                ),
                _ => format!("for example `{example}`"),
            })
        });
        self.refuse(span, finding)
    }

    /// `count(visits.kind = "a")`: neither rows nor a field of them.
    pub fn no_collection(&mut self, name: &str, arg: &Arg, span: Span) -> Typed {
        let text = self.argument_text(arg);
        let catalog = self.catalog;
        let names = || catalog.collections.iter().map(|c| c.name.as_str());
        if let ExprKind::Path(path) = &bare(&arg.expr).kind
            && let Some(head) = path.first()
            && !self.names_a_value(&head.text)
        {
            let finding = Finding::new(
                Code::UnknownName,
                format!(
                    "`{name}` needs a collection, and none is called `{}`",
                    head.text
                ),
            );
            let fields = self.owners_of(&head.text);
            let finding = match fields.as_slice() {
                [] => did_you_mean(finding, &head.text, names(), || {
                    Some(format!("the collections are {}", listed(names())))
                }),
                fields => finding.help(format!("it is a field: write {}", fields.join(" or "))),
            };
            return self.refuse(head.span, finding);
        }
        let mut written = Vec::new();
        if let Some((rows, _)) = self.rows_in(&arg.expr) {
            written.push(format!("{name}({rows} where {})", own(&text, &rows)));
            match &arg.expr.kind {
                ExprKind::Between(false, of, low, high) if matches!(of.kind, ExprKind::Path(_)) => {
                    let (low, high) = (self.quote(low.span), self.quote(high.span));
                    written.push(format!("{name}({rows} from {low} to {high})"));
                }
                ExprKind::Binary(BinaryOp::And, left, right) => {
                    let (left, right) = (self.quote(left.span), self.quote(right.span));
                    written.push(format!("{name}({left} where {})", own(right, &rows)));
                }
                _ => {}
            }
        }
        match (&arg.expr.kind, name) {
            (ExprKind::Call(call), "count") if call.name.text == "distinct" => {
                let of: Vec<String> = call.args.iter().map(|a| self.argument_text(a)).collect();
                written.push(format!("count(distinct {})", of.join(", ")));
            }
            (_, "count") if !arg.distinct => written.push(format!("sum(if({text}, 1, 0))")),
            (_, "exists") => written.push(format!("{text} is present")),
            _ => {}
        }
        let finding = Finding::new(
            Code::WrongArguments,
            format!("`{name}` takes a collection, and `{text}` is none"),
        );
        let example = self.example(name);
        let field = self.rows_of_call(&arg.expr);
        let finding = self.write(finding, written, Place::Value, || {
            Some(match (arg.distinct, field) {
                (true, Some(field)) => format!(
                    "the different values of a field are counted as they stand, as in \
                     `count(distinct {field})`; for what is made of them, a view of the database \
                     can have a column"
                ),
                _ => format!("the collections are {}, as in `{example}`", listed(names())),
            })
        });
        self.refuse(span, finding)
    }

    /// `orders.at` of `day_of_week(orders.at)`.
    fn rows_of_call(&self, expr: &Expr) -> Option<String> {
        let ExprKind::Call(call) = &expr.kind else {
            return None;
        };
        let of = &call.args.first()?.expr;
        let (_, field) = self.rows_in(of)?;
        field.map(|_| self.quote(of.span).to_owned())
    }

    /// A field as it is written with each collection that has a column of this name.
    pub fn owners_of(&self, column: &str) -> Vec<String> {
        let collections = self.catalog.collections.iter();
        let owners = collections.filter(|c| find(&c.entity.columns, column).is_some());
        owners.map(|c| format!("`{}.{column}`", c.name)).collect()
    }

    /// A correct call with a field of a collection, for help lines.
    fn field_example(&self, name: &str, place: usize) -> Option<String> {
        let collection = self.catalog.collections.get(place)?;
        let keys = [Some(&collection.subject), collection.key.as_ref()];
        let fits = |state: &ColumnState| match state {
            ColumnState::Present(ColumnType::Money | ColumnType::Cents | ColumnType::Number) => {
                true
            }
            ColumnState::Present(_) => name == "count",
            _ => false,
        };
        let (column, _) = collection
            .entity
            .columns
            .iter()
            .find(|(column, state)| !keys.contains(&Some(column)) && fits(state))?;
        let distinct = if name == "count" { "distinct " } else { "" };
        Some(format!("{name}({distinct}{}.{column})", collection.name))
    }

    /// A correct call with a collection of this config, for help lines.
    pub fn example(&self, name: &str) -> String {
        let timed = self.catalog.collections.iter().find(|c| c.at.is_some());
        let collection = timed.or(self.catalog.collections.first());
        let rows = collection.map_or("visits", |c| c.name.as_str());
        let field =
            (0..self.catalog.collections.len()).find_map(|place| self.field_example(name, place));
        match (name, field) {
            ("count" | "exists", _) if timed.is_some() => format!("{name}({rows} in last 30 days)"),
            ("count" | "exists", _) => format!("{name}({rows})"),
            ("first" | "last", _) => format!("{name}({rows}).at"),
            (_, Some(field)) => field,
            (_, None) => format!("{name}({rows}.…)"),
        }
    }
}

/// What stands inside windows and parentheses.
fn bare(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Paren(inner) | ExprKind::InWindow(_, inner, _) => bare(inner),
        _ => expr,
    }
}
