//! The vocabulary of the rules: config's names for the database's columns.

mod build;
mod declared;
mod lists;
mod private;
mod scopes;
mod spelling;
mod stamp;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub use build::build;
pub use declared::{UNFILLED, column_type, is_unfilled};
pub use lists::List;
pub use private::PrivateColumns;
pub use spelling::spelled;
pub use stamp::Stamp;

use crate::index::{IndexVec, newtype_id};
use crate::value::{ColumnType, Currency, KeyMatch, KeyType, Share, Type};

newtype_id! {
    /// A collection of a [`Catalog`], and everything derived from it.
    pub struct CollectionId;
    /// A scope of a [`Catalog`], and everything derived from it.
    pub struct ScopeId;
}

/// A database's tables as they are: what `engine` reads, and what config is matched with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    /// Tables and views by name; see [`Schema::table`].
    pub tables: BTreeMap<String, Table>,
    /// The tables and views that cannot be read at all, by name, with the reason; they are not in `tables`.
    pub unreadable: BTreeMap<String, String>,
    /// The tables in which the database may hide rows from the current user.
    pub hiding: BTreeSet<String>,
}

/// One table or view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Its columns in order.
    pub columns: Vec<TableColumn>,
    /// The columns of its primary key, in key order; empty for views and rowid tables without one.
    pub primary_key: Vec<String>,
}

/// A column as the database declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    pub name: String,
    /// Its declared type as written; empty if there is none.
    pub declared: String,
    /// The expression that fills it if a row gives no value.
    pub default: Option<String>,
    /// Why no rule can read its values, in words that begin with what they are: `arrays of text`; `None` if rules can.
    pub unreadable: Option<String>,
}

/// A column that rules can name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ColumnState {
    /// The column exists and is read as this type.
    Present(ColumnType),
    /// The column exists, but its type is unknown: an error when it is used, which asks for `types:`.
    Untyped,
    /// The column is known to config or to the last run, but is no longer in the database; holds the reason in words.
    Gone(String),
}

/// A column of a table, directly or through a lookup.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnRef {
    /// The lookup's name, if the column belongs to the looked-up row.
    pub lookup: Option<String>,
    /// The column's name as the database spells it.
    pub column: String,
}

/// A table that rules can reach, with its columns and lookups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entity {
    pub table: String,
    pub columns: BTreeMap<String, ColumnState>,
    pub lookups: BTreeMap<String, LookupEntity>,
    /// Why nothing of it can be read, if the table itself is gone.
    pub gone: Option<String>,
}

/// A lookup: one row of another table, found by a column of this one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookupEntity {
    /// The table in which rows are looked up.
    pub table: String,
    pub key: String,
    /// The column of the asking table that holds the key.
    pub by: String,
    /// When a value of `by` matches a key.
    pub matching: KeyMatch,
    pub columns: BTreeMap<String, ColumnState>,
    /// Why nothing of it can be read.
    pub gone: Option<String>,
}

/// A collection: many rows per subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collection {
    /// The name rules use.
    pub name: String,
    pub entity: Entity,
    /// The column that holds the subject's key.
    pub subject: ColumnRef,
    /// The time column, if there is one.
    pub at: Option<ColumnRef>,
    /// How the time column is read; `None` if there is none or it is gone.
    pub at_type: Option<ColumnType>,
    /// The column that breaks ties in time; `None` if there is none.
    pub key: Option<String>,
    /// The columns that config lists as changing after a row is written.
    pub changes: Vec<String>,
}

/// When the data cannot be relied on.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Trust {
    /// The share of a column's values that may be unreadable.
    pub unreadable: Share,
    /// The machine's current instant: a time before it is not in the future, whatever instant is evaluated.
    pub present: i64,
    /// The currency of all amounts, if it is a well-known one.
    pub currency: Option<Currency>,
}

/// Everything in the database that rules can name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalog {
    /// The name of one subject: `client`.
    pub subject_name: String,
    pub trust: Trust,
    /// Columns whose values are never shown as examples.
    pub private: PrivateColumns,
    pub subject: Entity,
    pub key: String,
    /// What is known about its keys before they are read.
    pub key_types: KeyTypes,
    /// When a key in a row matches that of a subject.
    pub matching: KeyMatch,
    /// The columns that are shown and sorted by.
    pub label: Vec<String>,
    /// The subject's `at:` column: a subject does not exist before this time.
    pub at: Option<String>,
    /// The collections, in config's order.
    pub collections: IndexVec<CollectionId, Collection>,
    /// The hand-maintained lists, in config's order.
    pub lists: Vec<List>,
    /// The scopes in config's order: name and path (`studio_id`, `studio.network_id`).
    pub scopes: IndexVec<ScopeId, (String, Vec<String>)>,
}

/// What is known about the subjects' keys before they are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeyTypes {
    /// The type that config states.
    pub said: Option<KeyType>,
    /// The type as which the last published run read them.
    pub before: Option<KeyType>,
}

/// Columns that existed at the last published run. If one of them is gone, its name is not a typo.
pub type RememberedColumns = BTreeSet<(String, String)>;

impl Catalog {
    /// Whether a column's values are private: shown only to someone who asks for one client or one file, and never in a
    /// sample, suggestion or count by value.
    pub fn is_private(&self, table: &str, column: &str) -> bool {
        self.private.has(table, column)
    }

    /// The same for a column of an entity, its own or that of a lookup.
    pub fn is_private_of(&self, entity: &Entity, column: &ColumnRef) -> bool {
        self.is_private(entity.table_of(column), &column.column)
    }

