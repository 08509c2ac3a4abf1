//! Findings for people: the message, the place, the underlined source and what to do.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::terminal::wrapped_prose;
use super::{Finding, Severity, Teller, TerminalText, text_width, visible};
use crate::source::{Location, Sources};

/// Whether the terminal shows colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Text only: files, pipes, `NO_COLOR`.
    Plain,
    /// With ANSI colours.
    Coloured,
}

/// What stands before the words of a help, with line numbers of five digits.
const BEFORE_HELP: usize = "      = help: ".len();
/// The narrowest room in which sentences are broken over several lines.
const NARROWEST: usize = 20;

/// The findings one after the other, a blank line behind each, in the order given; their sentences, not what they
/// quote, are broken to fit a line of `room` cells.
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
    // Words and quoted lines were made visible before the renderer coloured them.
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
    let help = told.help.map(|words| within(&words, BEFORE_HELP, room));
    let title = level
        .primary_title(message.as_str())
        .id(finding.code.name());
    let source = finding
        .location
        .and_then(|l| Some((l, sources.get(l.file)?, teller.shown(l.file)?)));
    let path = source
        .as_ref()
        .map(|(_, file, _)| file.path.to_string_lossy());
    let mut group = match (&source, &path) {
        (Some((location, file, shown)), Some(path)) => {
            let underline = AnnotationKind::Primary
                .span(place(&file.text, *location, &shown.text))
                .label(label.as_deref());
            title.element(
                Snippet::source(shown.text.as_str())
                    .path(visible(path))
                    .annotation(underline),
            )
        }
        _ => annotate_snippets::Group::with_title(title),
    };
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// A sentence broken to fit a line on which so much stands before it.
fn within(words: &str, before: usize, room: Option<usize>) -> String {
    let words = visible(words);
    let left = room.and_then(|room| room.checked_sub(before));
    match left.filter(|left| *left >= NARROWEST) {
        Some(left) => wrapped_prose(&words, left).join("\n"),
        None => words.into_owned(),
    }
}

/// Where a location of a file stands in the text that is shown of it: the file's characters one for one, which
/// may have other lengths.
fn place(text: &str, location: Location, shown: &str) -> Range<usize> {
    let body = text.trim_start_matches('\u{feff}');
    let mark = text.len() - body.len();
    // The renderer panics inside a character.
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
