//! The values of a segment: the value program over its members.

use super::active::at;
use super::apply::{NOTHING, apply};
use super::population::{Asked, Population};
use super::{Column, Evaluation, Stale};
use crate::language::typed::PopulationFunction;
use crate::plan::{NodeId, Op, Plan};
use crate::value::Value;

/// The values of the members of one segment, in the order of [`Plan::values`].
///
/// The evaluation must have kept [`Plan::value_inputs`]. Where nobody is a member, a count of members
/// is 0 and every other function of them is missing.
pub fn values_over(
    plan: &Plan,
    evaluation: &Evaluation,
    members: &[u32],
) -> Vec<Result<Value, Stale>> {
    let program = &plan.value_program;
    let mut population = Population::new(program, members.len());
    let mut columns: Vec<Result<Column, Stale>> = Vec::with_capacity(program.nodes.len());
    for (place, node) in program.nodes.iter().enumerate() {
        let operands = node.op.operands();
        let lacking = operands
            .iter()
            .find_map(|needed| columns.get(needed.0)?.as_ref().err());
        let column = match (&node.op, lacking) {
            (_, Some(stale)) => Err(stale.clone()),
            (Op::Gone(reason), _) => Err(Stale {
                reason: reason.clone(),
            }),
            (Op::Input(input), _) => of_members(plan, evaluation, *input, members),
            (Op::Population { function, .. }, _)
                if members.is_empty() && *function != PopulationFunction::Size =>
            {
                Ok(Column::missing(node.ty))
            }
            (Op::Population { function, of, .. }, _) => {
                let asked = Asked {
                    node: NodeId(place),
                    function: *function,
                    of: of.map(|of| (of, found(&columns, of))),
                    scope: None,
                };
                Ok(population.evaluate(&asked).0)
            }
            _ => Ok(apply(node, &|id| found(&columns, id), &evaluation.clock)),
        };
        columns.push(column);
    }
    plan.values
        .iter()
        .map(|value| match columns.get(value.0) {
            Some(Ok(column)) => Ok(column.value(0)),
            Some(Err(stale)) => Err(stale.clone()),
            None => Ok(Value::Missing),
        })
        .collect()
}

/// What the members bring with them.
fn of_members(
    plan: &Plan,
    evaluation: &Evaluation,
    input: usize,
    members: &[u32],
) -> Result<Column, Stale> {
    let kept = plan
        .value_inputs
        .get(input)
        .and_then(|node| evaluation.kept.get(node));
    match kept {
        Some(Ok(column)) => Ok(at(column, members)),
        Some(Err(stale)) => Err(stale.clone()),
        None => Err(Stale {
            reason: "a column was not kept".to_owned(),
        }),
    }
}

fn found(columns: &[Result<Column, Stale>], node: NodeId) -> &Column {
    match columns.get(node.0) {
        Some(Ok(column)) => column,
        _ => &NOTHING,
    }
}
