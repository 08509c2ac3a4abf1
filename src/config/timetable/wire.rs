//! The keys of the timetable as people write them. The doc comments are shown by editors.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Schedule, Serve};
use crate::config::quantity::{Count, Listen, Stretch};
use crate::config::value::{Cron, Zone};
use crate::decode::{Identifier, Several, choice, record};

/// The default number of retries of a failed run.
const RETRIES: u32 = 3;

record! {
    /// One entry of the timetable.
    pub(in crate::config) struct ScheduleFile {
        /// Its name.
        id: Identifier,
        /// When: minute, hour, day of the month, month, day of the week. `0 6 * * *` is every day at six.
        cron: Cron,
        /// The time zone of the times. Default: the business time zone.
        timezone: Option<Zone>,
        /// What it does: `evaluate` (the default), or `none`, which only mails the last published run.
        run: Option<Work>,
        /// What to do about a run that was missed: `run_once` (the default) makes up for the latest, `skip` does not.
        missed: Option<Missed>,
        /// How often a failed run is tried again. Default: 3.
        retries: Option<Count>,
        /// The reports that are mailed after the run, by their ids.
        reports: Option<Several<Identifier>>,
    }
}

record! {
    /// How `muster serve` behaves.
    pub(in crate::config) struct ServeFile {
        /// Where it answers `/healthz` and `/metrics`, such as `127.0.0.1:9464`. Default: nowhere.
        listen: Option<Listen>,
        /// How long the run in hand may go on after it is told to stop. Default: `60 seconds`.
        stop_within: Option<Stretch>,
    }
}

/// What a schedule does.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::config) enum Work {
    /// Evaluates.
    Evaluate,
    /// Only mails.
    None,
}

/// What to do about a run that was missed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::config) enum Missed {
    /// Make up for the latest.
    RunOnce,
    /// Wait for the next.
    Skip,
}

impl ScheduleFile {
    /// `zone` is the business zone.
    pub(in crate::config) fn into_schedule(self, zone: chrono_tz::Tz) -> Schedule {
        let reports = self.reports.into_iter().flat_map(|list| list.0);
        Schedule {
            id: self.id.0,
            cron: self.cron.0,
            timezone: self.timezone.map_or(zone, |zone| zone.0),
            runs: !matches!(self.run, Some(Work::None)),
            run_missed: !matches!(self.missed, Some(Missed::Skip)),
            retries: self.retries.map_or(RETRIES, |count| count.0),
            reports: reports.map(|report| report.0).collect(),
        }
    }
}

impl ServeFile {
    pub(in crate::config) fn into_serve(self) -> Serve {
        let default = Serve::default();
        Serve {
            listen: self.listen.map(|listen| listen.0),
            stop_within: self.stop_within.map_or(default.stop_within, |s| s.0),
        }
    }
}

choice!(Work, Missed);
