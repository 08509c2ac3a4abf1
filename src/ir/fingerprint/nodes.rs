//! A digest for each node of an IR's programs.

use super::Digest;
use super::spelling::{self, optional, text};
use crate::index::IndexVec;
use crate::ir::{
    CollectionScan, InputColumn, InputId, Ir, IrAggregate, IrMeasure, Lookup, LookupId, NodeId, Op,
    Program, ScanId, TableScan,
};
use crate::value::KeyMatch;

/// The digests of a program's nodes, in order.
pub(super) struct NodeDigests {
    digests: IndexVec<NodeId, Digest>,
    /// Stands for a node that does not exist.
    nothing: Digest,
}

/// The digest of who is a subject; `active` is the digest of who of them is active.
pub(super) fn of_who_takes_part(ir: &Ir, active: Option<&Digest>) -> Digest {
    let subject = &ir.subject;
    let admission = NodeDigests::of(&subject.admission, &|op| match op {
        Op::Input(input) => subject_column(ir, *input),
        _ => String::new(),
    });
    let part = |digest: &Digest| digest.as_str().to_owned();
    let admitted = subject.admitted.map(|node| part(admission.get(node)));
    Digest::of(&format!(
        "subjects {} {}{} {} {}",
        text(&subject.table),
        text(&subject.key),
        matching(subject.matching),
        optional(admitted),
        optional(active.map(part)),
    ))
}

impl NodeDigests {
    /// For the subject program. Rows are compared only with nodes that come before the aggregate over them, so one pass
    /// is enough.
    pub(super) fn of_subjects(ir: &Ir) -> Self {
        let mut subjects = Self::none();
        let mut rows = ir.scans.map(|_| Self::none());
        for node in &ir.program.nodes {
            let outside = match &node.op {
                Op::Input(input) => subject_column(ir, *input),
                Op::Aggregate(id) => match ir.aggregates.get(*id) {
                    Some(planned) => optional(aggregate(ir, planned, &mut rows, &subjects)),
                    None => String::new(),
                },
                Op::Member(segment) => match ir.segments.get(*segment) {
                    Some(segment) => subjects.get(segment.node).as_str().to_owned(),
                    None => String::new(),
                },
                _ => String::new(),
            };
            subjects.push(&node.op, &outside);
        }
        subjects
    }

    /// For the value program, whose inputs are nodes of the subject program.
    pub(super) fn of_values(ir: &Ir, subjects: &Self) -> Self {
        Self::of(&ir.value_program, &|op| match op {
            Op::Input(input) => {
                let output = ir.value_inputs.get(*input);
                match output.and_then(|output| ir.output(*output)) {
                    Some(node) => subjects.get(node).as_str().to_owned(),
                    None => String::new(),
                }
            }
            _ => String::new(),
        })
    }

    /// Adds the digests of a scan's program up to a node. `subjects` holds those of the subject program so far.
    fn rows_up_to(&mut self, node: NodeId, ir: &Ir, scan: &TableScan, subjects: &Self) {
        while self.digests.get(node).is_none()
            && let Some(next) = scan.program.nodes.get(self.digests.next_id())
        {
            let outside = match &next.op {
                Op::Input(input) => column(&scan.table, scan.inputs.get(*input), &scan.lookups),
                Op::OfSubject(input) => subject_column(ir, *input),
                Op::ValueOfSubject(node) => subjects.get(*node).as_str().to_owned(),
                _ => String::new(),
            };
            self.push(&next.op, &outside);
        }
    }

    /// `outside` spells what comes from outside the program.
    fn of(program: &Program, outside: &dyn Fn(&Op) -> String) -> Self {
        let mut digests = Self::none();
        for node in &program.nodes {
            digests.push(&node.op, &outside(&node.op));
        }
        digests
    }

    fn none() -> Self {
        Self {
            digests: IndexVec::new(),
            nothing: Digest::of(""),
        }
    }

    /// Adds the digest of the next node.
    fn push(&mut self, op: &Op, outside: &str) {
        let own = own_words(op);
        let operands = op.operands();
        let operands: Vec<&str> = operands.iter().map(|id| self.get(*id).as_str()).collect();
        let spelled = format!("{own} [{outside}] ({})", operands.join(" "));
        self.digests.push(Digest::of(&spelled));
    }

    pub(super) fn get(&self, node: NodeId) -> &Digest {
        self.digests.get(node).unwrap_or(&self.nothing)
    }
}

