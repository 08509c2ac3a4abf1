//! Segments that were published under another id: `was: old_id`.

use std::collections::HashSet;

use crate::rules::RuleSet;
use crate::store::{Previous, Renamed};

/// Gives the published segments their new ids, and tells which.
///
/// A history goes on under another id only where it ended: nobody is called by the old id any more,
/// and nobody had the new one.
pub(super) fn rename(previous: &mut Previous, rules: &RuleSet) -> Vec<Renamed> {
    let mut taken: HashSet<String> = rules
        .segments
        .iter()
        .map(|segment| segment.id.value.clone())
        .collect();
    let published: HashSet<String> = previous
        .segments
        .iter()
        .map(|stored| stored.segment.id.clone())
        .collect();
    let mut renamed = Vec::new();
    for rule in &rules.segments {
        let (id, Some(was)) = (&rule.id.value, &rule.was) else {
            continue;
        };
        if published.contains(id) || !taken.insert(was.value.clone()) {
            continue;
        }
        let mut stored = previous.segments.iter_mut();
        if let Some(stored) = stored.find(|stored| stored.segment.id == was.value) {
            stored.segment.id.clone_from(id);
            renamed.push(Renamed {
                from: was.value.clone(),
                to: id.clone(),
            });
        }
    }
    renamed
}
