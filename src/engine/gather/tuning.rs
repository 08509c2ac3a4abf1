//! How tables are read; what is found does not depend on it.

/// How a table is shared out among threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tuning {
    /// How many threads there may be.
    pub threads: usize,
    /// Rows that are looked at together: so few that their columns fit a processor's cache.
    pub batch: usize,
    /// How many ids of rows are worth a thread of their own.
    pub least: u64,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            threads: 1,
            batch: 2_048,
            least: 16_384,
        }
    }
}
