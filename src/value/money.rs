//! Exact money.

/// An amount in ten-thousandths of the currency unit; exact within ±9.2 × 10^14 units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(pub i64);
