//! Reads one event table, once for all collections over it.

use std::collections::{BTreeSet, HashMap};
use std::sync::PoisonError;

use super::account::Account;
use super::batch::{Batch, Places};
use super::beside::{Beside, LetIn};
use super::fill::fill;
use super::intake::Intake;
use super::lookups::{self, Asked};
use super::needs::{inputs_of, lacking};
use super::part::Part;
use super::problems::tell;
use super::reading::Reading;
use super::repeats::Repeats;
use super::replay::replay;
use super::selection::Selecting;
use super::settle::settle;
use super::shards::Shards;
use super::strays::Timeless;
use super::subjects::Population;
use super::tables::{ReadError, Tables};
use super::taking::{Reader, Taking};
use super::together::together;
use super::unfound::{self, Looked, Unfound};
use super::worker::Worker;
use crate::engine::{Column, Stale};
use crate::ir::{AggregateId, CollectionScan, Ir, NodeId, Program, TableScan};
use crate::value::ColumnType;

/// The result of each aggregate of a scan.
pub(super) type Answers = Vec<(AggregateId, Result<Column, Stale>)>;

/// Reads a table and fills its aggregates.
pub(super) fn scan<T: Tables>(
    reading: &mut Reading<'_, T>,
    ir: &Ir,
    table: &TableScan,
    population: &Population,
) -> Result<Answers, ReadError> {
    let select = reading.select(&table.table)?;
    let asked = Asked {
        collections: &table.collections,
        index: &population.index,
    };
    let lookups = lookups::load(reading, &table.lookups, &table.inputs, Some(asked))?;
    let mut batch = Batch::new(
        Intake::new(select, &table.inputs, lookups),
        reading.times.clone(),
    );
    let whole = reading.tables.ids(&table.table)?;
    let id = match whole {
        Part::Whole => None,
        Part::Ids { .. } => reading.tables.id_column(&table.table)?,
    };
    let is_id = |column: &str| {
        id.as_ref()
            .is_some_and(|id| id.eq_ignore_ascii_case(column))
    };
    let mut collections = Vec::new();
    let mut answers = Answers::new();
    for collection in &table.collections {
        match batch.want(collection, is_id) {
            Ok(places) => {
                let identity = told_apart_by(reading, &table.table, collection)?;
                let identity = identity.and_then(|column| batch.tell_apart(column));
                collections.push((collection, Places { identity, ..places }));
            }
            Err(reason) => {
                let lost = collection.selections.iter().flat_map(|s| &s.measures);
                let reason = Stale { reason };
                answers.extend(lost.map(|aggregate| (*aggregate, Err(reason.clone()))));
            }
        }
    }
    let shards = Shards::new(population.subjects.len(), reading.threads(whole));
    let program = &table.program;
    let broken = |node: NodeId| lacking(program, node, &batch.intake.broken, &population.known);
    let how = (shards, reading.tables.estimate(&table.table));
    let selections = collections.iter().map(|(collection, places)| {
        let collection = (*collection, places.at);
        Selecting::all(ir, program, collection, &reading.clock, how, &broken)
    });
    let selections: Vec<Vec<Selecting>> = selections.collect();
    let readers = collections.iter().zip(&selections);
    let (mut beside, mut unfound) = (Vec::new(), Vec::new());
    let readers = readers.map(|((collection, places), selections)| {
        let read = read_by(ir, program, collection);
        let mut accounts = accounts((collection, places), (&read.0, &read.1), &batch.intake);
        Reader {
            admitted: collection.admitted,
            places: *places,
            selections,
            timeless: Timeless::default(),
            looked: looked(
                table,
                (collection, places),
                (&read.0, &read.1),
                &batch,
                &mut unfound,
            ),
            repeats: Repeats::default(),
            let_in: let_in((ir, program), collection, &mut accounts, &mut beside),
            accounts,
        }
    });
    let readers = readers.collect();
    let how = (reading.clock, reading.plausible);
    let taking = (readers, beside, unfound);
    let taking = Taking::new(table, taking, how, shards, batch.subjects.len());
    let mut worker = Worker {
        batch,
        taking,
        population,
        size: reading.tuning.batch,
    };
    let parts = take(reading, &mut worker, whole)?;
    let Worker {
        batch, mut taking, ..
    } = worker;

    let subjects = batch.subjects.iter().zip(&taking.strays);
    let strays = subjects.flat_map(|(column, strays)| {
        let through = column.through.map(|through| through.join);
        let leads_to = through.map(|join| batch.intake.leads_to(join));
        strays.sightings((column.from, column.name.as_str()), leads_to)
    });
    let readers = taking.collections.iter();
    let readers = readers.zip(&collections);
    let timeless = readers.filter_map(|(reader, (collection, _))| {
        if !collection.is_told {
            return None;
        }
        let join = reader.places.at_through?;
        let (by, leads_to) = (batch.intake.by(join), batch.intake.leads_to(join));
        reader.timeless.sighting(by, leads_to)
    });
    let unfound = taking.unfound.iter();
    let unfound = unfound.filter_map(|unfound| unfound.sighting(&batch.intake));
    let strays: Vec<_> = strays.chain(timeless).chain(unfound).collect();
    tell(reading, &batch.intake.select, &parts, &strays)?;
    for (reader, (collection, places)) in taking.collections.iter_mut().zip(&collections) {
        let identity = places.identity.and_then(|place| batch.identities(place));
        let from = identity.map(|(from, _)| from);
        if let Some(key) = from.zip(collection.identity.as_deref()) {
            let repeats = std::mem::take(&mut reader.repeats);
            repeats.tell(reading, (&batch.intake.select, &parts), key)?;
        }
    }
    for (column, strays) in batch.subjects.iter().zip(&taking.strays) {
        let through = column
            .through
            .and_then(|through| batch.intake.owners(through));
        if let Some((table, owners)) = through {
            table.tell_of_strays(reading, owners, &strays.led_to)?;
        }
    }
    let subjects = batch.subjects.iter().zip(&taking.strays);
    let doubted_keys = subjects.map(|(column, strays)| {
        let name = format!("{}.{}", table.table, column.name);
        strays.doubt(reading.trust.unreadable, &name, &ir.subject.table)
    });
    let doubted_keys: Vec<Option<Stale>> = doubted_keys.collect();
    let accounts = taking.collections.into_iter().map(|reader| reader.accounts);
    let accounts: Vec<Vec<Account>> = accounts.collect();
    let sizes: Vec<usize> = accounts.iter().map(Vec::len).collect();
    let beside = taking.beside.iter();
    let beside = beside.map(|beside| beside.account(reading.trust.currency));
    let accounts: Vec<Account> = accounts.into_iter().flatten().chain(beside).collect();
    let mut reasons = settle(reading, &batch.intake, &parts, &accounts)?.into_iter();
    let mut accounts = accounts.into_iter();
    for ((collection, selections), size) in collections.into_iter().zip(selections).zip(sizes) {
        let own = accounts.by_ref().zip(reasons.by_ref()).take(size);
        let doubted = own.filter_map(|(account, stale)| Some((account.column, stale?)));
        let doubted = doubted.collect();
        let (_, places) = &collection;
        let key = doubted_keys.get(places.subject).and_then(Option::as_ref);
        answers.extend(finished(
            ir,
            program,
            collection,
            selections,
            (key, &doubted),
        ));
    }
    Ok(answers)
}

