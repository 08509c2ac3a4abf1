//! Loads test files as [`Suites`]: parsed and typed, but not yet checked against the rules.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};

use super::wire::{Answer, Crowd, Person, TableShape, TestEntry, TestFile};
use crate::catalog::{Schema, Table, TableColumn};
use crate::config::Config;
use crate::decode::{self, Entries, Read, Reader};
use crate::diagnostic::{Code, FIRST, Finding};
use crate::project::columns::{ColumnSource, column};
use crate::project::{Outputs, Project, Written};
use crate::rules;
use crate::source::{Location, Node, Scalar};

/// All test files together.
#[derive(Debug, Default)]
pub struct Suites {
    pub(super) suites: Vec<Suite>,
    /// The database's tables as described in the files; `None` if they describe none.
    pub schema: Option<Schema>,
    /// The locations of the descriptions, by table.
    described: BTreeMap<String, Location>,
}

/// One test file.
#[derive(Debug)]
pub(super) struct Suite {
    /// Its display name.
    pub(super) path: PathBuf,
    /// The instant of its tests, and of what is given.
    pub(super) now: Option<Scalar>,
    pub(super) given: Vec<(Scalar, Person)>,
    pub(super) crowds: Vec<Crowd>,
    pub(super) tests: Vec<Test>,
}

/// A test as written.
#[derive(Debug)]
pub(super) struct Test {
    pub(super) name: Scalar,
    pub(super) person: Scalar,
    pub(super) now: Option<Scalar>,
    /// Whether the person is the only one.
    pub(super) alone: bool,
    /// Whether the person is expected to take part at all.
    pub(super) active: bool,
    pub(super) within: Vec<Scalar>,
    pub(super) outside: Vec<Scalar>,
    pub(super) values: Vec<Expected>,
}

/// The expected value of a column.
#[derive(Debug)]
pub(super) struct Expected {
    pub(super) name: Scalar,
    pub(super) text: Scalar,
    pub(super) source: ColumnSource,
}

/// Reads every test file that config names, and requests the values used in them. Errors are added to those found in
/// config and rules.
pub fn load(written: &mut Written, outputs: &mut Outputs) -> Suites {
    let Written {
        config,
        sources,
        findings,
        ..
    } = written;
    let (paths, found) = match sources.kept_paths() {
        Some(mut kept) => {
            kept.retain(|path| rules::is_test(config, path));
            (kept, Vec::new())
        }
        None => rules::test_files(config, sources),
    };
    findings.extend(found);
    let mut opened = Vec::new();
    for path in paths {
        match decode::open(&path, sources) {
            Ok(file) => {
                findings.extend(file.findings);
                opened.push((path, file.node));
            }
            Err(finding) => findings.push(finding),
        }
    }
    let mut suites = Suites::default();
    let mut reader = Reader::new(sources, None);
    for (path, node) in &opened {
        suites.add(path, node, (config, outputs), &mut reader);
    }
    findings.append(&mut reader.findings);
    suites
}

impl Suites {
    /// Parses a file that is not on disk, and requests no values.
    pub(super) fn of_text(
        path: &Path,
        text: &str,
        project: &mut Project,
    ) -> Result<Self, Vec<Finding>> {
        let sources = &mut project.sources;
        let opened = decode::take(path, text.to_owned(), sources).map_err(|wrong| vec![wrong])?;
        let mut suites = Self::default();
        let mut reader = Reader::new(sources, None);
        let asked = (&project.config, &mut Outputs::default());
        suites.add(path, &opened.node, asked, &mut reader);
        match reader.findings.is_empty() {
            true => Ok(suites),
            false => Err(reader.findings),
        }
    }

    fn add(
        &mut self,
        path: &Path,
        node: &Node,
        (config, outputs): (&Config, &mut Outputs),
        reader: &mut Reader<'_>,
    ) {
        let Some(file) = TestFile::read(node, reader) else {
            return;
        };
        if let Some(tables) = file.tables {
            self.add_tables(tables, reader);
        }
        let tests = file.tests.into_iter().flat_map(|tests| tests.0);
        let tests = tests.filter_map(|test| Test::of(test, config, outputs, reader));
        let tests: Vec<Test> = tests.collect();
        twice(&tests).for_each(|finding| reader.report(finding));
        self.suites.push(Suite {
            path: path.to_path_buf(),
            now: file.now.map(|now| now.scalar),
            given: named(file.given),
            crowds: file.crowd.map_or_else(Vec::new, |crowds| crowds.0),
            tests,
        });
    }

