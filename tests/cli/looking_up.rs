//! `docs`: whatever can be written has something to read about it.

use std::collections::BTreeSet;
use std::process::Stdio;

use muster::reference::{pages, terms};

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
fn a_term_is_looked_up_where_there_is_no_project() {
    let desk = Desk::empty();
    let count = desk.expect(0, &["docs", "COUNT()"]).out;
    assert!(count.contains("count(visits in last 30 days)"), "{count}");
    let at = desk.expect(0, &["docs", "collections.at:"]).out;
    assert!(at.contains("when a row happened"), "{at}");
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
