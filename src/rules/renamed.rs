//! Segments that continue under a new id: `was: old_id`.

use std::collections::HashSet;

use super::RuleSet;

impl RuleSet {
    /// The segments among those that existed before that continue under a new id, as pairs of old and new id.
    ///
    /// A history is continued only if the old id is no longer used and the new id did not exist before. If two segments
    /// claim it, the first one gets it.
    pub fn renamed(&self, before: &HashSet<&str>) -> Vec<(&str, &str)> {
        let ids = self
            .segments
            .iter()
            .map(|segment| segment.id.value.as_str());
        let mut taken: HashSet<&str> = ids.collect();
        let renamed = self.segments.iter().filter_map(|segment| {
            let (id, was) = (segment.id.value.as_str(), segment.was.as_ref()?);
            let was = was.value.as_str();
            let goes_on = !before.contains(id) && taken.insert(was) && before.contains(was);
            goes_on.then_some((was, id))
        });
        renamed.collect()
    }
}
