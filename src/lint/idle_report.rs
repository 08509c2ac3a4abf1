//! Reports that nobody receives, or that report on nothing.

use super::ConfigFile;
use crate::diagnostic::{Code, Finding};

pub(super) fn find(file: &ConfigFile<'_>) -> Vec<Finding> {
    // An entry that could not be read leaves a list empty that is not empty in the file.
    if file.is_wrong {
        return Vec::new();
    }
    let found = file.config.reports.iter().flat_map(|report| {
        let id = &report.id;
        let told = |message: String, help| {
            let finding = Finding::new(Code::IdleReport, message);
            finding.at(id.location).help(help)
        };
        let unread = report.to.is_empty().then(|| {
            told(
                format!("nobody gets the report `{}`: its `to:` is empty", id.value),
                "list who receives it, `to: [managers@example.com]`, or take the report out",
            )
        });
        let no_segments = report.segments.as_ref().is_some_and(Vec::is_empty);
        let empty = no_segments.then(|| {
            told(
                format!(
                    "the report `{}` covers no segment: its `segments:` is empty",
                    id.value
                ),
                "list segments, or leave `segments:` out for all of them",
            )
        });
        unread.into_iter().chain(empty)
    });
    found.collect()
}
