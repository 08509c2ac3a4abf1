//! The rows of collections: single ones, or repeated ones.

use super::given::{Event, GivenRow};
use super::moments::{self, Point, length, point};
use super::rows::{RowReader, spelled, text_of};
use super::wire::Person;
use crate::catalog::{Collection, CollectionId};
use crate::diagnostic::{Code, Finding, suggest};
use crate::source::{Location, Node, NodeKind, Scalar};
use crate::time::{Direction, Duration};
use crate::value::{ColumnType, Type, Value};

/// The maximum number of rows of one `every:`.
const MAX_ROWS: u32 = 2_000;

impl RowReader<'_> {
    /// Reads the rows of a collection: a list, a single row, or a repeated one.
    pub(super) fn events(&mut self, id: CollectionId, node: &Node, events: &mut Vec<Event>) {
        let Some(collection) = self.catalog.collections.get(id) else {
            return;
        };
        let nodes = match &node.kind {
            NodeKind::List(nodes) => nodes.as_slice(),
            NodeKind::Empty => &[],
            _ => std::slice::from_ref(node),
        };
        for node in nodes {
            let NodeKind::Mapping(entries) = &node.kind else {
                let message = format!("a row of `{}` has columns", collection.name);
                let help = "write `{ column: value }`, or `{ every: 7 days, from: 60 days ago }`";
                self.wrong(message, node.location, help);
                continue;
            };
            let is_series = entries.iter().any(|(name, _)| name.value == "every");
            match is_series {
                true => self.series(id, collection, entries, events),
                false if self.lacks_every(collection, entries) => {}
                false => {
                    let row = self.row(collection, entries);
                    let at = self.time_of(collection, entries, node.location);
                    let collection = id;
                    events.push(Event {
                        collection,
                        at,
                        row,
                    });
                }
            }
        }
    }

    /// Reads `{ every: 7 days, from: 190 days ago, until: 40 days ago }`, with the columns of each row.
    fn series(
        &mut self,
        id: CollectionId,
        collection: &Collection,
        entries: &[(Scalar, Node)],
        events: &mut Vec<Event>,
    ) {
        let name = &collection.name;
        let of = |key: &str| entries.iter().find(|(name, _)| name.value == key);
        let Some((every, node)) = of("every") else {
            return;
        };
        if collection.at.is_none() {
            let message = format!("`{name}` has no time column, so its rows cannot be spread");
            return self.wrong(message, every.location, "write a list of rows");
        }
        let Some(step) = text_of(node).and_then(length) else {
            let message = "`every` must be a length of time".to_owned();
            return self.wrong(message, node.location, "for example `every: 7 days`");
        };
        let Some((_, from)) = of("from") else {
            let message = format!("the rows of `{name}` have no beginning");
            return self.wrong(message, every.location, "add `from: 60 days ago`");
        };
        let until = of("until").map(|(_, until)| until);
        let bound = |reader: &mut Self, node: &Node| {
            let bound = text_of(node).and_then(|text| point(text, reader.clock));
            if bound.is_none() {
                let message = "the bound of a series must be a time".to_owned();
                reader.wrong(message, node.location, moments::EXPECTED);
            }
            bound
        };
        let end = match until {
            Some(until) => bound(self, until),
            None => Some(Point::Instant(self.clock.now)),
        };
        let (Some(first), Some(end)) = (bound(self, from), end) else {
            return;
        };
        let own: Vec<(Scalar, Node)> = entries
            .iter()
            .filter(|(name, _)| !["every", "from", "until"].contains(&name.value.as_str()))
            .cloned()
            .collect();
        if self.repeats_one(collection, &own) {
            return;
        }
        let row = self.row(collection, &own);
        let end = end.instant(self.clock);
        if first.instant(self.clock) > end {
            let message = format!("the rows of `{name}` end before they begin");
            let help = "the earlier time goes after `from:`, the later one after `until:`";
            return self.wrong(message, from.location, help);
        }
        for count in 0.. {
            // Counted from the first row, so that a step across a clock change does not shift the later ones.
            let at = self.later(first, step, count);
            if at.instant(self.clock) > end {
                break;
            }
            if count == MAX_ROWS {
                let message =
                    format!("`every` gives more than {MAX_ROWS} rows of `{name}` for one person");
                let help = "a test needs few: take a longer step or a shorter time";
                let finding = Finding::new(Code::TooLarge, message).at(every.location);
                self.findings.push(finding.help(help));
                return;
            }
            events.push(Event {
                collection: id,
                at: self.typed_time(collection, at),
                row: row.clone(),
            });
        }
    }

    /// Reports a repeated row that sets its time or its key, which only a single row can have.
    fn repeats_one(&mut self, collection: &Collection, entries: &[(Scalar, Node)]) -> bool {
        let is_key = |name: &Scalar| {
            let key = collection.key.as_ref();
            key.is_some_and(|key| key.eq_ignore_ascii_case(&name.value))
        };
        let mut names = entries.iter().map(|(name, _)| name);
        let Some(name) = names.find(|name| is_time(collection, name) || is_key(name)) else {
            return false;
        };
        let message = format!(
            "`{}` belongs to one row, and `every` makes many, each with its own",
            name.value
        );
        self.wrong(
            message,
            name.location,
            "leave it out, or write the rows one by one",
        );
        true
    }

    /// The point `steps` steps later.
    fn later(&self, first: Point, step: Duration, steps: u32) -> Point {
        let count = step.count.saturating_mul(steps);
        let by = Duration { count, ..step };
        match first {
            _ if count == 0 => first,
            Point::Day(day) => Point::Day(self.clock.shift_date(day, by, Direction::Later)),
            Point::Instant(at) => {
                Point::Instant(self.clock.shift_instant(at, by, Direction::Later))
            }
        }
    }

    /// Reports a row that looks repeated but has no `every:`.
    fn lacks_every(&mut self, collection: &Collection, entries: &[(Scalar, Node)]) -> bool {
        let keys = entries.iter().map(|(name, _)| name);
        let mut odd = keys.filter(|name| {
            let entity = &collection.entity;
            let is_lookup = entity.lookups.contains_key(&name.value);
            spelled(entity, &name.value).is_none() && !is_lookup && !is_time(collection, name)
        });
        let slip = |name: &&Scalar| match name.value.as_str() {
            "from" | "until" => Some("a row that is repeated has `every: 7 days` beside `from:`"),
            word if suggest(word, ["every"]).is_some() => Some("did you mean `every`?"),
            _ => None,
        };
        let Some((name, help)) = odd.find_map(|name| Some((name, slip(&name)?))) else {
            return false;
        };
        let message = format!("there is no column or lookup `{}`", name.value);
        let finding = Finding::new(Code::UnknownName, message).at(name.location);
        self.findings.push(finding.help(help));
        true
    }

    /// The columns of a collection's row, except its time.
    fn row(&mut self, collection: &Collection, entries: &[(Scalar, Node)]) -> GivenRow {
        let mut row = GivenRow::default();
        for (name, node) in entries {
            if is_time(collection, name) {
                continue;
            }
            if let Some(named) = self.resolve(&collection.entity, name, node, false) {
                self.part(&collection.entity, &named, (name, node), &mut row);
            }
        }
        self.agree(&collection.entity, &Person(entries.to_vec()), &row);
        row
    }

    /// The time of a row.
    fn time_of(
        &mut self,
        collection: &Collection,
        entries: &[(Scalar, Node)],
        head: Location,
    ) -> Value {
        let Some(at) = &collection.at else {
            return Value::Missing;
        };
        let mut own = entries.iter();
        let found = own.find(|(name, _)| is_time(collection, name));
        let found = found.map(|(_, node)| node).or_else(|| {
            let (_, row) = entries
                .iter()
                .find(|(name, _)| at.lookup.as_ref() == Some(&name.value))?;
            let NodeKind::Mapping(cells) = &row.kind else {
                return None;
            };
            let mut cells = cells.iter();
            let (_, node) = cells.find(|(name, _)| name.value.eq_ignore_ascii_case(&at.column))?;
            Some(node)
        });
        let Some(node) = found else {
            let message = format!("a row of `{}` has no time", collection.name);
            let help = format!("add `{at}:`; `{at}: missing` for a row that has none");
            let finding = Finding::new(Code::MissingKey, message).at(head);
            self.findings.push(finding.help(help));
            return Value::Missing;
        };
        match text_of(node) {
            None | Some("missing") => Value::Missing,
            Some(text) => match point(text, self.clock) {
                Some(point) => self.typed_time(collection, point),
                None => {
                    let message = format!("`{at}` must be a time, not `{text}`");
                    self.wrong(message, node.location, moments::EXPECTED);
                    Value::Missing
                }
            },
        }
    }

    /// A point in time with the type of the collection's time column.
    fn typed_time(&self, collection: &Collection, at: Point) -> Value {
        match collection.at_type.map(ColumnType::value_type) {
            Some(Type::Date) => Value::Date(at.day(self.clock)),
            _ => Value::Instant(at.instant(self.clock)),
        }
    }
}

/// Whether a key names the time of a row: `at`, as in rules, or the column.
fn is_time(collection: &Collection, name: &Scalar) -> bool {
    let is_own = spelled(&collection.entity, &name.value).is_some();
    collection.at.as_ref().is_some_and(|at| match at.lookup {
        None => at.column.eq_ignore_ascii_case(&name.value) || (!is_own && name.value == "at"),
        Some(_) => !is_own && name.value == "at",
    })
}