/// The column that tells a collection's rows apart, if its duplicates still need to be reported. That is not the case
/// if the database itself keeps the column unique, or if a lower level has reported them. Many questions about one
/// state of the data do not repeat the report.
fn told_apart_by<'c, T: Tables>(
    reading: &mut Reading<'_, T>,
    table: &str,
    collection: &'c CollectionScan,
) -> Result<Option<&'c str>, ReadError> {
    let Some(column) = collection.identity.as_deref() else {
        return Ok(None);
    };
    let is_told = !collection.is_told
        || reading.kept.is_some()
        || reading.tables.is_unique(table, column)?
        || !reading.told_apart.insert(collection.collection);
    Ok((!is_told).then_some(column))
}

/// Passes the rows to the aggregates, from memory if they are kept, and returns the parts in which the table was read.
/// The results of all threads end up in this worker.
fn take<T: Tables>(
    reading: &mut Reading<'_, T>,
    worker: &mut Worker<'_>,
    whole: Part,
) -> Result<Vec<Part>, ReadError> {
    let columns = worker.batch.kept_columns(reading.clock.zone);
    let key = fill(reading, &worker.batch.intake.select, whole, &columns)?;
    if let Some(key) = key
        && let Some(parts) = replay(reading, worker, (&key, &columns), whole)?
    {
        return Ok(parts);
    }
    read(reading, worker, whole)
}

