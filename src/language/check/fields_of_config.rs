//! Checks config's `fields:`: the fields by which segments can be filtered, and the literals that fit each.

use super::checker::{Checker, Frame};
use super::depends::{Node, Vocabulary, collection_of, needs};
use super::expression::a;
use super::operators::{DAYS, no_day};
use super::text_reader::TextReader;
use super::{CheckedField, FieldValues};
use crate::catalog::{Catalog, CollectionId};
use crate::config::{Field, FieldSource};
use crate::diagnostic::{Code, Finding, Severity};
use crate::language::ast::{Arg, Expr, ExprKind, Span};
use crate::language::parse;
use crate::language::typed::{Aggregate, Function, Kind, Measure, Typed};
use crate::source::Scalar;
use crate::value::{Type, Value};

/// The texts of a field as trees; `None` for a text that cannot be parsed.
pub(super) enum FieldText {
    /// One value per subject.
    One(Option<Expr>),
    /// A value of each row.
    Any {
        /// Whether there are such rows: a call of `exists`.
        rows: Option<Expr>,
        /// The row's value.
        of: Option<Expr>,
    },
}

impl FieldText {
    /// Reads the texts of a field.
    pub fn read(source: &FieldSource, reader: &mut TextReader<'_>) -> Self {
        match source {
            FieldSource::One(one) => Self::One(reader.read(one)),
            FieldSource::Any { rows, of, .. } => Self::Any {
                rows: reader.rows(rows),
                of: reader.read(of),
            },
        }
    }

    /// The rows of `any:`: a collection with its window, and their `where`.
    pub fn rows(&self) -> Option<&Arg> {
        match self {
            Self::Any {
                rows:
                    Some(Expr {
                        kind: ExprKind::Call(call),
                        ..
                    }),
                ..
            } => call.args.first(),
            _ => None,
        }
    }

    /// What a field depends on.
    pub fn needs(&self, words: &Vocabulary<'_>) -> Vec<(Node, Span)> {
        let texts = self.texts(words.catalog).into_iter();
        texts.flat_map(|(e, row)| needs(e, row, words)).collect()
    }

    /// Its texts, each with the collection whose row it is about.
    pub fn texts(&self, catalog: &Catalog) -> Vec<(&Expr, Option<CollectionId>)> {
        match self {
            Self::One(one) => one.iter().map(|e| (e, None)).collect(),
            Self::Any { rows, of, .. } => {
                let collection = self
                    .rows()
                    .and_then(|rows| collection_of(&rows.expr, catalog));
                let of = of.iter().filter(|_| collection.is_some());
                let rows = rows.iter().map(|e| (e, None));
                rows.chain(of.map(|e| (e, collection))).collect()
            }
        }
    }
}

impl CheckedField {
    /// A value of the field; `None` if its table or column is gone.
    pub fn value(&self) -> Option<&Typed> {
        match &self.source {
            FieldValues::One(value) => Some(value),
            FieldValues::Any(rows) => rows.measure.field(),
            FieldValues::Gone(_) => None,
        }
    }
}

