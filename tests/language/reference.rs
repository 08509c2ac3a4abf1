//! The language reference is true: every fenced block of `docs/language.md` is run.
//!
//! `MUSTER_BLESS=1 cargo nextest run --test language reference` writes what the engine answers into the
//! document; read the difference before keeping it.

pub mod document;
pub mod studio;

use document::{Block, Document};
use muster::diagnostic::Code;
use muster::language::functions::{self, Entry, Family};
use studio::Studio;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/language.md");

/// Every block is of a kind that this test runs: none is decoration.
#[test]
fn every_block_is_run() {
    let document = Document::read(PATH);
    for block in &document.blocks {
        let is_run = match block.kind() {
            "muster" => block.info == "muster" || block.code().is_some(),
            "yaml" => {
                matches!(block.info.as_str(), "yaml,config" | "yaml,rules")
                    || block.code().is_some()
            }
            // The list that config names.
            "csv" => block.info == "csv,file",
            _ => false,
        };
        assert!(is_run, "line {}: nothing runs `{}`", block.line, block.info);
    }
}

#[test]
fn every_example_answers_as_it_says() {
    let mut document = Document::read(PATH);
    let answers = Studio::build(&document).answers(&document);
    assert!(answers.len() > 150, "only {} examples", answers.len());
    document.hold(PATH, &answers);
}

/// A block tagged `error=CODE` or `warning=CODE` gives that code, and no other.
#[test]
fn every_slip_is_told_as_it_says() {
    let document = Document::read(PATH);
    let studio = Studio::build(&document);
    let mut tried = 0;
    for block in &document.blocks {
        let Some(code) = block.code() else { continue };
        let code = Code::parse(code).unwrap_or_else(|| panic!("line {}: no such code", block.line));
        for text in block.paragraphs() {
            let found = match block.kind() {
                "yaml" => Studio::file_findings(&document, block),
                _ => studio.findings(block, &text),
            };
            let codes: Vec<_> = found.iter().map(|f| f.code).collect();
            assert!(
                !codes.is_empty() && codes.iter().all(|c| *c == code),
                "line {}: {text}: {found:#?}",
                block.line
            );
            tried += 1;
        }
    }
    assert!(tried > 40, "only {tried} slips");
}

/// No function is left out.
#[test]
fn every_function_is_shown() {
    let document = Document::read(PATH);
    for name in functions::names() {
        let call = format!("{name}(");
        assert!(
            document
                .blocks
                .iter()
                .any(|b: &Block| b.body.contains(&call)),
            "no example calls `{name}`"
        );
    }
}

/// The tables of functions hold what the registry says, a row for each function.
#[test]
fn every_function_has_the_row_that_the_registry_gives() {
    let mut document = Document::read(PATH);
    for (heading, family) in [
        ("## Counting rows: over a collection", Family::Rows),
        (
            "## Comparing clients: over the population",
            Family::Population,
        ),
        ("## Functions", Family::Values),
    ] {
        let rows: Vec<String> = functions::entries(family).iter().map(row).collect();
        if std::env::var_os("MUSTER_BLESS").is_some() {
            document.write_rows(PATH, heading, &rows);
        }
        assert_eq!(document.rows(heading), rows, "under `{heading}`");
    }
}

fn row(entry: &Entry) -> String {
    let calls: Vec<String> = entry.signatures.iter().map(|s| format!("`{s}`")).collect();
    let of_no_rows = entry.of_no_rows.map(|said| format!(" {said} |"));
    let of_no_rows = of_no_rows.unwrap_or_default();
    format!("| {} | {} |{of_no_rows}", calls.join(" "), entry.meaning)
}

/// An example of the registry can be read.
#[test]
fn every_example_of_the_registry_is_read() {
    for family in [Family::Rows, Family::Population, Family::Values] {
        for entry in functions::entries(family) {
            let read = muster::language::parse(entry.example);
            assert!(read.is_ok(), "{}: {read:?}", entry.example);
        }
    }
}

/// The editor's grammar colours every word of the language.
#[test]
fn the_grammar_of_the_extension_has_every_word() {
    let grammar = include_str!("../../editors/vscode/syntaxes/condition.tmLanguage.json");
    let is_letter = |c: char| c.is_ascii_alphabetic();
    let written: std::collections::BTreeSet<String> = grammar
        // Regular expressions: `\\b`, `\\s` and the like are no words.
        .replace("\\\\b", " ")
        .replace("\\\\s", " ")
        .split(|c| !is_letter(c))
        .map(str::to_owned)
        .collect();
    let words = muster::reference::words().flat_map(|words| words.split(' '));
    // What stands behind `within` is coloured as a name, whatever it is.
    let words = words.filter(|word| word.chars().all(is_letter) && *word != "everyone");
    for word in words {
        assert!(
            written.contains(word) || written.contains(&format!("{word}s")),
            "the grammar does not know `{word}`"
        );
    }
}
