//! Renders our own Markdown for a terminal.

use super::table::{Cell, Heading, Table};

/// A part of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A paragraph, an item of a list or a heading, on one line.
    Prose(String),
    /// Lines shown verbatim.
    Code(Vec<String>),
    Table(Table),
}

/// The parts of a page, in order; links are reduced to their text.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = markdown.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            let code = lines.by_ref().take_while(|line| !line.starts_with("```"));
            blocks.push(Block::Code(code.map(str::to_owned).collect()));
        } else if line.starts_with('|') {
            let mut rows = vec![cells(line)];
            while let Some(line) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(cells(line));
            }
            blocks.push(Block::Table(table(rows)));
        } else if !line.trim().is_empty() && !line.starts_with("<!--") {
            let mut prose = line.trim_start_matches(['#']).trim().to_owned();
            while let Some(more) = lines.next_if(|line| goes_on(line)) {
                prose += " ";
                prose += more.trim();
            }
            blocks.push(Block::Prose(without_links(&prose)));
        }
    }
    blocks
}

/// Whether a line continues the paragraph before it.
fn goes_on(line: &str) -> bool {
    let begins = ["```", "|", "#", "- ", "<!--"];
    !line.trim().is_empty() && !begins.iter().any(|sign| line.starts_with(sign))
}

/// The cells of a row; a literal bar is escaped with a backslash.
fn cells(line: &str) -> Vec<String> {
    const BAR: &str = "\u{1}";
    let line = line.trim().replace("\\|", BAR);
    let line = line.strip_prefix('|').unwrap_or(&line);
    let cells = line.strip_suffix('|').unwrap_or(line).split('|');
    cells
        .map(|cell| without_links(&cell.trim().replace(BAR, "|")))
        .collect()
}

/// Makes a table from rows: headings, a rule, then the body.
fn table(rows: Vec<Vec<String>>) -> Table {
    let mut rows = rows.into_iter();
    let headings = rows.next().unwrap_or_default().into_iter();
    let headings = headings.map(|heading| Heading::left(heading.clone(), heading));
    let mut table = Table::new(headings.collect::<Vec<_>>());
    let rows = rows.skip(1);
    table.rows = rows
        .map(|row| row.into_iter().map(Cell::Text).collect())
        .collect();
    table
}

/// Replaces `[words](place)` with its words.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("](") {
        let link = before.rsplit_once('[').zip(behind.split_once(')'));
        let Some(((before, words), (_, behind))) = link else {
            break;
        };
        plain += before;
        plain += words;
        rest = behind;
    }
    plain + rest
}