fn aggregate(
    ir: &Ir,
    aggregate: &IrAggregate,
    rows: &mut IndexVec<ScanId, NodeDigests>,
    subjects: &NodeDigests,
) -> Option<String> {
    let (scan, collection, selection) = ir.source_of(aggregate)?;
    let rows = rows.get_mut(aggregate.scan)?;
    let field = aggregate.measure.field();
    let nodes = [field, collection.admitted, selection.filter];
    for node in nodes.into_iter().flatten() {
        rows.rows_up_to(node, ir, scan, subjects);
    }
    let digest = |node: NodeId| rows.get(node).as_str().to_owned();
    let share;
    let measure = match aggregate.measure {
        IrMeasure::Count => "count",
        IrMeasure::Exists => "exists",
        IrMeasure::CountDistinct(_) => "count_distinct",
        IrMeasure::Sum(_) => "sum",
        IrMeasure::Avg(_) => "avg",
        IrMeasure::Min(_) => "min",
        IrMeasure::Max(_) => "max",
        IrMeasure::Quantile(_, billionths) => {
            share = format!("quantile({billionths})");
            &share
        }
        IrMeasure::Stddev(_) => "stddev",
        IrMeasure::First(_) => "first",
        IrMeasure::Last(_) => "last",
        IrMeasure::Values(_) => "values",
    };
    let field = optional(field.map(digest));
    // The tie-break is part of the meaning of `first` and `last` only.
    let breaks_ties = matches!(aggregate.measure, IrMeasure::First(_) | IrMeasure::Last(_));
    let CollectionScan {
        subject, at, key, ..
    } = collection;
    let lookups = &scan.lookups;
    let at = at.as_ref().map(|at| {
        let column = through(&at.column, at.lookup, lookups);
        format!("{column} {}", spelling::column_type(at.ty))
    });
    let key = key.as_deref().filter(|_| breaks_ties).map(text);
    Some(format!(
        "{measure} {field} of {} {} {} {} {} {} {}",
        text(&scan.table),
        through(&subject.column, subject.lookup, lookups),
        optional(at),
        optional(key),
        optional(collection.admitted.map(digest)),
        spelling::window(&selection.window),
        optional(selection.filter.map(digest)),
    ))
}

fn subject_column(ir: &Ir, input: InputId) -> String {
    let subject = &ir.subject;
    column(&subject.table, subject.inputs.get(input), &subject.lookups)
}

fn column(
    table: &str,
    input: Option<&InputColumn>,
    lookups: &IndexVec<LookupId, Lookup>,
) -> String {
    let Some(input) = input else {
        return String::new();
    };
    let lookup = input.lookup.and_then(|lookup| lookups.get(lookup));
    let lookup = lookup.map(looked_up);
    let (table, name) = (text(table), text(&input.column));
    let ty = spelling::column_type(input.ty);
    format!("{table} {} {name} {ty}", optional(lookup))
}

fn looked_up(lookup: &Lookup) -> String {
    let Lookup {
        table,
        key,
        by,
        matching: own,
        ..
    } = lookup;
    format!(
        "{} {} {}{}",
        text(table),
        text(key),
        text(by),
        matching(*own)
    )
}

/// How keys are compared, unless exactly as they are written.
fn matching(matching: KeyMatch) -> &'static str {
    match matching {
        KeyMatch::Exact => "",
        KeyMatch::Loose => " loose",
    }
}

/// A column of a collection's own table is spelled by its name alone.
fn through(column: &str, lookup: Option<LookupId>, lookups: &IndexVec<LookupId, Lookup>) -> String {
    match lookup.and_then(|lookup| lookups.get(lookup)) {
        Some(lookup) => format!("through {} {}", looked_up(lookup), text(column)),
        None => text(column),
    }
}

/// The part of a node's spelling that is neither an operand nor comes from outside.
fn own_words(op: &Op) -> String {
    match op {
        Op::Constant(value) => format!("constant {}", spelling::value(value)),
        Op::Moment(moment) => format!("moment {}", spelling::moment(moment)),
        Op::Input(_) => "column".to_owned(),
        Op::OfSubject(_) => "subjects_column".to_owned(),
        Op::ValueOfSubject(_) => "subjects_value".to_owned(),
        Op::Aggregate(_) => "aggregate".to_owned(),
        Op::Population {
            function,
            of,
            scope,
        } => {
            let of = if of.is_some() { " of" } else { "" };
            let within = if scope.is_some() { " within" } else { "" };
            format!("population {}{of}{within}", spelling::population(*function))
        }
        Op::Member(_) => "in_segment".to_owned(),
        Op::Not(_) => "not".to_owned(),
        Op::And(_) => "and".to_owned(),
        Op::Or(_) => "or".to_owned(),
        Op::Compare(comparison, ..) => format!("compare {}", spelling::comparison(*comparison)),
        Op::Arithmetic(operator, ..) => spelling::arithmetic(*operator).to_owned(),
        Op::Negate(_) => "negate".to_owned(),
        Op::Shift(_, by, way) => {
            let (by, way) = (spelling::duration(*by), spelling::direction(*way));
            format!("shift {by} {way}")
        }
        Op::InList(..) => "in_list".to_owned(),
        // The entries of a list are data. Only which list it is belongs to the rule.
        Op::Listed(_, list) => {
            format!("listed {}{}", text(&list.name), matching(list.matching))
        }
        Op::TextTest(test, ..) => spelling::text_test(*test).to_owned(),
        Op::InWindow(_, window) => format!("in_window {}", spelling::window(window)),
        Op::IsMissing(_) => "is_missing".to_owned(),
        Op::Call(function, _) => format!("call {}", function.digest()),
        Op::Gone(_) => "gone".to_owned(),
    }
}
