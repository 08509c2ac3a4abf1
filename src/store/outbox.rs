//! The outbox: mail to be sent, and its status.

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

/// A mail for the outbox, added in the transaction of the run that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// The report's id; for a notice, its own name.
    pub report: String,
    /// The kind of mail.
    pub kind: DeliveryKind,
    /// The due instant that it is for, in microseconds UTC; unique together with report and recipient.
    pub period: i64,
    /// An address.
    pub recipient: String,
    /// The published run that it was compared with; `None` for a first report.
    pub baseline: Option<i64>,
    /// Its Message-ID, the same on every attempt.
    pub message_id: String,
    /// The whole encoded message.
    pub message: Vec<u8>,
    /// Why it is held back; `None` if it goes out.
    pub held: Option<String>,
}

/// The kind of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryKind {
    /// A report to one of its recipients; once accepted it is the next one's baseline.
    Report,
    /// A report to somebody who requested a test; changes no baseline.
    Test,
    /// A notice to the owner.
    Notice,
}

/// The status of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// Waits for its next attempt.
    Pending,
    /// Waits for the owner.
    Held,
    /// Its text may be on the way.
    Sending,
    /// The server took it.
    Accepted,
    /// The server rejected it for good.
    Refused,
    /// It may or may not have arrived.
    Unknown,
    /// It was not sent in time.
    Expired,
    /// A newer report was sent in its place.
    Superseded,
    /// Its recipient or report is no longer in config.
    Cancelled,
}

names!(DeliveryKind { Report "report" Test "test" Notice "notice" });
names!(DeliveryStatus {
    Pending "pending" Held "held" Sending "sending" Accepted "accepted" Refused "refused"
    Unknown "unknown" Expired "expired" Superseded "superseded" Cancelled "cancelled"
});
