//! How many people are in each segment, behind its id.

use gen_lsp_types::{InlayHint, InlayHintParams};

use super::outline::{Role, parts};
use super::people::Size;
use super::position::Lines;
use super::view::{Refusal, View};
use super::world::World;
use crate::config::{Marks, marks};
use crate::language::Symbol;
use crate::source::FileId;

/// The sizes of the segments between two lines.
pub fn hints(view: &View<'_>, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>, Refusal> {
    let uri = &params.text_document.uri;
    let text = view.text(uri)?;
    let project = view.world.and_then(World::project);
    let (Some(purpose), Some(project)) = (view.purpose(uri), project) else {
        return Ok(None);
    };
    let marks = marks(project.config.locale);
    let lines = Lines::new(&text, view.encoding);
    let hints = parts(purpose, FileId(0), &text)
        .into_iter()
        .filter_map(|part| {
            let Role::Defines(Symbol::Segment(id)) = part.role else {
                return None;
            };
            let size = view.counts.segments.get(&id)?;
            let position = lines.position(part.scalar.location.end);
            let is_wanted = (params.range.start..=params.range.end).contains(&position);
            Some(InlayHint {
                position,
                label: words(*size, &marks).filter(|_| is_wanted)?.into(),
                kind: None,
                text_edits: None,
                tooltip: None,
                padding_left: Some(true),
                padding_right: None,
                data: None,
            })
        });
    Ok(Some(hints.collect()))
}

/// `375 → 291`: published, and as it is written; one number where these are the same.
pub fn words(size: Size, marks: &Marks) -> Option<String> {
    Some(match (size.published, size.written) {
        (Some(before), Some(now)) if before != now => {
            format!("{} → {}", marks.whole(before), marks.whole(now))
        }
        (_, Some(now)) => marks.whole(now),
        (Some(before), None) => format!("{} → ?", marks.whole(before)),
        (None, None) => return None,
    })
}
