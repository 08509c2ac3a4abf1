//! What is asked of an IR.

use super::OutputId;
use crate::index::IndexVec;
use crate::language::check::{FieldValues, MetricDefinition};
use crate::language::typed::{Aggregate, Typed};

/// A column that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// A value per subject.
    Value(Typed),
    /// The different values of a field, which is measured, over the rows of all subjects.
    Distinct(Box<Aggregate>),
    /// Nothing, for this reason.
    Gone(String),
}

/// What is lowered: the whole of the rules with some outputs, or the outputs and what they speak of. Those
/// who are not active take no part, unless everyone is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub(super) whole: bool,
    pub(super) active: bool,
    pub(super) outputs: IndexVec<OutputId, Output>,
}

impl Request {
    /// Everything that a run publishes.
    pub fn rules() -> Self {
        Self {
            whole: true,
            active: true,
            outputs: IndexVec::new(),
        }
    }

    /// Outputs and what they speak of.
    pub fn outputs() -> Self {
        Self {
            whole: false,
            ..Self::rules()
        }
    }

    /// The same over all subjects, whoever is active.
    #[must_use]
    pub fn of_everyone(self) -> Self {
        Self {
            active: false,
            ..self
        }
    }

    /// Asks for one more.
    pub fn ask(&mut self, output: impl Into<Output>) -> OutputId {
        self.outputs.push(output.into())
    }
}

impl Output {
    /// The expressions that it is made of.
    pub(super) fn expressions(&self) -> Vec<&Typed> {
        match self {
            Self::Value(value) => vec![value],
            Self::Distinct(rows) => rows.filter.iter().chain(rows.measure.field()).collect(),
            Self::Gone(_) => Vec::new(),
        }
    }
}

impl From<&Typed> for Output {
    fn from(value: &Typed) -> Self {
        Self::Value(value.clone())
    }
}

impl From<&FieldValues> for Output {
    fn from(values: &FieldValues) -> Self {
        match values {
            FieldValues::One(value) => Self::Value(value.clone()),
            FieldValues::Any(rows) => Self::Distinct(rows.clone()),
            FieldValues::Gone(reason) => Self::Gone(reason.clone()),
        }
    }
}

impl From<&MetricDefinition> for Output {
    fn from(definition: &MetricDefinition) -> Self {
        match definition {
            MetricDefinition::Value(value) => Self::Value(value.clone()),
            MetricDefinition::Row(_) => Self::Gone("it is a whole row, not a value".to_owned()),
        }
    }
}
