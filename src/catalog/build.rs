//! Matches config with the database's tables.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::{
    Catalog, Collection, ColumnRef, ColumnState, Entity, KeyTypes, List, LookupEntity,
    PrivateColumns, RememberedColumns, Schema, Trust,
};
use crate::config::{self, Config};
use crate::diagnostic::{Code, Finding};
use crate::lists;
use crate::source::Scalar;
use crate::value::{ColumnType, Currency, Type};

/// Matches config with the database.
///
/// A table or column that config names and the database lacks is a finding with severity stale (with a similar name, if
/// there is one), and its state here is gone.
/// near name, where there is one), and its state here is gone.
pub fn build(
    config: &Config,
    schema: &Schema,
    remembered: &RememberedColumns,
) -> (Catalog, Vec<Finding>) {
    let mut builder = Builder {
        schema,
        remembered,
        private: PrivateColumns::default(),
        findings: Vec::new(),
    };
    let catalog = builder.catalog(config);
    (catalog, builder.findings)
}

pub(super) struct Builder<'a> {
    pub schema: &'a Schema,
    pub remembered: &'a RememberedColumns,
    pub private: PrivateColumns,
    pub findings: Vec<Finding>,
}

/// The columns whose type config overrides, with the scalar that names each.
pub(super) type Overrides = BTreeMap<String, (Scalar, ColumnType)>;

/// How config says that a table is read: the types of its columns, and the zone of its times.
type Read<'a> = (&'a Overrides, Option<Tz>);

