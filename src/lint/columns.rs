//! The columns of the data that config declares or the rules read, and where config names them.

use std::collections::{BTreeMap, BTreeSet};

use super::Compiled;
use crate::catalog::{ColumnRef, ColumnState, Entity};
use crate::config::{Config, Lookup};
use crate::engine::Admission;
use crate::index::IndexVec;
use crate::ir::{InputColumn, InputId, LookupId, NodeId, Program, ScanId, TableScan};
use crate::source::{Location, Scalar};
use crate::value::ColumnType;

/// Types from config by column, with the scalar that names each column.
type Types = BTreeMap<String, (Scalar, ColumnType)>;

/// An existing column, as one part of config reads it.
pub(super) struct DataColumn<'a> {
    pub(super) table: &'a str,
    pub(super) name: &'a str,
    pub(super) ty: ColumnType,
    /// Whether it is the column that places rows in time.
    pub(super) is_time: bool,
    /// Whether the rules read it, or it places rows in time.
    pub(super) is_read: bool,
    /// Its entry in `types:`.
    pub(super) told: Option<Location>,
    /// Where config names the column, or else its table.
    pub(super) place: Location,
    /// The name of that part of config: a collection, a lookup; `None` for the subject.
    pub(super) of: Option<&'a str>,
    /// Whether that part is a lookup.
    pub(super) is_lookup: bool,
    /// Which of its rows count.
    pub(super) counted: Counted<'a>,
}

/// Which rows of a table count.
#[derive(Clone, Copy)]
pub(super) enum Counted<'a> {
    All,
    /// The rows that `where:` admits.
    Admitted(Admission<'a>),
    /// The rows that `where:` admits, which a row alone does not tell; or nothing reads the collection.
    Unknown,
}

/// What one part of config says of a table.
struct Part<'a> {
    table: &'a Scalar,
    /// The column that places rows in time, and where config names it.
    at: Option<(&'a str, Location)>,
    types: &'a Types,
    of: Option<&'a str>,
    is_lookup: bool,
    counted: Counted<'a>,
}

/// The inputs of one of a table's scans, and its lookups.
type Scanned<'a> = (
    &'a IndexVec<InputId, InputColumn>,
    &'a IndexVec<LookupId, crate::ir::Lookup>,
);

/// Every such column, once for each part of config in which it stands.
pub(super) fn columns<'a>(compiled: &Compiled<'a>) -> Vec<DataColumn<'a>> {
    let Compiled {
        config,
        catalog,
        ir,
        ..
    } = compiled;
    let config: &'a Config = config;
    let mut found = Vec::new();
    let subject = &config.subject;
    let part = Part {
        table: &subject.table,
        at: subject.at.as_ref().map(|at| (&*at.value, at.location)),
        types: &subject.types,
        of: None,
        is_lookup: false,
        counted: match (&subject.filter, ir.subject.admitted) {
            (None, _) => Counted::All,
            (Some(_), node) => counted(&ir.subject.admission, node, &ir.subject.inputs),
        },
    };
    let scanned = [(&ir.subject.inputs, &ir.subject.lookups)];
    let read = reads(&scanned, None);
    found.extend(of_part(&part, &catalog.subject.columns, &read));
    let entity = &catalog.subject;
    found.extend(of_lookups(&subject.lookups, entity, None, &scanned));
    for (collection, read) in config.collections.iter().zip(catalog.collections.iter()) {
        let at = read.at.as_ref().zip(collection.at.as_ref());
        let at = at.map(|(at, named)| (at, named.location));
        let own = at.filter(|(at, _)| at.lookup.is_none());
        let part = Part {
            table: &collection.table,
            at: own.map(|(at, place)| (&*at.column, place)),
            types: &collection.types,
            of: Some(&collection.name.value),
            is_lookup: false,
            counted: match collection.filter {
                None => Counted::All,
                Some(_) => by_scan(&ir.scans, &collection.name.value),
            },
        };
        let is_of_table = |table: &str| table.eq_ignore_ascii_case(&collection.table.value);
        let scans = ir.scans.iter().filter(|scan| is_of_table(&scan.table));
        let scanned: Vec<Scanned<'_>> = scans.map(|scan| (&scan.inputs, &scan.lookups)).collect();
        let columns = reads(&scanned, None);
        found.extend(of_part(&part, &read.entity.columns, &columns));
        found.extend(of_lookups(&collection.lookups, &read.entity, at, &scanned));
    }
    found
}

