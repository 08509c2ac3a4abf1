//! What a run read, for the next one to tell what has changed about the data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::{Evaluation, ProblemKind};

/// How much data there was, and what was wrong with how much of it. Names tables and columns, and nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataSummary {
    /// How many rows each event table had.
    pub rows: BTreeMap<String, u64>,
    /// What was wrong.
    pub problems: Vec<ProblemCount>,
}

/// How many rows had one kind of problem in one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemCount {
    pub kind: ProblemKind,
    pub table: String,
    pub column: String,
    pub count: u64,
}

impl DataSummary {
    /// What an evaluation read.
    pub fn of(evaluation: &Evaluation) -> Self {
        let problems = evaluation.problems.iter().map(|problem| ProblemCount {
            kind: problem.kind,
            table: problem.table.clone(),
            column: problem.column.clone(),
            count: problem.count,
        });
        Self {
            rows: evaluation.rows.clone(),
            problems: problems.collect(),
        }
    }
}
