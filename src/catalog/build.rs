//! Config held against the database's tables.

use std::collections::BTreeMap;

use super::declared::column_type;
use super::{
    Catalog, Collection, ColumnState, Entity, LookupEntity, RememberedColumns, Schema, Table,
};
use crate::config::{self, Config};
use crate::diagnostic::{Code, Finding, suggest};
use crate::source::Scalar;
use crate::value::ColumnType;

/// Holds config against the database.
///
/// A table or column that config names and the database lacks is a finding of severity stale (with a
/// near name, where there is one), and its state here is gone.
pub fn build(
    config: &Config,
    schema: &Schema,
    remembered: &RememberedColumns,
) -> (Catalog, Vec<Finding>) {
    let mut builder = Builder {
        schema,
        remembered,
        findings: Vec::new(),
    };
    let catalog = builder.catalog(config);
    (catalog, builder.findings)
}

struct Builder<'a> {
    schema: &'a Schema,
    remembered: &'a RememberedColumns,
    findings: Vec<Finding>,
}

/// The columns that config overrides, with the scalar that names each.
type Overrides = BTreeMap<String, (Scalar, ColumnType)>;

impl Builder<'_> {
    fn catalog(&mut self, config: &Config) -> Catalog {
        let subject = &config.subject;
        let mut entity = self.entity(&subject.table, &subject.types, &subject.lookups);
        let key = self.needed(&mut entity, &subject.key, "the key");
        let label = subject
            .label
            .as_ref()
            .map(|label| self.column(&mut entity, label));
        let label = label.filter(|l| is_present(&entity, l));
        let at = subject.at.as_ref().map(|at| {
            let at = self.column(&mut entity, at);
            self.time_column(&mut entity, &at, &subject.types);
            at
        });
        let collections = config
            .collections
            .iter()
            .map(|c| self.collection(c))
            .collect();
        let scopes = config
            .scopes
            .iter()
            .map(|(name, path)| (name.value.clone(), self.scope(&entity, path)))
            .collect();
        Catalog {
            subject_name: subject.name.value.clone(),
            subject: entity,
            key,
            label,
            at,
            filter: subject.filter.clone(),
            collections,
            scopes,
        }
    }

    fn collection(&mut self, collection: &config::Collection) -> Collection {
        let mut entity = self.entity(&collection.table, &collection.types, &collection.lookups);
        let subject = self.needed(&mut entity, &collection.subject, "the subject's key");
        let at = collection
            .at
            .as_ref()
            .map(|at| self.column(&mut entity, at));
        let at_type = at
            .as_ref()
            .and_then(|at| self.time_column(&mut entity, at, &collection.types));
        let key = match &collection.key {
            Some(key) => Some(self.column(&mut entity, key)),
            None => self.only_primary_key(&entity.table),
        };
        Collection {
            name: collection.name.value.clone(),
            entity,
            subject,
            at,
            at_type,
            key,
            filter: collection.filter.clone(),
        }
    }

    fn entity(
        &mut self,
        table: &Scalar,
        types: &Overrides,
        lookups: &[(Scalar, config::Lookup)],
    ) -> Entity {
        let (name, gone, mut columns) = self.table(table, types);
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
        let (table, mut gone, mut columns) = self.table(&lookup.table, &lookup.types);
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
            columns,
            gone,
        }
    }

    /// A table's name as the database spells it, why it is gone, and its columns.
    fn table(
        &mut self,
        named: &Scalar,
        types: &Overrides,
    ) -> (String, Option<String>, BTreeMap<String, ColumnState>) {
        let schema = self.schema;
        let Some((name, table)) = schema.table(&named.value) else {
            let reason = format!("the table `{}` is not in the database", named.value);
            let near = suggest(&named.value, schema.tables.keys().map(String::as_str));
            let help = match near {
                Some(near) => format!("there is a table `{near}`; is that the one?"),
                None => "restore the table, or take it out of the config".to_owned(),
            };
            self.findings.push(
                Finding::new(Code::MissingTable, &reason)
                    .at(named.location)
                    .label("everything that reads it keeps its last result")
                    .help(help),
            );
            return (named.value.clone(), Some(reason), BTreeMap::new());
        };
        let mut columns = declared_columns(table);
        for (_, column) in self
            .remembered
            .iter()
            .filter(|(t, _)| t.eq_ignore_ascii_case(name))
        {
            if spelled(&columns, column).is_none() {
                let reason = format!("the column `{column}` is no longer in the table `{name}`");
                columns.insert(column.clone(), ColumnState::Gone(reason));
            }
        }
        for (scalar, ty) in types.values() {
            let column = self.find(name, None, &mut columns, scalar);
            if let Some(state @ (ColumnState::Present(_) | ColumnState::Untyped)) =
                columns.get_mut(&column)
            {
                *state = ColumnState::Present(*ty);
            }
        }
        (name.clone(), None, columns)
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

    fn column(&mut self, entity: &mut Entity, named: &Scalar) -> String {
        let Entity {
            table,
            gone,
            columns,
            ..
        } = entity;
        self.find(table, gone.as_deref(), columns, named)
    }

    /// A column's name as the database spells it; told and marked as gone where there is none.
    fn find(
        &mut self,
        table: &str,
        table_gone: Option<&str>,
        columns: &mut BTreeMap<String, ColumnState>,
        named: &Scalar,
    ) -> String {
        let known = spelled(columns, &named.value);
        if let Some((name, ColumnState::Present(_) | ColumnState::Untyped)) = known {
            return name.to_owned();
        }
        if table_gone.is_none() {
            let reason = format!("the column `{}` is not in the table `{table}`", named.value);
            let near = suggest(&named.value, present(columns));
            let help = match near {
                Some(near) => format!("there is a column `{near}`; is that the one?"),
                None => "restore the column, or name another one here".to_owned(),
            };
            self.findings.push(
                Finding::new(Code::MissingColumn, &reason)
                    .at(named.location)
                    .label("everything that reads it keeps its last result")
                    .help(help),
            );
            columns.insert(named.value.clone(), ColumnState::Gone(reason));
        }
        named.value.clone()
    }

    /// Makes a column a point in time whatever it was declared as; a date stays a date.
    fn time_column(
        &mut self,
        entity: &mut Entity,
        at: &str,
        types: &Overrides,
    ) -> Option<ColumnType> {
        let state = entity.columns.get_mut(at)?;
        let overridden = types
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(at))
            .map(|(_, pair)| pair);
        let ty = match state {
            ColumnState::Gone(_) => return None,
            ColumnState::Untyped => ColumnType::Instant,
            ColumnState::Present(
                ty @ (ColumnType::Date
                | ColumnType::Instant
                | ColumnType::Unix
                | ColumnType::UnixMs),
            ) => *ty,
            ColumnState::Present(_) => {
                if let Some((scalar, _)) = overridden {
                    self.findings.push(
                        Finding::new(
                            Code::InvalidValue,
                            format!("`{at}` is the time column and must be a point in time"),
                        )
                        .at(scalar.location)
                        .help("its type can be `instant`, `date`, `unix` or `unix_ms`"),
                    );
                }
                ColumnType::Instant
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

    /// A scope's path, its names spelled as the catalog spells them.
    fn scope(&mut self, subject: &Entity, path: &Scalar) -> Vec<String> {
        let written: Vec<String> = path.value.split('.').map(|p| p.trim().to_owned()).collect();
        if subject.gone.is_some() {
            return written;
        }
        match written.as_slice() {
            [column] => vec![self.scope_column(&subject.table, &subject.columns, column, path)],
            [lookup, column] => match subject.lookups.get(lookup) {
                Some(entity) if entity.gone.is_some() => written,
                Some(entity) => vec![
                    lookup.clone(),
                    self.scope_column(&entity.table, &entity.columns, column, path),
                ],
                None => {
                    let near = suggest(lookup, subject.lookups.keys().map(String::as_str));
                    let help = near.map_or_else(
                        || "add it to the subject's `lookups:`".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    );
                    self.findings.push(
                        Finding::new(
                            Code::UnknownName,
                            format!("the subject has no lookup `{lookup}`"),
                        )
                        .at(path.location)
                        .help(help),
                    );
                    written
                }
            },
            _ => {
                self.findings.push(
                    Finding::new(
                        Code::InvalidValue,
                        "a scope is a column of the subject, or a lookup's column",
                    )
                    .at(path.location)
                    .help("for example `studio_id` or `studio.network_id`"),
                );
                written
            }
        }
    }

    fn scope_column(
        &mut self,
        table: &str,
        columns: &BTreeMap<String, ColumnState>,
        column: &str,
        path: &Scalar,
    ) -> String {
        let named = Scalar {
            value: column.to_owned(),
            location: path.location,
        };
        self.find(table, None, &mut columns.clone(), &named)
    }
}

fn declared_columns(table: &Table) -> BTreeMap<String, ColumnState> {
    table
        .columns
        .iter()
        .map(|c| {
            let state = column_type(&c.declared).map_or(ColumnState::Untyped, ColumnState::Present);
            (c.name.clone(), state)
        })
        .collect()
}

/// A column by its name without case, as SQLite compares them.
fn spelled<'a>(
    columns: &'a BTreeMap<String, ColumnState>,
    name: &str,
) -> Option<(&'a str, &'a ColumnState)> {
    columns
        .iter()
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(n, s)| (n.as_str(), s))
}

fn present(columns: &BTreeMap<String, ColumnState>) -> impl Iterator<Item = &str> {
    columns
        .iter()
        .filter(|(_, s)| !matches!(s, ColumnState::Gone(_)))
        .map(|(n, _)| n.as_str())
}

fn is_present(entity: &Entity, column: &str) -> bool {
    matches!(
        entity.columns.get(column),
        Some(ColumnState::Present(_) | ColumnState::Untyped)
    )
}
