//! A part of a condition as a key, so that its node can be found again.

use std::fmt::{self, Write};

use crate::language::typed::Typed;

/// A digest of a typed expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Part([u8; 32]);

impl Part {
    /// The expression's digest; equal expressions that stand in other places may differ.
    pub(super) fn of(part: &Typed) -> Self {
        let mut digest = Digest(blake3::Hasher::new());
        // Writing into a hasher cannot fail.
        let _ = write!(digest, "{part:?}");
        Self(*digest.0.finalize().as_bytes())
    }
}

struct Digest(blake3::Hasher);

impl Write for Digest {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}
