//! How tables are read; the result does not depend on it.

/// How a table is shared out among threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tuning {
    /// The maximum number of threads.
    pub threads: usize,
    /// The number of rows that are processed together: small enough that their columns fit in a processor's cache.
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