impl Checker<'_> {
    /// The fields by which segments can be filtered; `None` for a field that is wrong, which has been reported.
    pub fn fields(&mut self, texts: &[FieldText]) -> Vec<Option<CheckedField>> {
        let fields = self.config.fields.iter().zip(texts).map(|(field, text)| {
            let told = self.findings.len();
            let checked = CheckedField {
                id: field.id.value.clone(),
                source: self.field(text)?,
            };
            self.closed_list(field, &checked);
            let told = self.findings.get(told..).unwrap_or_default();
            (!told.iter().any(Finding::is_error)).then_some(checked)
        });
        fields.collect()
    }

    fn field(&mut self, text: &FieldText) -> Option<FieldValues> {
        Some(match text {
            FieldText::One(one) => match self.field_value(one.as_ref()?) {
                Typed {
                    kind: Kind::Gone(reason),
                    ..
                } => FieldValues::Gone(reason),
                value => FieldValues::One(value),
            },
            FieldText::Any { rows, of } => {
                let (rows, of) = (rows.as_ref()?, of.as_ref()?);
                match self.rows_of_field(rows)? {
                    Ok(rows) => self.values_of_rows(rows, of),
                    Err(reason) => FieldValues::Gone(reason),
                }
            }
        })
    }

    /// The rows of `any:`, or why they are gone; `None` if they are wrong.
    fn rows_of_field(&mut self, exists: &Expr) -> Option<Result<Aggregate, String>> {
        let typed = self.value(exists);
        match typed.kind {
            Kind::Aggregate(rows) if rows.measure == Measure::Exists => Some(Ok(*rows)),
            Kind::Gone(reason) => Some(Err(reason)),
            _ => None,
        }
    }

    fn values_of_rows(&mut self, rows: Aggregate, of: &Expr) -> FieldValues {
        self.frame = Frame::Row(rows.collection);
        let value = self.field_value(of);
        self.frame = Frame::Subject;
        match value.kind {
            Kind::Gone(reason) => FieldValues::Gone(reason),
            _ => FieldValues::Any(Box::new(Aggregate {
                measure: Measure::CountDistinct(value),
                ..rows
            })),
        }
    }

    /// A value that a filter can name: any type except an instant.
    fn field_value(&mut self, expr: &Expr) -> Typed {
        let typed = self.value(expr);
        if typed.ty != Type::Instant {
            return typed;
        }
        let text = self.quote(expr.span);
        let finding = Finding::new(
            Code::WrongType,
            format!("`{text}` is a point in time, and a filter cannot name its values"),
        )
        .help(format!(
            "take its day, `date({text})` or `day_of_week({text})`, or write the window in `when:`"
        ));
        self.refuse(expr.span, finding)
    }

    /// The values of a closed list must be among those that the field can have.
    fn closed_list(&mut self, field: &Field, checked: &CheckedField) {
        for listed in field.values.iter().flatten() {
            if let Err(finding) = self.literal(checked, listed) {
                self.findings.push(finding.at(listed.location));
            }
        }
        let (Some(listed), Some(first)) = (&field.values, field.values.iter().flatten().next())
        else {
            return;
        };
        let mut yielded = Vec::new();
        if let Some(value) = checked.value() {
            self.texts_of(value, &mut yielded);
        }
        yielded.retain(|text| !listed.iter().any(|value| value.value == **text));
        yielded.dedup();
        for text in yielded {
            let message = format!(
                "`{}` can be `{text}`, which is missing from its `values:`",
                checked.id
            );
            let finding = Finding {
                severity: Severity::Warning,
                ..Finding::new(Code::UnknownFieldValue, message)
            };
            self.findings.push(
                finding
                    .at(first.location)
                    .label("the list begins here")
                    .help(format!("add `{text}`: without it, no filter can name it")),
            );
        }
    }

    /// The texts that a value can be, as far as they are literals in it: those in the branches of `if` and `default`.
    fn texts_of(&self, value: &Typed, texts: &mut Vec<String>) {
        match self.behind_metrics(&value.kind) {
            Kind::Constant(Value::Text(text)) => texts.push(text.clone()),
            Kind::Call(Function::If, args) => {
                let branches = args.iter().skip(1);
                branches.for_each(|branch| self.texts_of(branch, texts));
            }
            Kind::Call(Function::Default, args) => {
                args.iter().for_each(|arg| self.texts_of(arg, texts));
            }
            _ => {}
        }
    }

    /// A value of a filter as a literal of the field's type, or what is wrong with it. If the field's type is unknown,
    /// it is a text.
    pub fn literal(&self, checked: &CheckedField, value: &Scalar) -> Result<Expr, Finding> {
        let text = value.value.trim();
        let id = &checked.id;
        let of = checked.value();
        let kind = of.map(|of| self.behind_metrics(&of.kind));
        let days = matches!(kind, Some(Kind::Call(Function::DayOfWeek, _)));
        if days && !DAYS.contains(&text) {
            return Err(no_day(text));
        }
        let ty = of.map_or(Type::Unknown, |of| of.ty);
        let fits: fn(&ExprKind) -> bool = match ty {
            Type::Number | Type::Money => is_number,
            Type::Date => |kind| matches!(kind, ExprKind::Date(_)),
            Type::Truth => |kind| matches!(kind, ExprKind::Truth(_)),
            _ => return Ok(Expr::made(ExprKind::Text(value.value.clone()))),
        };
        if let Some(literal) = parse(text).ok().filter(|expr| fits(&expr.kind)) {
            return Ok(literal);
        }
        let wants = match ty {
            Type::Truth => "`yes` or `no`",
            Type::Date => "a date, as `2025-06-01`",
            _ => "a number",
        };
        let finding = Finding::new(
            Code::WrongType,
            format!("a value of `{id}` is {}, and this is `{text}`", a(ty)),
        );
        Err(finding.help(format!("write {wants}")))
    }
}

fn is_number(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::Number(_) => true,
        ExprKind::Negate(inner) => matches!(inner.kind, ExprKind::Number(_)),
        _ => false,
    }
}
