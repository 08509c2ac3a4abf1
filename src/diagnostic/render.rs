//! Findings for people: the message, the place, the underlined source and what to do.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Finding, Severity};
use crate::source::Sources;

/// Whether the terminal shows colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Text only: files, pipes, `NO_COLOR`.
    Plain,
    /// With ANSI colours.
    Coloured,
}

/// The findings one after the other, a blank line behind each, in the order given.
pub fn render(findings: &[Finding], sources: &Sources, paint: Paint) -> String {
    let renderer = match paint {
        Paint::Plain => Renderer::plain(),
        Paint::Coloured => Renderer::styled(),
    };
    let blocks = findings
        .iter()
        .map(|f| render_one(f, sources, &renderer) + "\n\n");
    blocks.collect()
}

fn render_one(finding: &Finding, sources: &Sources, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Stale => Level::WARNING.with_name("stale"),
    };
    let title = level
        .primary_title(finding.message.as_str())
        .id(finding.code.name());
    let source = finding
        .location
        .and_then(|l| Some((l, sources.get(l.file)?)));
    let mut group = match source {
        None => annotate_snippets::Group::with_title(title),
        Some((location, file)) => {
            // The renderer counts a byte-order mark as a character of the first line.
            let body = file.text.trim_start_matches('\u{feff}');
            let mark = file.text.len() - body.len();
            // It also panics inside a character.
            let start = body.floor_char_boundary(location.start.saturating_sub(mark));
            let end = body
                .ceil_char_boundary(location.end.saturating_sub(mark))
                .max(start);
            let underline = AnnotationKind::Primary
                .span(start..end)
                .label(finding.label.as_deref());
            title.element(
                Snippet::source(body)
                    .path(file.path.to_string_lossy())
                    .annotation(underline),
            )
        }
    };
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}
