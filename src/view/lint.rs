//! Lint findings, by segment.

use crate::diagnostic::{Finding, Teller};
use crate::lint::by_segment;
use crate::project::Project;

/// Findings in reading order; only those of one segment, if given.
pub fn lint_order(project: &Project, found: Vec<Finding>, segment: Option<&str>) -> Vec<Finding> {
    let groups = by_segment(&found, &project.rules, &project.sources);
    let asked = groups
        .iter()
        .filter(|(owner, _)| segment.is_none() || owner.as_deref() == segment);
    asked
        .flat_map(|(_, group)| group.iter().map(|finding| (*finding).clone()))
        .collect()
}

/// Under each segment, one line per finding and one for what to do about it.
pub fn lint_lines(project: &Project, found: &[Finding]) -> Vec<String> {
    let teller = Teller::new(&project.sources);
    let mut lines = Vec::new();
    for (owner, group) in by_segment(found, &project.rules, &project.sources) {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(owner.unwrap_or_else(|| "outside the segments".to_owned()));
        for finding in group {
            let told = teller.tell(finding);
            let place = finding.location.map(|place| project.sources.place(place));
            let place = place.map_or_else(String::new, |place| format!("  ({place})"));
            let label = told
                .label
                .map_or_else(String::new, |label| format!("; {label}"));
            lines.push(format!(
                "  {}: {}{label}{place}",
                finding.code.name(),
                told.message
            ));
            lines.extend(told.help.map(|help| format!("      {help}")));
        }
    }
    lines
}
