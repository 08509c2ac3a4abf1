//! Published tables over real data, reproduced by writing rules and nothing else: the rules are in
//! `data_sets/<set>`, the data and the tables of reference in `../shared/data/<set>`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "data_sets/answers.rs"]
mod answers;
#[path = "data_sets/completejourney.rs"]
mod completejourney;
#[path = "data_sets/donor_analytics.rs"]
mod donor_analytics;
#[path = "data_sets/health.rs"]
mod health;
#[path = "data_sets/reference.rs"]
mod reference;
#[path = "data_sets/rfm_orders.rs"]
mod rfm_orders;
#[path = "data_sets/shipped_ladder.rs"]
mod shipped_ladder;
#[path = "data_sets/values.rs"]
mod values;
