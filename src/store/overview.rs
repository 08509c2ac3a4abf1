//! The overall state, as far as it is stored.

use super::{LeaseHolder, Run, Store, StoreError, StoredSegment, Timetable, Undelivered};

/// How many due times of each schedule are read; its newest success is always included.
const RECENT: u32 = 64;

/// Stored data about runs, schedules and mail.
#[derive(Debug, Default)]
pub struct Overview {
    /// The listed runs, newest first.
    pub runs: Vec<Run>,
    /// The number of runs, listed or not.
    pub runs_kept: u64,
    /// The last run, however it ended.
    pub newest: Option<Run>,
    /// The last published run.
    pub published: Option<Run>,
    /// The runs that were held since, oldest first.
    pub held: Vec<Run>,
    /// The segments of the last published run.
    pub segments: Vec<StoredSegment>,
    /// The known schedules and their due times.
    pub timetable: Timetable,
    /// The holder of the lease.
    pub lease: Option<LeaseHolder>,
    /// Mail that has not arrived.
    pub mail: Undelivered,
}

impl Store {
    /// Reads the overview with a number of runs; all of them without a limit.
    pub async fn overview(&mut self, runs: Option<u32>) -> Result<Overview, StoreError> {
        Ok(Overview {
            runs: self.runs(runs).await?,
            runs_kept: self.count_runs().await?,
            newest: self.runs(1).await?.into_iter().next(),
            published: self.last_published().await?,
            held: self.held_now().await?,
            segments: self.segments().await?,
            timetable: self.timetable(RECENT).await?,
            lease: self.lease().await?,
            mail: self.undelivered().await?,
        })
    }
}