    /// Changes the type of a table's column wherever it is read as text.
    pub fn read_texts_as(&mut self, table: &str, column: &str, ty: ColumnType) {
        let collections = self.collections.iter_mut();
        let collections = collections.map(|collection| &mut collection.entity);
        for entity in std::iter::once(&mut self.subject).chain(collections) {
            let lookups = entity.lookups.values_mut();
            let lookups = lookups.map(|lookup| (&lookup.table, &mut lookup.columns));
            let own = std::iter::once((&entity.table, &mut entity.columns));
            for (_, columns) in own.chain(lookups).filter(|(of, _)| *of == table) {
                if let Some(state) = columns.get_mut(column)
                    && *state == ColumnState::Present(ColumnType::Text)
                {
                    *state = ColumnState::Present(ty);
                }
            }
        }
    }

    /// The subject's columns that name people: the label or, without one, the key.
    pub fn called_by(&self) -> &[String] {
        match self.label.is_empty() {
            true => std::slice::from_ref(&self.key),
            false => self.label.as_slice(),
        }
    }

    /// The same, but the columns that name people are private too, so that nobody is named.
    pub fn without_names(&self) -> Self {
        let mut unnamed = self.clone();
        for column in self.called_by() {
            unnamed.private.insert(&self.subject.table, column);
        }
        unnamed
    }

    /// The columns that exist, of all tables that config names.
    pub fn present(&self) -> RememberedColumns {
        let entities = self.collections.iter().map(|collection| &collection.entity);
        let tables = std::iter::once(&self.subject)
            .chain(entities)
            .flat_map(|entity| {
                let lookups = entity
                    .lookups
                    .values()
                    .map(|lookup| (&lookup.table, &lookup.columns));
                std::iter::once((&entity.table, &entity.columns)).chain(lookups)
            });
        let there = |state: &ColumnState| !matches!(state, ColumnState::Gone(_));
        tables
            .flat_map(|(table, columns)| {
                let names = columns.iter().filter(move |(_, state)| there(state));
                names.map(|(name, _)| (table.clone(), name.clone()))
            })
            .collect()
    }
}

impl Entity {
    /// The state of a column, or why it cannot be read, whatever its type.
    ///
    /// # Errors
    /// If the table, the lookup or the column is gone: the reason in words.
    pub fn state(&self, at: &ColumnRef) -> Result<&ColumnState, String> {
        if let Some(reason) = &self.gone {
            return Err(reason.clone());
        }
        let (table, columns) = match &at.lookup {
            None => (&self.table, &self.columns),
            Some(name) => {
                let Some(lookup) = self.lookups.get(name) else {
                    return Err(format!("there is no lookup `{name}`"));
                };
                if let Some(reason) = &lookup.gone {
                    return Err(reason.clone());
                }
                if let Some(ColumnState::Gone(reason)) = self.columns.get(&lookup.by) {
                    return Err(reason.clone());
                }
                (&lookup.table, &lookup.columns)
            }
        };
        match columns.get(&at.column) {
            Some(ColumnState::Gone(reason)) => Err(reason.clone()),
            Some(state) => Ok(state),
            None => Err(format!("table `{table}` has no column `{}`", at.column)),
        }
    }

    /// How a column is read.
    ///
    /// # Errors
    /// If it is gone, or its type is unknown: the reason in words.
    pub fn column_type(&self, at: &ColumnRef) -> Result<ColumnType, String> {
        match self.state(at)? {
            ColumnState::Present(ty) => Ok(*ty),
            _ => Err(format!(
                "column `{}` of `{}` has no type",
                at.column,
                self.table_of(at)
            )),
        }
    }

    /// The same, if an expression uses the column as a type: every column of the table itself can be read as texts.
    ///
    /// # Errors
    /// See [`Entity::column_type`].
    pub fn column_type_as(&self, at: &ColumnRef, ty: Type) -> Result<ColumnType, String> {
        let columns = (at.lookup.is_none() && self.gone.is_none()).then_some(&self.columns);
        match columns.and_then(|columns| columns.get(&at.column)) {
            Some(ColumnState::Untyped | ColumnState::Present(_)) if ty == Type::Text => {
                Ok(ColumnType::Text)
            }
            _ => self.column_type(at),
        }
    }

    /// The table that a column belongs to: this one, or a looked-up one.
    pub fn table_of(&self, at: &ColumnRef) -> &str {
        let lookup = at.lookup.as_ref().and_then(|name| self.lookups.get(name));
        lookup.map_or(&self.table, |lookup| &lookup.table)
    }
}

impl ColumnRef {
    /// A column of the table itself.
    pub fn own(column: impl Into<String>) -> Self {
        Self {
            lookup: None,
            column: column.into(),
        }
    }
}

impl fmt::Display for ColumnRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.lookup {
            Some(lookup) => write!(f, "{lookup}.{}", self.column),
            None => f.write_str(&self.column),
        }
    }
}

impl Schema {
    /// A table by its name, [whatever its capitals](spelled); `None` if several could be meant.
    pub fn table(&self, name: &str) -> Option<(&String, &Table)> {
        let (known, _) = self.spelled(name).ok().flatten()?;
        self.tables.get_key_value(known)
    }

    /// The same.
    ///
    /// # Errors
    /// If several tables could be meant: their names.
    pub fn spelled(&self, name: &str) -> Result<Option<(&str, &Table)>, Vec<&str>> {
        let tables = self.tables.iter();
        spelled(tables.map(|(known, table)| (known.as_str(), table)), name)
    }
}
