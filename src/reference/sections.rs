//! The language reference and the recipes, by heading.

use std::fmt::Write;

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

/// The headings that are useful as search terms: those of the example's parts are excluded.
pub(super) fn names() -> Vec<&'static str> {
    let mut names = headings();
    names.retain(|heading| !heading.starts_with("Table `") && !heading.starts_with("File `"));
    names
}

/// The section under a heading, including its subsections. The heading may be given in any case, and without the part
/// after its colon.
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
            text: with_errors_told(text.get(start..end)?.trim()),
        })
    })
}

/// Adds a sentence to each example that is an error: in the source only the fence says so, and its info string is not
/// displayed.
fn with_errors_told(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let info = line.strip_prefix("```").unwrap_or_default();
        let language = info.split(',').next().unwrap_or_default();
        let mut words = info.split(',');
        let Some(code) = words.find_map(|word| word.strip_prefix("error=")) else {
            told += line;
            told.push('\n');
            continue;
        };
        let block = lines.by_ref().take_while(|line| *line != "```");
        let block = block.collect::<Vec<_>>().join("\n");
        // Blank lines separate examples of conditions.
        let are_several = language == "muster" && block.contains("\n\n");
        let words = match are_several {
            true => "Each of these is an error",
            false => "This is an error",
        };
        // Writing to a string cannot fail.
        let _ = write!(told, "{words}, `{code}`:\n\n```{language}\n{block}\n```\n");
    }
    told
}

/// The lines of a text outside code blocks, each with its start offset.
fn outside_code(text: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    let (mut at, mut within) = (0, false);
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        within ^= line.starts_with("```");
        (!within).then_some((start, line))
    })
}

/// A heading below the title, with its level.
fn heading(line: &str) -> Option<(usize, &str)> {
    let title = line.trim_start_matches('#');
    let depth = line.len() - title.len();
    let title = title.strip_prefix(' ')?.trim_end();
    (depth > 1).then_some((depth, title))
}
