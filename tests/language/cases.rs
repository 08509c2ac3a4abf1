//! The case files of conditions' codes: `tests/cases/<code>[-variant]`, each with `rules/`, perhaps
//! a `config.yaml` and a `schema.sql` (or `data.sql`, with rows) of its own, what an earlier run read (`read.txt`), the
//! values of fields in the data (`data.yaml`), what the last runs left (`past.txt`; then the people are looked at), tables whose rows a server may hide (`hiding.txt`) and of columns that lists are of (`listed.yaml`), and `expected.txt`: what
//! people are told.

use std::collections::{BTreeMap, BTreeSet};

use muster::diagnostic::Code;
use muster::engine::Key;
use muster::lint::{Past, absent_from, unmatched_entries};
use muster::store::Returns;

use crate::support::cases::{self, Case};
use crate::support::compiled::{CONFIG, Compiled, TABLES, remembered};
use crate::support::database::schema_of;
use crate::support::scratch::Scratch;

/// What cases about people have, unless they have their own.
const PEOPLE_CONFIG: &str = include_str!("../cases/people.yaml");
const PEOPLE: &str = include_str!("../cases/people.sql");

/// The values of fields in the data, which a case says in `data.yaml`.
fn present(case: &Case, compiled: &Compiled) -> Vec<Option<BTreeSet<String>>> {
    let text = case.read_or("data.yaml", "{}");
    let data: BTreeMap<String, BTreeSet<String>> = serde_yaml::from_str(&text).unwrap();
    let fields = compiled.config.iter().flat_map(|config| &config.fields);
    fields
        .map(|field| data.get(&field.id.value).cloned())
        .collect()
}

/// What is found in a case.
fn compiled(case: &Case) -> Compiled {
    let past = past(case);
    let (config, data) = match past {
        Some(_) => (PEOPLE_CONFIG, PEOPLE),
        None => (CONFIG, ""),
    };
    let (config, mut rules) = (case.read_or("config.yaml", config), case.rules());
    rules.extend(case.lists());
    let rules = rules
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()));
    let texts: Vec<_> = rules.chain([("config.yaml", config.as_str())]).collect();
    let mut schema = schema_of(&case.read_or("schema.sql", TABLES));
    let hiding = case.read_or("hiding.txt", "");
    schema.hiding = hiding.lines().map(str::to_owned).collect();
    // What an earlier run has read: `table.column` in a line.
    let read = case.read_or("read.txt", "");
    let read: Vec<_> = read
        .lines()
        .map(|line| line.split_once('.').unwrap())
        .collect();
    let mut compiled = match case.read_or("data.sql", data).as_str() {
        "" => Compiled::linted(&texts, &schema, remembered(&read)),
        sql => {
            let folder = Scratch::around("case.db");
            folder.sql(sql);
            let (schema, database) = (schema_of(sql), folder.database());
            match past {
                None => Compiled::with_data(&texts, &schema, &database),
                Some(past) => Compiled::with_people(&texts, &schema, &database, &past),
            }
        }
    };
    let present = present(case, &compiled);
    if let Some(config) = &compiled.config {
        let absent = absent_from(&compiled.rules, config, &present, &|_| true);
        compiled.findings.extend(absent);
    }
    let lists: BTreeMap<String, BTreeSet<String>> =
        serde_yaml::from_str(&case.read_or("listed.yaml", "{}")).unwrap();
    for list in &compiled.lists {
        if let Some(values) = lists.get(&list.name) {
            let column = &compiled.catalog.lists.iter().find(|l| l.name == list.name);
            let place = (
                compiled.catalog.subject.table.as_str(),
                column.unwrap().column.as_str(),
            );
            compiled
                .findings
                .extend(unmatched_entries(place, list, values));
        }
    }
    // Many cases are metrics alone.
    compiled.findings.retain(|f| f.code != Code::NoSegments);
    compiled
}

/// What the last runs left, for cases about people: in `past.txt` who came back, `segment key times` on a line.
fn past(case: &Case) -> Option<Past> {
    let text = std::fs::read_to_string(case.folder.join("past.txt")).ok()?;
    let returns = text.lines().map(|line| {
        let mut words = line.split(' ');
        let mut next = || words.next().unwrap();
        Returns {
            segment: next().to_owned(),
            subject: Key::Integer(next().parse().unwrap()),
            times: next().parse().unwrap(),
        }
    });
    Some(Past {
        runs: 30,
        returns: returns.collect(),
        ..Past::default()
    })
}

/// `MUSTER_BLESS=1` writes the expected texts anew.
#[test]
fn every_case_reads_as_expected() {
    let mut wrong = Vec::new();
    for case in cases::all().iter().filter(|case| !case.is_of_files()) {
        let (compiled, folder) = (compiled(case), case.folder.display());
        let told = compiled.findings.iter().any(|f| f.code == case.code);
        assert!(told, "{folder}: {:#?}", compiled.findings);
        let text = compiled.rendered();
        if !case.expects(&text) {
            wrong.push(format!("{folder}\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_case() {
    let cases: BTreeSet<Code> = cases::all().iter().map(|case| case.code).collect();
    let without: Vec<_> = Code::ALL.iter().filter(|c| !cases.contains(c)).collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn code_names_are_unique() {
    let names: BTreeSet<_> = Code::ALL.iter().map(|c| c.name()).collect();
    assert_eq!(names.len(), Code::ALL.len());
}
