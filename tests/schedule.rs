//! The timetable: cron texts, due times, and what the clocks do to them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "schedule/clocks.rs"]
mod clocks;

#[path = "schedule/proof.rs"]
mod proof;

#[path = "schedule/texts.rs"]
mod texts;

#[path = "schedule/desk.rs"]
mod desk;
#[path = "schedule/monitor.rs"]
mod monitor;
#[path = "schedule/standing.rs"]
mod schedule_status;
