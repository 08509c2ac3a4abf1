//! Whether a score is worth anything: ranks, deciles, intervals, fits. Pure: numbers in, numbers out.
