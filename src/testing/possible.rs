//! Which expressions always have a value, whatever the data: a condition over them is never unknown.

use crate::language::typed::{
    Arithmetic, Function, Kind, Measure, Population, PopulationFunction, Typed,
};
use crate::project::{Owner, Project};
use crate::value::Value;

impl Project {
    /// Whether an expression may be missing for a person; `false` only if it provably is not.
    pub(super) fn may_be_missing(&self, typed: &Typed) -> bool {
        let any = |all: &[Typed]| all.iter().any(|one| self.may_be_missing(one));
        match &typed.kind {
            Kind::Constant(value) => value.is_missing(),
            Kind::Moment(_) | Kind::Member(_) | Kind::Listed(..) | Kind::IsMissing(_) => false,
            Kind::Subject(column) => column.lookup.is_some() || column.column != self.catalog.key,
            Kind::Metric(name) => {
                let definition = self.metric(name);
                definition.is_none_or(|definition| self.may_be_missing(definition))
            }
            Kind::Aggregate(aggregate) => !matches!(
                aggregate.measure,
                Measure::Count | Measure::Exists | Measure::CountDistinct(_) | Measure::Sum(_)
            ),
            Kind::Population(population) => self.population_may_be_missing(population),
            Kind::Arithmetic(Arithmetic::Divide, a, b) => self.may_be_missing(a) || !is_not_zero(b),
            Kind::Call(Function::Default, all) => all.iter().all(|one| self.may_be_missing(one)),
            Kind::Call(Function::If, all) => match all.as_slice() {
                [_, a, b] => self.may_be_missing(a) || self.may_be_missing(b),
                _ => true,
            },
            Kind::Call(
                Function::Elapsed | Function::Domain | Function::Mod | Function::Scale,
                _,
            )
            | Kind::Row(_)
            | Kind::Health
            | Kind::Gone(_) => true,
            Kind::Call(_, all) | Kind::And(all) | Kind::Or(all) => any(all),
            Kind::Not(x) | Kind::Negate(x) | Kind::Shift(x, ..) | Kind::InWindow(x, _) => {
                self.may_be_missing(x)
            }
            Kind::Compare(_, a, b) | Kind::Arithmetic(_, a, b) | Kind::TextTest(_, a, b) => {
                self.may_be_missing(a) || self.may_be_missing(b)
            }
            Kind::Between(x, low, high) => {
                [x, low, high].into_iter().any(|x| self.may_be_missing(x))
            }
            Kind::InList(x, items) => self.may_be_missing(x) || any(items),
        }
    }

    /// The definition of a metric that is a value.
    pub(super) fn metric(&self, name: &str) -> Option<&Typed> {
        let mut definitions = self.definitions();
        let found = definitions.find(|(owner, _)| *owner == Owner::Metric(name));
        found.map(|(_, definition)| definition)
    }

    fn population_may_be_missing(&self, population: &Population) -> bool {
        // Someone without a studio is in no group.
        let grouped = population.scope.is_some();
        match (&population.of, population.function) {
            (_, PopulationFunction::Size | PopulationFunction::Sum) => grouped,
            (Some(of), function) if !function.is_average() => {
                let shared = matches!(function, PopulationFunction::Min | PopulationFunction::Max);
                grouped || shared || self.may_be_missing(of)
            }
            _ => true,
        }
    }
}

/// Whether it is a literal number other than 0.
fn is_not_zero(typed: &Typed) -> bool {
    match &typed.kind {
        Kind::Constant(Value::Number(number)) => *number != 0.0,
        _ => false,
    }
}
