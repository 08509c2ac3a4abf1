//! Results in SQLite: migrations, atomic publication of runs, reading of published results.
//!
//! Never evaluates. A database that another program created keeps all its settings: journal mode, page size,
//! application id.

mod among;
mod audit;
mod cells;
mod connect;
mod count;
mod create;
mod data_summary;
mod digest;
mod due;
mod erase;
mod error;
mod flows;
mod health;
mod held;
mod history;
mod key_type;
mod lease;
mod list;
mod migrate;
mod names;
mod net_movements;
mod outbox;
mod overview;
mod page_key;
mod previous;
mod publications;
mod publish;
mod read;
mod report_cursor;
mod report_files;
mod restored;
mod results;
mod returns;
mod search;
mod sound;
mod sources;
mod subject_rows;
mod text;
mod timetable;
mod write;

pub use among::{Among, Match};
pub use audit::Audited;
pub use connect::Store;
pub use create::{TableData, create_database, mark_of};
pub use data_summary::DataSummary;
pub use due::{Due, DueState, Findings, Found, HELD, Hold, KnownSchedule, Settled, Timetable};
pub use erase::Erased;
pub use error::StoreError;
pub use flows::{Flow, Mover, Size};
pub use health::HealthFound;
pub use lease::LeaseHolder;
pub use net_movements::{NetMovement, NetMovements};
pub use outbox::{
    Attempt, Choice, Delivery, DeliveryKind, DeliveryStatus, NewDelivery, News, NoticeRow,
    OutboxBatch, Undelivered,
};
pub use overview::Overview;
pub use previous::{Previous, PreviousSegment};
pub use publish::Publication;
pub use read::ClientQuery;
pub use report_cursor::{Baselines, ReportState};
pub use report_files::ReportFile;
pub use results::{
    Cause, Client, Direction, HealthRow, Listed, Metric, Moved, Movement, Moving, NewRun, Point,
    Run, RunStatus, Score, Step, StoredSegment,
};
pub use returns::Returns;
pub use sound::{has_panicked, silence_reader_panics};
pub use sources::{Naming, SourceKind, SourceText, mentions};
pub use subject_rows::RowChanges;
pub use write::{PublishedSegment, Renamed};

/// The log target of SQL statements.
pub const STATEMENTS: &str = "sqlx::query";
