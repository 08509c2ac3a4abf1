//! Maps locations from one state of the files to another, as far as their lines are unchanged.

use super::world::World;
use crate::source::{FileId, Location, SourceFile};

/// What became of the files of a world.
#[derive(Debug)]
pub struct Moved {
    /// By index; `None` for files that are gone.
    files: Vec<Option<Same>>,
}

impl Moved {
    pub fn between(before: &World, now: &World) -> Self {
        let files = before.sources().iter();
        let files = files.map(|(_, file)| Some(Same::of(file, now.named(&file.path)?)));
        Self {
            files: files.collect(),
        }
    }

    /// The new location of a place; `None` if its line has changed.
    pub fn place(&self, place: Location) -> Option<Location> {
        self.of(place.file)?.place(place)
    }

    /// The new file, if its text has changed.
    pub fn changed(&self, file: FileId) -> Option<FileId> {
        let same = self.of(file)?;
        (!same.is_whole).then_some(same.file)
    }

    fn of(&self, file: FileId) -> Option<&Same> {
        self.files.get(file.0)?.as_ref()
    }
}

/// The common lines at the start and at the end of two states of a file: people edit one place at a time.
#[derive(Debug)]
struct Same {
    file: FileId,
    is_whole: bool,
    /// Where the common start ends.
    head: usize,
    /// Where the common end starts, before and now.
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
            is_whole: old == new,
            head,
            tails: (old.len() - tail, new.len() - tail),
        }
    }

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
