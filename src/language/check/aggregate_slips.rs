//! What is said about aggregates that cannot be taken.

use super::checker::{Checker, did_you_mean, listed};
use super::expression::a;
use crate::catalog::ColumnState;
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{Arg, Call, Expr, ExprKind, Name, Span};
use crate::language::typed::Typed;
use crate::value::{ColumnType, Type};

impl Checker<'_> {
    /// `sum(distinct payments.amount)`
    pub fn misplaced_distinct(&self, name: &str, path: Span) -> Finding {
        Finding::new(
            Code::WrongArguments,
            format!("`distinct` belongs to `count`, not to `{name}`"),
        )
        .help(format!("write `count(distinct {})`", self.quote(path)))
    }

    /// `count(payments.amount)`: a field where rows are meant.
    pub fn field_where_rows(&self, name: &str, owner: &Name, field: &Name, path: Span) -> Finding {
        let text = self.quote(path);
        let (owner, field) = (&owner.text, &field.text);
        let help = if name == "count" {
            format!(
                "count the rows with `count({owner})`, those that have it with \
                 `count({owner} where {field} is present)`, the different values with \
                 `count(distinct {text})`"
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
        .help(format!(
            "for example `{}`; `count({owner})` counts the rows",
            self.field_example(name, place)
        ))
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

    pub fn no_collection(&mut self, name: &str, arg: &Arg) -> Typed {
        let text = self.quote(arg.expr.span);
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
            let finding = did_you_mean(finding, &head.text, names(), || {
                Some(format!("the collections are {}", listed(names())))
            });
            return self.refuse(head.span, finding);
        }
        let help = match name {
            "count" => format!(
                "to count {}s for whom something is true, write `sum(if({text}, 1, 0))`",
                catalog.subject_name
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
    pub fn example(&self, name: &str) -> String {
        let collection = self.catalog.collections.first();
        let rows = collection.map_or("visits", |c| c.name.as_str());
        match name {
            "count" | "exists" => format!("{name}({rows} in last 30 days)"),
            "first" | "last" => format!("{name}({rows}).at"),
            _ => format!("{name}({rows}.…)"),
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
