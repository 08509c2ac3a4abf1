//! The language reference and the recipes, by their headings.

use super::Page;

const TEXTS: [&str; 2] = [
    include_str!("../../docs/language.md"),
    include_str!("../../docs/recipes.md"),
];

/// The headings of sections, in order.
pub fn headings() -> Vec<&'static str> {
    let lines = TEXTS.into_iter().flat_map(outside_code);
    lines
        .filter_map(|(_, line)| heading(line))
        .map(|(_, heading)| heading)
        .collect()
}

/// The section under a heading, in capitals or not and with what stands behind its colon or not; with those below it.
pub(super) fn page(wanted: &str) -> Option<Page> {
    let wanted = wanted.to_lowercase();
    let is_wanted = |heading: &str| {
        let heading = heading.to_lowercase();
        let first = heading.split(':').next();
        heading == wanted || first == Some(wanted.as_str())
    };
    TEXTS.into_iter().find_map(|text| {
        let mut lines = outside_code(text);
        let (start, depth, title) = lines.find_map(|(at, line)| {
            let (depth, title) = heading(line).filter(|(_, title)| is_wanted(title))?;
            Some((at + line.len(), depth, title))
        })?;
        let next = lines.find(|(_, line)| heading(line).is_some_and(|(next, _)| next <= depth));
        let end = next.map_or(text.len(), |(at, _)| at);
        Some(Page {
            title: title.to_owned(),
            text: text.get(start..end)?.trim().to_owned() + "\n",
        })
    })
}

/// The lines of a text that are in no block of code, each with where it begins.
fn outside_code(text: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    let (mut at, mut within) = (0, false);
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        within ^= line.starts_with("```");
        (!within).then_some((start, line))
    })
}

/// A heading below the title, and how deep it is.
fn heading(line: &str) -> Option<(usize, &str)> {
    let title = line.trim_start_matches('#');
    let depth = line.len() - title.len();
    let title = title.strip_prefix(' ')?.trim_end();
    (depth > 1).then_some((depth, title))
}
