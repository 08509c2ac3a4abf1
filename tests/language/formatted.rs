//! `fmt`: one form for conditions; it means the same, is reached at once, and leaves everything else as it is.

use muster::fmt::form;
use muster::language::{comments, same};
use muster::source::{FileId, Node, NodeKind, parse, replaced};
use proptest::prelude::*;

use super::generated::expression;

fn formatted(text: &str) -> String {
    replaced(text, form(text).unwrap().edits)
}

/// A rule file with a condition in a block of its own lines.
fn block(condition: &str) -> String {
    let lines = condition.lines().map(|line| format!("      {line}\n"));
    format!(
        "segments:\n  - id: a\n    when: |\n{}    name: A # its name\n",
        lines.collect::<String>()
    )
}

/// The condition of such a file.
fn condition(file: &str) -> String {
    let tree = parse(FileId(0), file).unwrap();
    let mut found = Vec::new();
    said(&tree, &mut |key, value| {
        if key == "when" {
            found.push(value.to_owned());
        }
    });
    found.pop().unwrap()
}

fn said(node: &Node, tell: &mut impl FnMut(&str, &str)) {
    match &node.kind {
        NodeKind::Empty | NodeKind::Scalar(_) => {}
        NodeKind::List(items) => items.iter().for_each(|item| said(item, tell)),
        NodeKind::Mapping(entries) => {
            for (key, value) in entries {
                match &value.kind {
                    NodeKind::Scalar(scalar) => tell(&key.value, &scalar.value),
                    _ => said(value, tell),
                }
            }
        }
    }
}

fn holds(written: &str) {
    let file = block(written);
    let once = formatted(&file);
    let now = condition(&once);
    assert!(same(written, &now), "{written}\n---\n{now}");
    let told = |text: &str| -> Vec<String> {
        let all = comments(text).into_iter();
        all.map(|range| text[range].to_owned()).collect()
    };
    assert_eq!(told(written), told(&now), "{written}\n---\n{now}");
    assert_eq!(formatted(&once), once, "from\n{written}");
    assert!(once.ends_with("\n    name: A # its name\n"), "{once}");
}

/// Where a line was empty one is: between comments, above them and behind them.
#[test]
fn empty_lines_around_comments_are_kept() {
    for written in [
        "# first\n\n# second\npaid > 3",
        "# first\n\npaid > 3",
        "paid > 3\n\n# one\n\n# two\nand established",
        "paid > 3\n# one\n\nand established",
        "paid > 3  # beside\n# one\n\n# two\n\nand established",
        "paid > 3\n# last\n\n# of all",
        "established\nand (\n  # zero\n\n  paid > 3 or paid < 1\n  # one\n\n)",
        "count(\n  # zero\n\n  payments\n  # one\n\n) > 3",
        "paid in (\n  # zero\n\n  1,\n  # one\n\n  2\n  # two\n\n)",
    ] {
        holds(written);
        let now = condition(&formatted(&block(written)));
        assert_eq!(now.trim_end(), written);
    }
    // Several are one.
    let several = "paid > 3\n# one\n\n\n# two\nand established";
    let now = condition(&formatted(&block(several)));
    assert_eq!(now.trim_end(), several.replace("\n\n\n", "\n\n"));
}

/// A text in which any blank outside quotes may be the end of a line, with a comment before it or not.
fn scattered(text: &str, choices: &[u8]) -> String {
    let mut choices = choices.iter().cycle();
    let mut scattered = String::new();
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            Some(open) if open == c => quote = None,
            _ => {}
        }
        match (quote, c, choices.next()) {
            (None, ' ', Some(0)) => scattered += "\n",
            (None, ' ', Some(1)) => scattered += "\n\n",
            (None, ' ', Some(2)) => scattered += &format!(" # beside {at}\n"),
            (None, ' ', Some(3)) => scattered += &format!("\n# alone {at}\n"),
            (None, '(' | ')' | ',', Some(4)) => scattered += &format!("{c} # behind {at}\n"),
            _ => scattered.push(c),
        }
    }
    scattered
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_condition_keeps_its_meaning_and_its_comments(
        text in expression().prop_map(|expr| expr.to_string()),
        choices in prop::collection::vec(0..9_u8, 1..40),
    ) {
        // Some characters cannot be written in YAML.
        prop_assume!(parse(FileId(0), &block(&text)).is_ok() && condition(&block(&text)).trim_end() == text);
        holds(&text);
        holds(&scattered(&text, &choices));
    }
}

