//! Segments that were published under another id: `was: old_id`.

use std::collections::HashSet;

use crate::rules::RuleSet;
use crate::store::{Previous, Renamed};

/// Gives the published segments their new ids, and returns the renamed ones.
pub(super) fn rename(previous: &mut Previous, rules: &RuleSet) -> Vec<Renamed> {
    let stored = previous.segments.iter();
    let published: HashSet<&str> = stored.map(|stored| stored.segment.id.as_str()).collect();
    let renamed = rules.renamed(&published).into_iter();
    let renamed: Vec<Renamed> = renamed
        .map(|(from, to)| Renamed {
            from: from.to_owned(),
            to: to.to_owned(),
        })
        .collect();
    for Renamed { from, to } in &renamed {
        let mut stored = previous.segments.iter_mut();
        if let Some(stored) = stored.find(|stored| stored.segment.id == *from) {
            stored.segment.id.clone_from(to);
        }
    }
    renamed
}