/// Reads the rows, on several threads if the table can be shared out.
fn read<T: Tables>(
    reading: &mut Reading<'_, T>,
    worker: &mut Worker<'_>,
    whole: Part,
) -> Result<Vec<Part>, ReadError> {
    let table = worker.batch.intake.select.table().to_owned();
    let progress = reading.progress(&table, reading.tables.estimate(&table));
    progress.begin()?;
    let threads = reading.threads(whole);
    if threads < reading.tuning.threads.min(2) {
        worker.pipeline(reading.tables, whole, &progress)?;
        reading.rows.insert(table.clone(), progress.end()?);
        return Ok(vec![whole]);
    }
    let shares = reading.shares(whole);
    let others = reading.others.iter().take(threads - 1);
    let (shared, telling) = (&shares, &progress);
    let others = others.zip(1..).map(|(tables, thread)| {
        let mut other = worker.clone();
        other.taking.thread = thread;
        move || {
            let tables = tables.lock().unwrap_or_else(PoisonError::into_inner);
            other.work(&*tables, shared, telling)?;
            Ok::<_, ReadError>(other.taking)
        }
    });
    let others = others.collect();
    let ((), others) = together(|| worker.work(reading.tables, shared, telling), others)?;
    for taking in others {
        worker.taking.absorb(taking);
    }
    reading.rows.insert(table.clone(), progress.end()?);
    Ok(shares.into_parts())
}

/// The inputs that a collection reads, and those of them by which its `where:` tells whether a row belongs to it.
fn read_by(
    ir: &Ir,
    program: &Program,
    collection: &CollectionScan,
) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let admitted: Vec<NodeId> = collection.admitted.into_iter().collect();
    let deciding = inputs_of(program, admitted.clone());
    let selections = collection.selections.iter();
    let nodes = selections.flat_map(|selection| {
        let measures = selection.measures.iter();
        let planned = measures.filter_map(|place| ir.aggregates.get(*place));
        let fields = planned.filter_map(|aggregate| aggregate.measure.field());
        fields.chain(selection.filter)
    });
    let read = inputs_of(program, nodes.chain(admitted).collect());
    (read, deciding)
}

/// The lookups that a collection reads through, beside those by which its rows come to their subjects and times.
fn looked(
    table: &TableScan,
    (collection, places): (&CollectionScan, &Places),
    read: (&BTreeSet<usize>, &BTreeSet<usize>),
    batch: &Batch,
    unfound: &mut Vec<Unfound>,
) -> Vec<Looked> {
    if !collection.is_told {
        return Vec::new();
    }
    let through = batch.subjects.get(places.subject);
    let through = through.and_then(|column| Some(column.through?.join));
    let on_the_way = |join| [through, places.at_through].contains(&Some(join));
    let counted = (places.subject, unfound);
    unfound::looked(&table.inputs, read, &batch.intake, on_the_way, counted)
}

