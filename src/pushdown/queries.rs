//! What a database is asked for one scan.

use super::dialect::{Dialect, Stored};
use super::form::{Form, Term, whole};
use super::nodes::Nodes;
use super::reading::Times;
use super::source::{Source, alternatives, first, key};
use super::{Shapes, Unsupported};
use crate::engine::ProblemKind;
use crate::ir::{
    AggregateId, CollectionScan, Ir, IrAggregate, IrMeasure, KeyColumn, LookupId, NodeId, Op,
    Selection, TableScan,
};
use crate::time::{Clock, Plausible};
use crate::value::Type;

/// What a database is asked for one scan.
#[derive(Debug, Clone)]
pub struct Queries {
    /// The queries, in no order.
    pub queries: Vec<Query>,
    /// What has to be known of subjects before; see [`super::Given`].
    pub(super) given: Vec<(NodeId, Form)>,
    /// How the rows' keys of subjects are stored.
    pub(super) keys: Vec<Stored>,
}

/// One query. Its rows come in no order.
#[derive(Debug, Clone)]
pub struct Query {
    /// The text.
    pub sql: String,
    /// The columns of each row.
    pub columns: Vec<Column>,
}

/// A column of a query's rows.
#[derive(Debug, Clone)]
pub struct Column {
    /// What it is called.
    pub name: String,
    /// What its cells are, apart from NULL.
    pub kind: Kind,
    pub(super) holds: Holds,
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers of eight bytes.
    Whole,
    /// Doubles.
    Double,
    /// Texts.
    Text,
}

/// What a cell tells.
#[derive(Debug, Clone)]
pub(super) enum Holds {
    /// Whose the row is.
    Key,
    /// How many rows of the table there are.
    Rows,
    /// How many rows belong to a collection: strays, where nobody has the key. In which column of which table.
    Strays(String, String),
    /// How many rows have a trouble, in which column of which table.
    Trouble(ProblemKind, String, String),
    /// How many rows have a value that is not read exactly.
    Inexact(Unsupported),
    /// How many rows an aggregate counts.
    Count(AggregateId),
    /// How many rows the sum that follows is over.
    Over,
    /// The sum of an aggregate as a text.
    Total(AggregateId),
    /// The value of an aggregate.
    Value(AggregateId, Form),
    /// A value, of which the columns that follow tell how often aggregates meet it.
    Counted(Form),
    /// How often an aggregate meets the value.
    Times(AggregateId),
}

/// What a scan is asked of a database of a dialect.
///
/// # Errors
/// Something that is not exactly that in its SQL.
pub fn queries(
    ir: &Ir,
    scan: &TableScan,
    (clock, plausible): (&Clock, Plausible),
    dialect: &dyn Dialect,
    shapes: &dyn Shapes,
) -> Result<Queries, Unsupported> {
    let times = Times {
        zone: clock.zone,
        plausible,
    };
    let mut nodes = Nodes::new(scan, clock, times, dialect, shapes);
    let mut new = Queries {
        queries: Vec::new(),
        given: Vec::new(),
        keys: Vec::new(),
    };
    let mut owners: Vec<&KeyColumn> = Vec::new();
    for collection in &scan.collections {
        if !owners.contains(&&collection.subject) {
            owners.push(&collection.subject);
        }
    }
    let asked = asked(ir, &nodes)?;
    for owner in owners {
        let source = Source::new(&mut nodes, owner, &asked)?;
        let asking = Asking {
            ir,
            nodes: &nodes,
            source: &source,
        };
        new.queries.push(asking.grouped(plausible)?);
        for (place, collection) in &source.collections {
            asking.ends((*place, collection), &mut new.queries)?;
            asking.values((*place, collection), &mut new.queries)?;
        }
        new.keys.push(source.keys);
    }
    for lookup in scan.lookups.ids() {
        let query = of_lookup(&mut nodes, lookup, plausible)?;
        new.queries.extend(query);
    }
    let given = nodes.of_subjects.iter();
    let form = |node: &NodeId| scan.program.nodes.get(*node).map(|node| Form::of(node.ty));
    new.given = given
        .filter_map(|node| Some((*node, form(node)?)))
        .collect();
    Ok(new)
}

