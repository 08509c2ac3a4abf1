//! Findings as text: the message, the location, the underlined source and what to do.

use std::ops::Range;
use std::rc::Rc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::terminal::wrapped_prose;
use super::told::Shown;
use super::{Finding, Severity, Teller, TerminalText, text_width, visible};
use crate::source::{Location, SourceFile, Sources};

/// Whether the output has colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Text only: for files, pipes and `NO_COLOR`.
    Plain,
    /// With ANSI colours.
    Coloured,
}

/// The width before a help text, with line numbers of five digits.
const BEFORE_HELP: usize = "      = help: ".len();
/// The minimum width at which sentences are wrapped.
const NARROWEST: usize = 20;

/// The findings in the given order, each followed by a blank line; sentences, but not quoted source, are wrapped to
/// `room` cells.
pub fn render(
    findings: &[Finding],
    sources: &Sources,
    paint: Paint,
    room: Option<usize>,
) -> TerminalText {
    let renderer = match paint {
        Paint::Plain => Renderer::plain(),
        Paint::Coloured => Renderer::styled(),
    };
    let teller = Teller::new(sources);
    let blocks = findings
        .iter()
        .map(|f| render_one(f, sources, &teller, &renderer, room) + "\n\n");
    // Words and quoted lines were sanitized before the renderer coloured them.
    TerminalText::coloured(&blocks.collect::<String>())
}

fn render_one(
    finding: &Finding,
    sources: &Sources,
    teller: &Teller<'_>,
    renderer: &Renderer,
    room: Option<usize>,
) -> String {
    let (level, name) = match finding.severity {
        Severity::Error => (Level::ERROR, "error"),
        Severity::Warning => (Level::WARNING, "warning"),
        Severity::Stale => (Level::WARNING.with_name("stale"), "stale"),
    };
    let told = teller.tell(finding);
    let before = text_width(&format!("{name}[{}]: ", finding.code.name()));
    let message = within(&told.message, before, room);
    let label = told.label.map(|words| visible(&words).into_owned());
    let labels = told.related.iter().map(|words| visible(words).into_owned());
    let help = told.help.map(|words| within(&words, BEFORE_HELP, room));
    let title = level
        .primary_title(message.as_str())
        .id(finding.code.name());
    let primary = finding
        .location
        .map(|place| (AnnotationKind::Primary, place, label));
    let related = finding
        .related
        .iter()
        .zip(labels)
        .map(|(related, words)| (AnnotationKind::Context, related.location, Some(words)));
    let quoted = quoted_files(primary.into_iter().chain(related), sources, teller);
    let mut group = annotate_snippets::Group::with_title(title);
    for (file, shown, underlined) in &quoted {
        let path = file.path.to_string_lossy();
        let underlines = underlined.iter().map(|(kind, place, label)| {
            let span = self::place(&file.text, *place, &shown.text);
            kind.span(span).label(label.as_deref())
        });
        let snippet = Snippet::source(shown.text.as_str()).path(visible(&path).into_owned());
        group = group.element(snippet.annotations(underlines));
    }
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// An underlined location, its kind, and its label.
type Underlined = (AnnotationKind, Location, Option<String>);

/// Each quoted file, once, in order of first mention, with its underlined locations.
fn quoted_files<'s>(
    places: impl Iterator<Item = Underlined>,
    sources: &'s Sources,
    teller: &Teller<'_>,
) -> Vec<(&'s SourceFile, Rc<Shown>, Vec<Underlined>)> {
    let mut quoted: Vec<(&SourceFile, Rc<Shown>, Vec<Underlined>)> = Vec::new();
    for underlined in places {
        let id = underlined.1.file;
        let (Some(file), Some(shown)) = (sources.get(id), teller.shown(id)) else {
            continue;
        };
        match quoted
            .iter_mut()
            .find(|(known, ..)| std::ptr::eq(*known, file))
        {
            Some((.., known)) => known.push(underlined),
            None => quoted.push((file, shown, vec![underlined])),
        }
    }
    quoted
}

/// A sentence wrapped to fit after `before` cells.
fn within(words: &str, before: usize, room: Option<usize>) -> String {
    let words = visible(words);
    let left = room.and_then(|room| room.checked_sub(before));
    match left.filter(|left| *left >= NARROWEST) {
        Some(left) => wrapped_prose(&words, left).join("\n"),
        None => words.into_owned(),
    }
}

/// Maps a location in a file to the text shown of it, which has the same characters, but may encode them with other
/// lengths.
fn place(text: &str, location: Location, shown: &str) -> Range<usize> {
    let body = text.trim_start_matches('\u{feff}');
    let mark = text.len() - body.len();
    // The renderer panics on offsets inside a character.
    let start = body.floor_char_boundary(location.start.saturating_sub(mark));
    let end = body
        .ceil_char_boundary(location.end.saturating_sub(mark))
        .max(start);
    let mut lengths = shown.chars().map(char::len_utf8);
    let mut length = |text: Option<&str>| -> usize {
        let chars = text.unwrap_or("").chars();
        chars.zip(&mut lengths).map(|(_, length)| length).sum()
    };
    let start_shown = length(body.get(..start));
    start_shown..start_shown + length(body.get(start..end))
}
