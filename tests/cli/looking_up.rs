//! `docs`: whatever can be written has something to read about it.

use std::collections::BTreeSet;
use std::process::Stdio;

use muster::reference::{index, pages, terms};

use super::desk::Desk;

#[test]
fn every_term_has_its_page() {
    let terms = terms();
    assert!(terms.len() > 300, "{}", terms.len());
    for term in terms {
        let pages = pages(&term);
        assert!(!pages.is_empty(), "{term}");
        let is_empty = pages.iter().any(|page| page.text.trim().is_empty());
        assert!(!is_empty, "{term}");
    }
}

#[test]
fn every_word_of_the_grammar_is_known() {
    let grammar = include_str!("../../grammar/condition.pest");
    let mut words: BTreeSet<&str> = BTreeSet::new();
    for (at, _) in grammar.match_indices("^\"") {
        words.extend(grammar[at + 2..].split('"').next());
    }
    // The end of a plural, and what is read only to be told as a slip.
    words.retain(|word| !["s", "the", "with"].contains(word));
    assert!(words.len() > 40, "{words:?}");
    let terms = terms();
    let unknown: Vec<_> = words
        .iter()
        .filter(|word| !terms.iter().any(|term| term == *word))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn terms_are_listed_by_kind_and_each_can_be_asked_for_as_it_is_listed() {
    let desk = Desk::empty();
    let told = desk.expect(0, &["docs"]).out;
    for kind in [
        "Functions",
        "Words of conditions",
        "Keys of config.yaml",
        "Keys of rule files",
        "Keys of test files",
        "Codes of findings",
        "Language and recipes",
    ] {
        assert!(told.lines().any(|line| line == kind), "{kind}: {told}");
    }
    assert!(!told.contains("Table `"), "{told}");
    for (kind, terms) in index() {
        let once: BTreeSet<&String> = terms.iter().collect();
        assert_eq!(once.len(), terms.len(), "{kind}: {terms:?}");
    }
    let quoted = desk.expect(0, &["docs", "is missing"]).out;
    assert_eq!(desk.expect(0, &["docs", "is", "missing"]).out, quoted);
    let said = desk.expect(2, &["docs", "in", "segmnt"]).err;
    assert!(said.contains("did you mean `in segment`?"), "{said}");
}

/// A wrong example looks like a right one where only its fence says so.
#[test]
fn an_example_of_an_error_is_told_from_others() {
    let told = Desk::empty().expect(0, &["docs", "in", "segment"]).out;
    let wrong = "This is an error, `unknown-segment`:\n\n    in segment increasing_frequencies\n";
    assert!(told.contains(wrong), "{told}");
    for term in terms() {
        for page in pages(&term) {
            assert!(!page.text.contains("error="), "{term}: {}", page.text);
        }
    }
}

#[test]
fn a_term_is_looked_up_where_there_is_no_project() {
    let desk = Desk::empty();
    let count = desk.expect(0, &["docs", "COUNT()"]).out;
    assert!(count.contains("count(visits in last 30 days)"), "{count}");
    let at = desk.expect(0, &["docs", "collections.at:"]).out;
    assert!(at.contains("when a row happened"), "{at}");
    for key in ["every", "from", "until"] {
        let told = desk.expect(0, &["docs", key]).out;
        let title = format!("Keys of test files: {key}");
        assert!(told.contains(&title), "{told}");
    }
    let code = desk.expect(0, &["docs", "unknown-name"]).out;
    assert!(
        code.contains("the message offers the name that is near"),
        "{code}"
    );
    let said = desk.expect(2, &["docs", "wher"]);
    assert!(said.err.contains("did you mean `where`?"), "{}", said.err);
    let said = desk.expect(2, &["docs", "xyzzyplugh"]);
    assert!(said.err.contains("`muster docs` lists"), "{}", said.err);
}

#[test]
fn a_page_fits_the_terminal_and_its_reader_may_leave() {
    let desk = Desk::empty();
    let mut narrow = desk.command(&["docs", "unknown-name"]);
    let out = narrow.env("COLUMNS", "50").output().unwrap();
    let out = String::from_utf8(out.stdout).unwrap();
    let wide = out.lines().find(|line| line.chars().count() > 50);
    assert_eq!(wide, None, "{out}");
    let mut gone = desk.command(&["docs", "windows"]);
    let mut child = gone
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success());
    assert_eq!(String::from_utf8_lossy(&done.stderr), "");
}