impl Builder<'_> {
    fn catalog(&mut self, config: &Config) -> Catalog {
        let subject = &config.subject;
        let read = (&subject.types, subject.zone);
        let mut entity = self.entity(&subject.table, read, &subject.lookups);
        let key = self.needed(&mut entity, &subject.key, "the key");
        let label = subject.label.iter();
        let without = match label.len() {
            1 => "without it people are called by their key",
            _ => "without it people are called by the rest of the label",
        };
        let label = label.map(|l| self.label(&mut entity, l, without)).collect();
        let at = subject.at.as_ref().map(|at| {
            let at = ColumnRef::own(self.column(&mut entity, at));
            self.time_column(&mut entity, &at, read);
            at.column
        });
        self.private(&mut entity, "the subject", &config.private);
        let collections = config
            .collections
            .iter()
            .map(|c| self.collection(c))
            .collect();
        let lists = config.lists.iter().map(|list| {
            let column = list
                .column
                .as_ref()
                .map(|column| self.column(&mut entity, column));
            let column = column.unwrap_or_else(|| key.clone());
            List::new(&list.name.value, column, lists::matching(list, config))
        });
        let lists = lists.collect();
        let scopes = config
            .scopes
            .iter()
            .map(|(name, path)| (name.value.clone(), self.scope(&entity, path)))
            .collect();
        Catalog {
            subject_name: subject.name.value.clone(),
            trust: Trust {
                unreadable: config.unreadable,
                present: i64::MIN,
                currency: Currency::of_code(&config.currency),
            },
            private: std::mem::take(&mut self.private),
            subject: entity,
            key,
            key_types: KeyTypes {
                said: subject.key_type,
                before: None,
            },
            matching: subject.matching,
            label,
            at,
            collections,
            lists,
            scopes,
        }
    }

    fn collection(&mut self, collection: &config::Collection) -> Collection {
        let read = (&collection.types, collection.zone);
        let mut entity = self.entity(&collection.table, read, &collection.lookups);
        let owner = format!("`{}`", collection.name.value);
        let subject = self.reference(&mut entity, &owner, &collection.subject);
        if let (Err(reason), None) = (entity.state(&subject), &entity.gone) {
            entity.gone = Some(format!("{reason} (it holds the subject's key)"));
        }
        let at = collection
            .at
            .as_ref()
            .map(|at| self.reference(&mut entity, &owner, at));
        let at_type = at.as_ref().and_then(|at| {
            let named = |(name, _): &&(Scalar, _)| Some(&name.value) == at.lookup.as_ref();
            let lookup = collection.lookups.iter().find(named);
            let read = lookup.map_or(read, |(_, lookup)| (&lookup.types, lookup.zone));
            self.time_column(&mut entity, at, read)
        });
        let key = match &collection.key {
            Some(key) => Some(self.column(&mut entity, key)),
            None => self.only_primary_key(&entity.table),
        };
        let changes = collection.changes.iter();
        let changes = changes
            .map(|column| self.column(&mut entity, column))
            .collect();
        self.private(&mut entity, &owner, &collection.private);
        Collection {
            name: collection.name.value.clone(),
            changes,
            entity,
            subject,
            at,
            at_type,
            key,
        }
    }

    /// Adds the private columns of an entity.
    fn private(&mut self, entity: &mut Entity, owner: &str, columns: &[Scalar]) {
        for named in columns {
            let column = self.reference(entity, owner, named);
            let table = entity.table_of(&column);
            self.private.insert(table, &column.column);
        }
    }

    fn entity(
        &mut self,
        table: &Scalar,
        (types, zone): Read<'_>,
        lookups: &[(Scalar, config::Lookup)],
    ) -> Entity {
        let (name, gone, mut columns) = self.table(table, types, zone);
        let mut found = BTreeMap::new();
        for (lookup_name, lookup) in lookups {
            let entity = self.lookup(&name, &mut columns, gone.as_deref(), lookup);
            found.insert(lookup_name.value.clone(), entity);
        }
        Entity {
            table: name,
            columns,
            lookups: found,
            gone,
        }
    }

    fn lookup(
        &mut self,
        owner: &str,
        owner_columns: &mut BTreeMap<String, ColumnState>,
        owner_gone: Option<&str>,
        lookup: &config::Lookup,
    ) -> LookupEntity {
        let (table, mut gone, mut columns) = self.table(&lookup.table, &lookup.types, lookup.zone);
        let key = self.find(&table, gone.as_deref(), &mut columns, &lookup.key);
        let by = self.find(owner, owner_gone, owner_columns, &lookup.by);
        for (columns, name) in [(&columns, &key), (&*owner_columns, &by)] {
            if let Some(ColumnState::Gone(reason)) = columns.get(name) {
                gone.get_or_insert_with(|| reason.clone());
            }
        }
        LookupEntity {
            table,
            key,
            by,
            matching: lookup.matching,
            columns,
            gone,
        }
    }

    /// A column without which nothing of its table can be read.
    fn needed(&mut self, entity: &mut Entity, named: &Scalar, what: &str) -> String {
        let column = self.column(entity, named);
        if let Some(ColumnState::Gone(reason)) = entity.columns.get(&column) {
            let reason = format!("{reason} (it holds {what})");
            entity.gone.get_or_insert(reason);
        }
        column
    }

    /// A label column; `without` says how subjects are named if it is gone.
    fn label(&mut self, entity: &mut Entity, named: &Scalar, without: &str) -> String {
        let told = self.findings.len();
        let column = self.column(entity, named);
        let found = self.findings.iter_mut().skip(told);
        for gone in found.filter(|finding| finding.code == Code::MissingColumn) {
            gone.label = Some(without.to_owned());
        }
        column
    }

    fn column(&mut self, entity: &mut Entity, named: &Scalar) -> String {
        let Entity {
            table,
            gone,
            columns,
            ..
        } = entity;
        self.find(table, gone.as_deref(), columns, named)
    }

    /// A column of a collection's table, or of the row that one of its lookups finds: `order.customer_id`.
    fn reference(&mut self, entity: &mut Entity, owner: &str, named: &Scalar) -> ColumnRef {
        let split = named.value.split_once('.');
        let split = split.filter(|_| !self.has(&entity.columns, &named.value));
        let Some((lookup, column)) = split else {
            return ColumnRef::own(self.column(entity, named));
        };
        let (lookup, column) = (lookup.trim(), column.trim());
        let part = Scalar {
            value: column.to_owned(),
            location: named.location,
        };
        let column = match entity.lookups.get_mut(lookup) {
            Some(found) => self.find(
                &found.table,
                found.gone.as_deref(),
                &mut found.columns,
                &part,
            ),
            None => {
                self.no_lookup(owner, lookup, entity, named);
                part.value
            }
        };
        ColumnRef {
            lookup: Some(lookup.to_owned()),
            column,
        }
    }

    /// Makes a column an instant, whatever its declared type; a date stays a date.
    fn time_column(
        &mut self,
        entity: &mut Entity,
        at: &ColumnRef,
        (types, zone): Read<'_>,
    ) -> Option<ColumnType> {
        let columns = match &at.lookup {
            Some(lookup) => &mut entity.lookups.get_mut(lookup)?.columns,
            None => &mut entity.columns,
        };
        let at = &at.column;
        let state = columns.get_mut(at)?;
        let overridden = types
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(at))
            .map(|(_, pair)| pair);
        let instant = ColumnType::Instant;
        let instant = zone.map_or(instant, |zone| instant.in_zone(zone));
        let ty = match state {
            ColumnState::Gone(_) => return None,
            ColumnState::Untyped => instant,
            ColumnState::Present(ty) if matches!(ty.value_type(), Type::Date | Type::Instant) => {
                *ty
            }
            ColumnState::Present(_) => {
                if let Some((scalar, _)) = overridden {
                    self.findings.push(
                        Finding::new(
                            Code::InvalidValue,
                            format!("`{at}` is the time column and must be a point in time"),
                        )
                        .at(scalar.location)
                        .help(
                            "its type can be `instant`, `utc`, `date`, `unix`, `unix_ms` and the like, or a form such as \
                             `{ instant: \"%d/%m/%Y %H:%M\" }`",
                        ),
                    );
                }
                instant
            }
        };
        *state = ColumnState::Present(ty);
        Some(ty)
    }

    fn only_primary_key(&self, table: &str) -> Option<String> {
        match self.schema.table(table)?.1.primary_key.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        }
    }
}
