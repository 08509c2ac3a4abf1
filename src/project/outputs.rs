//! What a project's evaluations are asked for besides the rules.

use std::collections::BTreeSet;

use crate::index::IndexVec;
use crate::ir::OutputId;
use crate::language::check::{Output, OutputForm};
use crate::source::Scalar;

/// Outputs, without duplicates.
#[derive(Debug, Clone, Default)]
pub struct Outputs {
    all: IndexVec<OutputId, Output>,
}

impl Outputs {
    /// Adds an output, unless it is there already. The id is that of the output in the project's IR.
    pub fn ask(&mut self, form: OutputForm, text: &Scalar) -> OutputId {
        let same = |output: &Output| {
            output.form == form
                && match form {
                    // Errors are reported for each separately.
                    OutputForm::Expression | OutputForm::LeftOut => output.text == *text,
                    OutputForm::Column | OutputForm::NewestOf => output.text.value == text.value,
                }
        };
        let known = self.all.position(same);
        known.unwrap_or_else(|| {
            let text = text.clone();
            self.all.push(Output { text, form })
        })
    }

    /// The number of outputs.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// These outputs, and those of the others that are not among them.
    pub(super) fn and(mut self, others: Self) -> Self {
        for output in others.all {
            self.ask(output.form, &output.text);
        }
        self
    }

    pub(super) fn all(&self) -> &[Output] {
        self.all.as_slice()
    }

    /// Removes outputs by their places; false if all of them were removed before. The others keep their ids.
    pub(super) fn leave_out(&mut self, places: &BTreeSet<usize>) -> bool {
        let mut left_out = false;
        for (place, output) in self.all.iter_mut().enumerate() {
            if places.contains(&place) && output.form != OutputForm::LeftOut {
                output.form = OutputForm::LeftOut;
                left_out = true;
            }
        }
        left_out
    }
}
