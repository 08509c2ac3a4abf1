//! Times that SQLite stamps itself, in UTC and without an offset, and that config reads as those of another
//! zone.

use std::collections::{BTreeMap, BTreeSet};

use super::Compiled;
use crate::catalog::{Schema, Stamp, column_type};
use crate::config::{Config, Lookup};
use crate::diagnostic::{Code, Finding};
use crate::index::IndexVec;
use crate::ir::{InputColumn, InputId, Ir, LookupId};
use crate::source::{Location, Scalar};
use crate::time::is_utc;
use crate::value::ColumnType;

/// Types of config by column, with the scalar that names each.
type Types = BTreeMap<String, (Scalar, ColumnType)>;

/// A table as config names it: where, what its columns are declared to be, and the key under which that stands.
struct Place<'a> {
    table: &'a str,
    at: Location,
    types: &'a Types,
    of: &'a str,
}

/// Stamped columns that the rules read, or that place rows in time.
pub(super) fn find(compiled: &Compiled<'_>, schema: &Schema) -> Vec<Finding> {
    let (config, ir) = (compiled.config, compiled.ir);
    if is_utc(config.timezone) {
        return Vec::new();
    }
    let mut search = Search {
        config,
        schema,
        told: BTreeSet::new(),
        findings: Vec::new(),
    };
    search.subject(ir);
    search.collections(ir);
    search.findings
}

struct Search<'a> {
    config: &'a Config,
    schema: &'a Schema,
    told: BTreeSet<(String, String)>,
    findings: Vec<Finding>,
}

impl<'a> Search<'a> {
    fn subject(&mut self, ir: &Ir) {
        let subject = &self.config.subject;
        let place = |at: &Scalar| Place {
            table: &subject.table.value,
            at: at.location,
            types: &subject.types,
            of: "the subject",
        };
        let inputs = &ir.subject.inputs;
        if let Some(at) = &subject.at {
            let read = inputs
                .iter()
                .find(|input| input.column.eq_ignore_ascii_case(&at.value));
            let ty = read.map_or(ColumnType::Instant, |input| input.ty);
            self.look(&place(at), &at.value, ty);
        }
        self.inputs(&place(&subject.table), inputs);
        self.lookups(&subject.lookups, &ir.subject.lookups, inputs);
    }

    fn collections(&mut self, ir: &Ir) {
        for collection in &self.config.collections {
            let place = |at: &Scalar| Place {
                table: &collection.table.value,
                at: at.location,
                types: &collection.types,
                of: &collection.name.value,
            };
            let scans = ir
                .scans
                .iter()
                .filter(|scan| scan.table.eq_ignore_ascii_case(&collection.table.value));
            if let Some(at) = &collection.at {
                let through = at.value.split_once('.').and_then(|(lookup, column)| {
                    let mut lookups = collection.lookups.iter();
                    let (_, lookup) = lookups.find(|(name, _)| name.value == lookup.trim())?;
                    Some((lookup, column.trim()))
                });
                let own = place(at);
                let (place, column) = match through {
                    Some((Lookup { table, types, .. }, column)) => {
                        let table = &table.value;
                        (
                            Place {
                                table,
                                types,
                                ..own
                            },
                            column,
                        )
                    }
                    None => (own, at.value.as_str()),
                };
                self.told.remove(&key(place.table, column));
                let ty = self.time_type(&place, column);
                self.look(&place, column, ty);
            }
            for scan in scans {
                self.inputs(&place(&collection.table), &scan.inputs);
                self.lookups(&collection.lookups, &scan.lookups, &scan.inputs);
            }
        }
    }

    /// How a time column is read: as config says, or as a date where it is declared as one.
    fn time_type(&self, place: &Place<'_>, column: &str) -> ColumnType {
        let told = place.types.iter();
        let mut told = told.filter(|(name, _)| name.eq_ignore_ascii_case(column));
        let declared = self
            .column(place.table, column)
            .map(|(declared, _)| declared);
        match told.next() {
            Some((_, (_, ty))) => *ty,
            None if declared.and_then(column_type) == Some(ColumnType::Date) => ColumnType::Date,
            None => ColumnType::Instant,
        }
    }

    fn inputs(&mut self, place: &Place<'_>, inputs: &IndexVec<InputId, InputColumn>) {
        for input in inputs.iter().filter(|input| input.lookup.is_none()) {
            self.look(place, &input.column, input.ty);
        }
    }

    fn lookups(
        &mut self,
        named: &[(Scalar, Lookup)],
        planned: &IndexVec<LookupId, crate::ir::Lookup>,
        inputs: &IndexVec<InputId, InputColumn>,
    ) {
        for (name, lookup) in named {
            let place = Place {
                table: &lookup.table.value,
                at: lookup.table.location,
                types: &lookup.types,
                of: &name.value,
            };
            let through = planned.position(|planned| planned.name == name.value);
            for input in inputs
                .iter()
                .filter(|input| through.is_some() && input.lookup == through)
            {
                self.look(&place, &input.column, input.ty);
            }
        }
    }

    /// A column's declared type and default.
    fn column(&self, table: &str, column: &str) -> Option<(&'a str, Option<&'a str>)> {
        let (_, table) = self.schema.table(table)?;
        let found = table
            .columns
            .iter()
            .find(|c| c.name.eq_ignore_ascii_case(column))?;
        Some((&found.declared, found.default.as_deref()))
    }

    fn look(&mut self, place: &Place<'_>, column: &str, ty: ColumnType) {
        let Some(default) = self
            .column(place.table, column)
            .and_then(|(_, default)| default)
        else {
            return;
        };
        let mut types = place.types.iter();
        let told = types.find(|(name, _)| name.eq_ignore_ascii_case(column));
        // A table may be read in several ways.
        let ty = told.map_or(ty, |(_, (_, ty))| *ty);
        let stamp = match (Stamp::of(default), ty) {
            (Some(stamp), ColumnType::Instant) => stamp,
            // Who says himself that it is a date takes the day as it stands.
            (Some(stamp), ColumnType::Date) if told.is_none() => stamp,
            _ => return,
        };
        if !self.told.insert(key(place.table, column)) {
            return;
        }
        let zone = self.config.timezone;
        let default = default.split_whitespace().collect::<Vec<_>>().join(" ");
        let message = format!(
            "SQLite stamps `{}.{column}` in UTC (`DEFAULT {default}`), and it is read as a {} of {zone}",
            place.table,
            if ty == ColumnType::Date {
                "date"
            } else {
                "time"
            },
        );
        let help = match (stamp, ty) {
            (Stamp::Day, ColumnType::Date) => format!(
                "in the hours between, that day is another one than in {zone}; keep the time as well, or write \
                 `types: {{ {column}: date }}` for {} if the day of UTC will do",
                of(place.of)
            ),
            (Stamp::Day, _) => format!(
                "in the hours between, that day is another one than in {zone}: keep the time as well \
                 (`DEFAULT CURRENT_TIMESTAMP`), and write `types: {{ {column}: utc }}` for {}",
                of(place.of)
            ),
            (Stamp::Time, _) => format!(
                "write `types: {{ {column}: utc }}` for {}; where programs always write the business's own time \
                 instead, take the default away",
                of(place.of)
            ),
        };
        self.findings.push(
            Finding::new(Code::UtcDefault, message)
                .at(place.at)
                .help(help),
        );
    }
}

fn of(name: &str) -> String {
    match name {
        "the subject" => name.to_owned(),
        name => format!("`{name}`"),
    }
}

fn key(table: &str, column: &str) -> (String, String) {
    (table.to_ascii_lowercase(), column.to_ascii_lowercase())
}
