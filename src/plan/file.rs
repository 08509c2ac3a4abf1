//! A plan saved until it is run: keys, but no names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Plan;
use crate::disk::{Access, read, refuse_special, write};
use crate::project::Project;
use crate::run::{Expected, definitions, overtaken};
use crate::store::Direction;
use crate::time::format_instant;
use crate::value::Share;

/// The format version; a file with another one is refused.
const FORM: u32 = 1;

/// The largest size of a plan, in bytes.
const MOST: u64 = 1 << 30;

/// The contents of a plan file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanFile {
    /// The format version of the file.
    muster_plan: u32,
    /// The published run whose rules the new ones were compared with.
    pub run: i64,
    /// The instant of the evaluation.
    pub as_of: String,
    /// The edits, for display.
    edits: Vec<String>,
    /// What decides whom the new rules move: digests by name.
    definitions: BTreeMap<String, String>,
    /// Who enters and leaves, by segment: keys.
    segments: BTreeMap<String, Moves>,
}

/// Who enters and who leaves a segment, by the texts of their keys.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Moves {
    #[serde(rename = "in")]
    entered: BTreeSet<String>,
    #[serde(rename = "out")]
    left: BTreeSet<String>,
}

/// The first field of every format version, to distinguish a file of another version from a file that is not a plan.
#[derive(Deserialize)]
struct Form {
    muster_plan: u32,
}

impl PlanFile {
    /// The contents to save of a plan that compares new rules with those of a run.
    pub fn new(plan: &Plan, new: &Project, run: i64) -> Self {
        let mut segments: BTreeMap<String, Moves> = BTreeMap::new();
        for mover in &plan.movers {
            let Some(segment) = plan.segments.get(mover.segment) else {
                continue;
            };
            let moves = segments.entry(segment.id.clone()).or_default();
            let these = match mover.direction {
                Direction::Entered => &mut moves.entered,
                Direction::Left => &mut moves.left,
            };
            these.insert(mover.subject.to_string());
        }
        Self {
            muster_plan: FORM,
            run,
            as_of: format_instant(plan.clock.now, plan.clock.zone),
            edits: plan.edits.iter().map(|edit| edit.name()).collect(),
            definitions: definitions(new),
            segments,
        }
    }

    /// Writes the file, readable by its owner alone.
    ///
    /// # Errors
    /// It cannot be written, or the path is not a regular file.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        refuse_special(path)?;
        let text = serde_json::to_string_pretty(self)? + "\n";
        write(path, text.as_bytes(), Access::Owner)
    }

    /// Reads a plan file.
    ///
    /// # Errors
    /// Why the file is not a plan that can be run, in words.
    pub fn read(path: &Path) -> Result<Self, String> {
        let bytes = read(path, MOST).map_err(|error| error.to_string())?;
        let no_plan = "is not a plan: `muster plan --out FILE` writes one";
        // Whatever else a later format contains, it begins with its number.
        let json: serde_json::Value =
            serde_json::from_slice(&bytes).map_err(|error| format!("{no_plan} ({error})"))?;
        let form = json.get("muster_plan").cloned();
        let form = form.map(|number| serde_json::json!({ "muster_plan": number }));
        match form.and_then(|form| serde_json::from_value::<Form>(form).ok()) {
            Some(form) if form.muster_plan == FORM => {}
            Some(form) => {
                return Err(format!(
                    "is a plan of form {}, and this version of Muster reads form {FORM}: plan again",
                    form.muster_plan
                ));
            }
            None => return Err(no_plan.to_owned()),
        }
        serde_json::from_value(json).map_err(|error| format!("is damaged: {error}; plan again"))
    }

    /// The expectation for a run of this plan, whose movers may differ by a share; `last` is the last published run.
    ///
    /// # Errors
    /// Another run was published since, or the rules differ from the planned ones: which, in words.
    pub fn expected(
        &self,
        project: &Project,
        last: Option<i64>,
        within: Share,
    ) -> Result<Expected, String> {
        if let Some(last) = last.filter(|last| *last != self.run) {
            return Err(overtaken(self.run, last));
        }
        let now = definitions(project);
        let names: BTreeSet<&String> = now.keys().chain(self.definitions.keys()).collect();
        let others: Vec<&str> = names
            .into_iter()
            .filter(|name| now.get(*name) != self.definitions.get(*name))
            .map(String::as_str)
            .collect();
        if !others.is_empty() {
            return Err(format!(
                "was made for other rules: {} changed since; plan again",
                others.join(", ")
            ));
        }
        let mut expected = Expected::new(self.run, within);
        for (segment, moves) in &self.segments {
            for key in &moves.entered {
                expected.moves(segment, key, Direction::Entered);
            }
            for key in &moves.left {
                expected.moves(segment, key, Direction::Left);
            }
        }
        Ok(expected)
    }
}
