//! Remarks on a plan, in sentences.

use std::collections::BTreeSet;

use super::{Against, PlanView};
use crate::attribution::By;

impl PlanView<'_> {
    /// Further remarks, in sentences.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.plan.untried > 0 {
            remarks.push(format!(
                "{} of {} edits were not tried one by one, as there are so many: those they move are listed under several edits together.",
                self.marks.whole(self.plan.untried),
                self.marks.whole(self.plan.edits.len())
            ));
        }
        remarks.extend(self.idle());
        for (segment, reason) in &self.plan.stale {
            remarks.push(format!("`{segment}` cannot be compared, {reason}"));
        }
        if self
            .plan
            .listed
            .is_some_and(|listed| listed.places.is_none())
        {
            remarks.push("So scores and places in the list cannot be compared.".to_owned());
        }
        let (Some(drift), Against::Run(run)) = (&self.drift, self.against) else {
            return remarks;
        };
        if drift.people > 0 {
            let have = if drift.people == 1 { "has" } else { "have" };
            let people = self.subject.counted(drift.people, &self.marks);
            remarks.push(format!(
                "Apart from the edits, {people} {have} moved since run {} because the data or the day changed.",
                run.id
            ));
        }
        remarks
    }

    /// The edits that move nobody, by name; `None` unless this is known for every edit and every segment.
    fn idle(&self) -> Option<String> {
        let plan = self.plan;
        let is_known = plan.untried == 0 && plan.stale.is_empty() && plan.listed.is_some();
        let moving = plan.movers.iter().map(|mover| match &mover.by {
            By::Either { edits, .. } | By::Together { edits, .. } => Some(edits),
            By::Several => None,
        });
        let moving: BTreeSet<usize> = moving
            .collect::<Option<Vec<_>>>()?
            .into_iter()
            .flatten()
            .copied()
            .collect();
        let edits = plan.edits.iter().enumerate();
        let idle = edits.filter(|(place, _)| !moving.contains(place));
        let names =
            idle.flat_map(|(_, edit)| edit.changes.iter().map(|change| change.name.as_str()));
        let names: Vec<&str> = names.collect();
        (is_known && !names.is_empty())
            .then(|| format!("Edited, moves nobody: {}.", names.join(", ")))
    }
}
