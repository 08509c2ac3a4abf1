//! What is asked of a project's evaluations beside the rules.

use crate::ir::OutputId;
use crate::language::check::{Output, OutputForm};
use crate::source::{Location, Scalar};

/// Outputs, each once.
#[derive(Debug, Clone, Default)]
pub struct Outputs {
    all: Vec<Output>,
}

impl Outputs {
    /// Asks for one more, or for one that is asked for already. The id is its place among the outputs of the
    /// project's IR.
    pub fn ask(&mut self, form: OutputForm, text: &Scalar) -> OutputId {
        let same = |output: &Output| {
            output.form == form
                && match form {
                    // What is wrong is reported for each separately.
                    OutputForm::Expression | OutputForm::LeftOut => output.text == *text,
                    OutputForm::Column | OutputForm::NewestOf => output.text.value == text.value,
                }
        };
        let known = self.all.iter().position(same);
        OutputId(known.unwrap_or_else(|| {
            let text = text.clone();
            self.all.push(Output { text, form });
            self.all.len() - 1
        }))
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// These and those of the others that are not among them.
    pub(super) fn and(mut self, others: Self) -> Self {
        for output in others.all {
            self.ask(output.form, &output.text);
        }
        self
    }

    pub(super) fn all(&self) -> &[Output] {
        &self.all
    }

    /// Leaves out those in which something is wrong; false where there are none. The others keep their ids.
    pub(super) fn leave_out(&mut self, wrong: &[Location]) -> bool {
        let mut left_out = false;
        for output in &mut self.all {
            let is_wrong = wrong.iter().any(|at| at.begins_in(output.text.location));
            if is_wrong && output.form != OutputForm::LeftOut {
                output.form = OutputForm::LeftOut;
                left_out = true;
            }
        }
        left_out
    }
}
