//! Lists with a mistake in every entry: one finding covers them all.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Finding};

/// Up to this many entries with the same mistake are reported one by one.
const TOLD_APART: usize = 3;
/// After this many mistakes in a list, its other entries are not checked.
const ENOUGH: usize = 40;

/// What has been reported about the entries of one list.
pub(super) struct EntriesTold {
    /// The number of findings before the list.
    before: usize,
    /// The number of entries in the list.
    entries: usize,
    /// True if not all entries were checked.
    cut: bool,
}

impl EntriesTold {
    /// For a list with this many entries, of which nothing has been reported yet.
    pub fn new(before: usize, entries: usize) -> Self {
        Self {
            before,
            entries,
            cut: false,
        }
    }

    /// Whether a further entry is worth checking.
    pub fn goes_on(&mut self, findings: &[Finding]) -> bool {
        self.cut = findings.len() >= self.before + ENOUGH;
        !self.cut
    }

    /// Keeps a single finding of each kind that most entries have.
    pub fn fold(self, findings: &mut Vec<Finding>) {
        let told = findings.split_off(self.before.min(findings.len()));
        let mut counts: BTreeMap<Code, usize> = BTreeMap::new();
        for finding in &told {
            *counts.entry(finding.code).or_default() += 1;
        }
        let mut first = BTreeMap::new();
        for finding in told {
            let count = counts.get(&finding.code).copied().unwrap_or(1);
            if count <= TOLD_APART {
                findings.push(finding);
            } else if first.insert(finding.code, ()).is_none() {
                let others = match self.cut {
                    true => format!(
                        "and so are most of the {} entries of this list",
                        self.entries
                    ),
                    false => format!(
                        "and so are {} more of the {} entries of this list",
                        count - 1,
                        self.entries
                    ),
                };
                findings.push(finding.label(others));
            }
        }
    }
}
