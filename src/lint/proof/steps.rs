//! How much work proofs may be.

/// So many steps one question may take.
const A_QUESTION: u64 = 20_000;

/// For what something is proved, and so how long that may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Beside a run, which nobody waits for proofs in: 20 milliseconds at most.
    Run,
    /// For somebody who asks what is wrong with the rules: a second at most.
    Check,
}

/// Elementary steps that are left: a look at one part of a statement, about 100 nanoseconds each. All work that grows with
/// the rules faster than a single pass over them is paid with these. Where they end, nothing more is proved.
#[derive(Debug)]
pub struct Steps(u64);

impl Steps {
    /// All steps that an effort allows.
    pub fn of(effort: Effort) -> Self {
        match effort {
            Effort::Run => Self(100_000),
            Effort::Check => Self(5_000_000),
        }
    }

    /// Takes some; where fewer are left, none are from now on, and the answer is false.
    pub fn spend(&mut self, count: usize) -> bool {
        let left = u64::try_from(count).ok();
        let left = left.and_then(|count| self.0.checked_sub(count));
        self.0 = left.unwrap_or(0);
        left.is_some()
    }

    pub fn are_spent(&self) -> bool {
        self.0 == 0
    }

    /// Takes out what one question may take.
    pub fn for_a_question(&mut self) -> Self {
        let given = self.0.min(A_QUESTION);
        self.0 -= given;
        Self(given)
    }

    /// Puts back what a question left.
    pub fn put_back(&mut self, left: Self) {
        self.0 += left.0;
    }
}
