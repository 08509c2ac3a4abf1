//! What every operator and function of the language is worth, from text to value: the language's own
//! parser and checker, the plan, and the evaluation over columns, without a database.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "engine_values/active.rs"]
mod active;
#[path = "engine_values/batches.rs"]
mod batches;
#[path = "engine_values/fingerprints.rs"]
mod fingerprints;
#[path = "engine_values/functions.rs"]
mod functions;
#[path = "engine_values/harness.rs"]
mod harness;
#[path = "engine_values/money.rs"]
mod money;
#[path = "engine_values/operators.rs"]
mod operators;
#[path = "engine_values/plans.rs"]
mod plans;
#[path = "engine_values/population.rs"]
mod population;
#[path = "engine_values/properties.rs"]
mod properties;
#[path = "engine_values/segment_values.rs"]
mod segment_values;