#[test]
fn shipped_rules_keep_their_meaning() {
    for file in [
        "rules/*.yaml",
        "config.yaml",
        "tests/data_sets/*/*.yaml",
        "tests/data_sets/*/rules/*.yaml",
    ] {
        for path in glob::glob(file).unwrap().map(Result::unwrap) {
            keeps_all(&std::fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn what_people_get_wrong_keeps_its_meaning() {
    for path in glob::glob("tests/cases/**/*.yaml")
        .unwrap()
        .map(Result::unwrap)
    {
        let Ok(text) = std::fs::read_to_string(path) else {
            continue;
        };
        if parse(FileId(0), &text).is_ok() {
            keeps_all(&text);
        }
    }
}

/// Every value of a file says what it said, and the file has its form at once.
fn keeps_all(text: &str) {
    let once = formatted(text);
    assert_eq!(formatted(&once), once);
    let all = |text: &str| {
        let mut all = Vec::new();
        said(&parse(FileId(0), text).unwrap(), &mut |key, value| {
            all.push((key.to_owned(), value.to_owned()));
        });
        all
    };
    let (before, after) = (all(text), all(&once));
    assert_eq!(before.len(), after.len());
    for ((key, before), (now, after)) in before.iter().zip(&after) {
        assert_eq!(key, now);
        assert!(before == after || same(before, after), "{before}\n{after}");
    }
}

#[test]
fn a_condition_that_fits_stays_on_its_line() {
    for (written, now) in [
        (
            "when: a>3   AND Not b IS Missing",
            "when: a > 3 and not b is missing",
        ),
        (
            "when: a > 3 or\n      b # or else\n",
            "when: a > 3 or b # or else\n",
        ),
        ("when: \"a='x'  or b\"", "when: \"a = 'x' or b\""),
        ("when: 'a = \"x\"  or b'", "when: 'a = \"x\" or b'"),
        ("when: (true)", "when: (yes)"),
        ("when: '`a`  in last 1 days'", "when: 'a in last 1 day'"),
        (
            "when: |-  # why\n  a>3\n  or b\n",
            "when: |-  # why\n  a > 3 or b\n",
        ),
        ("when: &a  b>3", "when: &a  b>3"),
        ("when: b>", "when: b>"),
        (
            "when: c>3 # muster: allow cliff",
            "when: c>3 # muster: allow cliff",
        ),
    ] {
        let file = |when: &str| format!("segments:\n- id: a\n  {}", when.replace('\n', "\n  "));
        assert_eq!(formatted(&file(written)), file(now));
        let windows = |when| file(when).replace('\n', "\r\n");
        assert_eq!(formatted(&windows(written)), windows(now));
    }
    let flow = "segments: [{ id: a, when: a>3 }, { id: b, when: 'b>3, c' }]\n";
    assert_eq!(formatted(flow), flow.replace("a>3", "a > 3"));
    let broken = "segments:\n  - id: a\n when: b";
    assert!(form(broken).is_err());
}

/// YAML folds the lines of `>` and of quoted texts, and a comment would take what follows for its own; nothing has lines
/// within braces.
#[test]
fn a_comment_that_would_be_lost_is_left_with_its_condition() {
    for written in [
        "    when: >\n      # whom we know\n\n      paid>3 and\n      exists(visits)\n",
        "    when: >-\n      # first only\n\n      paid>3\n",
        "    when: >\n      paid>3\n\n      # last\n",
        "    when: >-\n      paid>3 # takes in\n      and established\n",
        "    when: \"paid>3 # takes in\n      and established\"\n",
        "    when: >\n      paid>3 # beside\n\n      and count(visits in last 30 days where class.category = \"Yoga\")>3 and established\n",
    ] {
        left(&format!("segments:\n  - id: a\n{written}    name: A\n"));
    }
    left("segments:\n  - { id: fl, when: \"paid>3 # c\\nand exists(visits)\" }\n");
    // One that can be kept does not hold up the others.
    let file = |when: &str| {
        format!(
            "segments:\n  - {{ id: b, when: {when} }}\n  - id: a\n    when: >\n      # c\n\n      paid>3\n"
        )
    };
    assert_eq!(formatted(&file("paid>3")), file("paid > 3"));
}

/// Nothing changes, and the place is told.
fn left(text: &str) {
    assert_eq!(formatted(text), text);
    assert_eq!(form(text).unwrap().left.len(), 1, "{text}");
}

#[test]
fn an_empty_line_before_the_last_comment_stays() {
    let written =
        "segments:\n  - id: a\n    when: |\n      paid>3\n\n      # last\n      # of all\n";
    assert_eq!(formatted(written), written.replace("paid>3", "paid > 3"));
    assert_eq!(formatted(&formatted(written)), formatted(written));
}

#[test]
fn lines_may_end_in_carriage_returns_alone() {
    let written = "segments:\n  - id: a\n    when: exists(visits in last 30 days where class.category = \"Yoga\") and paid>3 and established\n  - id: b\n    when: |\n      paid>3 # much\n      or established\n";
    let old = written.replace('\n', "\r");
    let once = formatted(&old);
    assert_eq!(formatted(&once), once);
    assert_eq!(once, formatted(written).replace('\n', "\r"));
}

#[test]
fn a_long_condition_is_broken_before_its_operators() {
    let rules = r#"metrics:
  long: if(exists(visits in last 7 days), "This week", if(exists(visits in last 30 days), "This month", "Never")) # how lately
segments:
  - id: a
    when: count(visits in last 30 days where class.category = "Yoga" and not (minutes < 50 or minutes is missing or studio.name = "Soho")) > 3 and established
  - id: b
    when: |

      # whom we know
      established      # since long
      AND visits > 3   # and often

      # or who spends
      or spent > 500
  - { id: c, when: "count(visits in last 30 days) > 3 and count(visits in previous 30 days) > 3 and established" }
"#;
    let now = r#"metrics:
  long: | # how lately
    if(
      exists(visits in last 7 days),
      "This week",
      if(exists(visits in last 30 days), "This month", "Never")
    )
segments:
  - id: a
    when: |
      count(
        visits in last 30 days
        where class.category = "Yoga"
          and not (minutes < 50 or minutes is missing or studio.name = "Soho")
      ) > 3
      and established
  - id: b
    when: |

      # whom we know
      established       # since long
        and visits > 3  # and often

      # or who spends
      or spent > 500
  - { id: c, when: "count(visits in last 30 days) > 3 and count(visits in previous 30 days) > 3 and established" }
"#;
    assert_eq!(formatted(rules), now);
    assert_eq!(formatted(now), now);
}

/// A comment on a line of its own is written for the next line alone: in lines of its own a condition would leave that.
#[test]
fn a_condition_stays_on_the_line_that_a_finding_is_allowed_on() {
    let long = "count(visits in last 30 days) > 3 AND count(visits in last 60 days) > 6 AND count(visits in last 90 days) > 9";
    let file = |above: &str, when: &str| {
        format!("segments:\n{above}  - id: a\n    name: A\n{when}    bucket: B\n")
    };
    let allow = "    # muster: allow dead-clause (for a while)\n";
    for when in [
        format!("{allow}    when: {long}\n"),
        format!("{allow}    # more\n\n    when: {long}\n"),
        format!("    when: {long}  # muster: allow dead-clause\n"),
        format!("    when: |  # muster: allow dead-clause\n      {long}\n"),
        format!("    when: |\n      # muster: allow dead-clause\n      {long}\n"),
    ] {
        let text = file("", &when);
        assert_eq!(formatted(&text), text);
    }
    // One above the segment is for all of it.
    let text = file(
        &allow.replace("    #", "  #"),
        &format!("    when: {long}\n"),
    );
    assert!(formatted(&text).contains("when: |\n      count("));
}

/// One condition that cannot be formed holds no other up, however many there are.
#[test]
fn all_but_one_of_many_conditions_get_their_form() {
    let odd = "  - id: odd\n    when: >-\n      # first only\n\n      paid>3\n";
    let many = |when: &str| -> String {
        let of = |part: usize| {
            (0..60).map(move |at| format!("  - {{ id: s{part}_{at}, when: {when} }}\n"))
        };
        format!(
            "segments:\n{}{odd}{}",
            of(0).collect::<String>(),
            of(1).collect::<String>()
        )
    };
    assert_eq!(formatted(&many("paid>3")), many("paid > 3"));
}
