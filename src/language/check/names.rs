//! Resolves names, outside and inside `where`.

use super::MetricDefinition;
use super::checker::{Checker, Frame, Many, Meaning, Rows, did_you_mean, gone, listed, unknown};
use super::expression::{a, truth};
use super::fields::find;
use super::health::VALUE;
use crate::catalog::{CollectionId, ColumnRef, ColumnState};
use crate::config::HEALTH;
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{Expr, ExprKind, Name, Span};
use crate::language::name;
use crate::language::typed::{Kind, Typed};
use crate::value::Type;

impl Checker<'_> {
    /// A name with its fields: `visits_30d`, `client.birthday`, `class.category`.
    pub fn path(&mut self, path: &[Name], span: Span) -> Meaning {
        let Some((head, fields)) = path.split_first() else {
            return Meaning::Value(unknown(span));
        };
        match self.frame {
            Frame::Subject | Frame::Member => self.subject_path(head, fields, span),
            Frame::Segment => Meaning::Value(
                self.of_each_member(span, |checker| checker.subject_path(head, fields, span)),
            ),
            Frame::Row(collection) => self.row_path(collection, path, span),
            Frame::Taken(collection) => self.taken_path(collection, path, span),
        }
    }

    /// Resolves in this order: a metric, the subject itself, its columns and lookups, a collection.
    fn subject_path(&mut self, head: &Name, fields: &[Name], span: Span) -> Meaning {
        let catalog = self.catalog;
        if let Some(value) = self.factor.as_ref().filter(|_| head.text == VALUE)
            && fields.is_empty()
        {
            return Meaning::Value(Typed {
                span,
                ..value.clone()
            });
        }
        if !self.in_config && self.metrics.contains_key(head.text.as_str()) {
            return self.metric_path(head, fields, span);
        }
        if self.is_health(head) {
            return Meaning::Value(self.health_itself(head, fields, span));
        }
        if head.text == catalog.subject_name {
            return Meaning::Value(self.subject_itself(head, fields, span));
        }
        if let Some(found) = self.entity_path(&catalog.subject, head, fields, span, Kind::Subject) {
            return Meaning::Value(found);
        }
        if !self.in_config
            && let Some(collection) = self.collection(&head.text)
        {
            if !fields.is_empty() {
                return Meaning::Value(self.field_of_many(head, fields, span));
            }
            return Meaning::Rows(Rows {
                collection,
                name: head.text.clone(),
                window: None,
            });
        }
        if let Some(reason) = &catalog.subject.gone {
            return Meaning::Value(gone(reason, span));
        }
        Meaning::Value(self.unknown_name(head, fields))
    }

    /// Whether a name is that of the health score.
    pub fn is_health(&self, name: &Name) -> bool {
        !self.in_config && self.config.health.is_some() && name.text == HEALTH
    }

    fn health_itself(&mut self, head: &Name, fields: &[Name], span: Span) -> Typed {
        let Some(field) = fields.first() else {
            return Typed::new(Kind::Health, Type::Number, span);
        };
        let message = format!(
            "`{}` is a number and has no field `{}`",
            head.text, field.text
        );
        self.refuse(field.span, Finding::new(Code::UnknownField, message))
    }

    /// `client.birthday`: a column of the subject by its full name.
    fn subject_itself(&mut self, head: &Name, fields: &[Name], span: Span) -> Typed {
        let catalog = self.catalog;
        let Some((field, rest)) = fields.split_first() else {
            let finding = Finding::new(
                Code::RowAsValue,
                format!("`{}` is the whole row, not a value", head.text),
            )
            .help(format!(
                "name one of its columns, for example {}",
                quoted(&name::path(&[&head.text, &catalog.key]))
            ));
            return self.refuse(span, finding);
        };
        match self.entity_path(&catalog.subject, field, rest, span, Kind::Subject) {
            Some(found) => found,
            None => match &catalog.subject.gone {
                Some(reason) => gone(reason, span),
                None if self.stands_alone(&field.text) => {
                    let (subject, name) = (&head.text, &field.text);
                    let finding = Finding::new(
                        Code::UnknownField,
                        format!("`{subject}` has no column `{name}`"),
                    )
                    .help(format!("write `{name}`: only columns follow `{subject}.`"));
                    self.refuse(span, finding)
                }
                None => self.unknown_field(&catalog.subject, &head.text, field),
            },
        }
    }

    fn metric_path(&mut self, head: &Name, fields: &[Name], span: Span) -> Meaning {
        let known = self
            .metrics
            .get(head.text.as_str())
            .and_then(|place| self.known.get(*place))
            .cloned()
            .flatten();
        let Some(known) = known else {
            return Meaning::Value(unknown(span));
        };
        match (known.definition, fields.split_first()) {
            (MetricDefinition::Row(row), None) => Meaning::Row(row),
            (MetricDefinition::Row(row), Some(_)) => {
                Meaning::Value(self.field_of_row(*row, &head.text, fields, span))
            }
            (MetricDefinition::Value(value), None) => {
                Meaning::Value(metric_value(&head.text, &value, span))
            }
            (MetricDefinition::Value(value), Some((field, _))) => {
                if value.ty == Type::Unknown {
                    return Meaning::Value(metric_value(&head.text, &value, span));
                }
                let finding = Finding::new(
                    Code::UnknownField,
                    format!(
                        "`{}` is {} and has no field `{}`",
                        head.text,
                        a(value.ty),
                        field.text
                    ),
                );
                Meaning::Value(self.refuse(field.span, finding))
            }
        }
    }

    /// Inside `where`: the row's columns and lookups, `at`, the subject's columns, metrics of one subject.
    fn row_path(&mut self, id: CollectionId, path: &[Name], span: Span) -> Meaning {
        let catalog = self.catalog;
        let (Some(collection), Some((head, fields))) =
            (catalog.collections.get(id), path.split_first())
        else {
            return Meaning::Value(unknown(span));
        };
        if let Some(found) = self.entity_path(&collection.entity, head, fields, span, Kind::Row) {
            self.warn_of_shadow(&collection.name, &collection.entity, head);
            return Meaning::Value(found);
        }
        if head.text == "at" && fields.is_empty() {
            return Meaning::Value(self.row_time(collection, head));
        }
        match self.of_the_subject(head, fields, span) {
            Some(meaning) => meaning,
            None => Meaning::Value(self.unknown_in_row(collection, path, span)),
        }
    }

    /// In what an aggregate takes from a row: the row's fields with their collection's name, the subject's columns,
    /// metrics of one subject.
    fn taken_path(&mut self, id: CollectionId, path: &[Name], span: Span) -> Meaning {
        let (Some(collection), Some((head, fields))) =
            (self.catalog.collections.get(id), path.split_first())
        else {
            return Meaning::Value(unknown(span));
        };
        if head.text == collection.name && !fields.is_empty() {
            return Meaning::Value(self.row_field(id, &head.text, fields, span));
        }
        match self.of_the_subject(head, fields, span) {
            Some(meaning) => meaning,
            None => Meaning::Value(self.unknown_in_taken(collection, path, span)),
        }
    }

    /// In a row expression: a name of the row's subject, which is known before its rows are read.
    fn of_the_subject(&mut self, head: &Name, fields: &[Name], span: Span) -> Option<Meaning> {
        if head.text == self.catalog.subject_name {
            return Some(Meaning::Value(self.subject_itself(head, fields, span)));
        }
        if self.is_health(head) {
            return Some(Meaning::Value(self.many_in_filter(head, &Many::Health)));
        }
        let place = self.metrics.get(head.text.as_str());
        let place = *place.filter(|_| !self.in_config)?;
        let known = self.known.get(place).and_then(Option::as_ref);
        match known.and_then(|known| known.many.clone()) {
            Some(many) => Some(Meaning::Value(self.many_in_filter(head, &many))),
            None => Some(self.metric_path(head, fields, span)),
        }
    }

    /// Refuses what is known only after the rows have been read.
    fn many_in_filter(&mut self, head: &Name, many: &Many) -> Typed {
        let asks = match many {
            Many::Population => format!("compares {}", self.config.subject.plural),
            Many::Segment(id) => format!("asks for the segment `{id}`"),
            Many::Health => "is made of what has been counted".to_owned(),
        };
        let finding = Finding::new(
            Code::AggregateInFilter,
            format!("`{}` {asks}, and {}", head.text, self.one_row()),
        );
        let help = "compare it outside the parentheses, beside the aggregate";
        self.refuse(head.span, finding.help(help))
    }

    /// `in segment loyal`
    pub fn member(&mut self, id: &Name, span: Span) -> Typed {
        if self.frame == Frame::Segment {
            return self.of_each_member(span, |checker| Meaning::Value(checker.member(id, span)));
        }
        if self.among_rows() {
            let finding = Finding::new(
                Code::AggregateInFilter,
                format!(
                    "`in segment` asks about a {}, and {}",
                    self.catalog.subject_name,
                    self.one_row()
                ),
            )
            .help(if self.in_config {
                "config comes before all segments; put the condition into a rule file"
            } else {
                "put it beside the aggregate: `in segment … and count(…) > 0`"
            });
            return self.refuse(span, finding);
        }
        if self.segments.contains(id.text.as_str()) {
            return truth(Kind::Member(id.text.clone()), span);
        }
        let finding = self.unknown_segment(&id.text);
        self.refuse(id.span, finding)
    }

    /// `in list vip`
    pub fn listed(&mut self, name: &Name, span: Span) -> Typed {
        if self.frame == Frame::Segment {
            return self.of_each_member(span, |checker| Meaning::Value(checker.listed(name, span)));
        }
        let catalog = self.catalog;
        let Some(list) = catalog.lists.iter().find(|list| list.name == name.text) else {
            let finding = Finding::new(
                Code::UnknownList,
                format!("config defines no list `{}`", name.text),
            );
            let names = || catalog.lists.iter().map(|list| list.name.as_str());
            let finding = did_you_mean(finding, &name.text, names(), || {
                Some(match catalog.lists.is_empty() {
                    true => format!(
                        "name its file in config.yaml: `lists: {{ {0}: {{ file: lists/{0}.csv }} }}`",
                        name.text
                    ),
                    false => format!("the lists are {}", listed(names())),
                })
            });
            return self.refuse(name.span, finding);
        };
        let value = self.subject_text(&list.column, span);
        match value.kind {
            Kind::Gone(_) => value,
            _ => truth(Kind::Listed(Box::new(value), list.name.clone()), span),
        }
    }

    /// A column of the subject as texts, whatever its type, or why it cannot be read.
    pub fn subject_text(&self, column: &str, span: Span) -> Typed {
        let subject = &self.catalog.subject;
        let reason = match subject.columns.get(column) {
            Some(ColumnState::Gone(reason)) => Some(reason),
            _ => None,
        };
        if let Some(reason) = subject.gone.as_ref().or(reason) {
            return gone(reason.clone(), span);
        }
        let column = ColumnRef {
            lookup: None,
            column: column.to_owned(),
        };
        Typed::new(Kind::Subject(column), Type::Text, span)
    }

    /// The message about an id that no segment has.
    pub fn unknown_segment(&self, id: &str) -> Finding {
        let finding = Finding::new(
            Code::UnknownSegment,
            format!("no rule file defines a segment `{id}`"),
        );
        let mut segments = self.rules.segments.iter();
        if let Some(named) = segments.find(|s| s.name.eq_ignore_ascii_case(id)) {
            let help = format!(
                "write `{}`: that is its name, and this its id",
                named.id.value
            );
            return finding.help(help);
        }
        let mut ids: Vec<&str> = self.segments.iter().copied().collect();
        ids.sort_unstable();
        did_you_mean(finding, id, ids.iter().copied(), || {
            Some(format!("the segments are {}", listed(ids.iter().copied())))
        })
    }

    /// A collection by its name.
    pub fn collection(&self, name: &str) -> Option<CollectionId> {
        self.catalog.collections.position(|c| c.name == name)
    }

    /// Whether a name is that of a metric or a collection.
    fn stands_alone(&self, name: &str) -> bool {
        !self.in_config && (self.metrics.contains_key(name) || self.collection(name).is_some())
    }

    /// Whether a name means something other than a collection.
    pub fn names_a_value(&self, name: &str) -> bool {
        let entity = &self.catalog.subject;
        self.metrics.contains_key(name)
            || (self.config.health.is_some() && name == HEALTH)
            || name == self.catalog.subject_name
            || entity.lookups.contains_key(name)
            || entity.columns.keys().any(|c| c.eq_ignore_ascii_case(name))
    }

    /// The definition of a metric, through any number of names; anything else unchanged.
    pub fn behind_metrics<'k>(&'k self, mut kind: &'k Kind) -> &'k Kind {
        while let Kind::Metric(name) = kind {
            let place = self.metrics.get(name.as_str());
            let known = place.and_then(|p| self.known.get(*p)?.as_ref());
            match known.map(|k| &k.definition) {
                Some(MetricDefinition::Value(value)) => kind = &value.kind,
                _ => break,
            }
        }
        kind
    }

    fn unknown_name(&mut self, head: &Name, fields: &[Name]) -> Typed {
        let name = &head.text;
        let catalog = self.catalog;
        let subject = &catalog.subject;
        let is_of_subject = fields.first().is_some_and(|field| {
            find(&subject.columns, &field.text).is_some()
                || subject.lookups.contains_key(&field.text)
        });
        let columns = subject.columns.keys().map(String::as_str);
        if let Some(refused) = self.bare_column(columns.clone(), head) {
            return refused;
        }
        let part = self.begun_column(columns, head);
        let finding = Finding::new(Code::UnknownName, format!("nothing is called `{name}`"));
        let finding = if self.segments.contains(name.as_str()) {
            finding.help(format!("it is a segment: write `in segment {name}`"))
        } else if self.catalog.scopes.iter().any(|(s, _)| s == name) {
            finding.help(format!(
                "it is a scope: it stands after `within`, as in `within {name}`"
            ))
        } else if self.is_null(&Expr::made(ExprKind::Path(vec![head.clone()]))) {
            finding.help("ask with `is missing` or `is present` whether there is a value")
        } else if self.follows_dashes(head) {
            finding.help("a comment begins with `#`, not with `--`")
        } else if let Some(help) = part {
            finding.help(help)
        } else if let Some(help) = self.word_of_elsewhere(name) {
            finding.help(help)
        } else if is_of_subject && self.collection(name).is_none() {
            let own = &self.catalog.subject_name;
            finding.help(format!(
                "write `{own}`: that is what config calls the subject"
            ))
        } else {
            let candidates = self.vocabulary();
            did_you_mean(finding, name, candidates.iter().map(String::as_str), || {
                Some(format!(
                    "a text goes in quotes, such as `\"{name}\"`; a metric is defined under \
                     `metrics:`; `muster check --catalog` lists every name"
                ))
            })
        };
        self.refuse(head.span, finding)
    }

    /// `-- remark`
    fn follows_dashes(&self, head: &Name) -> bool {
        let before = self.quote(Span {
            start: 0,
            end: head.span.start,
            ..head.span
        });
        before.trim_end().ends_with("--")
    }

    /// Every name that can begin a path outside `where`.
    fn vocabulary(&self) -> Vec<String> {
        let catalog = self.catalog;
        let mut names: Vec<String> = Vec::new();
        if !self.in_config {
            names.extend(self.metrics.keys().map(|n| (*n).to_owned()));
            names.extend(catalog.collections.iter().map(|c| c.name.clone()));
            names.extend(self.config.health.iter().map(|_| HEALTH.to_owned()));
        }
        names.extend(catalog.subject.columns.keys().cloned());
        names.extend(catalog.subject.lookups.keys().cloned());
        names.push(catalog.subject_name.clone());
        names.extend(self.factor.iter().map(|_| VALUE.to_owned()));
        names.sort();
        names
    }
}

/// A metric where it is used. An unknown value stays unknown.
fn metric_value(name: &str, value: &Typed, span: Span) -> Typed {
    Typed::new(Kind::Metric(name.to_owned()), value.ty, span)
}
