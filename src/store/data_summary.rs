//! What a run read, so that the next one can report what has changed about the data.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::engine::{Evaluation, Problem, ProblemCount};

/// The amount of data and the number of problems of each kind. Names tables and columns, but no people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataSummary {
    /// The number of rows of each event table.
    pub rows: BTreeMap<String, u64>,
    /// The problems; kinds that this version of Muster does not know are left out.
    #[serde(deserialize_with = "known")]
    pub problems: Vec<ProblemCount>,
}

/// The run may have been written by a newer Muster, and is readable nevertheless.
fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ProblemCount>, D::Error> {
    let written = Vec::<Value>::deserialize(deserializer)?;
    let known = written.into_iter().map(serde_json::from_value);
    Ok(known.filter_map(Result::ok).collect())
}

impl DataSummary {
    /// The summary of an evaluation.
    pub fn of(evaluation: &Evaluation) -> Self {
        Self {
            rows: evaluation.rows.clone(),
            problems: evaluation.problems.iter().map(Problem::counted).collect(),
        }
    }
}
