//! A cached answer, for an editor that was told to ask again.

use super::data::Basis;
use super::{Answered, Question};

/// A question with its answer and its basis.
#[derive(Debug)]
pub(super) struct Known {
    pub question: Question,
    pub answered: Answered,
    pub basis: Basis,
}
