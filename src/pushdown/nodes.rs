//! Renders the nodes of a scan's program in SQL.

mod steps;

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::dialect::{Dialect, Stored};
use super::form::{Bounds, Form, Term};
use super::lent::Lent;
use super::reading::{Times, read};
use super::{Shapes, Unsupported};
use crate::engine::RowEvaluator;
use crate::index::IndexVec;
use crate::ir::{InputColumn, LookupId, NodeId, Op, TableScan};
use crate::language::typed::Comparison;
use crate::time::{Clock, DAY};
use crate::value::{Truth, Type, Value};

/// What the value of a node depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    Nothing,
    /// Only on the row's subject.
    Subject,
    Row,
}

/// Conditions in SQL that must not hold for any row, by the column that they are about.
pub(super) type Unless = BTreeMap<(Option<LookupId>, String), Vec<String>>;

/// The nodes of one scan that are queried.
pub(super) struct Nodes<'q> {
    pub(super) scan: &'q TableScan,
    pub(super) clock: &'q Clock,
    pub(super) dialect: &'q dyn Dialect,
    shapes: &'q dyn Shapes,
    pub(super) times: Times,
    reach: IndexVec<NodeId, Reach>,
    constants: RowEvaluator<'q>,
    /// Columns of nodes that depend only on the row's subject. They are computed before the query.
    pub(super) of_subjects: Vec<Lent>,
    pub(super) unless: Unless,
    /// The same for what is computed from columns: a condition, and what is reported if it holds.
    pub(super) doubts: Vec<(String, Unsupported)>,
}

impl<'q> Nodes<'q> {
    pub(super) fn new(
        scan: &'q TableScan,
        clock: &'q Clock,
        times: Times,
        dialect: &'q dyn Dialect,
        shapes: &'q dyn Shapes,
    ) -> Self {
        let mut reach = IndexVec::new();
        for node in &scan.program.nodes {
            let operands = node.op.operands().into_iter();
            let furthest = operands
                .filter_map(|operand| reach.get(operand).copied())
                .max();
            reach.push(match node.op {
                Op::Input(_) => Reach::Row,
                Op::OfSubject(_) | Op::ValueOfSubject(_) => Reach::Subject,
                _ => furthest.unwrap_or(Reach::Nothing),
            });
        }
        Self {
            scan,
            clock,
            dialect,
            shapes,
            times,
            reach,
            constants: RowEvaluator::new(&scan.program, clock),
            of_subjects: Vec::new(),
            unless: Unless::new(),
            doubts: Vec::new(),
        }
    }

    /// Refuses something of this scan.
    pub(super) fn refused(&self, why: impl Into<String>) -> Unsupported {
        Unsupported {
            what: format!("`{}`", self.scan.table),
            why: why.into(),
        }
    }

    /// States that values of a column are not read exactly.
    pub(super) fn inexact(&self, lookup: Option<LookupId>, column: &str) -> Unsupported {
        let looked_up = lookup.and_then(|id| self.scan.lookups.get(id));
        let table = looked_up.map_or(&self.scan.table, |lookup| &lookup.table);
        Unsupported {
            what: format!("`{table}.{column}`"),
            why: format!(
                "{} does not read some of its values exactly",
                self.dialect.name()
            ),
        }
    }

    /// The alias of a lookup's table in SQL.
    pub(super) fn alias(lookup: Option<LookupId>) -> String {
        use crate::index::Id;
        lookup.map_or_else(|| "t".to_owned(), |lookup| format!("l{}", lookup.index()))
    }

    /// A column of the table or of a looked-up table, with its alias, and what it holds.
    pub(super) fn column(
        &self,
        lookup: Option<LookupId>,
        column: &str,
    ) -> Result<(String, Stored), Unsupported> {
        let looked_up = lookup.and_then(|lookup| self.scan.lookups.get(lookup));
        let table = looked_up.map_or(self.scan.table.as_str(), |lookup| lookup.table.as_str());
        let Some(stored) = self.shapes.stored(table, column) else {
            return Err(Unsupported {
                what: format!("`{table}.{column}`"),
                why: "it holds values of a type that is read row by row".to_owned(),
            });
        };
        let alias = Self::alias(lookup);
        Ok((format!("{alias}.{}", self.dialect.quoted(column)), stored))
    }

