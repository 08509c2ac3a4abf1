//! Converts the shape of the file to the types that other modules use.

use std::collections::BTreeMap;
use std::path::Path;

use super::guard::GuardFile;
use super::import::tables::Tables;
use super::segments_page::wire::{Export, History, Values};
use super::timetable::wire::ServeFile;
use super::wire::{self, Lookups, Types};
use super::{Collection, Config, Guard, Lookup, NamedList, Subject, memory, several_called};
use crate::decode::{Identifier, Reader};
use crate::source::{FileId, Location, Scalar};
use crate::value::{ColumnType, Share};

/// The default pattern of rule files.
pub const DEFAULT_RULES: &str = "rules/*.yaml";
/// The default pattern of rule tests.
pub const DEFAULT_TESTS: &str = "rules/tests/*.yaml";
/// The default share of a column that may be unreadable.
const UNREADABLE: Share = Share::percent(20);

impl wire::ConfigFile {
    /// Resolves relative paths from `folder`.
    pub(super) fn into_config(
        self,
        file: FileId,
        folder: &Path,
        reader: &mut Reader<'_>,
    ) -> Config {
        let zone = self.timezone.0;
        let of_publish = self.publish.as_ref();
        let of_publish = of_publish.and_then(|publish| publish.secret_file(folder));
        let secret_files = self.database.secret_file(folder).into_iter();
        let secret_files = secret_files.chain(of_publish).collect();
        let database = self.database.into_database(folder, reader);
        let results = self.results.map(|r| folder.join(r.0));
        let results = results.or_else(|| database.usual_results(folder));
        let head = Location {
            file,
            start: 0,
            end: 0,
        };
        let default = |pattern: &str| Scalar {
            value: pattern.into(),
            location: head,
        };
        let subject: Subject = self.subject.into();
        let collections = self.collections.into_iter().flat_map(|c| c.0);
        let collections: Vec<_> = collections.map(|(name, c)| c.named(name)).collect();
        let lists = self.lists.into_iter().flat_map(|l| l.0);
        let fields = self.fields.into_iter().flat_map(|f| f.0);
        let values = Values::expanded(self.values, &collections, head, reader);
        let values = match self.health {
            Some(_) => Values::with_health(values, head),
            None => values,
        };
        let export = Export::of(self.export, &subject, head, reader);
        let scopes = self.scopes.into_iter().flat_map(|s| s.0);
        let private = self.private.into_iter().flat_map(|list| list.0);
        let schedules = self.schedules.into_iter().flat_map(|s| s.0);
        let reports = self.reports.into_iter().flat_map(|r| r.0);
        let tables = Tables::of(&subject, &collections);
        Config {
            file,
            folder: folder.to_path_buf(),
            import: self
                .import
                .and_then(|import| import.into_import(folder, &database, tables, reader)),
            publish: self
                .publish
                .and_then(|publish| publish.into_destination(folder, reader)),
            secret_files,
            results: results.filter(|results| database.file() != Some(results)),
            database,
            rules: self.rules.map_or_else(|| default(DEFAULT_RULES), |r| r.0),
            tests: self.tests.map_or_else(|| default(DEFAULT_TESTS), |t| t.0),
            timezone: zone,
            year_begins: self.year_begins.map(|day| day.0),
            subject,
            scopes: scopes.map(|(name, path)| (name.0, path.scalar)).collect(),
            collections,
            lists: lists.map(|(name, list)| list.named(name)).collect(),
            active: self.active.and_then(|condition| condition.0),
            private: private.map(|column| column.scalar).collect(),
            currency: self.currency.map_or_else(|| "USD".into(), |c| c.0),
            locale: self.locale.unwrap_or_default(),
            unreadable: self.unreadable.map_or(UNREADABLE, |share| share.0),
            guard: self
                .guard
                .map_or_else(|| Some(Guard::default()), GuardFile::into_guard),
            allow: self
                .lint
                .into_iter()
                .flat_map(|lint| lint.allow.0)
                .collect(),
            threads: self.threads.map(|threads| threads.0),
            memory: self.memory.map_or(memory::DEFAULT, |memory| memory.0),
            keep: History::keep(self.history),
            fields: fields
                .filter_map(|(name, field)| field.named(name, reader))
                .collect(),
            values,
            export,
            health: self.health.map(|health| health.checked(reader)),
            owner: self.owner.map(|owner| owner.0),
            serve: self.serve.map(ServeFile::into_serve).unwrap_or_default(),
            page: self
                .page
                .and_then(|page| page.0.checked(folder, page.1, reader)),
            schedules: schedules.map(|s| s.into_schedule(zone)).collect(),
            reports: reports.map(|r| r.into_report()).collect(),
            mail: self.mail.and_then(|mail| mail.checked(folder, reader)),
        }
    }
}

impl From<wire::Subject> for Subject {
    fn from(wire: wire::Subject) -> Self {
        let label = wire.label.into_iter().flat_map(|columns| columns.0.0);
        let plural = wire.plural.map(|plural| plural.scalar.value);
        Self {
            plural: plural.unwrap_or_else(|| several_called(&wire.name.0.value)),
            name: wire.name.0,
            table: wire.table.scalar,
            key: wire.key.scalar,
            key_type: wire.key_type,
            matching: wire.r#match.unwrap_or_default(),
            label: label.map(|t| t.scalar).collect(),
            at: wire.at.map(|t| t.scalar),
            filter: wire.r#where.and_then(|c| c.0),
            types: types(wire.types),
            zone: wire.zone.map(|zone| zone.0),
            lookups: lookups(wire.lookups),
        }
    }
}

impl wire::NamedList {
    fn named(self, name: Identifier) -> NamedList {
        NamedList {
            name: name.0,
            file: self.file.0,
            column: self.column.map(|t| t.scalar),
            matching: self.r#match,
        }
    }
}

impl wire::Collection {
    pub(super) fn named(self, name: Identifier) -> Collection {
        let changes = self.changes.into_iter().flat_map(|list| list.0);
        let private = self.private.into_iter().flat_map(|list| list.0);
        Collection {
            name: name.0,
            table: self.table.scalar,
            subject: self.subject.scalar,
            at: self.at.map(|t| t.scalar),
            key: self.key.map(|t| t.scalar),
            filter: self.r#where.and_then(|c| c.0),
            changes: changes.map(|column| column.scalar).collect(),
            private: private.map(|column| column.scalar).collect(),
            types: types(self.types),
            zone: self.zone.map(|zone| zone.0),
            lookups: lookups(self.lookups),
        }
    }
}

fn types(types: Option<Types>) -> BTreeMap<String, (Scalar, ColumnType)> {
    let entries = types.into_iter().flat_map(|t| t.0);
    entries
        .map(|(column, kind)| (column.value.clone(), (column, kind)))
        .collect()
}

fn lookups(lookups: Option<Lookups>) -> Vec<(Scalar, Lookup)> {
    let entries = lookups.into_iter().flat_map(|l| l.0);
    entries
        .map(|(name, wire)| {
            let lookup = Lookup {
                table: wire.table.scalar,
                key: wire.key.scalar,
                by: wire.by.scalar,
                matching: wire.r#match.unwrap_or_default(),
                types: types(wire.types),
                zone: wire.zone.map(|zone| zone.0),
            };
            (name.0, lookup)
        })
        .collect()
}
