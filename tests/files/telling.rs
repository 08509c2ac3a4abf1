//! How findings are told: to people, in colour, and with the name that was meant.

use std::path::Path;

use muster::diagnostic::{Code, Finding, Paint, Severity, sort, suggest};
use muster::source::{Location, Sources};

use super::render;

fn finding(text: &str, word: &str) -> (Finding, Sources) {
    let mut sources = Sources::default();
    let file = sources.add(Path::new("rules/a.yaml"), text.to_owned());
    let start = text.find(word).unwrap();
    let end = start + word.len();
    let finding = Finding::new(Code::UnknownName, format!("nothing is called `{word}`"))
        .at(Location { file, start, end });
    (finding, sources)
}

#[test]
fn the_source_is_underlined_and_advised_on() {
    let (finding, sources) = finding("when: é > vists\n", "vists");
    let finding = finding.label("here").help("did you mean `visits`?");
    let expected = "\
error[unknown-name]: nothing is called `vists`
 --> rules/a.yaml:1:11
  |
1 | when: é > vists
  |           ^^^^^ here
  |
  = help: did you mean `visits`?

";
    assert_eq!(
        render(std::slice::from_ref(&finding), &sources, Paint::Plain),
        expected
    );
    let coloured = render(&[finding], &sources, Paint::Coloured);
    assert!(coloured.contains("\u{1b}[") && coloured.contains("unknown-name"));
}

#[test]
fn sentences_of_a_finding_fit_the_terminal_and_what_it_quotes_stays() {
    let line = "when: é > vists and something that goes on for a while, as conditions do\n";
    let (finding, sources) = finding(line, "vists");
    let help = "did you mean `visits`? the list of all names is long, and `muster check --catalog` prints it";
    let finding = finding.help(help);
    let told = muster::diagnostic::render(&[finding], &sources, Paint::Plain, Some(50));
    assert_eq!(
        told.as_str(),
        "\
error[unknown-name]: nothing is called `vists`
 --> rules/a.yaml:1:11
  |
1 | when: é > vists and something that goes on for a while, as conditions do
  |           ^^^^^
  |
  = help: did you mean `visits`? the list of
          all names is long, and
          `muster check --catalog` prints it

"
    );
}

#[test]
fn a_byte_order_mark_and_line_ends_of_windows_change_no_place() {
    for text in [
        "\u{feff}a: vists\n",
        "\u{feff}# é\r\na: vists\r\n",
        "# one\r\n\r\na: |\r\n  vists\r\n",
    ] {
        let (finding, sources) = finding(text, "vists");
        let told = render(std::slice::from_ref(&finding), &sources, Paint::Plain);
        let (line, column) = sources.line_column(finding.location.unwrap());
        assert!(
            told.contains(&format!("--> rules/a.yaml:{line}:{column}\n")),
            "{told}"
        );
        assert!(!told.contains(['\r', '\u{feff}']), "{told:?}");
        let lines: Vec<_> = told.lines().collect();
        let at = lines
            .iter()
            .position(|l| l.contains("vists") && l.contains(" | "))
            .unwrap();
        assert_eq!(
            lines[at].find("vists"),
            lines[at + 1].find("^^^^^"),
            "{told}"
        );
    }
}

#[test]
fn a_finding_without_a_place_has_no_source() {
    let mut finding = Finding::new(Code::MissingTable, "there is no table `visits`");
    assert_eq!(finding.severity, Severity::Stale);
    let told = |f: &Finding| render(std::slice::from_ref(f), &Sources::default(), Paint::Plain);
    assert_eq!(
        told(&finding),
        "stale[missing-table]: there is no table `visits`\n\n"
    );
    finding.location = Some(muster::source::Scalar::detached("x").location);
    assert_eq!(
        told(&finding),
        "stale[missing-table]: there is no table `visits`\n\n"
    );
}

#[test]
fn a_location_beyond_its_file_is_told_all_the_same() {
    let (mut finding, sources) = finding("a: é", "é");
    for (start, end) in [(4, 4), (5, 5), (4, 99), (99, 99), (5, 2)] {
        let file = finding.location.unwrap().file;
        finding.location = Some(Location { file, start, end });
        assert!(render(std::slice::from_ref(&finding), &sources, Paint::Plain).contains("a.yaml"));
    }
}

#[test]
fn findings_come_in_the_order_of_the_files() {
    let (second, _) = finding("ab", "b");
    let (first, _) = finding("ab", "a");
    let outside = Finding::new(Code::MissingTable, "gone");
    let mut all = [outside.clone(), second.clone(), first.clone()];
    sort(&mut all);
    assert_eq!(all, [first, second, outside]);
}

#[test]
fn the_near_name_is_suggested() {
    let names = ["visits", "Visits_30d", "packages", "at", "id"];
    let near = |name| suggest(name, names);
    assert_eq!(near("vists"), Some("visits"));
    assert_eq!(near("VISITS"), Some("visits"));
    assert_eq!(near("visits_30D"), Some("Visits_30d"));
    assert_eq!(near("vistis"), Some("visits"));
    assert_eq!(near("pakcage"), Some("packages"));
    assert_eq!(near("pckge"), None);
    assert_eq!(near("payments"), None);
    // Two letters are near everything.
    assert_eq!(near("x"), None);
    assert_eq!(near("ad"), Some("at"));
    assert_eq!(suggest("visits", ["visits"]), None);
}
