//! The project for the demo: config, rules and tests from the root of this repository.

/// Each file with its path in the project folder. Config comes last, because as long as it is missing, there is no
/// project.
pub const PROJECT: [(&str, &str); 7] = [
    (
        "rules/engagement.yaml",
        include_str!("../../rules/engagement.yaml"),
    ),
    ("rules/rfm.yaml", include_str!("../../rules/rfm.yaml")),
    (
        "rules/tests/active.yaml",
        include_str!("../../rules/tests/active.yaml"),
    ),
    (
        "rules/tests/engagement.yaml",
        include_str!("../../rules/tests/engagement.yaml"),
    ),
    (
        "rules/tests/rfm.yaml",
        include_str!("../../rules/tests/rfm.yaml"),
    ),
    (
        "rules/tests/tables.yaml",
        include_str!("../../rules/tests/tables.yaml"),
    ),
    ("config.yaml", include_str!("../../config.yaml")),
];
