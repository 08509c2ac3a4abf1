//! What an IR is requested to compute.

use super::OutputId;
use crate::index::IndexVec;
use crate::language::check::{FieldValues, MetricDefinition};
use crate::language::typed::{Aggregate, Typed};

/// A requested column.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// A value per subject.
    Value(Typed),
    /// The distinct values of a field, which is the measure, over the rows of all subjects.
    Distinct(Box<Aggregate>),
    /// Cannot be computed, for this reason.
    Gone(String),
}

/// What is lowered: either all rules with some outputs, or only the outputs and what they refer to. Subjects that are
/// not active are left out, unless everyone is requested.
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

    /// Only outputs and what they refer to.
    pub fn outputs() -> Self {
        Self {
            whole: false,
            ..Self::rules()
        }
    }

    /// The same over all subjects, active or not.
    #[must_use]
    pub fn of_everyone(self) -> Self {
        Self {
            active: false,
            ..self
        }
    }

    /// Adds an output.
    pub fn ask(&mut self, output: impl Into<Output>) -> OutputId {
        self.outputs.push(output.into())
    }
}

impl Output {
    /// The expressions that it consists of.
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
