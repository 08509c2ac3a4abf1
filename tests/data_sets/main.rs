//! Published tables over real data, reproduced by writing rules and nothing else: the rules are in
//! `data_sets/<set>`, the data and the tables of reference in `../shared/data/<set>`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod answers;
mod completejourney;
mod donor_analytics;
mod health;
mod rfm_orders;
mod shipped_ladder;
mod values;

#[path = "../support/mod.rs"]
mod support;
