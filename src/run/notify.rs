//! The seam between runs and the mail that tells of them: what a run has to tell, and what is written of it.

mod past;
mod published;
mod roster;

pub use past::Past;
pub use published::{Told, post_published, tell_published};
pub use roster::{RollSegment, Roster};

use super::compare::Comparison;
use super::execute::{Attempt, Compared};

use crate::engine::Evaluation;
use crate::project::Project;
use crate::store::{NewDelivery, Posting, ReportFile, ReportState, Run, Store, StoreError};

/// Who writes mail about runs. Writing never keeps a run from being published.
pub trait Notifier: Sync {
    /// The ids of the reports that are written: what their readers know is read for them.
    fn reports(&self) -> Vec<String>;

    /// Whether the mail is made of more than what is stored: of outputs of an evaluation.
    fn asks_for_outputs(&self) -> bool;

    /// Whether it matters since when members are in their segments.
    fn asks_since_when(&self) -> bool;

    /// Writes the mail.
    fn write(&self, story: &RunReport<'_>) -> Notification;
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

/// What was written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Notification {
    /// The mail.
    pub letters: Vec<NewDelivery>,
    /// What the mail says as plain text, parallel to it.
    pub texts: Vec<String>,
    /// What the reports tell, for those who are told of later runs.
    pub states: Vec<ReportState>,
    /// The files that were too large for it, and lie beside config.
    pub files: Vec<ReportFile>,
    /// To whom nothing was written because nothing changed: report and recipient.
    pub quiet: Vec<(String, String)>,
    /// Reports that could not be written, and why in words.
    pub failures: Vec<(String, String)>,
}

impl Notification {
    /// Adds a mail with its plain text.
    pub fn add(&mut self, (letter, text): (NewDelivery, String)) {
        self.letters.push(letter);
        self.texts.push(text);
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

/// Mail about a run that is not yet published.
pub(super) struct Written {
    pub notification: Notification,
    pub posting: Posting,
}

impl Attempt<'_> {
    /// Writes the mail about a run that was compared; none where nobody does.
    pub(super) async fn letters(
        &self,
        run: &Run,
        evaluation: &Evaluation,
        compared: &Compared,
    ) -> Result<Option<Written>, StoreError> {
        let Some(post) = self.post else {
            return Ok(None);
        };
        let mut store = Store::open_reader(self.project.config.results_path()).await?;
        let mut roster = self.roster(evaluation, compared);
        let mut past = Past::default();
        let mut number = 1;
        if let Some(store) = &mut store {
            number = store.next_run().await?;
            past = Past::read(store, &post.reports()).await?;
            past.rename(&compared.renamed);
            if post.asks_since_when() {
                roster.read_times(store, &compared.renamed).await?;
            }
            past.go_on(&moves(self.project, &compared.comparison));
            let nameless = past.read_labels(store, &roster).await?;
            past.take_labels(nameless, evaluation);
        }
        if let Some(store) = store {
            store.close().await?;
        }
        if post.asks_since_when() {
            roster.enter(&compared.comparison, self.clock.now);
        }
        let run = Run {
            id: number,
            ..run.clone()
        };
        let written_at = run.finished_at.unwrap_or(run.started_at);
        let notification = post.write(&RunReport {
            project: self.project,
            run: &run,
            written_at,
            roster: &roster,
            evaluation: Some(evaluation),
            past: &past,
        });
        let posting = Posting {
            run: number,
            written_at,
            baselines: past.baselines,
            letters: notification.letters.clone(),
            states: notification.states.clone(),
            files: notification.files.clone(),
        };
        Ok(Some(Written {
            notification,
            posting,
        }))
    }
}

/// Everything that moved with a run: segments by id.
fn moves<'c>(
    project: &'c Project,
    comparison: &'c Comparison,
) -> Vec<(&'c str, &'c [crate::store::Movement])> {
    let segments = project.ir.segments.iter().zip(&comparison.segments);
    let segments = segments.map(|(planned, found)| (planned.id.as_str(), &*found.movements));
    let removed = comparison.removed.iter();
    let removed = removed.map(|removed| (removed.id.as_str(), &*removed.movements));
    segments.chain(removed).collect()
}
