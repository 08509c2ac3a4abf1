//! Config's `fields:`: what segments may be filtered by, and the literals that fit each.

use super::checker::{Checker, Frame};
use super::depends::{Node, Vocabulary, collection_of, needs};
use super::expression::a;
use super::operators::{DAYS, no_day};
use super::texts::{read, read_part};
use super::{CheckedField, FieldValues};
use crate::config::{Field, FieldSource};
use crate::diagnostic::{Code, Finding, Severity};
use crate::language::ast::{Arg, Expr, ExprKind, Span};
use crate::language::parse;
use crate::language::print::in_quotes;
use crate::language::typed::{Aggregate, Function, Kind, Measure, Typed};
use crate::source::{Scalar, Sources};
use crate::value::{Type, Value};

/// Stands before the rows of `any:`, so that they can be read as what they are: an argument.
const BEFORE_ROWS: &str = "exists(";

/// The texts of a field as trees; none where a text cannot be read.
pub(super) enum FieldText {
    /// One value per subject.
    One(Option<Expr>),
    /// One of each row.
    Any {
        /// The rows as the argument of `exists`.
        exists: Scalar,
        /// The same, read.
        rows: Option<Expr>,
        /// The row's value.
        of: Option<Expr>,
    },
}

impl FieldText {
    /// Reads the texts of a field.
    pub fn read(source: &FieldSource, sources: &Sources, findings: &mut Vec<Finding>) -> Self {
        match source {
            FieldSource::One(one) => Self::One(read(one, sources, findings)),
            FieldSource::Any { rows, of, .. } => {
                // The line break ends a comment.
                let text = format!("{BEFORE_ROWS}{}\n)", rows.value);
                let from = BEFORE_ROWS.len();
                Self::Any {
                    rows: read_part(&text, from, rows, sources, findings),
                    exists: Scalar {
                        value: text,
                        location: rows.location,
                    },
                    of: read(of, sources, findings),
                }
            }
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

    /// What a field needs.
    pub fn needs(&self, words: &Vocabulary<'_>) -> Vec<(Node, Span)> {
        match self {
            Self::One(one) => one.iter().flat_map(|e| needs(e, None, words)).collect(),
            Self::Any { rows, of, .. } => {
                let collection = self
                    .rows()
                    .and_then(|rows| collection_of(&rows.expr, words.catalog));
                let of = of.iter().filter(|_| collection.is_some());
                rows.iter()
                    .flat_map(|e| needs(e, None, words))
                    .chain(of.flat_map(|e| needs(e, collection, words)))
                    .collect()
            }
        }
    }
}

impl CheckedField {
    /// A value of the field; none where its table or column is gone.
    pub fn value(&self) -> Option<&Typed> {
        match &self.source {
            FieldValues::One(value) => Some(value),
            FieldValues::Any(rows) => rows.measure.field(),
            FieldValues::Gone(_) => None,
        }
    }
}

impl<'a> Checker<'a> {
    /// What segments may be filtered by; none where a field is wrong, which has been told.
    pub fn fields(&mut self, texts: &'a [FieldText]) -> Vec<Option<CheckedField>> {
        let catalog = self.catalog;
        let fields = catalog.fields.iter().zip(texts).map(|(field, text)| {
            let told = self.findings.len();
            let checked = CheckedField {
                id: field.id.value.clone(),
                source: self.field(&field.source, text)?,
            };
            self.closed_list(field, &checked);
            let told = self.findings.get(told..).unwrap_or_default();
            (!told.iter().any(Finding::is_error)).then_some(checked)
        });
        fields.collect()
    }

    fn field(&mut self, source: &'a FieldSource, text: &'a FieldText) -> Option<FieldValues> {
        Some(match (source, text) {
            (FieldSource::One(scalar), FieldText::One(one)) => {
                self.scalar = scalar;
                match self.field_value(one.as_ref()?) {
                    Typed {
                        kind: Kind::Gone(reason),
                        ..
                    } => FieldValues::Gone(reason),
                    value => FieldValues::One(value),
                }
            }
            (
                FieldSource::Any { rows, of, .. },
                FieldText::Any {
                    exists,
                    rows: read,
                    of: value,
                },
            ) => {
                let (read, value) = (read.as_ref()?, value.as_ref()?);
                self.scalar = exists;
                self.part = Some((BEFORE_ROWS.len(), rows));
                let rows = self.rows_of_field(read);
                self.part = None;
                self.scalar = of;
                match rows?.map(|rows| self.values_of_rows(rows, value)) {
                    Ok(values) => values,
                    Err(reason) => FieldValues::Gone(reason),
                }
            }
            _ => return None,
        })
    }

    /// The rows of `any:`, or why they are gone; none where they are wrong.
    fn rows_of_field(&mut self, exists: &Expr) -> Option<Result<Aggregate, String>> {
        let typed = self.value(exists);
        match typed.kind {
            Kind::Aggregate(rows) if rows.measure == Measure::Exists => Some(Ok(*rows)),
            Kind::Gone(reason) => Some(Err(reason)),
            _ if typed.ty == Type::Unknown => None,
            _ => {
                let finding = Finding::new(
                    Code::InvalidValue,
                    "`any` takes the rows of one collection, and this is more",
                )
                .help("for example `any: visits in last 90 days`");
                self.tell(exists.span, finding);
                None
            }
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

    /// A value that can be named in a filter: any but a point in time.
    fn field_value(&mut self, expr: &Expr) -> Typed {
        let typed = self.value(expr);
        if typed.ty != Type::Instant {
            return typed;
        }
        let text = self.quote(expr.span);
        let finding = Finding::new(
            Code::WrongType,
            format!("`{text}` is a point in time, of which a filter cannot name the values"),
        )
        .help(format!(
            "take its day, `date({text})` or `day_of_week({text})`, or write the window in `when:`"
        ));
        self.refuse(expr.span, finding)
    }

    /// The values of a closed list must be some that the field can have.
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
            let message = format!("`{}` can be `{text}`, which its `values:` lack", checked.id);
            let finding = Finding {
                severity: Severity::Warning,
                ..Finding::new(Code::UnknownFieldValue, message)
            };
            self.findings.push(
                finding
                    .at(first.location)
                    .label("the list begins here")
                    .help(format!("add `{text}`: no filter can name it otherwise")),
            );
        }
    }

    /// The texts that a value can be, as far as they are written in it: those of the branches of `if`
    /// and `default`.
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

    /// A value of a filter as it is written in a condition; or what is wrong with it.
    /// Where nobody can tell the field's type, it is a text.
    pub fn literal(&self, checked: &CheckedField, value: &Scalar) -> Result<String, Finding> {
        let text = value.value.trim();
        let id = &checked.id;
        let of = checked.value();
        let kind = of.map(|of| self.behind_metrics(&of.kind));
        let days = matches!(kind, Some(Kind::Call(Function::DayOfWeek, _)));
        if days && !DAYS.contains(&text) {
            return Err(no_day(text));
        }
        let lower = text.to_ascii_lowercase();
        let fits = |fits: fn(&ExprKind) -> bool| parse(text).is_ok_and(|e| fits(&e.kind));
        let ty = of.map_or(Type::Unknown, |of| of.ty);
        let fits = match ty {
            Type::Number | Type::Money => fits(is_number),
            Type::Date => fits(|kind| matches!(kind, ExprKind::Date(_))),
            Type::Truth => matches!(lower.as_str(), "yes" | "no" | "true" | "false"),
            _ => return Ok(in_quotes(&value.value, '"')),
        };
        if fits {
            return Ok(lower);
        }
        let wants = match ty {
            Type::Truth => "`yes` or `no`",
            Type::Date => "a date, as `2025-06-01`",
            _ => "a number",
        };
        let finding = Finding::new(
            Code::WrongType,
            format!("a value of `{id}` is {}, and here is `{text}`", a(ty)),
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
