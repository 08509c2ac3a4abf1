//! Messages about aggregates that cannot be computed.

use super::checker::Checker;
use super::expression::a;
use super::templates::own;
use crate::catalog::{Collection, CollectionId, ColumnState};
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{Arg, Call, Name, Span};
use crate::language::functions::rows::{OverRows, takes_share};
use crate::language::path;
use crate::language::typed::Typed;
use crate::value::Type;

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

    /// `count(payments.amount)`: a field in place of rows.
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

    /// `sum(payments)`: rows in place of a field.
    pub fn rows_where_field(&self, name: &str, owner: &Name, collection: CollectionId) -> Finding {
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
        .help(match self.field_example(name, collection) {
            Some(example) => {
                format!(
                    "for example {}; `count({owner})` counts the rows",
                    quoted(&example)
                )
            }
            None => format!("it has no numeric fields; `count({owner})` counts the rows"),
        })
    }

    /// `sum(payments.status)`: a value of a type that the function does not take. The flag is set if it is a field.
    pub fn unfit(
        &self,
        function: &OverRows,
        value: &Typed,
        id: CollectionId,
        (span, is_field): (Span, bool),
    ) -> Finding {
        let name = function.entry.name;
        let text = self.quote(span);
        let collection = self.catalog.collections.get(id);
        let rows = collection.map_or("", |collection| &collection.name);
        let own = own(&text, rows);
        let ty = value.ty;
        let read_as = self.read_as(value, Type::Number);
        let read_as = read_as.map_or_else(String::new, |help| format!("; {help}"));
        let help = match ty {
            Type::Truth => format!("count the rows instead: `count({rows} where {own})`"),
            Type::Text if is_field => format!(
                "count different texts with `count(distinct {text})`, or take one: \
                 `last({rows}).{own}`{read_as}"
            ),
            Type::Text => format!("count different texts with `count(distinct {text})`"),
            _ => format!("the latest is `max({text})`, the earliest `min({text})`"),
        };
        Finding::new(
            Code::WrongType,
            format!("`{name}` cannot be taken of `{text}`, which is {}", a(ty)),
        )
        .help(help)
    }

    /// Reports `first` or `last` with fields inside the parentheses, or without a key to break ties.
    pub fn has_row_key(
        &mut self,
        id: CollectionId,
        name: &str,
        fields: &[Name],
        arg: &Arg,
        span: Span,
    ) -> bool {
        let Some(collection) = self.catalog.collections.get(id) else {
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
                    "`{}` has no key, so of two rows with the same time neither is the {name}",
                    collection.name
                ),
            )
            .help(format!(
                "{3}name a column that tells its rows apart in config.yaml: `key:` of `{0}`; the {1} time alone is \
                 `{2}({0}.at)`",
                collection.name,
                if name == "first" { "earliest" } else { "latest" },
                if name == "first" { "min" } else { "max" },
                several_columns(collection),
            ));
            self.tell(span, finding);
            return false;
        }
        true
    }

    /// `last(visits).at` for `last(visits.at)`, with the rest of the parentheses.
    fn field_outside(&self, name: &str, fields: &[Name], arg: &Arg) -> Option<String> {
        let text = self.argument_text(arg);
        let (first, last) = (fields.first()?, fields.last()?);
        let path = self.quote(Span {
            end: last.span.end,
            ..first.span
        });
        let (rows, behind) = text.split_once(&format!(".{path}"))?;
        Some(format!("{name}({rows}{behind}).{path}"))
    }

    /// `avg(payments.amount) within studio`: an aggregate in place of a number per subject.
    pub fn aggregate_within(&mut self, call: &Call, scope: &Name, span: Span) -> Typed {
        let upto = Span {
            end: scope.span.start,
            ..span
        };
        let inner = self.quote(upto);
        let within = inner.to_ascii_lowercase().rfind("within");
        let inner = within
            .and_then(|at| inner.get(..at))
            .unwrap_or(&inner)
            .trim_end();
        let outer = match call.name.text.as_str() {
            "sum" | "min" | "max" => call.name.text.as_str(),
            _ => "avg",
        };
        let (subject, many) = (&self.catalog.subject_name, &self.config.subject.plural);
        let finding = Finding::new(
            Code::NestedAggregate,
            format!(
                "`{inner}` is taken of one {subject}'s rows, and `within {}` compares {many}",
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

    /// A correct call with a field of a collection, for help lines.
    fn field_example(&self, name: &str, id: CollectionId) -> Option<String> {
        let collection = self.catalog.collections.get(id)?;
        let keys = [Some(&collection.subject.column), collection.key.as_ref()];
        let fits = |state: &ColumnState| match state {
            ColumnState::Present(ty) if matches!(ty.value_type(), Type::Money | Type::Number) => {
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
        let before = match name {
            "count" => "distinct ",
            _ if takes_share(name) => "90%, ",
            _ => "",
        };
        Some(format!(
            "{name}({before}{})",
            path(&[&collection.name, column])
        ))
    }

    /// A correct call with a collection of this config, for help lines.
    pub fn example(&self, name: &str) -> String {
        let timed = self.catalog.collections.iter().find(|c| c.at.is_some());
        let collection = timed.or(self.catalog.collections.first());
        let rows = collection.map_or("visits", |c| c.name.as_str());
        let field = self
            .catalog
            .collections
            .ids()
            .find_map(|id| self.field_example(name, id));
        match (name, field) {
            ("count" | "exists", _) if timed.is_some() => format!("{name}({rows} in last 30 days)"),
            ("count" | "exists", _) => format!("{name}({rows})"),
            ("first" | "last", _) => format!("{name}({rows}).at"),
            (_, Some(field)) => field,
            (_, None) => format!("{name}({rows}.…)"),
        }
    }
}

/// That the primary key of a collection's table is none, since it has several columns.
fn several_columns(collection: &Collection) -> String {
    let columns = collection.primary_key.iter();
    let columns: Vec<String> = columns.map(|column| quoted(column)).collect();
    match columns.is_empty() {
        true => String::new(),
        false => format!(
            "the primary key of `{}` has several columns ({}): ",
            collection.entity.table,
            columns.join(", ")
        ),
    }
}
