//! Queries, and the meaning of each cell in their rows.

use super::Unsupported;
use super::dialect::{Dialect, Stored};
use super::form::Form;
use super::lent::Lent;
use crate::engine::ProblemKind;
use crate::ir::AggregateId;

/// The queries for one scan.
#[derive(Debug, Clone)]
pub struct Queries {
    /// The queries, in no particular order.
    pub queries: Vec<Query>,
    /// What must be known about subjects beforehand; see [`super::Given`].
    pub(super) given: Vec<Lent>,
    /// How the subjects' keys are stored in the rows.
    pub(super) keys: Vec<Stored>,
}

/// One query. Its rows come in no particular order.
#[derive(Debug, Clone)]
pub struct Query {
    /// The text.
    pub sql: String,
    /// The columns of each row.
    pub columns: Vec<Column>,
    /// The query for the keys that this one leaves open, if there may be any.
    pub of_open: Option<OfKeys>,
    /// What is asked if there are rows without a match.
    pub(super) of_unfound: Vec<OfUnfound>,
}

/// A query restricted to some keys.
#[derive(Debug, Clone)]
pub struct OfKeys {
    /// The text, in pieces. A condition on keys goes between each two.
    pieces: Vec<String>,
    columns: Vec<Column>,
}

/// What is asked about the rows without a match that a column counts.
#[derive(Debug, Clone)]
pub(super) struct OfUnfound {
    /// The column's place in its query, and what it counts.
    pub(super) column: usize,
    pub(super) kind: ProblemKind,
    /// What the rows name, and how many name it.
    pub(super) rows: Query,
    /// The keys of the table that is looked into.
    pub(super) keys: Query,
}

impl OfKeys {
    /// Made from a query and what follows its text after each condition.
    pub(super) fn new(query: Query, behind: impl IntoIterator<Item = String>) -> Self {
        Self {
            pieces: std::iter::once(query.sql).chain(behind).collect(),
            columns: query.columns,
        }
    }

    /// The query for these keys, given in SQL; for all keys concerned if there are too many to name.
    pub fn of(&self, keys: Option<&[String]>) -> Query {
        let condition = keys.map_or_else(String::new, |keys| {
            format!(" AND r.k IN ({})", keys.join(", "))
        });
        Query {
            sql: self.pieces.join(&condition),
            columns: self.columns.clone(),
            of_open: None,
            of_unfound: Vec::new(),
        }
    }
}

impl Query {
    /// Whether it finds rows whose key occurs in another row.
    pub(super) fn tells_apart(&self) -> bool {
        let is_of_keys =
            |column: &Column| matches!(column.holds, Holds::Trouble(ProblemKind::RepeatedKey, ..));
        self.columns.iter().any(is_of_keys)
    }
}

/// A column of a query's rows.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The type of its cells, apart from NULL.
    pub kind: Kind,
    pub(super) holds: Holds,
}

/// The type of the cells of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers of eight bytes.
    Whole,
    /// Doubles.
    Double,
    /// Texts.
    Text,
}

/// The meaning of a cell.
#[derive(Debug, Clone)]
pub(super) enum Holds {
    /// The key of the row's subject.
    Key,
    /// Whether the following columns are left open for the key.
    Open,
    /// The number of rows in the table.
    Rows,
    /// The number of rows that belong to a collection: strays if no subject has the key. With table and column.
    Strays(String, String),
    /// The number of rows with a problem, with table and column.
    Trouble(ProblemKind, String, String),
    /// The number of rows among which the next column counts those without a match.
    Of,
    /// The number of rows whose lookup failed.
    Unfound(ProblemKind, String, String, String),
    /// The number of rows with a value that is not read exactly.
    Inexact(Unsupported),
    /// The number of rows that an aggregate counts.
    Count(AggregateId),
    /// The number of rows in the sum that follows.
    Over,
    /// The sum of an aggregate, as text.
    Total(AggregateId),
    /// The value of an aggregate.
    Value(AggregateId, Form),
    /// A value; the following columns tell how often aggregates meet it.
    Counted(Form),
    /// How often an aggregate meets the value.
    Times(AggregateId),
}

/// A query under construction.
#[derive(Default)]
pub(super) struct Selecting {
    sql: Vec<String>,
    pub(super) columns: Vec<Column>,
    unless: Vec<String>,
    /// What is asked about the rows without a match that columns count.
    pub(super) unfound: Vec<OfUnfound>,
}

impl Selecting {
    pub(super) fn column(&mut self, sql: &str, kind: Kind, holds: Holds) {
        let name = format!("c{}", self.columns.len());
        self.sql.push(format!("{sql} AS {name}"));
        self.columns.push(Column { name, kind, holds });
    }

    /// Adds a condition that must not hold for any row. Repeated conditions are queried once.
    pub(super) fn unless(&mut self, condition: &str, unsupported: Unsupported) {
        let is_said = self.unless.iter().any(|known| known == condition);
        if !is_said {
            self.unless.push(condition.to_owned());
            self.count(condition, Holds::Inexact(unsupported));
        }
    }

    /// Counts the rows that satisfy a condition.
    pub(super) fn count(&mut self, condition: &str, holds: Holds) {
        let sql = format!("count(CASE WHEN {condition} THEN 1 END)");
        self.column(&sql, Kind::Whole, holds);
    }

    /// `behind` is the SQL that follows the list of columns.
    pub(super) fn query(self, behind: &str) -> Query {
        Query {
            sql: format!("SELECT {} {behind}", self.sql.join(", ")),
            columns: self.columns,
            of_open: None,
            of_unfound: self.unfound,
        }
    }
}

pub(super) fn kind(form: Form) -> Kind {
    match form {
        Form::Number => Kind::Double,
        Form::Text => Kind::Text,
        Form::Money | Form::Truth | Form::Days | Form::Micros(_) | Form::Time(..) => Kind::Whole,
    }
}

/// A value in the form in which it is sent.
pub(super) fn shown(sql: &str, form: Form, dialect: &dyn Dialect) -> String {
    match form {
        Form::Truth => format!("CASE WHEN {sql} THEN 1 WHEN NOT {sql} THEN 0 END"),
        Form::Time(stored, _) => dialect.micros(sql, stored),
        _ => sql.to_owned(),
    }
}
