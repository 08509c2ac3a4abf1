//! Breaks a condition's canonical text into lines that fit.

use super::comments::{Comment, Comments};
use crate::diagnostic::text_width;
use crate::language::{Break, Layout, Mark};

/// The additional indentation of the lines in a group.
const STEP: usize = 2;

/// The lines of a condition, at most `width` cells wide where possible, with the comments of the original text. A
/// comment that had a line of its own keeps one; any other stays after what it followed.
pub(super) fn broken(layout: &Layout, written: &str, width: usize) -> Vec<String> {
    let mut breaker = Breaker {
        layout,
        comments: Comments::of(layout, written),
        width,
        lines: Vec::new(),
        groups: Vec::new(),
    };
    breaker.all();
    texts(&breaker.lines)
}

/// A line under construction.
#[derive(Default)]
struct Line {
    indent: usize,
    code: String,
    comment: Option<String>,
}

impl Line {
    /// Its width in cells, without its comment.
    fn width(&self) -> usize {
        self.indent + text_width(&self.code)
    }
}

/// The lines as texts; trailing comments on consecutive lines are aligned.
fn texts(lines: &[Line]) -> Vec<String> {
    let is_beside = |line: &Line| !line.code.is_empty() && line.comment.is_some();
    let mut texts = Vec::new();
    for run in lines.chunk_by(|one, next| is_beside(one) == is_beside(next)) {
        let widest = run.iter().map(Line::width).max().unwrap_or(0);
        texts.extend(run.iter().map(|line| {
            let gap = match is_beside(line) {
                true => " ".repeat(widest - line.width() + 2),
                false => String::new(),
            };
            let comment = line.comment.as_deref().unwrap_or_default();
            let text = format!("{}{}{gap}{comment}", " ".repeat(line.indent), line.code);
            text.trim_end().to_owned()
        }));
    }
    texts
}

/// An open group.
#[derive(Clone, Copy)]
struct Group {
    is_broken: bool,
    /// The indentation of the line that opened it.
    outer: usize,
    /// The indentation of the lines started by its breaks.
    inner: usize,
}

struct Breaker<'l, 'w> {
    layout: &'l Layout,
    comments: Comments<'w>,
    width: usize,
    lines: Vec<Line>,
    groups: Vec<Group>,
}

impl<'w> Breaker<'_, 'w> {
    fn all(&mut self) {
        let first = std::mem::take(&mut self.comments.first);
        self.behind(first, 0, self.comments.is_whole_apart);
        self.begin(0);
        let layout = self.layout;
        let mut from = 0;
        for (place, mark) in layout.marks.iter().enumerate() {
            self.push(layout.text.get(from..mark.at()).unwrap_or_default());
            from = mark.at();
            match mark {
                Mark::Open { indented, .. } => self.open(place, *indented),
                Mark::Close { .. } => {
                    self.groups.pop();
                }
                Mark::Break(at) => {
                    let group = self.groups.last().copied();
                    if let Some(group) = group.filter(|group| group.is_broken) {
                        self.end_line(place, at, group);
                        from += usize::from(at.blank);
                    }
                }
            }
        }
        self.push(layout.text.get(from..).unwrap_or_default());
        let last = std::mem::take(&mut self.comments.last);
        self.behind(last, 0, false);
    }

    fn begin(&mut self, indent: usize) {
        self.lines.push(Line {
            indent,
            ..Line::default()
        });
    }

    fn push(&mut self, text: &str) {
        if let Some(line) = self.lines.last_mut() {
            line.code += text;
        }
    }

    fn open(&mut self, place: usize, indented: bool) {
        let around = self.groups.last();
        let outer = around.map_or(0, |group| group.inner);
        let is_broken = around.is_none_or(|group| group.is_broken) && !self.fits(place);
        let step = if indented { STEP } else { 0 };
        self.groups.push(Group {
            is_broken,
            outer,
            inner: outer + step,
        });
    }

    /// Whether a group has no comments, and fits on this line together with what follows up to the next possible break.
    fn fits(&self, open: usize) -> bool {
        let (mut depth, mut closed) = (0_usize, false);
        let (mut start, mut end) = (None, self.layout.text.len());
        for (place, mark) in self.layout.marks.iter().enumerate().skip(open) {
            match mark {
                Mark::Open { at, .. } => {
                    start.get_or_insert(*at);
                    depth += 1;
                }
                Mark::Close { .. } => {
                    // Enclosing groups close here, too.
                    depth = depth.saturating_sub(1);
                    closed |= depth == 0;
                }
                Mark::Break(at) if closed && depth == 0 => {
                    end = at.at;
                    break;
                }
                Mark::Break(_) if !closed && self.comments.has(place) => return false,
                Mark::Break(_) => {}
            }
        }
        let group = self.layout.text.get(start.unwrap_or(end)..end);
        let before = self.lines.last().map_or(0, Line::width);
        before + group.map_or(0, text_width) <= self.width
    }

    /// Ends the line at a break of a broken group.
    fn end_line(&mut self, place: usize, at: &Break, group: Group) {
        let comments = self.comments.take(place);
        self.behind(comments, group.inner, self.comments.is_apart(place));
        self.begin(if at.closes { group.outer } else { group.inner });
    }

    /// Comments after the last line: the first stays beside it if it was beside something, the others get lines of
    /// their own. Runs of blank lines above or after them are reduced to one.
    fn behind(&mut self, comments: Vec<Comment<'w>>, indent: usize, apart: bool) {
        let mut comments = comments.into_iter().peekable();
        if let Some(line) = self.lines.last_mut() {
            let beside = comments.next_if(|comment| !comment.alone);
            line.comment = beside.map(|comment| comment.text.to_owned());
        }
        for comment in comments {
            if comment.apart && comment.alone && !self.lines.is_empty() {
                self.lines.push(Line::default());
            }
            self.lines.push(Line {
                indent,
                comment: Some(comment.text.to_owned()),
                ..Line::default()
            });
        }
        if apart {
            self.lines.push(Line::default());
        }
    }
}
