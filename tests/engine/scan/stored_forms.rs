//! Every table of docs/stored-forms.md is true.

use super::types::read;

const PAGE: &str = include_str!("../../../docs/stored-forms.md");

/// The cells of a table's line; code without its backticks.
fn cells(line: &str) -> Vec<&str> {
    let inside = line.trim_matches('|').split(" | ");
    inside.map(str::trim).collect()
}

#[test]
fn what_the_page_shows_is_read_so() {
    let mut shown = 0;
    for line in PAGE.lines().filter(|line| line.starts_with('|')) {
        let [ty, stored, expected] = cells(line)[..] else {
            continue;
        };
        let Some(ty) = ty.strip_prefix('`').and_then(|ty| ty.strip_suffix('`')) else {
            continue;
        };
        let stored: Vec<&str> = stored.trim_matches('`').split("`, `").collect();
        let (found, problems) = read(ty, &stored);
        assert_eq!(found, expected.replace(", ", " | "), "{line}");
        let missing = expected.matches("missing").count();
        assert_eq!(problems.is_empty(), missing == 0, "{line}: {problems:?}");
        shown += 1;
    }
    assert!(shown > 25, "{shown}");
}
