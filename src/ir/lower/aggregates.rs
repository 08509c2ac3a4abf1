//! Lowers aggregates to scans: one per event table. Equal selections and measures are shared.

use super::builder::{Builder, lookup_of};
use super::{Frame, Lowering};
use crate::catalog::{Collection, CollectionId, ColumnRef};
use crate::index::IndexVec;
use crate::ir::{
    CollectionScan, InputColumn, IrAggregate, IrMeasure, KeyColumn, NodeId, Op, Program, ScanId,
    Selection, TableScan,
};
use crate::language::typed::{Aggregate, Measure};
use crate::value::Type;

impl Lowering<'_> {
    /// Lowers an aggregate, or says why it cannot be filled.
    pub(super) fn aggregate(&mut self, frame: Frame, aggregate: &Aggregate, ty: Type) -> Op {
        self.measured(frame, aggregate, ty, Self::measure)
    }

    /// Lowers an aggregate; `measure` decides how its rows are measured.
    pub(super) fn measured(
        &mut self,
        frame: Frame,
        aggregate: &Aggregate,
        ty: Type,
        measure: impl Fn(&mut Self, Frame, &Measure) -> IrMeasure,
    ) -> Op {
        let catalog = self.catalog;
        let Some(collection) = catalog.collections.get(aggregate.collection) else {
            return Op::Gone("a collection is not there".to_owned());
        };
        if frame != Frame::Subject {
            return Op::Gone("an aggregate is inside rows".to_owned());
        }
        if let Some(reason) = self.unreadable(collection, aggregate) {
            return Op::Gone(reason);
        }
        let level = aggregate.level(&|name| self.levels_before(name));
        let scan = self.scan(collection, level);
        let frame = Frame::Row {
            scan,
            collection: aggregate.collection,
        };
        self.read(frame, scan, aggregate.collection, collection);
        let filter = aggregate
            .filter
            .as_ref()
            .map(|filter| self.lower(frame, filter));
        let measure = measure(self, frame, &aggregate.measure);
        let ordered = matches!(measure, IrMeasure::First(_) | IrMeasure::Last(_));
        let compared_with = self.compared_with(scan, filter.into_iter().chain(measure.field()));
        let mut read = self
            .scans
            .get_mut(scan)
            .into_iter()
            .flat_map(|(scan, _)| &mut scan.collections);
        let Some(read) = read.find(|read| read.collection == aggregate.collection) else {
            return Op::Gone("a collection is not there".to_owned());
        };
        if ordered && let Some(key) = &collection.key {
            read.key = Some(key.clone());
        }
        let selections = &mut read.selections;
        let known =
            selections.position(|known| known.window == aggregate.window && known.filter == filter);
        let selection = known.unwrap_or_else(|| {
            selections.push(Selection {
                window: aggregate.window.clone(),
                filter,
                measures: Vec::new(),
            })
        });
        let id = self.aggregates.intern(IrAggregate {
            measure,
            ty,
            scan,
            collection: aggregate.collection,
            selection,
            compared_with,
        });
        if let Some(selection) = selections.get_mut(selection)
            && !selection.measures.contains(&id)
        {
            selection.measures.push(id);
        }
        Op::Aggregate(id)
    }

    /// The nodes of the subject program that nodes of a scan's program depend on.
    fn compared_with(&self, scan: ScanId, of: impl Iterator<Item = NodeId>) -> Vec<NodeId> {
        let Some((_, builder)) = self.scans.get(scan) else {
            return Vec::new();
        };
        let behind = builder.so_far().behind(of);
        let values = behind.into_iter().filter_map(|op| match op {
            Op::ValueOfSubject(node) => Some(*node),
            _ => None,
        });
        values.collect()
    }

    /// Why an aggregate cannot be filled: something that it reads is gone.
    fn unreadable(&self, collection: &Collection, aggregate: &Aggregate) -> Option<String> {
        if let Some(reason) = &collection.entity.gone {
            return Some(reason.clone());
        }
        let ordered = matches!(aggregate.measure, Measure::First(_) | Measure::Last(_));
        let key = collection.key.iter().filter(|_| ordered);
        let key = key.map(ColumnRef::own);
        let own = collection.at.iter().chain([&collection.subject]).cloned();
        for column in own.chain(key) {
            if let Err(reason) = collection.entity.state(&column) {
                return Some(reason);
            }
        }
        if let (Some(at), None) = (&collection.at, collection.at_type) {
            return Some(format!(
                "the time column `{at}` of `{}` cannot be read",
                collection.entity.table
            ));
        }
        let own = self.checked.collection_filters.get(aggregate.collection);
        own.and_then(Option::as_ref)
            .into_iter()
            .chain(&aggregate.filter)
            .chain(aggregate.measure.field())
            .find_map(|expression| self.gone_in(Some(aggregate.collection), expression))
    }

    /// The scan of a collection's table at a level.
    fn scan(&mut self, collection: &Collection, level: usize) -> ScanId {
        let table = &collection.entity.table;
        let shared = self.shared.get(&(table.clone(), level));
        let level = shared.copied().unwrap_or(level);
        let known = self
            .scans
            .position(|(scan, _)| scan.table == *table && scan.level == level);
        known.unwrap_or_else(|| {
            let scan = TableScan {
                table: table.clone(),
                level,
                lookups: IndexVec::new(),
                inputs: IndexVec::new(),
                program: Program::default(),
                collections: Vec::new(),
            };
            self.scans.push((scan, Builder::default()))
        })
    }

    /// Makes a scan read a collection, if it does not yet.
    fn read(&mut self, frame: Frame, scan: ScanId, id: CollectionId, collection: &Collection) {
        let read = self.scans.get(scan).map(|(scan, _)| &scan.collections);
        if read.is_some_and(|read| read.iter().any(|read| read.collection == id)) {
            return;
        }
        let own = self.checked.collection_filters.get(id);
        let admitted = own
            .and_then(Option::as_ref)
            .map(|filter| self.lower(frame, filter));
        let Some((scan, _)) = self.scans.get_mut(scan) else {
            return;
        };
        scan.collections.push(CollectionScan {
            collection: id,
            name: collection.name.clone(),
            is_told: true,
            subject: KeyColumn {
                lookup: lookup_of(&mut scan.lookups, &collection.entity, &collection.subject),
                column: collection.subject.column.clone(),
            },
            at: collection
                .at
                .as_ref()
                .zip(collection.at_type)
                .map(|(at, ty)| InputColumn {
                    lookup: lookup_of(&mut scan.lookups, &collection.entity, at),
                    column: at.column.clone(),
                    ty,
                }),
            key: None,
            identity: collection.key.clone(),
            changes: collection.changes.clone(),
            admitted,
            selections: IndexVec::new(),
        });
    }

    pub(super) fn measure(&mut self, frame: Frame, measure: &Measure) -> IrMeasure {
        match measure {
            Measure::Count => IrMeasure::Count,
            Measure::Exists => IrMeasure::Exists,
            Measure::CountDistinct(field) => IrMeasure::CountDistinct(self.lower(frame, field)),
            Measure::Sum(field) => IrMeasure::Sum(self.lower(frame, field)),
            Measure::Avg(field) => IrMeasure::Avg(self.lower(frame, field)),
            Measure::Min(field) => IrMeasure::Min(self.lower(frame, field)),
            Measure::Max(field) => IrMeasure::Max(self.lower(frame, field)),
            Measure::Quantile(field, share) => {
                IrMeasure::Quantile(self.lower(frame, field), *share)
            }
            Measure::Stddev(field) => IrMeasure::Stddev(self.lower(frame, field)),
            Measure::First(field) => IrMeasure::First(self.lower(frame, field)),
            Measure::Last(field) => IrMeasure::Last(self.lower(frame, field)),
        }
    }
}
