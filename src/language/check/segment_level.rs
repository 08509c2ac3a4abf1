//! Checks the values of a segment. A function over the population ranges over the segment's members, and its argument
//! is a value per member.

use std::collections::HashSet;

use super::checker::{Checker, Frame, Meaning, unknown};
use super::coerce::as_type;
use super::expression::a;
use crate::config::{ValueDefinition, ValueFormat};
use crate::diagnostic::{Code, Finding};
use crate::language::Expr;
use crate::language::ast::{Call, Span};
use crate::language::functions::population::{Gives, OverPopulation};
use crate::language::typed::{Kind, Measure, Typed};
use crate::value::Type;

impl Checker<'_> {
    /// The values of every segment, with the texts that they were parsed from.
    pub fn values(&mut self, exprs: &[Option<Expr>]) -> Vec<Typed> {
        self.frame = Frame::Segment;
        let before = self.findings.len();
        let definitions = self.config.values.iter().zip(exprs);
        let values = definitions.map(|(definition, expr)| {
            let Some(expr) = expr else {
                return unknown(Span::default());
            };
            let typed = self.value(expr);
            self.fits_format(typed, expr, definition)
        });
        let values = values.collect();
        self.frame = Frame::Subject;
        self.tell_once(before);
        values
    }

    /// The values of a preset are made from the same few words of config. A mistake in one of them is reported once, as
    /// it appears in the simplest value, which is the last.
    fn tell_once(&mut self, before: usize) {
        let mut places = HashSet::new();
        let mut told = self.findings.split_off(before);
        told.reverse();
        told.retain(|finding| finding.location.is_none_or(|place| places.insert(place)));
        told.reverse();
        self.findings.append(&mut told);
    }

    /// A value formatted as money must be money, and any other must be a number.
    fn fits_format(&mut self, typed: Typed, expr: &Expr, definition: &ValueDefinition) -> Typed {
        let (written, wanted) = match definition.format {
            ValueFormat::Number => ("number", Type::Number),
            ValueFormat::Money => ("money", Type::Money),
            ValueFormat::Percent => ("percent", Type::Number),
            ValueFormat::Days => ("days", Type::Number),
        };
        let id = &definition.id.value;
        let text = self.quote(expr.span);
        let finding = match typed.ty {
            Type::Unknown => return typed,
            Type::Missing => return as_type(typed, wanted),
            ty if ty == wanted => return typed,
            Type::Money => Finding::new(
                Code::UnitMismatch,
                format!("`{id}` is written as `format: {written}`, and `{text}` is money"),
            )
            .help("write `format: money`, or divide it by money to get a number"),
            Type::Number => Finding::new(
                Code::UnitMismatch,
                format!("`{id}` is written as `format: money`, and `{text}` is a plain number"),
            )
            .help(
                "if the column holds amounts, say so in config.yaml under `types:` (`money` or \
                 `cents`); otherwise leave `format: money` out",
            ),
            ty => Finding::new(
                Code::WrongType,
                format!(
                    "a segment's value is a number or money, and `{text}` is {}",
                    a(ty)
                ),
            )
            .label(format!("this is {}", a(ty))),
        };
        let finding = match typed.ty {
            Type::Date | Type::Instant => finding.help(format!("write `days_since({text})`")),
            Type::Truth => finding.help(format!("write `if({text}, 1, 0)`")),
            _ => finding,
        };
        self.refuse(expr.span, finding)
    }

    /// Reports a value that differs from member to member where one value for all of them is needed, with how to write
    /// that. `look` finds out what it is; if that has a mistake itself, only the mistake is reported.
    pub fn of_each_member(&mut self, span: Span, look: impl FnOnce(&mut Self) -> Meaning) -> Typed {
        let told = self.findings.len();
        self.frame = Frame::Member;
        let meaning = look(self);
        self.frame = Frame::Segment;
        if self.findings.len() > told {
            return unknown(span);
        }
        let text = self.quote(span);
        let help = match meaning {
            Meaning::Duration(_) => return unknown(span),
            Meaning::Value(typed) if typed.ty == Type::Unknown => return typed,
            Meaning::Rows(rows) => format!("count them: `sum(count({}))`", rows.name),
            Meaning::Row(_) => format!("take a field of it: `avg(days_since({text}.at))`"),
            Meaning::Value(typed) => match typed.ty {
                Type::Truth => {
                    format!("the share of members for whom it is so is `avg(if({text}, 1, 0))`")
                }
                Type::Text => format!("count those with one: `sum(if({text} = \"…\", 1, 0))`"),
                Type::Date | Type::Instant => format!("write `avg(days_since({text}))`"),
                _ => match &typed.kind {
                    Kind::Aggregate(aggregate) => match aggregate.measure {
                        Measure::Avg(_) | Measure::Quantile(..) | Measure::Stddev(_) => {
                            format!("write `avg({text})`")
                        }
                        Measure::Min(_) => format!("write `min({text})`"),
                        Measure::Max(_) => format!("write `max({text})`"),
                        _ => format!("write `sum({text})`"),
                    },
                    _ => format!("write `sum({text})` or `avg({text})`"),
                },
            },
        };
        let finding = Finding::new(
            Code::PerMemberValue,
            format!(
                "`{text}` is worked out for each member, and a segment's value is one for all of \
                 them"
            ),
        )
        .help(help);
        self.refuse(span, finding)
    }

    /// A function over the population, which ranges over the segment's members here.
    pub fn of_members(&mut self, function: &OverPopulation, call: &Call, span: Span) -> Typed {
        let name = function.entry.name;
        if function.gives != Gives::Shared {
            return self.place_of_member(name, span);
        }
        let Some(scope) = &call.within else {
            return self.population(function, call, span);
        };
        let finding = Finding::new(
            Code::WrongArguments,
            format!(
                "`{name}` ranges over the segment's members here and has no `within {}`",
                scope.text
            ),
        )
        .help(
            "leave `within` out; to compare with a whole group, define a metric under `metrics:` \
             and take it of the members",
        );
        self.refuse(scope.span, finding)
    }

    /// `rank(x)`, `top 20% by x` in a segment value.
    pub fn place_of_member(&mut self, name: &str, span: Span) -> Typed {
        let finding = Finding::new(
            Code::PerMemberValue,
            format!(
                "`{name}` gives each {} a place of its own, and a segment's value is one for all \
                 members",
                self.catalog.subject_name
            ),
        )
        .help(format!(
            "define a metric `x` with it under `metrics:`, which ranges over everyone, and write \
             `{}` here",
            match name {
                "top" | "bottom" => "avg(if(x, 1, 0))",
                _ => "avg(x)",
            }
        ));
        self.refuse(span, finding)
    }

    /// `sum(x - avg(x))`: a function over many subjects, inside one that ranges over the members.
    pub fn many_among_members(&mut self, span: Span) -> Typed {
        let text = self.quote(span);
        let finding = Finding::new(
            Code::PerMemberValue,
            format!(
                "`{text}` does not say over whom it ranges: everyone, or the segment's members"
            ),
        )
        .help(
            "for everyone, define a metric with it under `metrics:` and name that here; for the \
             members, take it out of the parentheses around it",
        );
        self.refuse(span, finding)
    }
}
