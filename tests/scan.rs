//! Real SQLite files, and the same tables in memory: what is read, what is counted, what is stale.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "scan/aggregates.rs"]
mod aggregates;
#[path = "scan/both.rs"]
mod both;
#[path = "scan/connectors.rs"]
mod connectors;
#[path = "scan/excluded.rs"]
mod excluded;
#[path = "scan/faults.rs"]
mod faults;
#[path = "scan/harness.rs"]
mod harness;
#[path = "scan/keys.rs"]
mod keys;
#[path = "scan/oracle.rs"]
mod oracle;
#[path = "scan/oracle_active.rs"]
mod oracle_active;
#[path = "scan/problems.rs"]
mod problems;
#[path = "scan/properties.rs"]
mod properties;
#[path = "scan/stale.rs"]
mod stale;
#[path = "scan/trust.rs"]
mod trust;
#[path = "scan/types.rs"]
mod types;