    /// A column that places rows in time; a date does so by its midnight.
    pub(super) fn time(&mut self, input: &InputColumn) -> Result<Term, Unsupported> {
        let Term { sql, form } = self.input(input)?;
        Ok(match form {
            Form::Days => midnight(&sql, self.clock),
            form => Term { sql, form },
        })
    }

    /// A column as the language reads it.
    fn input(&mut self, input: &InputColumn) -> Result<Term, Unsupported> {
        let (column, stored) = self.column(input.lookup, &input.column)?;
        let Some(read) = read(&column, (stored, input.ty), self.times, self.dialect) else {
            let ty = input.ty;
            return Err(self.refused(format!(
                "{} cannot read its column `{}` as {ty} exactly",
                self.dialect.name(),
                input.column
            )));
        };
        if !read.unless.is_empty() {
            let place = (input.lookup, input.column.clone());
            let unless = self.unless.entry(place).or_default();
            unless.extend(read.unless);
            unless.dedup();
        }
        Ok(read.term)
    }

    /// Renders a node in SQL.
    pub(super) fn term(&mut self, id: NodeId) -> Result<Term, Unsupported> {
        let Some(node) = self.scan.program.nodes.get(id) else {
            return Err(self.refused("a node is not there"));
        };
        match self.reach.get(id) {
            Some(Reach::Nothing) => return self.constant(id, node.ty),
            Some(Reach::Subject) => return Ok(self.of_subject(id, node.ty)),
            _ => {}
        }
        let truth = |sql| {
            Ok(Term {
                sql,
                form: Form::Truth,
            })
        };
        match &node.op {
            Op::Input(input) => match self.scan.inputs.get(*input) {
                Some(input) => self.input(input),
                None => Err(self.refused("a column is not there")),
            },
            Op::Not(x) => {
                let x = self.of_form(*x, Form::Truth)?;
                truth(format!("(NOT {x})"))
            }
            Op::And(all) => truth(self.joined(all, " AND ")?),
            Op::Or(any) => truth(self.joined(any, " OR ")?),
            Op::Compare(comparison, a, b) => truth(self.compare(*comparison, *a, *b)?),
            Op::InList(x, items) => {
                let equal = |item: &NodeId| self.compare(Comparison::Equal, *x, *item);
                let equal = items.iter().map(equal).collect::<Result<Vec<_>, _>>()?;
                match equal.is_empty() {
                    true => truth("FALSE".to_owned()),
                    false => truth(format!("({})", equal.join(" OR "))),
                }
            }
            Op::TextTest(test, a, b) => {
                let (a, b) = (self.of_form(*a, Form::Text)?, self.of_form(*b, Form::Text)?);
                truth(self.dialect.text_test(*test, &a, &b))
            }
            Op::InWindow(x, window) => {
                let x = self.term(*x)?;
                match self.within(&x, window) {
                    Some(sql) => truth(sql),
                    None => Err(self.refused("a window is asked of something that is no time")),
                }
            }
            Op::IsMissing(x) => {
                let x = self.term(*x)?;
                truth(format!("({} IS NULL)", x.sql))
            }
            Op::Arithmetic(operator, a, b) => self.arithmetic(*operator, *a, *b),
            Op::Negate(x) => {
                let Term { sql, form } = self.term(*x)?;
                let sql = format!("(- {sql})");
                Ok(Term { sql, form })
            }
            Op::Shift(x, by, direction) => self.shift(*x, *by, *direction),
            Op::Call(function, args) => self.call(*function, args),
            Op::Listed(..) => Err(self.refused("a list is asked of a column of rows")),
            op => Err(self.refused(format!("a step has no SQL: {op:?}"))),
        }
    }

