//! What segments, values and the health score mean, as digests: one changes when the rule or anything that
//! the rule refers to does, and not when other rules come, go or change places.

use super::{
    CollectionScan, InputColumn, Lookup, NodeId, Op, Plan, PlanMeasure, PlannedAggregate, Program,
    TableScan,
};

/// What a plan means, as digests in hexadecimal: each changes when what it stands for does, and not when
/// something is only written otherwise or stands in another place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// Of each segment, in the order of [`Plan::segments`].
    pub segments: Vec<String>,
    /// Of who is a subject at all, and who of them is active.
    pub subjects: String,
    /// Of the health score; none where config defines none, or it cannot be evaluated now.
    pub health: Option<String>,
    /// Of the words of each factor's reason, in the order of config.
    pub reasons: Vec<String>,
    /// Of each segment value, in the order of config.
    pub values: Vec<String>,
}

impl Plan {
    /// The digest of a segment's definition in hexadecimal; empty for a place that is none.
    pub fn definition(&self, segment: usize) -> String {
        self.definitions()
            .into_iter()
            .nth(segment)
            .unwrap_or_default()
    }

    /// The digests of all segments' definitions, in the order of [`Plan::segments`].
    pub fn definitions(&self) -> Vec<String> {
        self.meaning().segments
    }

    /// What everything that a run publishes means.
    pub fn meaning(&self) -> Meaning {
        let rows = self.scans.iter().map(|scan| self.rows(scan));
        let rows: Vec<Digests> = rows.collect();
        let subjects = Digests::of(&self.program, &|op, before| match op {
            Op::Input(input) => self.subject_column(*input),
            Op::Aggregate(aggregate) => match self.aggregates.get(*aggregate) {
                Some(aggregate) => self.aggregate(aggregate, &rows),
                None => String::new(),
            },
            Op::Member(segment) => match self.segments.get(*segment) {
                Some(segment) => before.get(segment.node),
                None => String::new(),
            },
            _ => String::new(),
        });
        let active = self.active.map(|node| subjects.get(node));
        let values = Digests::of(&self.value_program, &|op, _| match op {
            Op::Input(input) => match self.value_inputs.get(*input) {
                Some(node) => subjects.get(*node),
                None => String::new(),
            },
            _ => String::new(),
        });
        Meaning {
            segments: self
                .segments
                .iter()
                .map(|segment| match &active {
                    None => subjects.get(segment.node),
                    Some(active) => {
                        let text = format!("{} among {active}", subjects.get(segment.node));
                        digest(&text)
                    }
                })
                .collect(),
            subjects: self.who_takes_part(active.as_deref()),
            health: self.health.as_ref().and_then(|health| {
                let known = self.gone_behind(health.score).is_none();
                known.then(|| subjects.get(health.score))
            }),
            reasons: self
                .health
                .iter()
                .flat_map(|health| &health.factors)
                .map(|factor| {
                    let reason = factor.reason.map(|node| subjects.get(*node));
                    digest(&format!("{} {reason:?}", factor.id))
                })
                .collect(),
            values: self.values.iter().map(|node| values.get(*node)).collect(),
        }
    }

    fn rows(&self, scan: &TableScan) -> Digests {
        Digests::of(&scan.program, &|op, _| match op {
            Op::Input(input) => column(&scan.table, scan.inputs.get(*input), &scan.lookups),
            Op::OfSubject(input) => self.subject_column(*input),
            _ => String::new(),
        })
    }

    /// `active` is the digest of who is active.
    fn who_takes_part(&self, active: Option<&str>) -> String {
        let subject = &self.subject;
        let admission = Digests::of(&subject.admission, &|op, _| match op {
            Op::Input(input) => self.subject_column(*input),
            _ => String::new(),
        });
        let admitted = subject.admitted.map(|node| admission.get(node));
        digest(&format!(
            "{:?} {:?} {admitted:?} {active:?}",
            subject.table, subject.key
        ))
    }

    fn subject_column(&self, input: usize) -> String {
        let subject = &self.subject;
        column(&subject.table, subject.inputs.get(input), &subject.lookups)
    }

