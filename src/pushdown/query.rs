//! Queries, and what each cell of their rows tells.

use super::Unsupported;
use super::dialect::{Dialect, Stored};
use super::form::Form;
use super::lent::Lent;
use crate::engine::ProblemKind;
use crate::ir::AggregateId;

/// What a database is asked for one scan.
#[derive(Debug, Clone)]
pub struct Queries {
    /// The queries, in no order.
    pub queries: Vec<Query>,
    /// What has to be known of subjects before; see [`super::Given`].
    pub(super) given: Vec<Lent>,
    /// How the rows' keys of subjects are stored.
    pub(super) keys: Vec<Stored>,
}

/// One query. Its rows come in no order.
#[derive(Debug, Clone)]
pub struct Query {
    /// The text.
    pub sql: String,
    /// The columns of each row.
    pub columns: Vec<Column>,
    /// What is asked of the keys that this one leaves open, where there are any.
    pub of_open: Option<OfKeys>,
    /// What is asked of rows that find nothing, where there are any.
    pub(super) of_lost: Vec<OfLost>,
}

/// A query of some keys alone.
#[derive(Debug, Clone)]
pub struct OfKeys {
    /// The text, in pieces: between each two stands a condition on keys.
    pieces: Vec<String>,
    columns: Vec<Column>,
}

/// What is asked where a column counts rows that find nothing.
#[derive(Debug, Clone)]
pub(super) struct OfLost {
    /// The column's place in its query, and what it counts.
    pub(super) column: usize,
    pub(super) kind: ProblemKind,
    /// What the rows name, and how many name it.
    pub(super) rows: Query,
    /// The keys of the table that is looked into.
    pub(super) keys: Query,
}

impl OfKeys {
    /// Of a query, and what follows its text behind each condition.
    pub(super) fn new(query: Query, behind: impl IntoIterator<Item = String>) -> Self {
        Self {
            pieces: std::iter::once(query.sql).chain(behind).collect(),
            columns: query.columns,
        }
    }

    /// The query of these keys, in SQL; of whoever is concerned, where they are too many to be named.
    pub fn of(&self, keys: Option<&[String]>) -> Query {
        let condition = keys.map_or_else(String::new, |keys| {
            format!(" AND r.k IN ({})", keys.join(", "))
        });
        Query {
            sql: self.pieces.join(&condition),
            columns: self.columns.clone(),
            of_open: None,
            of_lost: Vec::new(),
        }
    }
}

impl Query {
    /// Whether it asks which rows have the key of another one.
    pub(super) fn tells_apart(&self) -> bool {
        let is_of_keys =
            |column: &Column| matches!(column.holds, Holds::Trouble(ProblemKind::RepeatedKey, ..));
        self.columns.iter().any(is_of_keys)
    }
}

/// A column of a query's rows.
#[derive(Debug, Clone)]
pub struct Column {
    /// What it is called.
    pub name: String,
    /// What its cells are, apart from NULL.
    pub kind: Kind,
    pub(super) holds: Holds,
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers of eight bytes.
    Whole,
    /// Doubles.
    Double,
    /// Texts.
    Text,
}

/// What a cell tells.
#[derive(Debug, Clone)]
pub(super) enum Holds {
    /// Whose the row is.
    Key,
    /// Whether what follows is left open for the key.
    Open,
    /// How many rows of the table there are.
    Rows,
    /// How many rows belong to a collection: strays, where nobody has the key. In which column of which table.
    Strays(String, String),
    /// How many rows have a trouble, in which column of which table.
    Trouble(ProblemKind, String, String),
    /// Of how many rows the column that follows tells how many find nothing.
    Of,
    /// How many rows have a trouble, where what has failed is to look a row of a further table up.
    Lost(ProblemKind, String, String, String),
    /// How many rows have a value that is not read exactly.
    Inexact(Unsupported),
    /// How many rows an aggregate counts.
    Count(AggregateId),
    /// How many rows the sum that follows is over.
    Over,
    /// The sum of an aggregate as a text.
    Total(AggregateId),
    /// The value of an aggregate.
    Value(AggregateId, Form),
    /// A value, of which the columns that follow tell how often aggregates meet it.
    Counted(Form),
    /// How often an aggregate meets the value.
    Times(AggregateId),
}

/// A query in the making.
#[derive(Default)]
pub(super) struct Selecting {
    sql: Vec<String>,
    pub(super) columns: Vec<Column>,
    unless: Vec<String>,
    /// What is asked of the rows that columns count and that find nothing.
    pub(super) lost: Vec<OfLost>,
}

impl Selecting {
    pub(super) fn column(&mut self, sql: &str, kind: Kind, holds: Holds) {
        let name = format!("c{}", self.columns.len());
        self.sql.push(format!("{sql} AS {name}"));
        self.columns.push(Column { name, kind, holds });
    }

    /// A condition that has to hold nowhere: asked once, however often it is said.
    pub(super) fn unless(&mut self, condition: &str, unsupported: Unsupported) {
        let is_said = self.unless.iter().any(|known| known == condition);
        if !is_said {
            self.unless.push(condition.to_owned());
            self.count(condition, Holds::Inexact(unsupported));
        }
    }

    /// How many rows satisfy a condition.
    pub(super) fn count(&mut self, condition: &str, holds: Holds) {
        let sql = format!("count(CASE WHEN {condition} THEN 1 END)");
        self.column(&sql, Kind::Whole, holds);
    }

    /// `behind` is what follows the list of columns.
    pub(super) fn query(self, behind: &str) -> Query {
        Query {
            sql: format!("SELECT {} {behind}", self.sql.join(", ")),
            columns: self.columns,
            of_open: None,
            of_lost: self.lost,
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

/// A value as it is sent.
pub(super) fn shown(sql: &str, form: Form, dialect: &dyn Dialect) -> String {
    match form {
        Form::Truth => format!("CASE WHEN {sql} THEN 1 WHEN NOT {sql} THEN 0 END"),
        Form::Time(stored, _) => dialect.micros(sql, stored),
        _ => sql.to_owned(),
    }
}
