//! The health score to nodes.

use super::{Frame, Lowering};
use crate::ir::{IrFactor, IrHealth, NodeId, Op};
use crate::value::Type;

impl Lowering<'_> {
    /// Lowers the score; all that it speaks of has been. `unknown_subjects` tells why nobody can say who
    /// is a subject, so that nobody has one.
    pub(super) fn lower_health(&mut self, unknown_subjects: Option<&str>) {
        let Some(health) = &self.checked.health else {
            return;
        };
        let factors = health.factors.iter().map(|factor| IrFactor {
            id: factor.id.clone(),
            value: self.lower(Frame::Subject, &factor.value),
            points: self.lower(Frame::Subject, &factor.points),
            weight: factor.weight,
            reason: factor.reason.map(|value| self.lower(Frame::Subject, value)),
        });
        let factors = factors.collect();
        let score = match unknown_subjects {
            None => self.lower(Frame::Subject, &health.score),
            Some(reason) => self.node(Frame::Subject, Op::Gone(reason.to_owned()), Type::Number),
        };
        self.health = Some(IrHealth { score, factors });
    }

    /// The score where it is named.
    pub(super) fn health_score(&mut self, frame: Frame) -> NodeId {
        match &self.health {
            Some(health) if frame == Frame::Subject => health.score,
            _ => {
                let reason = "the health score has no value here".to_owned();
                self.node(frame, Op::Gone(reason), Type::Number)
            }
        }
    }
}
