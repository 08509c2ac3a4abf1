//! Fields of rows: of `first` and `last`, of a whole collection, and inside `where`.

use super::advice::Place;
use super::checker::{Checker, Frame, Meaning, did_you_mean, gone, listed, unknown};
use super::coerce::midnight;
use super::expression::a;
use super::fields::find;
use super::rows_compared::many_values;
use crate::catalog::{Collection, CollectionId, Entity};
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{Expr, Name, Span};
use crate::language::typed::{Aggregate, Kind, Measure, Typed};
use crate::source::Location;
use crate::value::{Type, Value};

impl Checker<'_> {
    /// `first(packages).at`: a field of a call's result.
    pub fn field_of(&mut self, base: &Expr, fields: &[Name], span: Span) -> Typed {
        let text = self.quote(base.span);
        match self.meaning(base) {
            Meaning::Row(row) => self.field_of_row(*row, &text, fields, span),
            Meaning::Value(typed) if typed.ty == Type::Unknown => typed,
            Meaning::Value(typed) => match fields.first() {
                Some(field) => {
                    let finding = Finding::new(
                        Code::UnknownField,
                        format!(
                            "`{text}` is {} and has no field `{}`",
                            a(typed.ty),
                            field.text
                        ),
                    );
                    self.refuse(field.span, finding)
                }
                None => typed,
            },
            _ => self.value(base),
        }
    }

    /// A field of the first or last row of a collection.
    pub fn field_of_row(
        &mut self,
        row: Aggregate,
        owner: &str,
        fields: &[Name],
        span: Span,
    ) -> Typed {
        let field = self.row_field(row.collection, owner, fields, span);
        if field.ty == Type::Unknown {
            return field;
        }
        let ty = field.ty;
        let measure = match row.measure {
            Measure::First(_) => Measure::First(field),
            _ => Measure::Last(field),
        };
        Typed::new(
            Kind::Aggregate(Box::new(Aggregate { measure, ..row })),
            ty,
            span,
        )
    }

    /// A field of a collection's row: a column, `at`, or a lookup's column.
    pub fn row_field(
        &mut self,
        id: CollectionId,
        owner: &str,
        fields: &[Name],
        span: Span,
    ) -> Typed {
        let catalog = self.catalog;
        let (Some(collection), Some((head, rest))) =
            (catalog.collections.get(id), fields.split_first())
        else {
            return unknown(span);
        };
        let before = std::mem::replace(&mut self.frame, Frame::Row(id));
        let found = self.entity_path(&collection.entity, head, rest, span, Kind::Row);
        self.frame = before;
        match found {
            Some(typed) => typed,
            None if head.text == "at" && rest.is_empty() => self.row_time(collection, head),
            None => match &collection.entity.gone {
                Some(reason) => gone(reason, span),
                None => self.unknown_field(&collection.entity, owner, head),
            },
        }
    }

    /// `.at`: the time of a row; for a date, its midnight.
    pub fn row_time(&mut self, collection: &Collection, name: &Name) -> Typed {
        let span = name.span;
        if let Some(reason) = &collection.entity.gone {
            return gone(reason, span);
        }
        let Some(column) = &collection.at else {
            let finding = Finding::new(
                Code::NoTimeColumn,
                format!("`{}` has no time column", collection.name),
            )
            .help(format!(
                "name it in config.yaml: `at:` of `{}`",
                collection.name
            ));
            return self.refuse(span, finding);
        };
        let row = |ty| Typed::new(Kind::Row(column.clone()), ty, span);
        match collection.at_type {
            Some(ty) if ty.value_type() == Type::Date => midnight(row(Type::Date)),
            Some(_) => row(Type::Instant),
            None => match collection.entity.state(column) {
                Err(reason) => gone(reason, span),
                Ok(_) => unknown(span),
            },
        }
    }

    /// `payments.amount` in a place that needs one value per subject.
    pub fn field_of_many(&mut self, head: &Name, fields: &[Name], span: Span) -> Typed {
        let text = self.quote(span);
        let finding = many_values(&text);
        let takes = ["sum", "avg", "max", "min"].map(|name| format!("{name}({text})"));
        let behind_head = text.split_once('.').map_or("", |(_, behind)| behind);
        let last = format!("last({head}).{behind_head}");
        let fit = self.that_fit(takes.into_iter().chain([last]), Place::Value);
        let shown: Vec<String> = fit.iter().map(|text| quoted(text)).collect();
        let finding = match shown.split_last() {
            Some((last, [])) => finding.help(format!("write {last}")),
            Some((last, others)) => finding.help(format!(
                "say which to take: {} or {last}",
                others.join(", ")
            )),
            // Nothing can be computed from it, which is the mistake.
            None => {
                let told = self.findings.len();
                let owner = head.text.clone();
                let found = match self.collection(&owner) {
                    Some(id) => self.row_field(id, &owner, fields, span),
                    None => unknown(span),
                };
                if self.findings.len() > told {
                    return found;
                }
                finding
            }
        };
        self.refuse(span, finding)
    }

    /// Reports a name that means nothing inside `where`.
    pub fn unknown_in_row(&mut self, collection: &Collection, path: &[Name], span: Span) -> Typed {
        let catalog = self.catalog;
        let Some((head, fields)) = path.split_first() else {
            return unknown(span);
        };
        if let (Some(field), true) = (fields.first(), head.text == collection.name) {
            let rest = self.quote(Span {
                start: field.span.start,
                ..span
            });
            let own = match fields {
                [only] => only.to_string(),
                _ => rest.to_owned(),
            };
            let finding = Finding::new(
                Code::AggregateInFilter,
                format!(
                    "inside `where` it is one row of `{}` that is looked at",
                    head.text
                ),
            );
            return self.refuse(span, finding.help(format!("write {}", quoted(&own))));
        }
        if let Some(reason) = &collection.entity.gone {
            return gone(reason, head.span);
        }
        let subject = &catalog.subject_name;
        let name = &head.text;
        if self.catalog.collections.iter().any(|c| c.name == *name) {
            let finding = self.other_rows(collection, (head, fields), span);
            return self.refuse(span, finding);
        }
        let finding = Finding::new(
            Code::UnknownName,
            format!("`{}` has no column `{name}`", collection.name),
        );
        let of_subject = find(&catalog.subject.columns, name).is_some()
            || catalog.subject.lookups.contains_key(name);
        let names = || {
            let entity = &collection.entity;
            entity
                .columns
                .keys()
                .chain(entity.lookups.keys())
                .map(String::as_str)
        };
        if let Some(refused) = self.bare_column(names(), head) {
            return refused;
        }
        let finding = if of_subject {
            finding.help(format!("the {subject} has one: write `{subject}.{name}`"))
        } else if let Some(help) = self.begun_column(names(), head) {
            finding.help(help)
        } else if let Some(help) = self.far_from_row(collection, (head, fields), span) {
            finding.help(help)
        } else {
            did_you_mean(finding, name, names(), || {
                Some(format!(
                    "a text goes in quotes, such as `\"{name}\"`; its table `{}` has {}",
                    collection.entity.table,
                    listed(names())
                ))
            })
        };
        self.refuse(head.span, finding)
    }

    /// Reports a name that means nothing in what is taken from a row: one of another collection, or one without its
    /// owner.
    pub fn unknown_in_taken(
        &mut self,
        collection: &Collection,
        path: &[Name],
        span: Span,
    ) -> Typed {
        let catalog = self.catalog;
        let Some((head, fields)) = path.split_first() else {
            return unknown(span);
        };
        let (rows, name, subject) = (&collection.name, &head.text, &catalog.subject_name);
        if self.collection(name).is_some() {
            let finding = match fields.is_empty() {
                true => Finding::new(
                    Code::RowAsValue,
                    format!("`{name}` is a collection of rows, not a value"),
                )
                .help(format!("name one of its fields: `{name}.…`")),
                false => Finding::new(
                    Code::WrongArguments,
                    format!("an aggregate takes the rows of one collection, and this one names `{rows}` and `{name}`"),
                )
                .help(format!(
                    "what `{rows}` refers to is reached through its `lookups:` in config.yaml; what is worked out of \
                     each collection by itself can be calculated with outside the parentheses"
                )),
            };
            return self.refuse(span, finding);
        }
        let entity = &collection.entity;
        let of_row = find(&entity.columns, name).is_some() || entity.lookups.contains_key(name);
        let of_row = of_row || (name == "at" && collection.at.is_some());
        let of_subject = find(&catalog.subject.columns, name).is_some()
            || catalog.subject.lookups.contains_key(name);
        let text = self.quote(span);
        let finding = Finding::new(
            Code::UnknownName,
            format!("`{name}` does not say whose it is"),
        );
        let finding = match (of_row, of_subject) {
            (true, true) => finding.help(format!(
                "write `{rows}.{text}` for the row's, or `{subject}.{text}` for the {subject}'s"
            )),
            (true, false) => finding.help(format!("it is a field: write `{rows}.{text}`")),
            (false, true) => finding.help(format!("write `{subject}.{text}`")),
            (false, false) => {
                let names = entity.columns.keys().chain(entity.lookups.keys());
                let names = names.map(String::as_str);
                let finding =
                    Finding::new(Code::UnknownName, format!("nothing is called `{name}`"));
                did_you_mean(finding, name, names.clone(), || {
                    Some(format!(
                        "allowed here are fields such as `{rows}.…`, columns of the {subject} as `{subject}.…`, and metrics"
                    ))
                })
            }
        };
        self.refuse(span, finding)
    }

    /// Warns, once per name, if a row's column hides something else with the same name.
    pub fn warn_of_shadow(&mut self, owner: &str, entity: &Entity, head: &Name) {
        let name = &head.text;
        let metric = self.metrics.get(name.as_str());
        let metric = metric.filter(|_| !self.in_config);
        let (other, place) =
            if find(&entity.columns, name).is_some() && entity.lookups.contains_key(name) {
                ("a lookup", self.lookup_of(owner, name))
            } else if let Some(metric) = metric {
                let metric = self.rules.metrics.get(*metric);
                ("a metric", metric.map(|metric| metric.name.location))
            } else if self.is_health(head) {
                ("the health score", self.score())
            } else if *name == self.catalog.subject_name {
                ("the subject", Some(self.config.subject.name.location))
            } else {
                return;
            };
        if self.told.insert(format!("shadow {owner}.{name}")) {
            let mut finding = Finding::new(
                Code::ShadowedName,
                format!(
                    "`{name}` is a column of `{owner}` and also {other}: the column counts here"
                ),
            );
            if let Some(place) = place {
                finding = finding.related(place, format!("{other}, hidden there"));
            }
            let help = "give one of them another name, so that readers need not know this rule";
            self.tell(head.span, finding.help(help));
        }
    }

    /// Where config defines a lookup of a collection.
    fn lookup_of(&self, collection: &str, name: &str) -> Option<Location> {
        let mut collections = self.config.collections.iter();
        let collection = collections.find(|c| c.name.value == collection)?;
        let mut lookups = collection.lookups.iter().map(|(lookup, _)| lookup);
        lookups
            .find(|lookup| lookup.value == name)
            .map(|lookup| lookup.location)
    }
}

/// A placeholder for a row's field that is named later.
pub(super) fn no_field_yet(span: Span) -> Typed {
    Typed::new(Kind::Constant(Value::Missing), Type::Missing, span)
}