    fn add_tables(&mut self, tables: Entries<Scalar, TableShape>, reader: &mut Reader<'_>) {
        let schema = self.schema.get_or_insert_default();
        for (name, shape) in tables.0 {
            if let Some(first) = self.described.get(&name.value) {
                let message = format!("the table `{}` is described twice", name.value);
                let finding = Finding::new(Code::DuplicateId, message).at(name.location);
                let finding = finding.related(*first, FIRST);
                reader
                    .report(finding.help("all test files share their `tables:`; keep one of them"));
                continue;
            }
            let columns = shape.columns.0.into_iter();
            let columns = columns.map(|(column, declared)| TableColumn {
                name: column.value,
                declared: declared.scalar.value,
                default: None,
                unreadable: None,
            });
            let key = shape.key.into_iter().flat_map(|key| key.0);
            let table = Table {
                columns: columns.collect(),
                primary_key: key.map(|column| column.scalar.value).collect(),
            };
            self.described.insert(name.value.clone(), name.location);
            schema.tables.insert(name.value, table);
        }
    }
}

/// Reports tests of one file with the same name, which could not be told apart.
fn twice(tests: &[Test]) -> impl Iterator<Item = Finding> {
    let names = tests.iter().map(|test| &test.name);
    again(names).map(|(name, first)| {
        let message = format!("another test of this file is called `{}` too", name.value);
        let finding = Finding::new(Code::DuplicateId, message).at(name.location);
        let finding = finding.related(first, FIRST);
        finding.help("say in the name what this one shows")
    })
}

/// Reports ids that are repeated under a key of a test.
fn said_twice<'t>(key: &'t str, ids: &'t [Scalar]) -> impl Iterator<Item = Finding> + 't {
    again(ids.iter()).map(move |(id, first)| {
        let message = format!("`{}` stands under `{key}` twice", id.value);
        let finding = Finding::new(Code::DuplicateId, message).at(id.location);
        let finding = finding.related(first, FIRST);
        finding.help("take one of them out, or write the segment that was meant")
    })
}

/// Scalars that repeat an earlier value, with the location of the first one.
fn again<'t>(
    scalars: impl Iterator<Item = &'t Scalar>,
) -> impl Iterator<Item = (&'t Scalar, Location)> {
    let mut known: BTreeMap<&str, Location> = BTreeMap::new();
    scalars.filter_map(move |scalar| match known.entry(&scalar.value) {
        Entry::Occupied(first) => Some((scalar, *first.get())),
        Entry::Vacant(free) => {
            free.insert(scalar.location);
            None
        }
    })
}

fn named(given: Option<Entries<decode::Identifier, Person>>) -> Vec<(Scalar, Person)> {
    let given = given.into_iter().flat_map(|given| given.0);
    given.map(|(name, person)| (name.0, person)).collect()
}

impl Test {
    fn of(
        entry: TestEntry,
        config: &Config,
        outputs: &mut Outputs,
        reader: &mut Reader<'_>,
    ) -> Option<Self> {
        let ids = |several: Option<decode::Several<decode::Identifier>>| {
            let ids = several.into_iter().flat_map(|several| several.0);
            ids.map(|id| id.0).collect()
        };
        let values = entry.values.into_iter().flat_map(|values| values.0);
        let values = values.filter_map(|(name, text)| {
            let source = column(config, &name, outputs).source;
            let is_kept = matches!(
                source,
                ColumnSource::Rank | ColumnSource::Segments | ColumnSource::EnteredAt
            );
            if is_kept {
                reader.report(no_value(&name));
            }
            (!is_kept).then_some(Expected {
                name,
                text: text.scalar,
                source,
            })
        });
        let test = Self {
            name: entry.name.scalar,
            person: entry.person.0,
            now: entry.now.map(|now| now.scalar),
            alone: entry.alone == Some(Answer::Yes),
            active: entry.active != Some(Answer::No),
            within: ids(entry.r#in),
            outside: ids(entry.not_in),
            values: values.collect(),
        };
        for (key, ids) in [("in", &test.within), ("not_in", &test.outside)] {
            said_twice(key, ids).for_each(|finding| reader.report(finding));
        }
        let finding = test.says_nothing();
        let is_wrong = finding.is_some();
        finding.into_iter().for_each(|f| reader.report(f));
        (!is_wrong).then_some(test)
    }

    /// Reports a test that asserts nothing, or something impossible.
    fn says_nothing(&self) -> Option<Finding> {
        let says = !(self.within.is_empty() && self.outside.is_empty() && self.values.is_empty());
        let name = &self.name.value;
        match (self.active, says) {
            (true, false) => {
                let message = format!("the test `{name}` says nothing that could be wrong");
                let finding = Finding::new(Code::MissingKey, message).at(self.name.location);
                Some(finding.help("add `in:`, `not_in:` or `values:`"))
            }
            (false, true) => {
                let message = format!(
                    "the test `{name}` says that the person is left out, and what they are in"
                );
                let finding = Finding::new(Code::InvalidValue, message).at(self.name.location);
                Some(finding.help(
                    "a person who is left out is in no segment: write either `active: no` or the others",
                ))
            }
            _ => None,
        }
    }
}

/// The error for a value that only a run knows.
fn no_value(name: &Scalar) -> Finding {
    let message = format!("a test cannot check `{}`: only a run gives it", name.value);
    Finding::new(Code::InvalidValue, message)
        .at(name.location)
        .help("a test can check metrics, columns, `score`, `health` and `reasons`")
}
