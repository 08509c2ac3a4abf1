//! A scan of an IR as SQL: the database aggregates, and only results per subject come back.
//!
//! [`queries`] renders SQL that returns exactly what [`crate::engine::gather`] computes from the same rows, or it says
//! that it cannot: in advance if the dialect has no exact equivalent, or in the answer if single values are not read
//! exactly. What only Rust computes exactly stays in Rust. Whatever depends only on the row's subject is computed
//! beforehand and lent as a table ([`Given`]). The bounds of windows and of comparisons are values that Rust has
//! computed. Averages are returned as a sum and a count, and times as they are stored. Medians and deviations are
//! computed from counted values.
//!
//! | file | contents |
//! | --- | --- |
//! | `dialect` | the differences between SQL dialects, implemented by `sqlite`, `postgres` and `spark` |
//! | `form` | the forms of values in SQL, and bounds between them |
//! | `reading` | stored values as the language reads them |
//! | `settled` | times that no clock showed |
//! | `nodes` | the nodes of a row program |
//! | `source` | a table with its lookups, everything asked of a row worked out once |
//! | `query` | queries, and what each cell of their rows tells |
//! | `grouped`, `ends`, `counted`, `looked_up`, `unfound`, `repeats` | the kinds of queries; `asking` has what they share |
//! | `queries` | all of a scan |
//! | `refusals` | why a scan is not asked |
//! | `lent`, `given`, `answer` | what is lent before, and what comes of the answers |

mod answer;
mod asking;
mod counted;
mod dialect;
mod ends;
mod form;
mod given;
mod grouped;
mod lent;
mod looked_up;
mod nodes;
mod postgres;
mod queries;
mod query;
mod reading;
mod refusals;
mod repeats;
mod settled;
mod source;
mod spark;
mod sqlite;
mod standard;
mod unfound;

pub use self::answer::{Refusal, Server, answer};
pub use self::dialect::{Dialect, Packets, ReadText, Stored};
pub use self::given::Given;
pub use self::postgres::Postgres;
pub use self::queries::queries;
pub use self::query::{Column, Kind, OfKeys, Queries, Query};
pub use self::refusals::refusals;
pub use self::spark::Spark;
pub use self::sqlite::Sqlite;

/// The types of the tables' columns.
pub trait Shapes {
    /// For a column of a table; `None` if there is no such column, or if its values are of another kind.
    fn stored(&self, table: &str, column: &str) -> Option<Stored>;
}

/// Something that SQL cannot answer exactly as the engine does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {why}")]
pub struct Unsupported {
    /// The table or the column.
    pub what: String,
    /// The reason in words.
    pub why: String,
}
