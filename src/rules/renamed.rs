//! Segments that go on under another id: `was: old_id`.

use std::collections::HashSet;

use super::RuleSet;

impl RuleSet {
    /// Which of the segments that were there before go on under which id: each by the old id and the new one.
    ///
    /// A history goes on under another id only where it ended: nobody is called by the old id any more, and nobody had
    /// the new one. Of two that claim it the first is believed.
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
