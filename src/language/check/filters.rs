//! Converts a segment's `filter:` into the condition that it means, so that it is checked, lowered and explained like a
//! written condition.

use std::ops::Range;

use super::CheckedField;
use super::checker::Checker;
use super::entries::EntriesTold;
use super::fields_of_config::FieldText;
use super::texts::Texts;
use crate::config::{FieldSource, SEGMENTS_FIELD};
use crate::diagnostic::{Code, Finding};
use crate::index::IndexVec;
use crate::language::Expr;
use crate::language::ast::{Arg, BinaryOp, ExprKind, NumberLiteral, Span};
use crate::language::made::{binary, call_of, name, paren};
use crate::language::typed::Typed;
use crate::rules::SegmentId;
use crate::rules::{Filter, Segment};
use crate::source::{Location, Scalar};

/// The maximum number of expressions that one line of a filter may become. A `share` reads all its rows twice for each
/// value, so a short file could otherwise become a tree that fills the memory.
const MOST_PARTS: usize = 20_000;

impl Checker<'_> {
    /// The checked condition of each segment, filter and `when:` together; `None` if there is neither, or if its
    /// `when:` cannot be parsed.
    pub fn segments(
        &mut self,
        texts: &Texts,
        fields: &[Option<CheckedField>],
    ) -> IndexVec<SegmentId, Option<Typed>> {
        let rules = self.rules;
        let mut checked = IndexVec::new();
        for (segment, when) in rules.segments.zip(&texts.segments) {
            let filtered = match (&segment.when, when) {
                (Some(_), None) => None,
                _ => self.filtered(segment, when.as_ref(), texts, fields),
            };
            let question = filtered.or_else(|| when.clone());
            checked.push(question.map(|question| self.condition(&question)));
        }
        checked
    }

    /// A filter joined with the segment's `when:`; `None` if there is no filter or it is wrong.
    fn filtered(
        &mut self,
        segment: &Segment,
        when: Option<&Expr>,
        texts: &Texts,
        fields: &[Option<CheckedField>],
    ) -> Option<Expr> {
        let first = segment.filter.first()?;
        let parts: Vec<Option<Vec<Expr>>> = segment
            .filter
            .iter()
            .map(|filter| self.part_of(filter, texts, fields))
            .collect();
        let parts: Option<Vec<Vec<Expr>>> = parts.into_iter().collect();
        let parts = parts?;
        let keys = segment.filter.iter().zip(&parts);
        let keys = keys.flat_map(|(filter, parts)| parts.iter().map(|_| filter.field.location));
        let keys: Vec<Location> = keys.collect();
        let mut tree = chain(BinaryOp::And, parts.concat())?;
        let mut value = tree.lay_out();
        let mut spans = Vec::with_capacity(keys.len());
        links(&tree, keys.len(), &mut spans);
        let lines = spans.into_iter().zip(keys).collect();
        if let (Some(when), Some(written)) = (when, &segment.when) {
            // A line break ends a comment.
            let end = if written.value.contains('#') {
                "\n)"
            } else {
                ")"
            };
            value = format!("{value} and ({}{end}", written.value);
            tree = Expr {
                span: Span {
                    text: None,
                    start: 0,
                    end: value.len(),
                },
                ..binary(BinaryOp::And, tree, paren(when.clone()))
            };
        }
        let location = first.field.location;
        self.source_map
            .add_lines(Scalar { value, location }, &mut tree, lines);
        Some(tree)
    }

    /// One line of a filter as conditions, all of which must hold.
    fn part_of(
        &mut self,
        filter: &Filter,
        texts: &Texts,
        fields: &[Option<CheckedField>],
    ) -> Option<Vec<Expr>> {
        if filter.field.value == SEGMENTS_FIELD {
            return self.in_segments(filter).map(|one| vec![one]);
        }
        // A field that config lacks has already been removed from the rules.
        let place = self.config.field(&filter.field.value)?;
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
        let (text, source) = (
            texts.fields.get(place)?,
            &self.config.fields.get(place)?.source,
        );
        let values = values?;
        let parts = parts_of_shares(text, source, &values);
        if parts > MOST_PARTS {
            let message = format!(
                "this filter asks for {parts} things: {} values, and for the share of each twice all that `{}` is made of; \
                 at most {MOST_PARTS} can be asked for",
                values.len(),
                filter.field.value,
            );
            let finding = Finding::new(Code::TooLarge, message).at(filter.field.location);
            self.findings.push(finding.help(
                "name fewer values, or make what the field's rows and value are a column of the database",
            ));
            return None;
        }
        condition(text, source, values)
    }

    fn in_segments(&mut self, filter: &Filter) -> Option<Expr> {
        let mut parts = Vec::with_capacity(filter.values.len());
        let mut list = EntriesTold::new(self.findings.len(), filter.values.len());
        for id in &filter.values {
            if !list.goes_on(&self.findings) {
                break;
            }
            if self.segments.contains(id.value.as_str()) {
                parts.push(Expr::made(ExprKind::InSegment(name(&id.value))));
            } else {
                let finding = self.unknown_segment(&id.value);
                self.findings.push(finding.at(id.location));
            }
        }
        list.fold(&mut self.findings);
        (parts.len() == filter.values.len()).then(|| any_of(parts))?
    }
}

