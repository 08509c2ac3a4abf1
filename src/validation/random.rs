//! Pseudo-random numbers that are the same on every machine and in every version, so that repeating a proof gives the
//! same result.

/// A stream of numbers: SplitMix64 (Steele, Lea & Flood 2014).
#[derive(Debug, Clone)]
pub struct SplitMix64(u64);

/// The increment of the state per number.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl SplitMix64 {
    /// A stream with a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64-bit number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Skips a number of draws at once.
    pub fn skip(&mut self, numbers: u64) {
        self.0 = self.0.wrapping_add(STEP.wrapping_mul(numbers));
    }

    /// A number from 0 to below `limit`; 0 if `limit` is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        let wide = u128::from(self.draw()) * u128::from(limit);
        (wide >> 64) as u64
    }
}
