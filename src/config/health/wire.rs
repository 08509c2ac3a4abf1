//! The keys of the health score as people write them. The doc comments are shown by editors.

use super::{Churn, Factor, Health};
use crate::config::quantity::{Number, Weight};
use crate::decode::{
    Condition, Identifier, List, Placed, Read, Reader, Text, inline_schema, record,
};
use crate::diagnostic::{Code, Finding};
use crate::source::{Location, Node};

record! {
    /// The health score: how well a customer is doing, from 0 to 100.
    pub(in crate::config) struct HealthFile {
        /// What counts as a lost customer: what the score is held against.
        churn: Option<ChurnFile>,
        /// What the score is made of.
        factors: Factors,
    }
}

record! {
    /// What counts as a lost customer.
    pub(in crate::config) struct ChurnFile {
        /// Who is looked at on the day of the score: a condition, such as `exists(visits in last 90 days)`.
        among: Condition,
        /// Who of them was lost, seen from that day: a condition that looks ahead, such as `not exists(visits in next 90 days)`.
        r#when: Condition,
    }
}

record! {
    /// One factor of the score.
    pub(in crate::config) struct FactorFile {
        /// Its name.
        id: Identifier,
        /// What is measured: an expression, such as `days_since(last(visits).at)`. Where it is missing, the other factors count for more.
        value: Condition,
        /// The value that is worth 0 points.
        zero: Placed<Number>,
        /// The value that is worth 100 points. May be below `zero`.
        full: Placed<Number>,
        /// How much it counts beside the others. Default: 1.
        weight: Option<Weight>,
        /// The reason in words, for those who lose points by it: `last visit {value | day | days} ago, usually every {rhythm}`. Between braces stands `value` or any expression; a part of the sentence in which one is missing is left out.
        reason: Text,
    }
}

/// The factors; at least one.
#[derive(Debug)]
pub(in crate::config) struct Factors(List<FactorFile>);

impl Read for Factors {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let before = reader.findings.len();
        let factors = List::read(node, reader)?;
        if factors.0.is_empty() && reader.findings.len() == before {
            let expected = "a list of at least one factor: without any, nobody has a score";
            reader.invalid(node.location, expected);
        }
        Some(Self(factors))
    }
}

inline_schema!(Factors, |generator| {
    let mut schema = List::<FactorFile>::json_schema(generator);
    schema.insert("minItems".into(), 1.into());
    schema
});

impl HealthFile {
    pub(in crate::config) fn checked(self, reader: &mut Reader<'_>) -> Health {
        let factors = self.factors.0.0.into_iter();
        let factors = factors.filter_map(|factor| factor.checked(reader));
        Health {
            factors: factors.collect(),
            churn: self.churn.and_then(|churn| {
                Some(Churn {
                    among: churn.among.0?,
                    when: churn.r#when.0?,
                })
            }),
        }
    }
}

impl FactorFile {
    fn checked(self, reader: &mut Reader<'_>) -> Option<Factor> {
        let (zero, full) = (self.zero.0.0, self.full.0.0);
        if zero == full {
            let message = format!(
                "the factor `{}` is worth 0 and 100 points at the same value, {zero}",
                self.id.0.value
            );
            let (one, other) = (self.zero.1.min(self.full.1), self.zero.1.max(self.full.1));
            let both = reader.place(one) == reader.place(other);
            let finding = Finding::new(Code::InvalidValue, message);
            let finding = match both {
                true => finding.at(Location {
                    end: other.end,
                    ..one
                }),
                false => finding
                    .at(other)
                    .label(format!("the same as at {}", reader.place(one))),
            };
            reader.report(finding.help(
                "give `zero:` the value of those who do worst, and `full:` that of those who do best",
            ));
        }
        Some(Factor {
            id: self.id.0,
            value: self.value.0?,
            zero,
            full,
            weight: self.weight.map_or(1.0, |weight| weight.0),
            reason: self.reason.scalar,
        })
    }
}
