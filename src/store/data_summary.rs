//! What a run read, for the next one to tell what has changed about the data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::{Evaluation, Problem, ProblemCount};

/// How much data there was, and what was wrong with how much of it. Names tables and columns, and nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataSummary {
    /// How many rows each event table had.
    pub rows: BTreeMap<String, u64>,
    /// What was wrong.
    pub problems: Vec<ProblemCount>,
}

impl DataSummary {
    /// What an evaluation read.
    pub fn of(evaluation: &Evaluation) -> Self {
        Self {
            rows: evaluation.rows.clone(),
            problems: evaluation.problems.iter().map(Problem::counted).collect(),
        }
    }
}
