//! Whether the health score predicts who leaves: the statistics, the past dates, the command.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "proof/edges.rs"]
mod edges;
#[path = "proof/gym.rs"]
mod gym;
#[path = "proof/leaks.rs"]
mod leaks;
#[path = "proof/past_dates.rs"]
mod past_dates;
#[path = "proof/picture.rs"]
mod picture;
#[path = "proof/statistics.rs"]
mod statistics;
#[path = "proof/weights.rs"]
mod weights;