    fn aggregate(&self, aggregate: &PlannedAggregate, rows: &[Digests]) -> String {
        let scan = self.scans.get(aggregate.scan);
        let collection = scan.and_then(|scan| scan.collections.get(aggregate.collection));
        let selection = collection.and_then(|c| c.selections.get(aggregate.selection));
        let (Some(scan), Some(collection), Some(selection), Some(rows)) =
            (scan, collection, selection, rows.get(aggregate.scan))
        else {
            return String::new();
        };
        let CollectionScan {
            subject, at, key, ..
        } = collection;
        // The tie-break is part of the meaning of `first` and `last` alone.
        let (measure, key) = match aggregate.measure {
            PlanMeasure::Count => ("count".to_owned(), &None),
            PlanMeasure::Exists => ("exists".to_owned(), &None),
            PlanMeasure::CountDistinct(x) => (format!("distinct {}", rows.get(x)), &None),
            PlanMeasure::Sum(x) => (format!("sum {}", rows.get(x)), &None),
            PlanMeasure::Avg(x) => (format!("avg {}", rows.get(x)), &None),
            PlanMeasure::Min(x) => (format!("min {}", rows.get(x)), &None),
            PlanMeasure::Max(x) => (format!("max {}", rows.get(x)), &None),
            PlanMeasure::First(x) => (format!("first {}", rows.get(x)), key),
            PlanMeasure::Last(x) => (format!("last {}", rows.get(x)), key),
            PlanMeasure::Values(x) => (format!("values {}", rows.get(x)), &None),
        };
        format!(
            "{measure} of {:?} {subject:?} {at:?} {key:?} {:?} {:?} {:?}",
            scan.table,
            collection.admitted.map(|node| rows.get(node)),
            selection.window,
            selection.filter.map(|node| rows.get(node)),
        )
    }
}

fn column(table: &str, input: Option<&InputColumn>, lookups: &[Lookup]) -> String {
    let lookup = input
        .and_then(|input| input.lookup)
        .and_then(|lookup| lookups.get(lookup))
        .map(|lookup| (&lookup.table, &lookup.key, &lookup.by));
    let column = input.map(|input| (&input.column, input.ty));
    format!("{table:?} {lookup:?} {column:?}")
}

fn digest(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

/// A digest for each node of a program.
struct Digests(Vec<String>);

impl Digests {
    /// `outside` describes what comes from outside the program.
    fn of(program: &Program, outside: &dyn Fn(&Op, &Self) -> String) -> Self {
        let mut digests = Self(Vec::with_capacity(program.nodes.len()));
        for node in &program.nodes {
            let operands: Vec<String> = node
                .op
                .operands()
                .iter()
                .map(|id| digests.get(*id))
                .collect();
            let text = format!(
                "{} {} {:?}",
                own_words(&node.op),
                outside(&node.op, &digests),
                operands,
            );
            digests.0.push(digest(&text));
        }
        digests
    }

    fn get(&self, node: NodeId) -> String {
        self.0.get(node.0).cloned().unwrap_or_default()
    }
}

/// What a node says beside its operands and what comes from outside.
fn own_words(op: &Op) -> String {
    match op {
        Op::Constant(value) => format!("constant {value:?}"),
        Op::Moment(moment) => format!("moment {moment:?}"),
        Op::Input(_) => "column".to_owned(),
        Op::OfSubject(_) => "subject's column".to_owned(),
        Op::Aggregate(_) => "aggregate".to_owned(),
        Op::Population {
            function,
            of,
            scope,
        } => format!("{function:?} {} {}", of.is_some(), scope.is_some()),
        Op::Member(_) => "in segment".to_owned(),
        Op::Not(_) => "not".to_owned(),
        Op::And(_) => "and".to_owned(),
        Op::Or(_) => "or".to_owned(),
        Op::Compare(comparison, ..) => format!("{comparison:?}"),
        Op::Arithmetic(operator, ..) => format!("{operator:?}"),
        Op::Negate(_) => "negate".to_owned(),
        Op::Shift(_, by, direction) => format!("shift {by:?} {direction:?}"),
        Op::InList(..) => "in list".to_owned(),
        Op::TextTest(test, ..) => format!("{test:?}"),
        Op::InWindow(_, window) => format!("in {window:?}"),
        Op::IsMissing(_) => "is missing".to_owned(),
        Op::Call(function, _) => format!("call {function:?}"),
        Op::Gone(_) => "gone".to_owned(),
    }
}
