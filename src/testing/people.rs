//! All people in a test: those given, and their crowds.

use std::collections::BTreeMap;

use super::given::Given;
use super::load::Suite;
use super::rows::RowReader;
use super::tables::Tables;
use super::values::text_cell;
use super::wire::Crowd;
use crate::catalog::{Catalog, ColumnRef, ColumnState};
use crate::connector::memory::MemoryConnector;
use crate::diagnostic::{Code, Finding, suggest};
use crate::engine::{Key, OwnedCell};
use crate::source::Scalar;
use crate::time::Clock;
use crate::value::{ColumnType, Value};

/// The maximum number of rows for one test file.
const MAX_ROWS: usize = 500_000;

/// The people of a test file, relative to one instant.
pub(super) struct People<'a> {
    catalog: &'a Catalog,
    suite: &'a Suite,
    clock: Clock,
    /// By name.
    given: Vec<(&'a str, Given, OwnedCell)>,
}

impl<'a> People<'a> {
    /// Reads what is given.
    pub(super) fn read(
        catalog: &'a Catalog,
        suite: &'a Suite,
        clock: Clock,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut reader = RowReader {
            catalog,
            clock: &clock,
            findings,
        };
        let given = suite.given.iter();
        let given: Vec<(&Scalar, Given)> = given
            .map(|(name, person)| (name, reader.person(person)))
            .collect();
        let mut tables = Tables::new(catalog);
        given.iter().for_each(|(_, given)| tables.reserve(given));
        let mut people = Self {
            catalog,
            suite,
            clock,
            given: Vec::new(),
        };
        let mut holders: BTreeMap<String, &Scalar> = BTreeMap::new();
        for (name, given) in given {
            let key = given.row.cells.get(&catalog.key).cloned();
            let key = key.unwrap_or_else(|| people.new_key(&name.value, &mut tables));
            if let Some(holder) = holders.insert(format!("{key:?}"), name) {
                let message = format!("`{}` has the key of `{}`", name.value, holder.value);
                let finding = Finding::new(Code::DuplicateId, message).at(name.location);
                let finding = finding.related(holder.location, "has it too");
                findings.push(finding.help(format!(
                    "leave `{}:` out: each person gets one",
                    catalog.key
                )));
            }
            people.given.push((name.value.as_str(), given, key));
        }
        for crowd in &suite.crowds {
            people.check_crowd(crowd, findings);
        }
        people
    }

    /// The tables with all people, or with one person alone.
    pub(super) fn tables(
        &self,
        alone: Option<&str>,
        findings: &mut Vec<Finding>,
    ) -> MemoryConnector {
        let mut tables = Tables::new(self.catalog);
        for (_, given, key) in &self.given {
            tables.reserve(given);
            tables.reserve_key(key);
        }
        let there = |name: &str| alone.is_none_or(|alone| alone == name);
        for (_, given, key) in self.given.iter().filter(|(name, ..)| there(name)) {
            tables.add(given, key, |event| event.at.clone());
        }
        let crowds = self.suite.crowds.iter().filter(|_| alone.is_none());
        for crowd in crowds {
            self.add_crowd(crowd, &mut tables, findings);
        }
        findings.append(&mut tables.findings);
        tables.connector()
    }

    /// The key of a person.
    pub(super) fn key(&self, name: &str) -> Option<Key> {
        let mut given = self.given.iter();
        let (_, _, key) = given.find(|(known, ..)| *known == name)?;
        Some(match key {
            OwnedCell::Integer(key) => Key::Integer(*key),
            key => Key::Text(key.as_str().unwrap_or_default().into()),
        })
    }

    /// The earliest time of anything about a person; `None` if nothing has a time.
    pub(super) fn begins(&self, name: &str) -> Option<i64> {
        let mut given = self.given.iter();
        let (_, given, _) = given.find(|(known, ..)| *known == name)?;
        let times = given.events.iter().filter_map(|event| match event.at {
            Value::Instant(instant) => Some(instant),
            Value::Date(day) => Some(self.clock.midnight(day)),
            _ => None,
        });
        times.min()
    }

    /// An unused key: a number, or a name if keys are texts.
    fn new_key(&self, name: &str, tables: &mut Tables<'_>) -> OwnedCell {
        let column = ColumnRef::own(&self.catalog.key);
        match self.catalog.subject.state(&column) {
            Ok(ColumnState::Present(ColumnType::Text)) => text_cell(name),
            _ => OwnedCell::Integer(tables.next_key()),
        }
    }

    fn check_crowd(&self, crowd: &Crowd, findings: &mut Vec<Finding>) {
        let of = &crowd.copies_of.0;
        let names = || self.given.iter().map(|(name, ..)| *name);
        if !names().any(|name| name == of.value) {
            findings.push(nobody(of, names()));
        }
        for (name, _) in crowd.jitter.iter().flat_map(|jitter| &jitter.0) {
            let collections = &self.catalog.collections;
            let named = |id: &str| collections.iter().any(|one| one.name == id);
            if !named(&name.0.value) {
                let message = format!("there is no collection `{}`", name.0.value);
                let finding = Finding::new(Code::UnknownName, message).at(name.0.location);
                let known = collections.iter().map(|one| one.name.as_str());
                findings.push(match suggest(&name.0.value, known) {
                    Some(near) => finding.help(format!("did you mean `{near}`?")),
                    None => finding.help("a jitter moves the rows of collections, by their names"),
                });
            }
        }
    }

    fn add_crowd(&self, crowd: &Crowd, tables: &mut Tables<'_>, findings: &mut Vec<Finding>) {
        let of = &crowd.copies_of.0;
        let mut given = self.given.iter();
        let Some((name, given, _)) = given.find(|(name, ..)| *name == of.value) else {
            return;
        };
        let rows = (given.events.len() + 1) * crowd.count.0 as usize;
        if tables.rows() + rows > MAX_ROWS {
            let message = format!("this crowd has more than {MAX_ROWS} rows");
            let finding = Finding::new(Code::TooLarge, message).at(of.location);
            findings.push(finding.help("take fewer copies, or somebody with fewer rows"));
            return;
        }
        for copy in 1..=crowd.count.0 {
            let key = self.new_key(&format!("{name} {copy}"), tables);
            let mut place = 0;
            tables.add(given, &key, |event| {
                let collection = self.catalog.collections.get(event.collection);
                let collection = collection.map_or("", |one| one.name.as_str());
                let mut jitter = crowd.jitter.iter().flat_map(|jitter| &jitter.0);
                let most = jitter.find(|(name, _)| name.0.value == collection);
                let most = most.map_or(0, |(_, days)| days.0);
                place += 1;
                let words = format!("{name} {copy} {collection} {place}");
                event.moved(drawn(&words, most), &self.clock)
            });
        }
    }
}

/// The error for a person who is not given.
pub(super) fn nobody<'n>(name: &Scalar, known: impl Iterator<Item = &'n str>) -> Finding {
    let message = format!("there is nobody called `{}` under `given:`", name.value);
    let finding = Finding::new(Code::UnknownName, message).at(name.location);
    match suggest(&name.value, known) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("give them there, with what is known of them"),
    }
}

/// A deterministic number from −`most` to `most`, the same for the same words on every machine.
fn drawn(words: &str, most: u32) -> i64 {
    let hash = blake3::hash(words.as_bytes());
    let bytes: [u8; 8] = hash.as_bytes().first_chunk().copied().unwrap_or_default();
    let width = u64::from(most) * 2 + 1;
    let place = u64::from_le_bytes(bytes) % width;
    i64::try_from(place).unwrap_or(0) - i64::from(most)
}
