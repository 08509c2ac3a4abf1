//! The seam between a run and the mail about it: the run's report, and the mail made from it.

mod past;
mod published;
mod roster;

use std::collections::BTreeMap;

pub use past::Past;
pub use published::{Notified, notify_published, preview_published};
pub use roster::{Roster, RosterSegment};

use crate::engine::Evaluation;
use crate::project::Project;
use crate::store::{Baselines, NewDelivery, OutboxBatch, ReportFile, ReportState, Run};

/// A writer of mail about runs. It never prevents a run from being published.
pub trait Notifier: Sync {
    /// The ids of the reports to write: their readers' baselines are read for them.
    fn reports(&self) -> Vec<String>;

    /// Whether the mail needs outputs of an evaluation, beyond what is stored.
    fn asks_for_outputs(&self) -> bool;

    /// Whether the mail needs to know since when members are in their segments.
    fn asks_since_when(&self) -> bool;

    /// Writes the mail.
    fn write(&self, run_report: &RunReport<'_>) -> Notification;
}

/// The facts about a run, for the mail.
#[derive(Debug, Clone, Copy)]
pub struct RunReport<'a> {
    /// Config and rules.
    pub project: &'a Project,
    /// The run, with the number that it has or will have.
    pub run: &'a Run,
    /// The present instant, in microseconds UTC.
    pub written_at: i64,
    /// The list and the segments' members.
    pub roster: &'a Roster,
    /// The evaluation, if outputs of it were requested.
    pub evaluation: Option<&'a Evaluation>,
    /// What the readers know.
    pub past: &'a Past,
}

/// A mail and its text.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenMail {
    pub delivery: NewDelivery,
    /// The text as plain text.
    pub text: String,
    /// The text as HTML.
    pub html: String,
}

/// The mail about a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Notification {
    /// The mails.
    pub deliveries: Vec<NewDelivery>,
    /// The plain text of each mail, parallel to `deliveries`.
    pub texts: Vec<String>,
    /// The same as HTML.
    pub pages: Vec<String>,
    /// The content of the reports, for recipients of later reports.
    pub states: Vec<ReportState>,
    /// The files that were too large to attach and are kept beside config.
    pub files: Vec<ReportFile>,
    /// Report and recipient of the mails that were not written because nothing changed.
    pub quiet: Vec<(String, String)>,
    /// Reports that could not be written, with the reasons in words.
    pub failures: Vec<(String, String)>,
}

impl Notification {
    /// Adds a mail with its text.
    pub fn add(&mut self, written: WrittenMail) {
        self.deliveries.push(written.delivery);
        self.texts.push(written.text);
        self.pages.push(written.html);
    }

    /// The batch for the outbox: this notification, and the state it was written from.
    pub(super) fn batch(
        &self,
        run: i64,
        written_at: i64,
        baselines: BTreeMap<String, Baselines>,
    ) -> OutboxBatch {
        OutboxBatch {
            run,
            written_at,
            baselines,
            deliveries: self.deliveries.clone(),
            states: self.states.clone(),
            files: self.files.clone(),
        }
    }

    /// One line for each report that could not be written.
    pub fn failure_words(&self) -> Option<String> {
        let words = |(report, why): &(String, String)| {
            format!("the report `{report}` could not be written: {why}")
        };
        let lines: Vec<String> = self.failures.iter().map(words).collect();
        (!lines.is_empty()).then(|| lines.join("; "))
    }
}
