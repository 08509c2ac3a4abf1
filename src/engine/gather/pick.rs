//! Rows of a batch, each with its subject.

/// A row of the batch that counts for a subject.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pick {
    /// Its place in the batch.
    pub(super) row: u32,
    /// The subject's place in its shard.
    pub(super) place: u32,
}