/// The nodes that selections and measures ask for.
fn asked(ir: &Ir, nodes: &Nodes<'_>) -> Result<Vec<NodeId>, Unsupported> {
    let mut asked = Vec::new();
    for collection in &nodes.scan.collections {
        let behind = nodes.scan.program.behind(collection.admitted);
        let of_subject = |op: &&Op| matches!(op, Op::OfSubject(_) | Op::ValueOfSubject(_));
        if behind.iter().any(of_subject) {
            return Err(nodes.refused("its `where:` in config asks for the row's subject"));
        }
        for selection in &collection.selections {
            asked.extend(selection.filter);
            for id in &selection.measures {
                let measure = ir.aggregates.get(*id).map(|aggregate| aggregate.measure);
                if let Some(IrMeasure::Values(_)) = measure {
                    return Err(nodes.refused("a field's values come in the order of the table"));
                }
                asked.extend(measure.and_then(IrMeasure::field));
            }
        }
    }
    Ok(asked)
}

/// A query in the making.
#[derive(Default)]
struct Selecting {
    sql: Vec<String>,
    columns: Vec<Column>,
}

impl Selecting {
    fn column(&mut self, sql: &str, kind: Kind, holds: Holds) {
        let name = format!("c{}", self.columns.len());
        self.sql.push(format!("{sql} AS {name}"));
        self.columns.push(Column { name, kind, holds });
    }

    /// How many rows satisfy a condition.
    fn count(&mut self, condition: &str, holds: Holds) {
        let sql = format!("count(CASE WHEN {condition} THEN 1 END)");
        self.column(&sql, Kind::Whole, holds);
    }

    /// `behind` is what follows the list of columns.
    fn query(self, behind: &str) -> Query {
        Query {
            sql: format!("SELECT {} {behind}", self.sql.join(", ")),
            columns: self.columns,
        }
    }
}

/// Asks for the aggregates over rows that name their subjects by one column.
struct Asking<'a, 'q> {
    ir: &'a Ir,
    nodes: &'a Nodes<'q>,
    source: &'a Source<'q>,
}

impl Asking<'_, '_> {
    fn dialect(&self) -> &dyn Dialect {
        self.nodes.dialect
    }

    fn key(&self) -> Kind {
        match self.source.keys {
            Stored::Text => Kind::Text,
            _ => Kind::Whole,
        }
    }