/// Accounts of the columns that a collection reads.
fn accounts(
    (collection, places): (&CollectionScan, &Places),
    (read, deciding): (&BTreeSet<usize>, &BTreeSet<usize>),
    intake: &Intake,
) -> Vec<Account> {
    let mut accounts = intake.accounts(
        |column| read.contains(&column) || places.at == Some(column),
        |column| deciding.contains(&column),
    );
    for account in &mut accounts {
        account.is_told = collection.is_told;
        account.admitted = collection.admitted;
    }
    accounts
}

/// How a collection includes rows of columns of amounts, whose currencies are counted over all collections. The columns
/// are added to `beside`.
fn let_in(
    (ir, program): (&Ir, &Program),
    collection: &CollectionScan,
    accounts: &mut [Account],
    beside: &mut Vec<Beside>,
) -> Vec<LetIn> {
    let of_amounts = accounts
        .iter_mut()
        .filter(|account| account.is_told && matches!(account.ty, ColumnType::MoneyAs(_)));
    let let_in = of_amounts.filter_map(|account| {
        let currencies = account.part_with_currencies();
        let place = beside.iter().position(|known| known.is_of(account));
        let place = place.unwrap_or_else(|| {
            beside.push(Beside::new(currencies));
            beside.len() - 1
        });
        let conditions = match account.decides {
            true => BTreeSet::new(),
            false => parting(ir, program, collection, account),
        };
        let conditions = match conditions.is_empty() {
            true => vec![None],
            false => conditions.into_iter().map(Some).collect(),
        };
        let known = beside.get_mut(place)?;
        Some(known.ways(place, account.decides, conditions))
    });
    let_in.collect()
}

/// The conditions under which aggregates read a column of amounts that may have currencies beside them. Such a
/// condition may select a single currency, unless it reads nothing but the amount. Empty if some aggregate reads the
/// column of all rows.
fn parting(
    ir: &Ir,
    program: &Program,
    collection: &CollectionScan,
    account: &Account,
) -> BTreeSet<NodeId> {
    let mut filters = BTreeSet::new();
    for selection in &collection.selections {
        let measures = selection.measures.iter();
        let planned = measures.filter_map(|place| ir.aggregates.get(*place));
        let fields = planned.filter_map(|aggregate| aggregate.measure.field());
        let read = inputs_of(program, fields.chain(selection.filter).collect());
        if !read.contains(&account.column) {
            continue;
        }
        let asked = inputs_of(program, selection.filter.into_iter().collect());
        match selection.filter {
            Some(filter) if asked.iter().any(|column| *column != account.column) => {
                filters.insert(filter);
            }
            _ => return BTreeSet::new(),
        }
    }
    filters
}

/// The results of a collection's aggregates. Those that rely on a doubted column are stale: all of them if that is the
/// column that names subjects.
fn finished(
    ir: &Ir,
    program: &Program,
    (collection, places): (&CollectionScan, Places),
    selections: Vec<Selecting>,
    (of_key, doubted): (Option<&Stale>, &HashMap<usize, Stale>),
) -> Answers {
    let of_time = places.at.and_then(|at| doubted.get(&at));
    let finished = selections.into_iter().flat_map(Selecting::finish);
    let answers = finished.map(|(place, answer)| {
        let aggregate = ir.aggregates.get(place);
        let field = aggregate.and_then(|aggregate| aggregate.measure.field());
        let selection = aggregate.and_then(|a| collection.selections.get(a.selection));
        let filter = selection.and_then(|selection| selection.filter);
        let nodes = [field, filter, collection.admitted];
        let inputs = inputs_of(program, nodes.into_iter().flatten().collect());
        let of_inputs = inputs.iter().find_map(|input| doubted.get(input));
        let answer = match of_key.or(of_time).or(of_inputs) {
            Some(stale) => answer.and(Err(stale.clone())),
            None => answer,
        };
        (place, answer)
    });
    answers.collect()
}
