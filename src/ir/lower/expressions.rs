//! Lowers expressions to nodes.

use super::builder::input;
use super::{Frame, Lowering};
use crate::catalog::{CollectionId, ColumnRef, List};
use crate::ir::{NodeId, Op};
use crate::language::typed::{Comparison, Kind, Population, Typed};
use crate::value::{ColumnType, Type};

impl Lowering<'_> {
    /// The node of an expression.
    pub(super) fn lower(&mut self, frame: Frame, expression: &Typed) -> NodeId {
        let node = self.lower_kind(frame, expression);
        if frame == Frame::Subject {
            self.expressions.extend(expression.id.map(|id| (id, node)));
        }
        node
    }

    fn lower_kind(&mut self, frame: Frame, expression: &Typed) -> NodeId {
        let op = match &expression.kind {
            Kind::Constant(value) => Op::Constant(value.clone()),
            Kind::Moment(moment) => Op::Moment(moment.clone()),
            Kind::Subject(column) => self.subject_column(frame, column, expression.ty),
            Kind::Row(column) => self.row_column(frame, column, expression.ty),
            Kind::Metric(name) => return self.metric_in(frame, name, expression.ty),
            Kind::Health => return self.health_score(frame),
            Kind::Aggregate(_) if matches!(frame, Frame::Row { .. }) => {
                Op::ValueOfSubject(self.lower(Frame::Subject, expression))
            }
            Kind::Aggregate(aggregate) => self.aggregate(frame, aggregate, expression.ty),
            Kind::Population(population) => self.population(frame, population),
            Kind::Member(id) => self.member(id),
            Kind::Not(x) => Op::Not(self.lower(frame, x)),
            Kind::And(all) => Op::And(self.lower_all(frame, all)),
            Kind::Or(any) => Op::Or(self.lower_all(frame, any)),
            Kind::Compare(comparison, a, b) => {
                Op::Compare(*comparison, self.lower(frame, a), self.lower(frame, b))
            }
            Kind::Between(x, low, high) => {
                let x = self.lower(frame, x);
                let (low, high) = (self.lower(frame, low), self.lower(frame, high));
                let from = Op::Compare(Comparison::GreaterOrEqual, x, low);
                let to = Op::Compare(Comparison::LessOrEqual, x, high);
                Op::And(vec![
                    self.node(frame, from, Type::Truth),
                    self.node(frame, to, Type::Truth),
                ])
            }
            Kind::Arithmetic(operator, a, b) => {
                Op::Arithmetic(*operator, self.lower(frame, a), self.lower(frame, b))
            }
            Kind::Negate(x) => Op::Negate(self.lower(frame, x)),
            Kind::Shift(x, by, direction) => Op::Shift(self.lower(frame, x), *by, *direction),
            Kind::InList(x, items) => {
                Op::InList(self.lower(frame, x), self.lower_all(frame, items))
            }
            Kind::Listed(x, name) => match self.list(name) {
                Some(list) => Op::Listed(self.lower(frame, x), list),
                None => Op::Gone(format!("the list `{name}` is not there")),
            },
            Kind::TextTest(test, a, b) => {
                Op::TextTest(*test, self.lower(frame, a), self.lower(frame, b))
            }
            Kind::InWindow(x, window) => Op::InWindow(self.lower(frame, x), window.clone()),
            Kind::IsMissing(x) => Op::IsMissing(self.lower(frame, x)),
            Kind::Call(function, args) => Op::Call(*function, self.lower_all(frame, args)),
            Kind::Gone(reason) => Op::Gone(reason.clone()),
        };
        self.node(frame, op, expression.ty)
    }

    fn lower_all(&mut self, frame: Frame, expressions: &[Typed]) -> Vec<NodeId> {
        expressions
            .iter()
            .map(|expression| self.lower(frame, expression))
            .collect()
    }

    /// The node with this operation in the program of a frame.
    pub(super) fn node(&mut self, frame: Frame, op: Op, ty: Type) -> NodeId {
        let row = match frame {
            Frame::Row { scan, .. } => self.scans.get_mut(scan).map(|(_, builder)| builder),
            Frame::Admission => Some(&mut self.admission),
            Frame::Segment => Some(&mut self.value_program),
            Frame::Subject => None,
        };
        row.unwrap_or(&mut self.program).node(op, ty)
    }

    fn subject_column(&mut self, frame: Frame, column: &ColumnRef, ty: Type) -> Op {
        let entity = &self.catalog.subject;
        let ty = match entity.column_type_as(column, ty) {
            Ok(ty) => ty,
            Err(reason) => return Op::Gone(reason),
        };
        let subject = &mut self.subject;
        let input = input(
            &mut subject.inputs,
            &mut subject.lookups,
            entity,
            (column, ty),
        );
        match frame {
            Frame::Row { .. } => Op::OfSubject(input),
            Frame::Admission | Frame::Subject => Op::Input(input),
            Frame::Segment => outside(&column.column),
        }
    }

    fn row_column(&mut self, frame: Frame, column: &ColumnRef, ty: Type) -> Op {
        let Frame::Row { scan, collection } = frame else {
            return outside(&column.column);
        };
        let read = match self.row_column_type(collection, column, ty) {
            Ok(read) => read,
            Err(reason) => return Op::Gone(reason),
        };
        let entity = self.catalog.collections.get(collection).map(|c| &c.entity);
        let (Some(entity), Some((scan, _))) = (entity, self.scans.get_mut(scan)) else {
            return Op::Gone(format!("column `{}` has no table", column.column));
        };
        Op::Input(input(
            &mut scan.inputs,
            &mut scan.lookups,
            entity,
            (column, read),
        ))
    }

    /// How a row's column is read. If the expression uses the collection's time column as a time, it is read as `at:`
    /// says.
    pub(super) fn row_column_type(
        &self,
        collection: CollectionId,
        column: &ColumnRef,
        ty: Type,
    ) -> Result<ColumnType, String> {
        let Some(collection) = self.catalog.collections.get(collection) else {
            return Err("a collection is not there".to_owned());
        };
        let is_time = collection.at.as_ref() == Some(column);
        match collection.at_type {
            Some(at) if is_time && at.value_type() == ty => Ok(at),
            _ => collection.entity.column_type(column),
        }
    }

    fn population(&mut self, frame: Frame, population: &Population) -> Op {
        let of = population.of.as_ref().map(|of| match frame {
            Frame::Segment => self.of_members(of),
            _ => self.lower(frame, of),
        });
        let checked = self.checked;
        let scope = population.scope.and_then(|scope| checked.scopes.get(scope));
        Op::Population {
            function: population.function,
            of,
            scope: scope.map(|scope| self.lower(frame, scope)),
        }
    }

    /// Lowers an expression over subjects whose values are used in a segment's values.
    fn of_members(&mut self, of: &Typed) -> NodeId {
        let output = self.output_of(of);
        let input = self.value_inputs.intern(output);
        self.node(Frame::Segment, Op::Input(input), of.ty)
    }

    fn list(&self, name: &str) -> Option<List> {
        let mut lists = self.catalog.lists.iter();
        lists.find(|list| list.name == name).cloned()
    }

    fn member(&self, id: &str) -> Op {
        match self.names.segments.get(id) {
            Some(segment) if self.segments.contains_key(segment) => Op::Member(*segment),
            _ => Op::Gone(format!("segment `{id}` is not there")),
        }
    }
}

fn outside(column: &str) -> Op {
    Op::Gone(format!("column `{column}` stands outside its rows"))
}