/// How many expressions a filter by shares becomes; 0 for any other filter, whose size does not grow in this way.
fn parts_of_shares(text: &FieldText, source: &FieldSource, values: &[Expr]) -> usize {
    let FieldSource::Any { share: Some(_), .. } = source else {
        return 0;
    };
    let first = values.first().cloned();
    let one = first.and_then(|value| condition(text, source, vec![value]));
    let mut parts = 0;
    for mut part in one.into_iter().flatten() {
        part.each_mut(&mut |_| parts += 1);
    }
    parts * values.len()
}

/// The conditions under which a subject has one of the values.
fn condition(text: &FieldText, source: &FieldSource, values: Vec<Expr>) -> Option<Vec<Expr>> {
    match (text, source) {
        (FieldText::One(one), _) => Some(vec![one_of(one.as_ref()?, values)]),
        (FieldText::Any { of, .. }, FieldSource::Any { share, .. }) => {
            let (rows, of) = (text.rows()?, of.as_ref()?);
            let Some(share) = share else {
                return Some(vec![over("exists", rows, Some(one_of(of, values)))]);
            };
            let mut each = values.into_iter().map(|value| {
                let these = one_of(of, vec![value]);
                let least = binary(
                    BinaryOp::Multiply,
                    Expr::made(ExprKind::Number(percentage(*share))),
                    over("count", rows, None),
                );
                let counted = over("count", rows, Some(these.clone()));
                vec![
                    over("exists", rows, Some(these)),
                    binary(BinaryOp::GreaterOrEqual, counted, least),
                ]
            });
            if each.len() == 1 {
                return each.next();
            }
            let parts = each.map(|both| chain(BinaryOp::And, both));
            let parts: Option<Vec<Expr>> = parts.collect();
            any_of(parts?).map(|one| vec![one])
        }
        _ => None,
    }
}

/// A function of those rows of a field that also meet a condition.
fn over(function: &str, rows: &Arg, condition: Option<Expr>) -> Expr {
    let own = rows.filter.clone().map(|own| match own.kind {
        ExprKind::Binary(BinaryOp::Or, ..) => paren(own),
        _ => own,
    });
    let all = own.into_iter().chain(condition).collect();
    call_of(
        function,
        vec![Arg {
            filter: chain(BinaryOp::And, all),
            ..rows.clone()
        }],
    )
}

fn one_of(expr: &Expr, mut values: Vec<Expr>) -> Expr {
    let expr = match expr.kind {
        ExprKind::Path(_) | ExprKind::Field(..) | ExprKind::Call(_) | ExprKind::Paren(_) => {
            expr.clone()
        }
        _ => paren(expr.clone()),
    };
    match (values.pop(), values.is_empty()) {
        (Some(only), true) => binary(BinaryOp::Equal, expr, only),
        (last, _) => {
            values.extend(last);
            Expr::made(ExprKind::InList(false, Box::new(expr), values))
        }
    }
}

fn any_of(parts: Vec<Expr>) -> Option<Expr> {
    let several = parts.len() > 1;
    let any = chain(BinaryOp::Or, parts)?;
    Some(if several { paren(any) } else { any })
}

/// Conditions joined by `and` or `or`; `None` if there are none. They are joined in halves, so that a long list does
/// not become a deep tree.
fn chain(op: BinaryOp, mut parts: Vec<Expr>) -> Option<Expr> {
    if parts.len() < 2 {
        return parts.pop();
    }
    let right = parts.split_off(parts.len() / 2);
    chain(op, parts)
        .zip(chain(op, right))
        .map(|(left, right)| binary(op, left, right))
}

/// The place of each of the `count` conditions that were joined to a chain.
fn links(chain: &Expr, count: usize, spans: &mut Vec<Range<usize>>) {
    match &chain.kind {
        ExprKind::Binary(_, left, right) if count > 1 => {
            links(left, count / 2, spans);
            links(right, count - count / 2, spans);
        }
        _ => spans.push(chain.span.start..chain.span.end),
    }
}

/// A share as people write it, if no digit is lost: `25%`.
fn percentage(share: f64) -> NumberLiteral {
    let rounded = (share * 100.0).round();
    let percent = rounded / 100.0 == share;
    let digits = if percent { rounded } else { share }.to_string();
    NumberLiteral { digits, percent }
}
