//! The tables on the server: those of the results file, without the digests that only Muster compares.

/// The table whose one row says which run the others are of.
pub(super) const MARKER: &str = "publication";

/// Stands for the type of the subjects' keys.
pub(super) const KEY: &str = "key";

/// A table, there and in the results file.
#[derive(Debug)]
pub(super) struct Table {
    pub name: &'static str,
    /// What it is called in the results file.
    pub source: &'static str,
    /// So many of the first columns tell one row from another.
    pub keys: usize,
    /// The names of the columns, and their types.
    pub columns: &'static [(&'static str, &'static str)],
}

impl Table {
    pub(super) fn names(&self) -> Vec<&'static str> {
        self.columns.iter().map(|(name, _)| *name).collect()
    }
}

/// All that are copied.
pub(super) const TABLES: [Table; 7] = [
    Table {
        name: "segments",
        source: "muster_segments",
        keys: 1,
        columns: &[
            ("id", "text"),
            ("name", "text"),
            ("sign", "text"),
            ("description", "text"),
            ("bucket", "text"),
            ("importance", "integer"),
            ("weight", "double precision"),
            ("status", "text"),
            ("reason", "text"),
            ("position", "integer"),
            ("size", "bigint"),
        ],
    },
    Table {
        name: "memberships",
        source: "muster_memberships",
        keys: 2,
        columns: &[
            ("segment_id", "text"),
            ("subject_key", KEY),
            ("entered_at", "timestamptz"),
            ("run_id", "bigint"),
        ],
    },
    Table {
        name: "scores",
        source: "muster_scores",
        keys: 1,
        columns: &[
            ("subject_key", KEY),
            ("label", "text"),
            ("score", "double precision"),
            ("rank", "bigint"),
        ],
    },
    Table {
        name: "health",
        source: "muster_health",
        keys: 1,
        columns: &[
            ("subject_key", KEY),
            ("health", "double precision"),
            ("reasons", "text"),
        ],
    },
    Table {
        name: "movements",
        source: "muster_movements",
        keys: 3,
        columns: &[
            ("run_id", "bigint"),
            ("segment_id", "text"),
            ("subject_key", KEY),
            ("at", "timestamptz"),
            ("direction", "text"),
            ("cause", "text"),
        ],
    },
    Table {
        name: "metrics",
        source: "muster_metrics",
        keys: 3,
        columns: &[
            ("run_id", "bigint"),
            ("segment_id", "text"),
            ("metric", "text"),
            ("value", "double precision"),
            ("counted", "bigint"),
        ],
    },
    Table {
        name: "runs",
        source: "muster_runs",
        keys: 1,
        columns: &[
            ("id", "bigint"),
            ("as_of", "timestamptz"),
            ("started_at", "timestamptz"),
            ("finished_at", "timestamptz"),
            ("status", "text"),
            ("trigger", "text"),
            ("subjects", "bigint"),
            ("message", "text"),
        ],
    },
];
