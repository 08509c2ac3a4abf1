//! What a run read, for the next one to tell what has changed about the data.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::engine::{Evaluation, Problem, ProblemCount};

/// How much data there was, and what was wrong with how much of it. Names tables and columns, and nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataSummary {
    /// How many rows each event table had.
    pub rows: BTreeMap<String, u64>,
    /// What was wrong; without kinds that this Muster does not know.
    #[serde(deserialize_with = "known")]
    pub problems: Vec<ProblemCount>,
}

/// A newer Muster may have written the run, which can be read all the same.
fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ProblemCount>, D::Error> {
    let written = Vec::<Value>::deserialize(deserializer)?;
    let known = written.into_iter().map(serde_json::from_value);
    Ok(known.filter_map(Result::ok).collect())
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