    /// Renders what does not depend on rows; it is computed here.
    fn constant(&self, id: NodeId, ty: Type) -> Result<Term, Unsupported> {
        let value = self.value(id);
        let form = Form::of(ty);
        let sql = match is_missing(&value) {
            true => self.missing(form),
            false => form
                .literal(&value, self.dialect)
                .ok_or_else(|| self.refused("a constant has no SQL"))?,
        };
        Ok(Term { sql, form })
    }

    fn missing(&self, form: Form) -> String {
        match form {
            Form::Number => self.dialect.double("NULL"),
            Form::Money | Form::Days | Form::Micros(_) | Form::Time(..) => {
                self.dialect.whole("NULL")
            }
            Form::Text => self.dialect.by_bytes("NULL"),
            Form::Truth => "CAST(NULL AS BOOLEAN)".to_owned(),
        }
    }

    fn value(&self, id: NodeId) -> Value {
        self.constants.column(id, &[]).value(0)
    }

    /// Whether a node depends on more than the row's subject.
    pub(super) fn asks_rows(&self, id: NodeId) -> bool {
        self.reach.get(id) == Some(&Reach::Row)
    }

    fn is_constant(&self, id: NodeId) -> bool {
        self.reach.get(id) == Some(&Reach::Nothing)
    }

    fn of_subject(&mut self, id: NodeId, ty: Type) -> Term {
        let form = Form::of(ty);
        let sql = self.lent(Lent::value(id, form));
        let sql = match form {
            Form::Truth => format!("({sql} = 1)"),
            _ => sql,
        };
        Term { sql, form }
    }

    /// The instants of a node over subjects, as bounds on a zone's clock; `None` for a node that depends on rows.
    fn bounds_of_subject(&mut self, id: NodeId, zone: Tz) -> Option<Bounds> {
        let is_of_subject = self.reach.get(id) == Some(&Reach::Subject);
        let [from, behind] = Lent::bounds(id, zone);
        is_of_subject.then(|| Bounds {
            from: self.lent(from),
            behind: self.lent(behind),
        })
    }

    /// The name of a column of the lent table, which is added if needed.
    fn lent(&mut self, lent: Lent) -> String {
        let known = self.of_subjects.iter().position(|known| *known == lent);
        let place = known.unwrap_or_else(|| {
            self.of_subjects.push(lent);
            self.of_subjects.len() - 1
        });
        format!("s.v{place}")
    }

    /// Renders a node whose values must have this form.
    fn of_form(&mut self, id: NodeId, form: Form) -> Result<String, Unsupported> {
        let term = self.term(id)?;
        match term.form == form {
            true => Ok(term.sql),
            false => Err(self.refused("a step asks for values of another form")),
        }
    }

    fn joined(&mut self, nodes: &[NodeId], by: &str) -> Result<String, Unsupported> {
        let nodes = nodes.iter().map(|node| self.of_form(*node, Form::Truth));
        let nodes = nodes.collect::<Result<Vec<_>, _>>()?;
        Ok(format!("({})", nodes.join(by)))
    }
}

fn is_missing(value: &Value) -> bool {
    matches!(value, Value::Missing | Value::Truth(Truth::Unknown))
}

/// The midnight of a date on the business's clock.
fn midnight(days: &str, clock: &Clock) -> Term {
    Term {
        sql: format!("({days} * {DAY})"),
        form: Form::Micros(clock.zone),
    }
}

/// Whether a time lies between two instants, excluding the second; `first` finds the first value that is not before an
/// instant.
pub(super) fn between(
    x: &Term,
    [start, end]: [i64; 2],
    dialect: &dyn Dialect,
    first: impl Fn(i64) -> i64,
) -> String {
    let start = (start != i64::MIN).then(|| x.is(">=", first(start), dialect));
    let end = (end != i64::MAX).then(|| x.is("<", first(end), dialect));
    let bounds: Vec<String> = start.into_iter().chain(end).collect();
    match bounds.is_empty() {
        // Unknown if it is missing.
        true => format!("({sql} = {sql})", sql = x.sql),
        false => format!("({})", bounds.join(" AND ")),
    }
}
