//! The comments of a condition, mapped to positions in its canonical text.

use crate::language::{Layout, Mark, comments};

/// A comment.
pub(super) struct Comment<'w> {
    pub text: &'w str,
    /// Whether it has a line of its own.
    pub alone: bool,
    /// Whether a blank line precedes it.
    pub apart: bool,
}

pub(super) struct Comments<'w> {
    /// Before the whole condition.
    pub first: Vec<Comment<'w>>,
    /// Whether a blank line separated these from the condition.
    pub is_whole_apart: bool,
    /// After the whole condition.
    pub last: Vec<Comment<'w>>,
    /// At each mark of the layout: the comments before what follows it.
    at_marks: Vec<AtMark<'w>>,
}

#[derive(Default)]
struct AtMark<'w> {
    comments: Vec<Comment<'w>>,
    /// Whether a blank line followed them.
    apart: bool,
}

impl<'w> Comments<'w> {
    /// The comments of the text that a layout was made from.
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
        let begin = first_word(written);
        let first = before(begin);
        let is_whole_apart = !first.is_empty() && ends_apart(written.get(..begin));
        let at_marks = layout.marks.iter().map(|mark| match mark {
            Mark::Break(at) => AtMark {
                comments: before(at.gap.end),
                apart: ends_apart(written.get(at.gap.clone())),
            },
            Mark::Open { .. } | Mark::Close { .. } => AtMark::default(),
        });
        Self {
            first,
            is_whole_apart,
            at_marks: at_marks.collect(),
            last: before(usize::MAX),
        }
    }

    /// Whether there are comments at a mark.
    pub(super) fn has(&self, mark: usize) -> bool {
        let at = self.at_marks.get(mark);
        at.is_some_and(|at| !at.comments.is_empty())
    }

    /// Whether a blank line was at a mark, after its comments.
    pub(super) fn is_apart(&self, mark: usize) -> bool {
        self.at_marks.get(mark).is_some_and(|at| at.apart)
    }

    pub(super) fn take(&mut self, mark: usize) -> Vec<Comment<'w>> {
        let at = self.at_marks.get_mut(mark);
        at.map_or_else(Vec::new, |at| std::mem::take(&mut at.comments))
    }
}

/// The offset of the first word outside comments.
fn first_word(text: &str) -> usize {
    let mut rest = text.trim_start();
    while rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        rest = rest.trim_start();
    }
    text.len() - rest.len()
}

/// Whether a gap has a blank line after its last comment.
fn ends_apart(gap: Option<&str>) -> bool {
    let lines = gap.unwrap_or_default().split('\n');
    // The first line belongs to what precedes the gap, and the last to what follows.
    let last = lines.clone().count().saturating_sub(1);
    lines.take(last).skip(1).fold(false, |apart, line| {
        line.trim().is_empty() || (apart && !line.contains('#'))
    })
}