fn counted<'a>(
    program: &'a Program,
    node: Option<NodeId>,
    inputs: &'a IndexVec<InputId, InputColumn>,
) -> Counted<'a> {
    let admission = node.and_then(|node| Admission::of(program, node, inputs));
    admission.map_or(Counted::Unknown, Counted::Admitted)
}

fn by_scan<'a>(scans: &'a IndexVec<ScanId, TableScan>, collection: &str) -> Counted<'a> {
    let mut read = scans.iter().filter_map(|scan| {
        let mut collections = scan.collections.iter();
        let found = collections.find(|read| read.name == collection)?;
        Some(counted(&scan.program, found.admitted, &scan.inputs))
    });
    read.next().unwrap_or(Counted::Unknown)
}

/// The columns that scans of a table read from it, or through a lookup.
fn reads<'i>(scanned: &[Scanned<'i>], through: Option<&str>) -> BTreeSet<&'i str> {
    let each = scanned.iter().flat_map(|(inputs, lookups)| {
        let lookup = through.map(|name| lookups.position(|lookup| lookup.name == name));
        inputs.iter().filter(move |input| match lookup {
            None => input.lookup.is_none(),
            Some(lookup) => lookup.is_some() && input.lookup == lookup,
        })
    });
    each.map(|input| input.column.as_str()).collect()
}

/// The columns of lookups. `at` is the column that places the rows of the referring table in time.
fn of_lookups<'a>(
    lookups: &'a [(Scalar, Lookup)],
    entity: &'a Entity,
    at: Option<(&'a ColumnRef, Location)>,
    scanned: &[Scanned<'a>],
) -> Vec<DataColumn<'a>> {
    let each = lookups.iter().filter_map(|(name, lookup)| {
        let through = at.filter(|(at, _)| at.lookup.as_ref() == Some(&name.value));
        let part = Part {
            table: &lookup.table,
            // Types are written in the lookup, and not where rows are placed in time by the column.
            at: through.map(|(at, _)| (&*at.column, lookup.table.location)),
            types: &lookup.types,
            of: Some(&name.value),
            is_lookup: true,
            counted: Counted::All,
        };
        let columns = &entity.lookups.get(&name.value)?.columns;
        Some(of_part(&part, columns, &reads(scanned, Some(&name.value))))
    });
    each.flatten().collect()
}

fn of_part<'a>(
    part: &Part<'a>,
    states: &'a BTreeMap<String, ColumnState>,
    reads: &BTreeSet<&str>,
) -> Vec<DataColumn<'a>> {
    let column = |(name, state): (&'a String, &ColumnState)| {
        let ColumnState::Present(ty) = state else {
            return None;
        };
        let is = |named: &&Scalar| named.value.eq_ignore_ascii_case(name);
        let at = part.at.filter(|(at, _)| at.eq_ignore_ascii_case(name));
        let mut told = part.types.values().map(|(column, _)| column);
        let told = told.find(is).map(|column| column.location);
        let is_read = at.is_some() || reads.contains(name.as_str());
        (is_read || told.is_some()).then_some(DataColumn {
            table: &part.table.value,
            name,
            ty: *ty,
            is_time: at.is_some(),
            is_read,
            told,
            place: at.map_or(part.table.location, |(_, place)| place),
            of: part.of,
            is_lookup: part.is_lookup,
            counted: part.counted,
        })
    };
    states.iter().filter_map(column).collect()
}
