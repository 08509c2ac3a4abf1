//! How all stands, as far as it is stored.

use super::{LeaseHolder, Run, Store, StoreError, StoredSegment, Timetable, Undelivered};

/// Of each schedule, how many due times are looked at; its newest success is among them anyway.
const RECENT: u32 = 64;

/// What is stored of runs, schedules and mail.
#[derive(Debug, Default)]
pub struct Overview {
    /// The last runs that are listed, newest first.
    pub runs: Vec<Run>,
    /// How many there are, listed or not.
    pub runs_kept: u64,
    /// The last one, however it ended.
    pub newest: Option<Run>,
    /// The last one that was published.
    pub published: Option<Run>,
    /// Those that were held since, oldest first.
    pub held: Vec<Run>,
    /// The segments of that one.
    pub segments: Vec<StoredSegment>,
    /// The schedules that were seen, and their due times.
    pub timetable: Timetable,
    /// Who is at work.
    pub lease: Option<LeaseHolder>,
    /// Mail that has not arrived.
    pub mail: Undelivered,
}

impl Store {
    /// All of it, with so many runs; all of them without a limit.
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
