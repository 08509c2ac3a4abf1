//! The engine: what operators and functions are worth over columns (`values`), and what is read of real SQLite files
//! (`scan`).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod pushdown {
    mod amounts;
    #[cfg(feature = "spark")]
    mod by_spark;
    mod harness;
    mod oracle;
    mod refusals;
    mod spark;
    mod traps;
    mod unfound;
}
mod scan {
    mod aggregates;
    pub mod both;
    mod connectors;
    mod excluded;
    mod faults;
    pub mod harness;
    mod kept;
    mod keys;
    pub mod oracle;
    mod oracle_active;
    mod oracle_postgres;
    mod parallel;
    mod problems;
    mod proof_work;
    mod proofs;
    mod properties;
    mod reaching;
    // Elsewhere a file that is open cannot be replaced.
    #[cfg(unix)]
    mod replaced;
    mod stale;
    mod stored_forms;
    mod trust;
    mod types;
}
mod values {
    mod active;
    mod batches;
    mod fingerprints;
    mod functions;
    mod harness;
    mod money;
    mod operators;
    mod plans;
    mod population;
    mod properties;
    mod segment_values;
}

#[path = "../support/mod.rs"]
mod support;
