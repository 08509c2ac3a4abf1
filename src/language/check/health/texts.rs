//! Parses the texts of the score.

use super::VALUE;
use crate::config::Health;
use crate::diagnostic::{Code, Finding};
use crate::language::Expr;
use crate::language::ast::Span;
use crate::language::check::depends::{Node, Vocabulary, needs};
use crate::language::check::text_reader::TextReader;
use crate::language::reason::Reason;
use crate::source::Scalar;

/// The texts of the score as trees; `None` for a text that cannot be parsed.
pub(in crate::language::check) struct HealthTexts {
    pub(super) factors: Vec<FactorText>,
    /// `among:` and `when:`.
    pub(super) churn: Option<(Option<Expr>, Option<Expr>)>,
}

pub(in crate::language::check) struct FactorText {
    pub(super) value: Option<Expr>,
    /// The expression of each placeholder; `None` if the sentence itself is wrong.
    pub(super) reason: Option<Reason<Option<Expr>>>,
}

impl HealthTexts {
    /// Parses the texts of the score.
    pub fn read(health: &Health, reader: &mut TextReader<'_>) -> Self {
        let factors = health.factors.iter().map(|factor| FactorText {
            value: reader.read(&factor.value),
            reason: sentence(&factor.reason, reader),
        });
        Self {
            factors: factors.collect(),
            churn: health.churn.as_ref().map(|churn| {
                let among = reader.read(&churn.among);
                (among, reader.read(&churn.when))
            }),
        }
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Expr> {
        let churn = self.churn.iter();
        let churn = churn.flat_map(|(among, when)| among.iter().chain(when));
        let factors = self.factors.iter().flat_map(|factor| {
            let reason = factor.reason.iter().flat_map(Reason::values).flatten();
            factor.value.iter().chain(reason)
        });
        factors.chain(churn)
    }

    /// What each factor depends on. A dependency without a place comes from its reason.
    pub fn needs(&self, words: &Vocabulary<'_>) -> Vec<Vec<(Node, Option<Span>)>> {
        let value = words.metrics.get(VALUE).map(|place| Node::Metric(*place));
        let factors = self.factors.iter().map(|factor| {
            let own = factor.value.iter().flat_map(|e| needs(e, None, words));
            let reason = factor.reason.iter().flat_map(Reason::values).flatten();
            let named = reason.flat_map(|e| needs(e, None, words));
            let named = named.filter(|(node, _)| Some(*node) != value);
            own.map(|(node, span)| (node, Some(span)))
                .chain(named.map(|(node, _)| (node, None)))
                .collect()
        });
        factors.collect()
    }
}

/// A reason with its expressions as trees.
fn sentence(reason: &Scalar, reader: &mut TextReader<'_>) -> Option<Reason<Option<Expr>>> {
    match Reason::read(&reason.value) {
        Ok(places) => Some(places.map(|place| {
            let inside = reason.value.get(place.clone()).unwrap_or_default();
            reader.read_part(inside, reason, place.start)
        })),
        Err(wrong) => {
            let at = reason.locate(wrong.at, reader.sources);
            let finding = Finding::new(Code::InvalidValue, wrong.message).at(at);
            reader.findings.push(finding.help(wrong.help));
            None
        }
    }
}
