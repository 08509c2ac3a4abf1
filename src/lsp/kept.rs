//! What the last look at data and tests found, as far as it still holds for texts that were edited since: until the next look
//! is done, findings stay on the lines that are as they were.

use std::sync::Arc;

use super::world::World;
use crate::diagnostic::{Finding, Related};
use crate::source::{FileId, Location, SourceFile};

/// What a look found beside what the texts show.
#[derive(Debug)]
pub struct Kept {
    pub world: Arc<World>,
    pub findings: Vec<Finding>,
    /// Whether nobody was called by name in it.
    pub hide_names: bool,
}

impl Kept {
    /// The findings that are about lines which a newer world has as well, at their places there; none where they are of
    /// another database, or would call by name who is not to be.
    pub fn in_world(&self, world: &World, hide_names: bool) -> Vec<Finding> {
        let database = |world: &World| {
            world
                .project()
                .map(|project| project.config.database.clone())
        };
        if hide_names != self.hide_names || database(&self.world) != database(world) {
            return Vec::new();
        }
        let files: Vec<Option<Same>> = self
            .world
            .sources()
            .iter()
            .map(|(_, file)| Some(Same::of(file, world.named(&file.path)?)))
            .collect();
        let place = |place: Location| files.get(place.file.0)?.as_ref()?.place(place);
        let findings = self.findings.iter();
        findings
            .filter_map(|finding| moved(finding, place))
            .collect()
    }
}

/// A finding with its places moved; none where one of them is gone.
fn moved(finding: &Finding, place: impl Fn(Location) -> Option<Location>) -> Option<Finding> {
    let location = match finding.location {
        Some(location) => Some(place(location)?),
        None => None,
    };
    let related = finding.related.iter().map(|related| {
        Some(Related {
            location: place(related.location)?,
            label: related.label.clone(),
        })
    });
    Some(Finding {
        location,
        related: related.collect::<Option<_>>()?,
        ..finding.clone()
    })
}

/// The lines at the beginning and at the end that two states of a file have in common.
struct Same {
    file: FileId,
    /// Where those at the beginning end.
    head: usize,
    /// Where those at the end begin, before and now.
    tails: (usize, usize),
}

impl Same {
    fn of(old: &SourceFile, (file, new): (FileId, &SourceFile)) -> Self {
        let (old, new) = (old.text.as_str(), new.text.as_str());
        let pairs = lines(old).zip(lines(new));
        let head = length(pairs.take_while(|(a, b)| a == b));
        let rests = (old.get(head..), new.get(head..));
        let (old_rest, new_rest) = (rests.0.unwrap_or_default(), rests.1.unwrap_or_default());
        let pairs = lines(old_rest).rev().zip(lines(new_rest).rev());
        let tail = length(pairs.take_while(|(a, b)| a == b));
        Self {
            file,
            head,
            tails: (old.len() - tail, new.len() - tail),
        }
    }

    /// Where a place is now; none where it is on a line that is another one.
    fn place(&self, place: Location) -> Option<Location> {
        let (before, now) = self.tails;
        let Location { start, end, .. } = place;
        let is_in_head = start < self.head && end <= self.head;
        let (start, end) = match is_in_head {
            true => (start, end),
            false => (
                now + start.checked_sub(before)?,
                now + end.checked_sub(before)?,
            ),
        };
        Some(Location {
            file: self.file,
            start,
            end,
        })
    }
}

fn lines(text: &str) -> std::str::SplitInclusive<'_, char> {
    text.split_inclusive('\n')
}

fn length<'l>(lines: impl Iterator<Item = (&'l str, &'l str)>) -> usize {
    lines.map(|(line, _)| line.len()).sum()
}
