//! Where a character of a decoded scalar stands in the file.

use std::path::Path;

use muster::source::{NodeKind, Scalar, Sources, parse};
use proptest::prelude::*;

/// The value of `key` in a file of one entry, and its sources.
fn scalar(text: &str) -> (Scalar, Sources) {
    let mut sources = Sources::default();
    let file = sources.add(Path::new("a.yaml"), text.to_owned());
    let node = parse(file, text).unwrap_or_else(|e| panic!("{e:?} in {text:?}"));
    let NodeKind::Mapping(entries) = node.kind else {
        panic!("no mapping: {text:?}")
    };
    let NodeKind::Scalar(scalar) = &entries[0].1.kind else {
        panic!("no scalar: {text:?}")
    };
    (scalar.clone(), sources)
}

/// The raw text and place of the first `word`.
fn place(text: &str, word: &str) -> (String, (usize, usize)) {
    let (scalar, sources) = scalar(text);
    let start = scalar.value.find(word).unwrap();
    let location = scalar.locate(start..start + word.len(), &sources);
    (
        sources.slice(location).to_owned(),
        sources.line_column(location),
    )
}

#[test]
fn every_style_places_a_word() {
    let cases = [
        ("when: a and bad\n", (1, 13)),
        ("when: a\n  and bad # bad\n", (2, 7)),
        ("when: 'it''s bad'\n", (1, 14)),
        ("when: \"a \\\"x\\\" \\u00e9\\t bad\"\n", (1, 25)),
        ("when: \"a\n\n   bad\"\n", (3, 4)),
        ("when: |\n  a\n\n    b\n  and bad\n", (5, 7)),
        ("when: |2\n    a\n  bad\n", (3, 3)),
        ("when: |-\n\n\n  bad\n", (4, 3)),
        ("when: >\n  a\n  b\n\n   c\n  bad\n\n", (6, 3)),
        ("when: >-\n  \"x\" = bad\n", (2, 9)),
        ("when: |\r\n  é = 1\r\n  and bad\r\n", (3, 7)),
        ("\u{feff}when: é bad\n", (1, 9)),
        ("\u{feff}when: |\r\n  a\r\n  bad", (3, 3)),
    ];
    for (text, expected) in cases {
        assert_eq!(place(text, "bad"), ("bad".into(), expected), "{text:?}");
    }
}

#[test]
fn a_word_over_a_fold_covers_the_line_end() {
    let (raw, at) = place("when: >\n  a in\n  b\n", "in b");
    assert_eq!((raw.as_str(), at), ("in\n  b", (2, 5)));
}

#[test]
fn the_end_of_a_block_is_behind_its_last_character() {
    let (scalar, sources) = scalar("when: |\n  a and\n");
    let location = scalar.locate(scalar.value.len()..scalar.value.len(), &sources);
    assert_eq!(sources.line_column(location), (2, 8));
    assert_eq!(location.start, location.end);
}

#[test]
fn an_escaped_line_end_falls_back_to_the_whole_scalar() {
    let (raw, at) = place("when: \"a \\\n  bad\"\n", "bad");
    assert_eq!((raw.as_str(), at), ("\"a \\\n  bad\"", (1, 7)));
}

#[test]
fn a_scalar_without_a_file_counts_from_its_own_start() {
    let location = Scalar::detached("a and bad").locate(6..9, &Sources::default());
    assert_eq!((location.start, location.end), (6, 9));
}

/// A style: its text in a file.
type Style = fn(&[String]) -> String;

fn literal(lines: &[String]) -> String {
    let body: String = lines.iter().map(|l| format!("  {l}\n")).collect();
    format!("when: |\n{body}")
}
fn literal_crlf(lines: &[String]) -> String {
    format!("\u{feff}{}", literal(lines).replace('\n', "\r\n"))
}
fn folded(lines: &[String]) -> String {
    literal(lines).replacen('|', ">-", 1)
}
fn single(lines: &[String]) -> String {
    format!("when: '{}'\n", lines.join("\n  ").replace('\'', "''"))
}
fn double(lines: &[String]) -> String {
    let escaped = lines
        .join("\n\n  ")
        .replace('\\', "\\\\")
        .replace('"', "\\\"");
    format!(
        "when: \"{}\"\n",
        escaped.replace('é', "\\xe9").replace('≥', "\\u2265")
    )
}
fn plain(lines: &[String]) -> String {
    format!("when: {}\n", lines.join("\n  "))
}

/// Each visible character of a scalar lies where the same character (or its escape) is written.
fn check(style: Style, lines: &[String]) -> Result<(), TestCaseError> {
    let text = style(lines);
    let (scalar, sources) = scalar(&text);
    let wanted: String = lines.concat().split_whitespace().collect();
    let got: String = scalar.value.split_whitespace().collect();
    prop_assert_eq!(wanted, got, "{:?}", text);
    let mut end = 0;
    for (at, c) in scalar
        .value
        .char_indices()
        .filter(|(_, c)| !c.is_whitespace())
    {
        let location = scalar.locate(at..at + c.len_utf8(), &sources);
        let raw = sources.slice(location);
        let escaped = match c {
            'é' => raw == "\\xe9",
            '≥' => raw == "\\u2265",
            '\\' => raw == "\\\\",
            '"' => raw == "\\\"",
            '\'' => raw == "''",
            _ => false,
        };
        prop_assert!(
            raw == c.to_string() || escaped,
            "{c:?} is at {raw:?} in {text:?}"
        );
        prop_assert!(
            location.start >= end,
            "{c:?} lies before its neighbour in {text:?}"
        );
        end = location.end;
    }
    Ok(())
}

proptest! {
    #[test]
    fn each_character_slices_to_itself(
        lines in prop::collection::vec("[a-z(][a-zé≥='\"\\\\# ]{0,8}[a-z)]", 1..5),
        simple in prop::collection::vec("[a-z(][a-zé≥='\"\\\\ ]{0,8}[a-z)]", 1..5),
    ) {
        for style in [literal as Style, literal_crlf, folded, single, double] {
            check(style, &lines)?;
        }
        check(plain, &simple)?;
    }
}
