//! A segment's `filter:` as the condition that it means, in the language of conditions itself, so
//! that it is checked, planned and explained like one that someone wrote.

use super::CheckedField;
use super::checker::Checker;
use super::entries::EntriesTold;
use super::fields_of_config::FieldText;
use super::texts::{Texts, read};
use crate::config::{FieldSource, SEGMENTS_FIELD};
use crate::diagnostic::Finding;
use crate::language::Expr;
use crate::language::ast::{BinaryOp, ExprKind, Name, Span};
use crate::language::typed::Typed;
use crate::rules::{Filter, Segment};
use crate::source::Scalar;

/// What a segment asks, filter and `when:` in one text.
pub(super) struct Question {
    /// The text. Where it is made of a filter, it stands where the filter does.
    text: Scalar,
    /// The text, read.
    expr: Expr,
    /// The `when:` behind a filter: where it begins in the text.
    when: Option<(usize, Scalar)>,
}

impl<'a> Checker<'a> {
    /// What each segment asks; none where it asks nothing, or something that is told to be wrong.
    pub fn questions(
        &mut self,
        texts: &Texts,
        fields: &[Option<CheckedField>],
    ) -> Vec<Option<Question>> {
        let rules = self.rules;
        let mut questions = Vec::with_capacity(rules.segments.len());
        for (segment, when) in rules.segments.iter().zip(&texts.segments) {
            let written = match (&segment.when, when) {
                (Some(_), None) => None,
                _ => self.filtered(segment, texts, fields),
            };
            let plain = || {
                Some(Question {
                    text: segment.when.clone()?,
                    expr: when.clone()?,
                    when: None,
                })
            };
            questions.push(written.or_else(plain));
        }
        questions
    }

    /// What the segments ask, checked; with the texts into which the spans point.
    pub fn segments(
        &mut self,
        questions: &'a [Option<Question>],
    ) -> (Vec<Option<Typed>>, Vec<Option<String>>) {
        let checked = questions.iter().map(|question| {
            let question = question.as_ref()?;
            self.scalar = &question.text;
            self.part = question.when.as_ref().map(|(from, when)| (*from, when));
            let typed = self.condition(&question.expr);
            self.part = None;
            Some((typed, question.text.value.clone()))
        });
        checked.map(Option::unzip).unzip()
    }

    /// A filter with the `when:` beside it; none where there is no filter or it is wrong.
    fn filtered(
        &mut self,
        segment: &Segment,
        texts: &Texts,
        fields: &[Option<CheckedField>],
    ) -> Option<Question> {
        let first = segment.filter.first()?;
        let parts: Vec<Option<String>> = segment
            .filter
            .iter()
            .map(|filter| self.part_of(filter, texts, fields))
            .collect();
        let parts: Option<Vec<String>> = parts.into_iter().collect();
        let mut text = parts?.join(" and ");
        let mut behind = None;
        if let Some(when) = &segment.when {
            text.push_str(" and (");
            behind = Some((text.len(), when.clone()));
            text.push_str(&when.value);
            // A line break ends a comment.
            text.push_str(if when.value.contains('#') { "\n)" } else { ")" });
        }
        let text = Scalar {
            value: text,
            location: first.field.location,
        };
        let expr = read(&text, self.sources, &mut self.findings)?;
        Some(Question {
            text,
            expr,
            when: behind,
        })
    }

    /// One line of a filter as a condition.
    fn part_of(
        &mut self,
        filter: &Filter,
        texts: &Texts,
        fields: &[Option<CheckedField>],
    ) -> Option<String> {
        if filter.field.value == SEGMENTS_FIELD {
            return self.in_segments(filter);
        }
        // A field that config lacks has been taken out of the rules.
        let place = self.catalog.field(&filter.field.value)?;
        let field = fields.get(place)?.as_ref()?;
        let mut values = Some(Vec::with_capacity(filter.values.len()));
        let mut list = EntriesTold::new(self.findings.len(), filter.values.len());
        for value in filter.values.iter() {
            let literal = match list.goes_on(&self.findings) {
                true => self.literal(field, value),
                false => break,
            };
            let told = |finding: Finding| self.findings.push(finding.at(value.location));
            let literal = literal.map_err(told).ok();
            values = values.zip(literal).map(|(mut values, literal)| {
                values.push(literal);
                values
            });
        }
        list.fold(&mut self.findings);
        let source = &self.catalog.fields.get(place)?.source;
        condition(texts.fields.get(place)?, source, &values?)
    }

    fn in_segments(&mut self, filter: &Filter) -> Option<String> {
        let mut parts = Vec::with_capacity(filter.values.len());
        let mut list = EntriesTold::new(self.findings.len(), filter.values.len());
        for id in &filter.values {
            if !list.goes_on(&self.findings) {
                break;
            }
            if self.segments.contains(id.value.as_str()) {
                let name = Name {
                    text: id.value.clone(),
                    span: Span::default(),
                };
                parts.push(format!("in segment {name}"));
            } else {
                let finding = self.unknown_segment(&id.value);
                self.findings.push(finding.at(id.location));
            }
        }
        list.fold(&mut self.findings);
        (parts.len() == filter.values.len()).then(|| any_of(parts))
    }
}

/// The condition that a subject has one of the values.
fn condition(text: &FieldText, source: &FieldSource, values: &[String]) -> Option<String> {
    match (text, source) {
        (FieldText::One(one), _) => Some(one_of(one.as_ref()?, values)),
        (FieldText::Any { of, .. }, FieldSource::Any { share, .. }) => {
            let rows = text.rows()?;
            let with = |condition: Option<String>| {
                let own = rows.filter.as_ref().map(operand);
                let all: Vec<String> = own.into_iter().chain(condition).collect();
                match all.is_empty() {
                    true => rows.expr.to_string(),
                    false => format!("{} where {}", rows.expr, all.join(" and ")),
                }
            };
            let of = of.as_ref()?;
            let Some(share) = share else {
                return Some(format!("exists({})", with(Some(one_of(of, values)))));
            };
            let parts = values.iter().map(|value| {
                let these = with(Some(one_of(of, std::slice::from_ref(value))));
                format!(
                    "exists({these}) and count({these}) >= {} * count({})",
                    percentage(*share),
                    with(None)
                )
            });
            Some(any_of(parts.collect()))
        }
        _ => None,
    }
}

fn one_of(expr: &Expr, values: &[String]) -> String {
    let text = match expr.kind {
        ExprKind::Path(_) | ExprKind::Field(..) | ExprKind::Call(_) | ExprKind::Paren(_) => {
            expr.to_string()
        }
        _ => format!("({expr})"),
    };
    match values {
        [only] => format!("{text} = {only}"),
        _ => format!("{text} in ({})", values.join(", ")),
    }
}

/// A condition as it can stand beside `and`.
fn operand(expr: &Expr) -> String {
    match expr.kind {
        ExprKind::Binary(BinaryOp::Or, ..) => format!("({expr})"),
        _ => expr.to_string(),
    }
}

fn any_of(parts: Vec<String>) -> String {
    match parts.len() {
        1 => parts.concat(),
        _ => format!("({})", parts.join(" or ")),
    }
}

/// A share as people write it, where no digit is lost: `25%`.
fn percentage(share: f64) -> String {
    let percent = (share * 100.0).round();
    match percent / 100.0 == share {
        true => format!("{percent}%"),
        false => share.to_string(),
    }
}
