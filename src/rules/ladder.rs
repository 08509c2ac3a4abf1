//! Checks of a ladder within its file.

use super::wire::SegmentEntry;
use crate::decode::{Condition, Identifier, Placed, Reader};
use crate::diagnostic::{Code, Finding};

/// A segment without `when:` and `filter:` takes the rest, so it must be the last rung of a ladder.
pub(super) fn check(
    ladder: Option<&Identifier>,
    among: Option<&Condition>,
    segments: &[Placed<SegmentEntry>],
    reader: &mut Reader<'_>,
) {
    if let (None, Some(Condition(Some(among)))) = (ladder, among) {
        let finding = Finding::new(
            Code::MissingKey,
            "`among:` says who stands on a ladder, and this file has none",
        );
        reader.report(
            finding
                .at(among.location)
                .help("add `ladder:` and a name for it, or leave `among:` out"),
        );
    }
    if let (Some(ladder), []) = (ladder, segments) {
        let message = format!("the ladder `{}` has no rungs", ladder.0.value);
        let finding = Finding::new(Code::MissingKey, message).at(ladder.0.location);
        reader
            .report(finding.help("its rungs are the `segments:` of this file, from the top down"));
    }
    let last = segments.len().saturating_sub(1);
    for (place, Placed(segment, _)) in segments.iter().enumerate() {
        let id = &segment.id.0;
        if segment.when.is_some() || segment.filter.is_some() {
            continue;
        }
        if ladder.is_none() {
            let message = format!(
                "the segment `{}` needs the key `when:` or `filter:`",
                id.value
            );
            let finding = Finding::new(Code::MissingKey, message).at(id.location);
            reader.report(finding.help("for a segment that holds everyone write `when: yes`"));
        } else if place < last {
            let message = format!(
                "the rung `{}` has no `when:`, so the rungs below it are never reached",
                id.value
            );
            let finding = Finding::new(Code::LadderRest, message).at(id.location);
            reader
                .report(finding.help("give it a `when:`, or make it the last segment of the file"));
        }
    }
}
