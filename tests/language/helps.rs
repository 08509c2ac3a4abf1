//! What people who know spreadsheets, SQL or only English would write (`helps.txt`), and the advice, followed: what
//! a help says to write, written in place of what is underlined, is accepted.

use std::collections::BTreeMap;
use std::fmt::Write;

use muster::diagnostic::{Code, Finding};
use muster::source::Sources;

use crate::support::cases::{self, Case};
use crate::support::compiled::{self, Compiled};
use crate::support::database::schema_of;

const CONFIG: &str = "
database: sqlite:d.db
timezone: UTC
subject:
  name: client
  table: clients
  key: id
  lookups: { studio: { table: studios, key: id, by: studio_id } }
scopes: { studio: studio_id }
collections:
  visits: { table: visits, subject: client_id, at: at }
  orders: { table: orders, subject: client_id, at: at }
  gifts: { table: gifts, subject: client_id, at: at }
";

const TABLES: &str = "
CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT, email TEXT, city TEXT, status TEXT, points INTEGER,
  budget DECIMAL(10,2), birthday DATE, signed_up_at DATETIME, newsletter BOOLEAN, studio_id INTEGER);
CREATE TABLE studios (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, at DATETIME, kind TEXT, minutes INTEGER);
CREATE TABLE orders (id INTEGER PRIMARY KEY, client_id INT, at DATETIME, amount DECIMAL(10,2), status TEXT, qty INTEGER,
  paid BOOLEAN, due DATE, \"where\" TEXT);
CREATE TABLE gifts (id INTEGER PRIMARY KEY, client_id INT, at DATETIME, Method TEXT);
";

/// How often advice may lead to the next mistake of the same text.
const STEPS: usize = 4;

/// What is told of each text as a condition, errors alone.
fn checked(texts: &[String]) -> Vec<Vec<(Finding, usize)>> {
    let mut rules = "segments:\n  - { id: loyal, when: yes }\n".to_owned();
    let mut starts = Vec::new();
    for (place, text) in texts.iter().enumerate() {
        write!(rules, "  - id: p{place}\n    when: |-\n      ").unwrap();
        starts.push(rules.len());
        writeln!(rules, "{text}").unwrap();
    }
    let world = Compiled::with(CONFIG, TABLES, &rules);
    let mut told = vec![Vec::new(); texts.len()];
    for finding in world.findings.iter().filter(|f| f.is_error()) {
        let at = finding.location.unwrap().start;
        let place = starts.partition_point(|start| *start <= at) - 1;
        told[place].push((finding.clone(), at - starts[place]));
    }
    told
}

/// What a help says to write: each of the codes that can stand in place of what is underlined.
pub fn codes(help: &str) -> Vec<&str> {
    let Some(mut rest) = help
        .strip_prefix("write ")
        .filter(|rest| rest.starts_with('`'))
    else {
        return Vec::new();
    };
    let mut codes = Vec::new();
    while let Some(start) = rest.find('`') {
        let between = &rest[..start];
        let joins = between.contains("or") || between.contains(',');
        if !codes.is_empty() && (between.contains([':', ';']) || !joins) {
            break;
        }
        let (open, close) = match rest[start..].starts_with("`` ") {
            true => (3, " ``"),
            false => (1, "`"),
        };
        let Some(end) = rest[start + open..].find(close) else {
            break;
        };
        codes.push(&rest[start + open..start + open + end]);
        rest = &rest[start + open + end + close.len()..];
    }
    codes.retain(|code| !code.contains('…'));
    codes
}

fn replaced(text: &str, finding: &Finding, at: usize, with: &str) -> String {
    let location = finding.location.unwrap();
    let end = at + location.end - location.start;
    format!("{}{with}{}", &text[..at], &text[end..])
}

/// Texts with a second mistake, of which it is not known what is meant.
const ENDS: [&str; 6] = [
    "weekday(signed_up_at) = 1",
    "points > 50% of budget",
    "points > 50% budget",
    "points > half of budget",
    "have visited",
    "points > {{x}}",
];

/// Follows the first advice on each text until nothing is told; the texts on the way.
#[test]
fn advice_leads_to_what_is_accepted() {
    let written: Vec<String> = include_str!("helps.txt")
        .lines()
        .map(str::to_owned)
        .collect();
    let mut net_movements: Vec<Vec<String>> =
        written.iter().map(|text| vec![text.clone()]).collect();
    let mut said: BTreeMap<usize, String> = BTreeMap::new();
    let mut open: Vec<usize> = (0..written.len()).collect();
    let mut wrong = Vec::new();
    for step in 0..=STEPS {
        let texts: Vec<String> = open
            .iter()
            .map(|i| net_movements[*i].last().unwrap().clone())
            .collect();
        let told = checked(&texts);
        let mut further = Vec::new();
        for ((i, text), told) in open.iter().zip(&texts).zip(told) {
            let Some((finding, at)) = told.first() else {
                continue;
            };
            let help = finding.help.clone().unwrap_or_default();
            if step == 0 {
                said.insert(*i, format!("{}: {help}", finding.code.name()));
            }
            match codes(&help).first() {
                Some(code) if step < STEPS => {
                    net_movements[*i].push(replaced(text, finding, *at, code));
                    further.push(*i);
                }
                Some(_) => wrong.push(format!("{:?} goes on", net_movements[*i])),
                // Where it is known what is there, and not what is meant, the course ends.
                None if step == 0 => {}
                None => {
                    // A value where a condition is needed was one from the beginning.
                    let value = finding.code == Code::NotACondition;
                    if !value && !ENDS.contains(&net_movements[*i][0].as_str()) {
                        wrong.push(format!(
                            "{:?} ends with {}: {help}",
                            net_movements[*i], finding.message
                        ));
                    }
                }
            }
        }
        open = further;
    }
    let mut out = String::new();
    for (i, net_movement) in net_movements.iter().enumerate() {
        writeln!(out, "{}", net_movement[0]).unwrap();
        for text in &net_movement[1..] {
            writeln!(out, "  → {text}").unwrap();
        }
        if let Some(said) = said.get(&i) {
            writeln!(out, "  {said}").unwrap();
        }
    }
    insta::assert_snapshot!(out);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Not the first alone: each code that a help gives for one place is read there.
#[test]
fn every_code_of_a_help_is_accepted() {
    let written: Vec<String> = include_str!("helps.txt")
        .lines()
        .map(str::to_owned)
        .collect();
    let mut tried = Vec::new();
    for (text, told) in written.iter().zip(checked(&written)) {
        let [(finding, at)] = told.as_slice() else {
            continue;
        };
        for code in codes(finding.help.as_deref().unwrap_or("")) {
            tried.push((text, replaced(text, finding, *at, code)));
        }
    }
    let texts: Vec<String> = tried.iter().map(|(_, text)| text.clone()).collect();
    for ((text, followed), told) in tried.iter().zip(checked(&texts)) {
        // What is left is another mistake of the text, which has its own advice.
        let stuck = told.iter().find(|(f, _)| {
            let help = f.help.as_deref().unwrap_or("");
            let known = f.code == Code::NotACondition || ENDS.contains(&text.as_str());
            codes(help).is_empty() && !known
        });
        assert!(stuck.is_none(), "{text}\n→ {followed}\n{stuck:#?}");
    }
}

/// The same over the cases of all codes: what a help says to write is read where it is written.
#[test]
fn advice_of_the_cases_is_read() {
    for case in cases::all() {
        for (_, text) in case.rules() {
            advice_is_read(&case, &text);
        }
    }
}

fn advice_is_read(case: &Case, text: &str) {
    let config = case.read_or("config.yaml", compiled::CONFIG);
    let schema = schema_of(&case.read_or("schema.sql", compiled::TABLES));
    let load = |text: &str| {
        let texts = [("config.yaml", config.as_str()), ("rules/rules.yaml", text)];
        let compiled = Compiled::texts(&texts, &schema, Default::default());
        (compiled.findings, compiled.sources)
    };
    let (findings, sources) = load(text);
    for finding in &findings {
        let Some(at) = finding.location.filter(|l| is_rules(&sources, l.file)) else {
            continue;
        };
        for code in codes(finding.help.as_deref().unwrap_or("")) {
            let quoted = text.get(at.start..at.end).unwrap().contains('\\');
            if quoted {
                continue;
            }
            let changed = format!("{}{code}{}", &text[..at.start], &text[at.end..]);
            let (after, _) = load(&changed);
            let same = after.iter().find(|f| {
                f.code == finding.code
                    && f.location.is_some_and(|l| l.start == at.start)
                    && f.message == finding.message
            });
            assert!(
                same.is_none(),
                "{}\n{code}\n{same:#?}",
                case.folder.display()
            );
        }
    }
}

fn is_rules(sources: &Sources, file: muster::source::FileId) -> bool {
    sources
        .get(file)
        .is_some_and(|file| file.path.ends_with("rules/rules.yaml"))
}

/// Examples name a collection that there is, also where a text cannot be read.
#[test]
fn examples_are_of_this_config() {
    let config = CONFIG.replace(
        "  visits: { table: visits, subject: client_id, at: at }\n",
        "",
    );
    for text in [
        "count(*) > 3",
        "last order > 3",
        "count(orders) where paid",
        "nth(orders, 2) > 1",
        "",
    ] {
        let quoted = serde_json::to_string(text).unwrap();
        let rules = format!("segments:\n  - {{ id: a, when: {quoted} }}\n");
        let world = Compiled::with(&config, TABLES, &rules);
        let help = world.findings[0].help.as_deref().unwrap();
        assert!(
            help.contains("orders") && !help.contains("visits"),
            "{text}: {help}"
        );
    }
}
