//! The tables on the server: those of the results file, without the digests that only Muster compares.

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// A small whole number.
    Small,
    Whole,
    Real,
    Instant,
    /// The key of a subject.
    Key,
}

/// The type of all subjects' keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    Numbers,
    Texts,
}

/// A table, on the server and in the results file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub name: &'static str,
    /// Its name in the results file.
    pub source: &'static str,
    /// How many of the first columns identify a row; rows are sorted by them.
    pub keys: usize,
    /// Whether each run adds rows to it. Its first column is then the run.
    pub is_history: bool,
    /// The names and types of the columns.
    pub columns: &'static [(&'static str, Kind)],
}

impl Table {
    pub(super) fn names(&self) -> Vec<&'static str> {
        self.columns.iter().map(|(name, _)| *name).collect()
    }

    /// Whether its rows name subjects.
    pub(super) fn has_keys(&self) -> bool {
        self.columns.iter().any(|(_, kind)| *kind == Kind::Key)
    }

    /// The columns that identify a row.
    pub(super) fn key_names(&self) -> Vec<&'static str> {
        self.names().into_iter().take(self.keys).collect()
    }

    /// The run that a row belongs to; [`NOW`] in a table that has one state only.
    pub(super) fn run_of(&self, row: &[Option<String>]) -> i64 {
        let run = row.first().filter(|_| self.is_history);
        let run = run.and_then(|run| run.as_ref()?.parse().ok());
        run.unwrap_or(NOW)
    }
}

/// The column with the key of a subject.
pub(super) const KEY: &str = "subject_key";

/// The schema, unless config names another.
pub(super) const SCHEMA: &str = "muster";

/// In place of a run for what is not of one run but of the last.
pub(super) const NOW: i64 = 0;

/// The table of the runs.
pub(super) const RUNS: &str = "runs";

/// All tables that are copied; `runs` comes last.
pub(super) const TABLES: [Table; 7] = [
    Table {
        name: "segments",
        source: "muster_segments",
        keys: 1,
        is_history: false,
        columns: &[
            ("id", Kind::Text),
            ("name", Kind::Text),
            ("sign", Kind::Text),
            ("description", Kind::Text),
            ("bucket", Kind::Text),
            ("importance", Kind::Small),
            ("weight", Kind::Real),
            ("status", Kind::Text),
            ("reason", Kind::Text),
            ("position", Kind::Small),
            ("size", Kind::Whole),
        ],
    },
    Table {
        name: "memberships",
        source: "muster_memberships",
        keys: 2,
        is_history: false,
        columns: &[
            ("segment_id", Kind::Text),
            (KEY, Kind::Key),
            ("entered_at", Kind::Instant),
            ("run_id", Kind::Whole),
        ],
    },
    Table {
        name: "scores",
        source: "muster_scores",
        keys: 1,
        is_history: false,
        columns: &[
            (KEY, Kind::Key),
            ("label", Kind::Text),
            ("score", Kind::Real),
            ("rank", Kind::Whole),
        ],
    },
    Table {
        name: "health",
        source: "muster_health",
        keys: 1,
        is_history: false,
        columns: &[
            (KEY, Kind::Key),
            ("health", Kind::Real),
            ("reasons", Kind::Text),
        ],
    },
    Table {
        name: "movements",
        source: "muster_movements",
        keys: 3,
        is_history: true,
        columns: &[
            ("run_id", Kind::Whole),
            ("segment_id", Kind::Text),
            (KEY, Kind::Key),
            ("at", Kind::Instant),
            ("direction", Kind::Text),
            ("cause", Kind::Text),
        ],
    },
    Table {
        name: "metrics",
        source: "muster_metrics",
        keys: 3,
        is_history: true,
        columns: &[
            ("run_id", Kind::Whole),
            ("segment_id", Kind::Text),
            ("metric", Kind::Text),
            ("value", Kind::Real),
            ("counted", Kind::Whole),
        ],
    },
    Table {
        name: RUNS,
        source: "muster_runs",
        keys: 1,
        is_history: true,
        columns: &[
            ("id", Kind::Whole),
            ("as_of", Kind::Instant),
            ("started_at", Kind::Instant),
            ("finished_at", Kind::Instant),
            ("status", Kind::Text),
            ("trigger", Kind::Text),
            ("subjects", Kind::Whole),
            ("message", Kind::Text),
        ],
    },
];
