//! The seam between runs and the mail about them: what a run has to tell, and what is written of it.

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

/// Who writes mail about runs. Writing never keeps a run from being published.
pub trait Notifier: Sync {
    /// The ids of the reports that are written: what their readers know is read for them.
    fn reports(&self) -> Vec<String>;

    /// Whether the mail is made of more than what is stored: of outputs of an evaluation.
    fn asks_for_outputs(&self) -> bool;

    /// Whether it matters since when members are in their segments.
    fn asks_since_when(&self) -> bool;

    /// Writes the mail.
    fn write(&self, run_report: &RunReport<'_>) -> Notification;
}

/// What there is to tell of a run.
#[derive(Debug, Clone, Copy)]
pub struct RunReport<'a> {
    /// Config and rules.
    pub project: &'a Project,
    /// The run, under the number that it has or will have.
    pub run: &'a Run,
    /// The present instant, microseconds UTC.
    pub written_at: i64,
    /// Who is where.
    pub roster: &'a Roster,
    /// The evaluation, where outputs of it were asked for.
    pub evaluation: Option<&'a Evaluation>,
    /// What the readers know.
    pub past: &'a Past,
}

/// A mail, and what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenMail {
    pub delivery: NewDelivery,
    /// As plain text.
    pub text: String,
    /// As HTML.
    pub html: String,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Notification {
    /// The mail.
    pub deliveries: Vec<NewDelivery>,
    /// What the mail says as plain text, parallel to it.
    pub texts: Vec<String>,
    /// The same as HTML.
    pub pages: Vec<String>,
    /// What the reports tell, for those who receive later reports.
    pub states: Vec<ReportState>,
    /// The files that were too large for it, and lie beside config.
    pub files: Vec<ReportFile>,
    /// To whom nothing was written because nothing changed: report and recipient.
    pub quiet: Vec<(String, String)>,
    /// Reports that could not be written, and why in words.
    pub failures: Vec<(String, String)>,
}

impl Notification {
    /// Adds a mail with what it says.
    pub fn add(&mut self, written: WrittenMail) {
        self.deliveries.push(written.delivery);
        self.texts.push(written.text);
        self.pages.push(written.html);
    }

    /// What is put into the outbox: this, and what it was written from.
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

    /// One line on each report that could not be written.
    pub fn failure_words(&self) -> Option<String> {
        let words = |(report, why): &(String, String)| {
            format!("the report `{report}` could not be written: {why}")
        };
        let lines: Vec<String> = self.failures.iter().map(words).collect();
        (!lines.is_empty()).then(|| lines.join("; "))
    }
}
