//! A scan of an IR as SQL: the database aggregates, and only subjects come back.
//!
//! What [`queries`] renders answers exactly what [`crate::engine::gather`] makes of the same rows, or says that it cannot: in
//! advance where no SQL of the dialect is exactly that, and when asked where single values are not read exactly. What is exact
//! in Rust alone stays there: whatever asks only the row's subject is worked out before and lent as a table ([`Given`]), bounds
//! of windows and of comparisons are values that Rust has found, averages come as a sum and a count, times as they are stored,
//! and medians and deviations are taken of counted values.
//!
//! | file | has |
//! | --- | --- |
//! | `dialect` | what differs between SQLs; `sqlite`, `postgres` and `spark` have it |
//! | `form` | what values are in SQL, bounds between them |
//! | `reading` | stored values as the language reads them |
//! | `settled` | times that no clock showed |
//! | `nodes` | the nodes of a row program |
//! | `source` | a table with its lookups, everything asked of a row worked out once |
//! | `query` | queries, and what each cell of their rows tells |
//! | `grouped`, `ends`, `counted`, `looked_up`, `lost`, `repeats` | the kinds of queries; `asking` has what they share |
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
mod lost;
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

pub use self::answer::{Refusal, Server, answer};
pub use self::dialect::{Dialect, Packets, ReadText, Stored};
pub use self::given::Given;
pub use self::postgres::Postgres;
pub use self::queries::queries;
pub use self::query::{Column, Kind, OfKeys, Queries, Query};
pub use self::refusals::refusals;
pub use self::spark::Spark;
pub use self::sqlite::Sqlite;

/// What the columns of the tables hold.
pub trait Shapes {
    /// Of a column of a table; none where there is none, and where its values are of another kind.
    fn stored(&self, table: &str, column: &str) -> Option<Stored>;
}

/// Something that SQL does not answer as the engine does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {why}")]
pub struct Unsupported {
    /// The table or the column.
    pub what: String,
    /// The reason in words.
    pub why: String,
}
