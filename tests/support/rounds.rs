//! How often a test goes round.

use std::cell::Cell;
use std::time::Instant;

use super::skipping::say;

/// So many rounds of a long form are told at once.
const TOLD: u32 = 50;

/// As many rounds as a test wants, or as many as a variable of the environment says: then it is told how far it has come.
pub struct Rounds {
    pub count: u32,
    is_long: bool,
    passed: Cell<u32>,
    begun: Instant,
}

impl Rounds {
    pub fn new(variable: &str, otherwise: u32) -> Self {
        let asked = std::env::var(variable).ok();
        Self {
            count: asked
                .as_ref()
                .map_or(otherwise, |rounds| rounds.parse().unwrap()),
            is_long: asked.is_some(),
            passed: Cell::new(0),
            begun: Instant::now(),
        }
    }

    /// A round is over.
    pub fn passed(&self) {
        self.passed.set(self.passed.get() + 1);
        let passed = self.passed.get();
        if self.is_long && (passed.is_multiple_of(TOLD) || passed == self.count) {
            let seconds = self.begun.elapsed().as_secs();
            say(&format!("{passed} of {} rounds in {seconds} s", self.count));
        }
    }
}
