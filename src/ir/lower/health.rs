//! Lowers the health score to nodes.

use super::{Frame, Lowering};
use crate::ir::{IrFactor, IrHealth, NodeId, Op};
use crate::value::Type;

impl Lowering<'_> {
    /// Lowers the score; everything that it refers to must be lowered already. `unknown_subjects` is the reason if it
    /// cannot be decided who is a subject; then nobody has a score.
    pub(super) fn lower_health(&mut self, unknown_subjects: Option<&str>) {
        let Some(health) = &self.checked.health else {
            return;
        };
        let factors = health.factors.iter().map(|factor| IrFactor {
            id: factor.id.clone(),
            value: self.output_of(&factor.value),
            points: self.output_of(&factor.points),
            weight: factor.weight,
            reason: factor.reason.map(|value| self.output_of(value)),
        });
        let factors = factors.collect();
        let score = match unknown_subjects {
            None => self.lower(Frame::Subject, &health.score),
            Some(reason) => self.node(Frame::Subject, Op::Gone(reason.to_owned()), Type::Number),
        };
        self.health = Some(IrHealth {
            score: self.output(score),
            factors,
        });
    }

    /// The score, where a rule names it.
    pub(super) fn health_score(&mut self, frame: Frame) -> NodeId {
        let score = self.health.as_ref().map(|health| health.score);
        let score = score.filter(|_| frame == Frame::Subject);
        let score = score.and_then(|score| self.outputs.get(score).copied().flatten());
        score.unwrap_or_else(|| {
            let reason = "the health score has no value here".to_owned();
            self.node(frame, Op::Gone(reason), Type::Number)
        })
    }
}
