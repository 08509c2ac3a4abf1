//! The outbox: mail that is to go out, and what became of it.

mod batch;
mod change;
mod look;
mod queue;
mod tell;

use super::names::names;

pub use batch::OutboxBatch;
pub(super) use batch::{enqueue_batch, is_current, newest_published};
pub use change::{Attempt, Choice};
pub use look::{Delivery, Undelivered};
pub use tell::{News, NoticeRow};

/// A mail to be put into the outbox, in the transaction of the run that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// The report's id; for a notice its own name.
    pub report: String,
    /// What it is.
    pub kind: DeliveryKind,
    /// The due instant that it is for, microseconds UTC: with report and recipient it is there once.
    pub period: i64,
    /// An address.
    pub recipient: String,
    /// The published run that it was compared with; none for a first report.
    pub baseline: Option<i64>,
    /// Its Message-ID, the same on every try.
    pub message_id: String,
    /// The whole encoded message.
    pub message: Vec<u8>,
    /// Why it is held back; none where it goes out.
    pub held: Option<String>,
}

/// What a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryKind {
    /// A report to one of its recipients; once accepted it is the next one's baseline.
    Report,
    /// A report to somebody who asked for a test; moves no baseline.
    Test,
    /// Word to the owner.
    Notice,
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// Waits for its next try.
    Pending,
    /// Waits for the owner.
    Held,
    /// Its text may be on the way.
    Sending,
    /// The server took it.
    Accepted,
    /// The server will not have it.
    Refused,
    /// It may have arrived, or not.
    Unknown,
    /// It was not sent in time.
    Expired,
    /// A newer report went in its place.
    Superseded,
    /// Its recipient or report is no longer in config.
    Cancelled,
}

names!(DeliveryKind { Report "report" Test "test" Notice "notice" });
names!(DeliveryStatus {
    Pending "pending" Held "held" Sending "sending" Accepted "accepted" Refused "refused"
    Unknown "unknown" Expired "expired" Superseded "superseded" Cancelled "cancelled"
});
