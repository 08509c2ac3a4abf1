//! The comments of a condition, by the places of its canonical text that they come to.

use crate::language::{Layout, Mark, comments};

/// A comment.
pub(super) struct Comment<'w> {
    pub text: &'w str,
    /// Whether it has a line of its own.
    pub alone: bool,
    /// Whether the line above is empty.
    apart: bool,
}

pub(super) struct Comments<'w> {
    /// Before the whole.
    pub first: Vec<Comment<'w>>,
    /// Behind the whole.
    pub last: Vec<Comment<'w>>,
    /// Whether an empty line stood before the first of them that has a line of its own.
    pub is_last_apart: bool,
    /// At each mark of the layout: those that stood before what follows it.
    at_marks: Vec<AtMark<'w>>,
}

#[derive(Default)]
struct AtMark<'w> {
    comments: Vec<Comment<'w>>,
    /// Whether an empty line stood there.
    apart: bool,
}

impl<'w> Comments<'w> {
    /// The comments of the text that a layout was made of.
    pub(super) fn of(layout: &Layout, written: &'w str) -> Self {
        let mut left = comments(written).into_iter().peekable();
        let mut before = |end: usize| {
            let next = std::iter::from_fn(|| left.next_if(|range| range.start < end));
            let next = next.map(|range| {
                let before = written.get(..range.start).unwrap_or_default();
                let mut lines = before.rsplit('\n').map(|line| line.trim().is_empty());
                Comment {
                    text: written.get(range).unwrap_or_default(),
                    alone: lines.next().unwrap_or_default(),
                    apart: lines.next().unwrap_or_default(),
                }
            });
            next.collect::<Vec<_>>()
        };
        let first = before(first_word(written));
        let at_marks = layout.marks.iter().map(|mark| match mark {
            Mark::Break(at) => AtMark {
                comments: before(at.gap.end),
                apart: has_empty_line(written.get(at.gap.clone()).unwrap_or_default()),
            },
            Mark::Open { .. } | Mark::Close { .. } => AtMark::default(),
        });
        let at_marks = at_marks.collect();
        let last = before(usize::MAX);
        let alone = last.iter().find(|comment| comment.alone);
        Self {
            is_last_apart: alone.is_some_and(|comment| comment.apart),
            first,
            at_marks,
            last,
        }
    }

    /// Whether there are comments at a mark.
    pub(super) fn has(&self, mark: usize) -> bool {
        let at = self.at_marks.get(mark);
        at.is_some_and(|at| !at.comments.is_empty())
    }

    /// Whether an empty line stood at a mark.
    pub(super) fn is_apart(&self, mark: usize) -> bool {
        self.at_marks.get(mark).is_some_and(|at| at.apart)
    }

    pub(super) fn take(&mut self, mark: usize) -> Vec<Comment<'w>> {
        let at = self.at_marks.get_mut(mark);
        at.map_or_else(Vec::new, |at| std::mem::take(&mut at.comments))
    }
}

/// Where the first word stands that is in no comment.
fn first_word(text: &str) -> usize {
    let mut rest = text.trim_start();
    while rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        rest = rest.trim_start();
    }
    text.len() - rest.len()
}

/// Whether one of the lines between two others is empty.
fn has_empty_line(gap: &str) -> bool {
    let between = gap
        .split_once('\n')
        .and_then(|(_, rest)| rest.rsplit_once('\n'));
    between.is_some_and(|(between, _)| between.split('\n').any(|line| line.trim().is_empty()))
}