    fn measures<'s>(
        &self,
        selection: &'s Selection,
    ) -> impl Iterator<Item = (AggregateId, &IrAggregate)> + use<'_, 's> {
        let measures = selection.measures.iter();
        measures.filter_map(|id| Some((*id, self.ir.aggregates.get(*id)?)))
    }

    fn field(&self, node: NodeId) -> Result<Term, Unsupported> {
        let field = self.source.term(node);
        field.ok_or_else(|| self.nodes.refused("a field was not asked for"))
    }

    /// One row for each key: everything that one pass over the rows tells.
    fn grouped(&self, plausible: Plausible) -> Result<Query, Unsupported> {
        let mut select = Selecting::default();
        select.column("r.k", self.key(), Holds::Key);
        select.column("count(*)", Kind::Whole, Holds::Rows);
        self.strays(&mut select);
        for (place, column) in self.source.doubtful.iter().enumerate() {
            let inexact = inexact(self.nodes, None, column);
            select.count(&format!("r.u{place}"), Holds::Inexact(inexact));
        }
        for (place, collection) in &self.source.collections {
            self.times((*place, collection), plausible, &mut select);
            for selection in &collection.selections {
                self.measured((*place, collection), selection, &mut select)?;
            }
        }
        let source = self.source.sql(self.nodes);
        Ok(select.query(&format!("FROM {source} GROUP BY r.k")))
    }

    /// The rows that belong to a collection, and to somebody or nobody.
    fn strays(&self, select: &mut Selecting) {
        let scan = self.nodes.scan;
        let collections = self.source.collections.iter();
        let belongs: Option<Vec<String>> = collections.map(|(_, c)| Source::belongs(c)).collect();
        let belongs = belongs.map_or_else(|| "TRUE".to_owned(), |all| alternatives(&all));
        let owner = self.source.owner;
        let lookup = owner
            .lookup
            .and_then(|id| Some((id, scan.lookups.get(id)?)));
        let Some((id, lookup)) = lookup else {
            let strays = Holds::Strays(scan.table.clone(), owner.column.clone());
            return select.count(&belongs, strays);
        };
        let alias = Nodes::alias(Some(id));
        let (there, by) = (format!("r.{alias}_key"), format!("r.{alias}_by"));
        // A row that is led to is one, however many rows lead to it.
        let led_to = format!("count(DISTINCT CASE WHEN {belongs} THEN {there} END)");
        let strays = Holds::Strays(lookup.table.clone(), owner.column.clone());
        select.column(&led_to, Kind::Whole, strays);
        let is_nothing = match self.nodes.column(None, &lookup.by) {
            Ok((_, Stored::Text)) => format!("({by} IS NULL OR trim({by}) = '')"),
            _ => format!("{by} IS NULL"),
        };
        let trouble = |kind| Holds::Trouble(kind, scan.table.clone(), lookup.by.clone());
        let lost = format!("{there} IS NULL AND {belongs}");
        select.count(
            &format!("{lost} AND {is_nothing}"),
            trouble(ProblemKind::NullKey),
        );
        select.count(
            &format!("{lost} AND NOT {is_nothing}"),
            trouble(ProblemKind::Orphan),
        );
    }

    /// The rows of a collection without a time, and those whose time can hardly be meant.
    fn times(
        &self,
        (place, collection): (usize, &CollectionScan),
        plausible: Plausible,
        select: &mut Selecting,
    ) {
        let scan = self.nodes.scan;
        let (Some(at), Some(input)) = (self.source.time(place), &collection.at) else {
            return;
        };
        let belongs = Source::belongs(collection);
        if let Some((id, lookup)) = input
            .lookup
            .and_then(|id| Some((id, scan.lookups.get(id)?)))
        {
            if collection.subject.lookup != Some(id) {
                let lost = format!("r.{}_key IS NULL", Nodes::alias(Some(id)));
                let lost = [Some(lost), belongs].into_iter().flatten();
                let lost: Vec<String> = lost.collect();
                let (table, by) = (scan.table.clone(), lookup.by.clone());
                let trouble = Holds::Trouble(ProblemKind::MissingTime, table, by);
                select.count(&lost.join(" AND "), trouble);
            }
            return;
        }
        // A row of which the time itself decides whether it belongs counts unless it certainly does not.
        let behind = scan.program.behind(collection.admitted);
        let decides = behind.iter().any(|op| match op {
            Op::Input(id) => scan.inputs.get(*id) == Some(input),
            _ => false,
        });
        let belongs = belongs.map(|belongs| match decides {
            true => format!("{belongs} IS NOT FALSE"),
            false => belongs,
        });
        for (kind, condition) in troubles(at, plausible) {
            let all = [Some(condition), belongs.clone()].into_iter().flatten();
            let all: Vec<String> = all.collect();
            let (table, column) = (scan.table.clone(), input.column.clone());
            select.count(&all.join(" AND "), Holds::Trouble(kind, table, column));
        }
    }

    fn measured(
        &self,
        collection: (usize, &CollectionScan),
        selection: &Selection,
        select: &mut Selecting,
    ) -> Result<(), Unsupported> {
        let selected = self.source.selected(self.nodes, collection, selection);
        let dialect = self.dialect();
        for (id, aggregate) in self.measures(selection) {
            let taken = |x: &str| format!("CASE WHEN {selected} THEN {x} END");
            match aggregate.measure {
                IrMeasure::Count | IrMeasure::Exists => select.count(&selected, Holds::Count(id)),
                IrMeasure::Min(node) | IrMeasure::Max(node) => {
                    let Term { sql, form } = self.field(node)?;
                    let which = match aggregate.measure {
                        IrMeasure::Min(_) => "min",
                        _ => "max",
                    };
                    let sql = format!("{which}({})", taken(&sql));
                    select.column(&sql, kind(form), Holds::Value(id, form));
                }
                IrMeasure::Sum(node) | IrMeasure::Avg(node) => {
                    let Term { sql, form } = self.field(node)?;
                    let exact = match form {
                        Form::Money => sql.clone(),
                        _ if !dialect.sums_decimals() => continue,
                        _ => dialect.nine_decimals(&sql),
                    };
                    if let IrMeasure::Avg(_) = aggregate.measure {
                        let over = format!("count({})", taken(&sql));
                        select.column(&over, Kind::Whole, Holds::Over);
                    }
                    if form == Form::Number {
                        let much = format!("abs({sql}) > {}", dialect.number(1e20));
                        let what = format!("`{}`", self.nodes.scan.table);
                        let why = "numbers beyond 10^20 are added".to_owned();
                        select.count(&much, Holds::Inexact(Unsupported { what, why }));
                    }
                    let sum = dialect.digits(&format!("sum({})", taken(&exact)));
                    select.column(&sum, Kind::Text, Holds::Total(id));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// For each selection, one row for each key: the fields of its first row, and those of its last.
    fn ends(
        &self,
        (place, collection): (usize, &CollectionScan),
        queries: &mut Vec<Query>,
    ) -> Result<(), Unsupported> {
        for selection in &collection.selections {
            for is_last in [false, true] {
                let mut select = Selecting::default();
                select.column("r.k", self.key(), Holds::Key);
                for (id, aggregate) in self.measures(selection) {
                    let ((IrMeasure::First(node), false) | (IrMeasure::Last(node), true)) =
                        (aggregate.measure, is_last)
                    else {
                        continue;
                    };
                    let Term { sql, form } = self.field(node)?;
                    select.column(&shown(&sql, form), kind(form), Holds::Value(id, form));
                }
                if select.columns.len() == 1 {
                    continue;
                }
                let order = self
                    .source
                    .order(self.nodes, (place, collection), is_last)?;
                let mut alike = String::new();
                if self.dialect().position("t").is_none() {
                    alike = format!(
                        ", count(*) OVER (PARTITION BY r.k, r.at{place}, r.tie{place}) AS alike"
                    );
                    let unsupported = Unsupported {
                        what: format!("`{}`", collection.name),
                        why: "rows of the same time have the same key, and the database has no order of them"
                            .to_owned(),
                    };
                    select.column(
                        "CASE WHEN r.alike > 1 THEN 1 ELSE 0 END",
                        Kind::Whole,
                        Holds::Inexact(unsupported),
                    );
                }
                let source = self.source.sql(self.nodes);
                let selected = self
                    .source
                    .selected(self.nodes, (place, collection), selection);
                queries.push(select.query(&format!(
                    "FROM (SELECT r.*, row_number() OVER (PARTITION BY r.k ORDER BY {order}) AS nth{alike} \
                     FROM {source} WHERE {selected}) AS r WHERE r.nth = 1"
                )));
            }
        }
        Ok(())
    }

    /// For each field, one row for each key and value, with how often selections have it.
    fn values(
        &self,
        collection: (usize, &CollectionScan),
        queries: &mut Vec<Query>,
    ) -> Result<(), Unsupported> {
        let mut fields: Vec<(NodeId, Vec<(AggregateId, String)>)> = Vec::new();
        for selection in &collection.1.selections {
            let selected = self.source.selected(self.nodes, collection, selection);
            for (id, aggregate) in self.measures(selection) {
                let Some(field) = self.counted(aggregate) else {
                    continue;
                };
                let asked = (id, selected.clone());
                match fields.iter_mut().find(|(known, _)| *known == field) {
                    Some((_, all)) => all.push(asked),
                    None => fields.push((field, vec![asked])),
                }
            }
        }
        for (field, asked) in fields {
            let Term { sql, form } = self.field(field)?;
            let mut select = Selecting::default();
            select.column("r.k", self.key(), Holds::Key);
            select.column(&shown(&sql, form), kind(form), Holds::Counted(form));
            for (id, selected) in &asked {
                select.count(selected, Holds::Times(*id));
            }
            let any: Vec<String> = asked.into_iter().map(|(_, selected)| selected).collect();
            let any = alternatives(&any);
            let source = self.source.sql(self.nodes);
            queries.push(select.query(&format!(
                "FROM {source} WHERE {sql} IS NOT NULL AND {any} GROUP BY r.k, {sql}"
            )));
        }
        Ok(())
    }

    /// What an aggregate takes of counted values.
    fn counted(&self, aggregate: &IrAggregate) -> Option<NodeId> {
        match aggregate.measure {
            IrMeasure::CountDistinct(field)
            | IrMeasure::Quantile(field, _)
            | IrMeasure::Stddev(field) => Some(field),
            IrMeasure::Sum(field) | IrMeasure::Avg(field) => {
                let node = self.nodes.scan.program.nodes.get(field)?;
                let is_counted = node.ty == Type::Number && !self.dialect().sums_decimals();
                is_counted.then_some(field)
            }
            _ => None,
        }
    }
}

/// A looked-up table by itself: whether its keys are different, and whether what is read of it is exact.
fn of_lookup(
    nodes: &mut Nodes<'_>,
    id: LookupId,
    plausible: Plausible,
) -> Result<Option<Query>, Unsupported> {
    let Some(lookup) = nodes.scan.lookups.get(id) else {
        return Ok(None);
    };
    let mut select = Selecting::default();
    let (there, _) = key(nodes, Some(id), &lookup.key)?;
    let doubled = Unsupported {
        what: format!("`{}`", lookup.table),
        why: format!("more than one row has the same `{}`", lookup.key),
    };
    let sql = format!("count({there}) - count(DISTINCT {there})");
    select.column(&sql, Kind::Whole, Holds::Inexact(doubled));
    let own = nodes
        .unless
        .iter()
        .filter(|((lookup, _), _)| *lookup == Some(id));
    for ((_, column), unless) in own {
        let inexact = inexact(nodes, Some(id), column);
        select.count(&alternatives(unless), Holds::Inexact(inexact));
    }
    let times = nodes.scan.collections.iter().filter_map(|c| c.at.as_ref());
    for at in times.filter(|at| at.lookup == Some(id)) {
        for (kind, condition) in troubles(&nodes.time(at)?, plausible) {
            let trouble = Holds::Trouble(kind, lookup.table.clone(), at.column.clone());
            select.count(&format!("{there} IS NOT NULL AND {condition}"), trouble);
        }
    }
    let table = nodes.dialect.quoted(&lookup.table);
    let alias = Nodes::alias(Some(id));
    Ok(Some(select.query(&format!("FROM {table} AS {alias}"))))
}

/// What can be wrong with times, and the condition of each.
fn troubles(at: &Term, plausible: Plausible) -> [(ProblemKind, String); 2] {
    let [from, to] = plausible.range();
    let Term { sql, form } = at;
    let [from, behind] = [from, to.saturating_add(1)].map(|bound| whole(first(*form, bound)));
    [
        (ProblemKind::MissingTime, format!("{sql} IS NULL")),
        (
            ProblemKind::ImplausibleTime,
            format!("({sql} < {from} OR {sql} >= {behind})"),
        ),
    ]
}

/// A column has values that are not read exactly.
fn inexact(nodes: &Nodes<'_>, lookup: Option<LookupId>, column: &str) -> Unsupported {
    let looked_up = lookup.and_then(|id| nodes.scan.lookups.get(id));
    let table = looked_up.map_or(&nodes.scan.table, |lookup| &lookup.table);
    Unsupported {
        what: format!("`{table}.{column}`"),
        why: format!(
            "{} does not read some of its values exactly",
            nodes.dialect.name()
        ),
    }
}

pub(super) fn kind(form: Form) -> Kind {
    match form {
        Form::Number => Kind::Double,
        Form::Text => Kind::Text,
        Form::Money | Form::Truth | Form::Days | Form::Micros(_) => Kind::Whole,
    }
}

/// A value as it is sent.
fn shown(sql: &str, form: Form) -> String {
    match form {
        Form::Truth => format!("CASE WHEN {sql} THEN 1 WHEN NOT {sql} THEN 0 END"),
        _ => sql.to_owned(),
    }
}
