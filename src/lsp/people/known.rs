//! An answer that was given, for whoever was told to ask again.

use super::data::Basis;
use super::{Answered, Question};

/// A question with its answer, and what that is of.
#[derive(Debug)]
pub(super) struct Known {
    pub question: Question,
    pub answered: Answered,
    pub basis: Basis,
}
