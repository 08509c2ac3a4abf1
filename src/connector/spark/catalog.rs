//! The tables and their columns.

use std::collections::{BTreeMap, BTreeSet};

use super::failure::Failure;
use super::session::Session;
use crate::catalog::{Schema, Table, TableColumn, spelled};
use crate::config::SparkServer;
use crate::engine::OwnedCell;
use crate::pushdown::Stored;
use crate::sql::spark::quoted;

/// The tables and views that a session can find.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    relations: BTreeMap<String, Relation>,
}

/// A table or view.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    /// Its name, quoted for SQL.
    pub(super) quoted: String,
    pub(super) columns: Vec<Column>,
    /// Why the server does not list its columns, which are then empty.
    pub(super) refused: Option<String>,
}

/// A column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    /// Its type, as the server writes it.
    ty: String,
}

impl Column {
    /// Why no rule can read it: a message that begins with what the column holds.
    pub(super) fn unreadable(&self) -> Option<String> {
        let kind = self.ty.split(['<', '(']).next().unwrap_or_default();
        let plain = [
            "boolean",
            "tinyint",
            "smallint",
            "int",
            "bigint",
            "float",
            "double",
            "decimal",
            "string",
            "char",
            "varchar",
            "date",
            "timestamp",
            "timestamp_ntz",
            "binary",
        ];
        let is_plain = plain.contains(&kind.trim());
        (!is_plain).then(|| {
            let ty = &self.ty;
            format!("{ty}, which no rule reads: let a view make rows or texts of it")
        })
    }

    /// What it holds, if the server can aggregate it; none where its rows have to be read.
    pub(super) fn stored(&self) -> Option<Stored> {
        Some(match self.ty.as_str() {
            "boolean" => Stored::Truth,
            "tinyint" | "smallint" | "int" | "bigint" => Stored::Integer,
            "double" => Stored::Real,
            "string" => Stored::Text,
            "date" => Stored::Date,
            "timestamp_ntz" => Stored::Local,
            "timestamp" => Stored::Instant,
            decimal => {
                let places = decimal.strip_prefix("decimal(")?.strip_suffix(')')?;
                Stored::Decimal(places.split(',').nth(1)?.trim().parse().ok()?)
            }
        })
    }

    /// The declaration from which rules infer the type; empty where a rule must state it.
    pub(super) fn declared(&self) -> String {
        let ty = self.ty.as_str();
        match ty {
            "tinyint" | "smallint" | "int" | "bigint" => "integer".to_owned(),
            "float" | "double" => "double precision".to_owned(),
            "timestamp" | "timestamp_ntz" => "timestamp".to_owned(),
            "boolean" | "date" => ty.to_owned(),
            _ if ty.starts_with("decimal") => ty.replace("decimal", "numeric"),
            _ if self.unreadable().is_some() || ty == "binary" => String::new(),
            _ => "text".to_owned(),
        }
    }
}

impl Relation {
    fn refused(name: &str, reason: String) -> Self {
        Self {
            quoted: quoted(name),
            columns: Vec::new(),
            refused: Some(reason),
        }
    }

    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        let columns = self.columns.iter();
        let found = spelled(columns.map(|column| (column.name.as_str(), column)), name);
        found.ok().flatten().map(|(_, column)| column)
    }
}

impl Catalog {
    /// Reads the tables that the config names by their files, and those of a schema. `refused` lists those of the
    /// former that cannot be read, each with a reason.
    pub(super) fn read(
        session: &Session,
        server: &SparkServer,
        mut refused: BTreeMap<String, String>,
    ) -> Result<Self, Failure> {
        let mut relations = BTreeMap::new();
        for name in server.tables.keys() {
            let relation = match refused.remove(name) {
                Some(reason) => Relation::refused(name, reason),
                None => described(session, quoted(name))?,
            };
            relations.insert(name.clone(), relation);
        }
        if !server.reads_catalog() {
            return Ok(Self { relations });
        }
        for row in session.rows("SHOW TABLES")? {
            // The schema, the name, and whether it is a temporary view of the session.
            let Some(name) = row.get(1).and_then(OwnedCell::as_str) else {
                continue;
            };
            if relations.contains_key(name) {
                continue;
            }
            // The table may never be needed.
            let relation = match described(session, quoted(name)) {
                Err(Failure::Table(reason) | Failure::Unknown(reason)) => {
                    Relation::refused(name, reason)
                }
                relation => relation?,
            };
            relations.insert(name.to_owned(), relation);
        }
        Ok(Self { relations })
    }

    /// Finds a table by name, ignoring case where the exact name does not match.
    pub(super) fn relation(&self, name: &str) -> Option<&Relation> {
        let relations = self.relations.iter();
        let relations = relations.map(|(known, relation)| (known.as_str(), relation));
        let found = spelled(relations, name).ok().flatten();
        found.map(|(_, relation)| relation)
    }

    /// Whether names of tables, or of one table's columns, differ only in case.
    pub(super) fn differs_in_capitals(&self) -> bool {
        let columns = self.relations.values();
        let mut columns = columns.map(|relation| relation.columns.iter().map(|one| &*one.name));
        are_alike(self.relations.keys().map(String::as_str)) || columns.any(are_alike)
    }

    /// The whole catalog in a form that is independent of servers.
    pub(super) fn schema(&self) -> Schema {
        let tables = self.relations.iter();
        let tables = tables.filter(|(_, relation)| relation.refused.is_none());
        let tables = tables.map(|(name, relation)| {
            let columns = relation.columns.iter().map(|column| TableColumn {
                name: column.name.clone(),
                declared: column.declared(),
                default: None,
                unreadable: column.unreadable(),
            });
            let table = Table {
                columns: columns.collect(),
                primary_key: Vec::new(),
            };
            (name.clone(), table)
        });
        let refused = self.relations.iter();
        let refused = refused.filter_map(|(name, relation)| {
            let reason = relation.refused.as_ref()?;
            Some((name.clone(), reason.clone()))
        });
        Schema {
            tables: tables.collect(),
            unreadable: refused.collect(),
            ..Schema::default()
        }
    }
}

/// Whether some of these names differ only in case.
fn are_alike<'n>(names: impl Iterator<Item = &'n str>) -> bool {
    let mut seen = BTreeSet::new();
    let mut names = names.map(str::to_ascii_lowercase);
    !names.all(|name| seen.insert(name))
}

/// A table with its columns.
fn described(session: &Session, quoted: String) -> Result<Relation, Failure> {
    let rows = session.rows(format!("DESCRIBE TABLE {quoted}"))?;
    let texts = rows.iter().map_while(|row| {
        let text = |place: usize| row.get(place).and_then(OwnedCell::as_str);
        // After the columns come partitions and the like, under headings.
        let name = text(0).filter(|name| !name.is_empty() && !name.starts_with("# "))?;
        Some((name, text(1)?))
    });
    let columns = texts.map(|(name, ty)| Column {
        name: name.to_owned(),
        ty: ty.to_ascii_lowercase(),
    });
    Ok(Relation {
        columns: columns.collect(),
        quoted,
        refused: None,
    })
}
