//! Inlay hints: the size of each segment after its id, and the number of matches after each clause.

use gen_lsp_types::{InlayHint, InlayHintParams, Uri};

use super::people::Size;
use super::position::Lines;
use super::roles::{Role, parts};
use super::view::{Refusal, View};
use super::world::World;
use crate::config::{Marks, marks};
use crate::language::Symbol;
use crate::source::FileId;

/// The hints between two lines.
pub fn hints(view: &View<'_>, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>, Refusal> {
    let uri = &params.text_document.uri;
    let text = view.text(uri)?;
    let project = view.world.and_then(World::project);
    let (Some(purpose), Some(project)) = (view.purpose(uri), project) else {
        return Ok(None);
    };
    let marks = marks(project.config.locale);
    let lines = Lines::new(&text, view.client.encoding);
    let hint = |place: usize, label: String| {
        let position = lines.position(place);
        let is_wanted = (params.range.start..=params.range.end).contains(&position);
        is_wanted.then(|| InlayHint {
            position,
            label: label.into(),
            kind: None,
            text_edits: None,
            tooltip: None,
            padding_left: Some(true),
            padding_right: None,
            data: None,
        })
    };
    let of_segments = parts(purpose, FileId(0), &text).into_iter();
    let of_segments = of_segments.filter_map(|part| {
        let Role::Defines(Symbol::Segment(id)) = part.role else {
            return None;
        };
        let size = view.counts.segments.get(&id)?;
        hint(part.scalar.location.end, words(*size, view, &marks)?)
    });
    let clauses = clauses(view, uri, &text).into_iter();
    let of_clauses = clauses.filter_map(|(place, yes)| hint(place, marks.whole(yes)));
    Ok(Some(of_segments.chain(of_clauses).collect()))
}

/// The end offsets of the clauses in a text, with the numbers of people that they match; empty if they were counted for
/// another state.
fn clauses(view: &View<'_>, uri: &Uri, text: &str) -> Vec<(usize, u64)> {
    let counted = view.counts.clauses.as_ref().filter(|_| view.is_counted);
    let Some((world, clauses)) = view.world.zip(counted) else {
        return Vec::new();
    };
    let file = world.file(uri).filter(|(_, file)| file.text == text);
    let Some((id, _)) = file else {
        return Vec::new();
    };
    let yes = clauses.iter().filter(|(place, _)| place.file == id);
    yes.map(|(place, yes)| (place.end, *yes)).collect()
}

/// `375 → 291`: the published size, and the size by the current text; one number if they are equal.
pub fn words(size: Size, view: &View<'_>, marks: &Marks) -> Option<String> {
    let words = match (size.published, size.written) {
        (Some(before), Some(now)) if before != now => {
            format!("{} → {}", marks.whole(before), marks.whole(now))
        }
        (_, Some(now)) => marks.whole(now),
        (Some(before), None) => format!("{} → ?", marks.whole(before)),
        (None, None) => return None,
    };
    // The counts are of older texts until the current ones are counted.
    let mark = if view.is_counted { "" } else { " …" };
    Some(words + mark)
}
