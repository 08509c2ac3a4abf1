//! What stands for the values of a row where rows are compared.

/// What stands for several values in their order, in 128 bits: rows that have the same one are the same in every column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowMark([u8; 16]);

impl RowMark {
    /// Of values, each in bytes of which no two values have the same.
    pub fn of<V: AsRef<[u8]>>(values: impl IntoIterator<Item = V>) -> Self {
        let mut hasher = blake3::Hasher::new();
        for value in values {
            let value = value.as_ref();
            hasher.update(&value.len().to_le_bytes());
            hasher.update(value);
        }
        let mut mark = [0; 16];
        hasher.finalize_xof().fill(&mut mark);
        Self(mark)
    }

    /// Its first half, where taking two rows for the same once in a very long time does no harm.
    pub fn half(self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }
}
