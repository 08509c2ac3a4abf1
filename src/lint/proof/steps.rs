//! Limits how much work proofs may take.

/// The most steps that one question may take.
const A_QUESTION: u64 = 20_000;

/// What a proof is for, which determines how long it may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Beside a run, where nobody is waiting for proofs: 20 milliseconds at most.
    Run,
    /// For somebody who asks what is wrong with the rules: one second at most.
    Check,
}

/// The elementary steps that are left. A step is a look at one part of a statement and takes about 100 nanoseconds. All work that grows faster with
/// the rules than a single pass over them is paid for in steps. When they run out, nothing more is proved.
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

    /// Takes `count` steps. If fewer are left, none are left from then on, and the result is false.
    pub fn spend(&mut self, count: usize) -> bool {
        let left = u64::try_from(count).ok();
        let left = left.and_then(|count| self.0.checked_sub(count));
        self.0 = left.unwrap_or(0);
        left.is_some()
    }

    pub fn are_spent(&self) -> bool {
        self.0 == 0
    }

    /// Takes out the steps that one question may use.
    pub fn for_a_question(&mut self) -> Self {
        let given = self.0.min(A_QUESTION);
        self.0 -= given;
        Self(given)
    }

    /// Puts back the steps that a question did not use.
    pub fn put_back(&mut self, left: Self) {
        self.0 += left.0;
    }
}
