//! Writing a test file.

use std::fmt::Write;

use crate::source::{Node, NodeKind, Scalar};
use crate::testing::columns::plain;
use crate::testing::wire::Person;
use crate::time::{Clock, local_micros, naive_of_micros};

/// What a generated test asserts about its person.
pub(super) enum Says {
    /// That they take no part.
    LeftOut,
    /// The segments that they are in, and those that they are not in.
    In(Vec<String>, Vec<String>),
}

/// The name of the person in the file.
pub(super) const NAME: &str = "someone";

/// A complete file: one person, a `subject` of config, and one test.
pub(super) fn file(subject: &str, person: &Person, clock: &Clock, says: &Says) -> String {
    let now = naive_of_micros(local_micros(clock.now, clock.zone));
    let now = now.format("%Y-%m-%d %H:%M:%S").to_string();
    let now = now.strip_suffix(":00").unwrap_or(&now);
    let mut text = format!(
        "# Made of a real {subject}: names, keys and texts are replaced, times and amounts moved as far as\n\
         # the answers stay. Read it before you keep it, and say behind `name:` what it shows.\n\n\
         now: {now}\n\ngiven:\n  {NAME}:{}\n",
        if person.0.is_empty() { " {}" } else { "" }
    );
    for (name, node) in &person.0 {
        // Writing to a string cannot fail.
        let _ = match &node.kind {
            NodeKind::List(rows) => {
                let rows = rows.iter().map(|row| format!("      - {}\n", flow(row)));
                write!(text, "    {}:\n{}", key(name), rows.collect::<String>())
            }
            _ => writeln!(text, "    {}: {}", key(name), flow(node)),
        };
    }
    text.push_str(&format!(
        "\ntests:\n  - name: a real {subject} as of {now}\n    person: {NAME}\n"
    ));
    let lines = match says {
        Says::LeftOut => "    active: no\n".to_owned(),
        Says::In(within, outside) => {
            let line = |key: &str, ids: &[String]| match ids {
                [] => String::new(),
                ids => format!("    {key}: [{}]\n", ids.join(", ")),
            };
            line("in", within) + &line("not_in", outside)
        }
    };
    text + &lines
}

fn flow(node: &Node) -> String {
    match &node.kind {
        NodeKind::Empty => "missing".to_owned(),
        NodeKind::Scalar(text) => value(&text.value),
        NodeKind::List(nodes) => {
            let nodes: Vec<String> = nodes.iter().map(flow).collect();
            format!("[{}]", nodes.join(", "))
        }
        NodeKind::Mapping(entries) if entries.is_empty() => "{}".to_owned(),
        NodeKind::Mapping(entries) => {
            let entries = entries.iter();
            let entries: Vec<String> = entries
                .map(|(name, node)| format!("{}: {}", key(name), flow(node)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

fn key(name: &Scalar) -> String {
    plain(&name.value)
}

/// Numbers and times need no quotes, whatever type YAML gives them.
fn value(text: &str) -> String {
    let begins = text
        .trim_start_matches('-')
        .starts_with(|c: char| c.is_ascii_digit());
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '.' | ':' | '+');
    let is_answer = matches!(text, "yes" | "no");
    match is_answer || begins && text.chars().all(is_plain) && !text.contains(": ") {
        true => text.to_owned(),
        false => plain(text),
    }
}
