//! The values of a segment: the value program, evaluated over its members.

use super::active::at;
use super::apply::apply;
use super::column::MISSING_I64;
use super::operands::NOTHING;
use super::population::{Asked, Population};
use super::{Column, Evaluation, Stale};
use crate::index::IndexVec;
use crate::ir::{InputId, Ir, NodeId, Op};
use crate::language::typed::PopulationFunction;
use crate::time::Clock;
use crate::value::SegmentValue;

/// The values over the members of one segment, in the order of [`Ir::values`].
///
/// If there are no members, a count of members is 0 and every other function of them is missing.
pub fn values_over(
    ir: &Ir,
    evaluation: &Evaluation,
    members: &[u32],
) -> Vec<Result<SegmentValue, Stale>> {
    values(ir, &evaluation.clock, members.len(), &|input| {
        let output = *ir.value_inputs.get(input)?;
        let column = evaluation.output(output);
        Some(column.map(|column| at(column, members)))
    })
}

/// The same if only the number of members is known. Values that need more than that are stale.
pub fn values_of_count(ir: &Ir, clock: &Clock, members: usize) -> Vec<Result<SegmentValue, Stale>> {
    values(ir, clock, members, &|_| None)
}

/// `of_members` returns the members' values of an input.
fn values(
    ir: &Ir,
    clock: &Clock,
    members: usize,
    of_members: &dyn Fn(InputId) -> Option<Result<Column, Stale>>,
) -> Vec<Result<SegmentValue, Stale>> {
    let program = &ir.value_program;
    let mut population = Population::new(program, members);
    let mut columns: IndexVec<NodeId, Result<Column, Stale>> = IndexVec::new();
    // The number of members behind the averages in a node; the smallest if there are several averages.
    let mut counted: IndexVec<NodeId, Option<u64>> = IndexVec::new();
    for (id, node) in program.nodes.iter_enumerated() {
        let operands = node.op.operands();
        let lacking = operands
            .iter()
            .find_map(|needed| columns.get(*needed)?.as_ref().err());
        let column = match (&node.op, lacking) {
            (_, Some(stale)) => Err(stale.clone()),
            (Op::Gone(reason), _) => Err(stale(reason)),
            (Op::Input(input), _) => {
                of_members(*input).unwrap_or_else(|| Err(stale("nothing is known of its members")))
            }
            (Op::Population { function, .. }, _)
                if members == 0 && *function != PopulationFunction::Size =>
            {
                Ok(Column::missing(node.ty))
            }
            (Op::Population { function, of, .. }, _) => {
                let asked = Asked {
                    node: id,
                    function: *function,
                    of: of.map(|of| (of, found(&columns, of))),
                    scope: None,
                };
                Ok(population.evaluate(&asked).0)
            }
            _ => Ok(apply(node, &|id| found(&columns, id), clock)),
        };
        let average = match &node.op {
            Op::Population { function, of, .. } if function.is_average() => *of,
            _ => None,
        };
        let below = operands
            .iter()
            .filter_map(|operand| *counted.get(*operand)?);
        let own = average.map(|of| present(found(&columns, of), members));
        counted.push(below.chain(own).min());
        columns.push(column);
    }
    ir.values
        .iter()
        .map(|value| match columns.get(*value) {
            Some(Ok(column)) => Ok(SegmentValue {
                value: column.value(0),
                counted: counted.get(*value).copied().flatten(),
            }),
            Some(Err(stale)) => Err(stale.clone()),
            None => Ok(SegmentValue::MISSING),
        })
        .collect()
}

/// How many members have a value of what is averaged.
fn present(column: &Column, members: usize) -> u64 {
    let (rows, present) = match column {
        Column::Money(amounts) => {
            let present = amounts.iter().filter(|amount| **amount != MISSING_I64);
            (amounts.len(), present.count())
        }
        other => {
            let numbers = other.numbers();
            let present = numbers.iter().filter(|number| !number.is_nan());
            (numbers.len(), present.count())
        }
    };
    // One row stands for all members.
    let all = rows == 1 && present == 1;
    (if all { members } else { present }) as u64
}

fn stale(reason: &str) -> Stale {
    Stale {
        reason: reason.to_owned(),
    }
}

fn found(columns: &IndexVec<NodeId, Result<Column, Stale>>, node: NodeId) -> &Column {
    match columns.get(node) {
        Some(Ok(column)) => column,
        _ => &NOTHING,
    }
}
