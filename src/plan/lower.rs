//! Checked rules to a plan.
