//! People who keep entering and leaving a segment.

use std::collections::BTreeMap;

use super::People;
use crate::diagnostic::{Code, Finding};
use crate::store::Returns;

/// The fewest people who are reported.
const LEAST: usize = 3;

impl People<'_, '_> {
    /// Segments that people repeatedly enter and leave.
    pub(super) fn returning(&self) -> Vec<Finding> {
        let mut by_segment: BTreeMap<&str, Vec<&Returns>> = BTreeMap::new();
        for returns in &self.past.returns {
            let of_segment = by_segment.entry(returns.segment.as_str());
            of_segment.or_default().push(returns);
        }
        let segments = self.compiled.rules.segments.iter();
        segments
            .filter_map(|segment| {
                let all = by_segment.get(segment.id.value.as_str())?;
                let most = all.iter().max_by_key(|returns| returns.times)?;
                let place = self.evaluation.subjects.place(&most.subject);
                let message = format!(
                    "{} keep entering and leaving `{}`: up to {} times in the last {} runs{}",
                    self.counted(all.len()),
                    segment.id.value,
                    most.times,
                    self.past.runs,
                    self.example(place)
                );
                let finding = Finding::new(Code::Flapping, message).at(segment.id.location);
                let told = finding.help(
                    "give the condition some room: a longer window, or a bound further from where many stand",
                );
                (all.len() >= LEAST).then_some(told)
            })
            .collect()
    }
}
