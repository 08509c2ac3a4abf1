//! The subject's table into arrays sorted by key.

use super::Reading;
use super::failure::Failure;
use super::gather::gather;
use super::intake::Intake;
use super::keys::{EXCLUDED, KeyIndex};
use super::lookups;
use super::reading::lacking;
use super::select::Select;
use super::subject_keys::{ReadKeys, StoredKeys, declared};
use crate::engine::{
    Column, EngineError, Keys, Problem, ProblemKind, RowEvaluator, Stale, Subjects, TextColumn,
};
use crate::plan::SubjectScan;
use crate::value::{ColumnType, Truth};

/// The subjects, and what is known of each.
pub(super) struct Population {
    pub(super) subjects: Subjects,
    pub(super) index: KeyIndex,
    /// One value per subject for each of the plan's subject inputs.
    pub(super) inputs: Vec<Result<Column, Stale>>,
}

/// Reads the subjects. Nothing can be evaluated without them, so that a table that cannot be read is an
/// error here.
pub(super) fn load(reading: &mut Reading<'_>, scan: &SubjectScan) -> Result<Population, Failure> {
    load_table(reading, scan).map_err(|failure| match failure {
        Failure::Table(reason) => Failure::Engine(EngineError::Subjects(format!(
            "the subject's table `{}` cannot be used: {reason}",
            scan.table
        ))),
        other => other,
    })
}

fn load_table(reading: &mut Reading<'_>, scan: &SubjectScan) -> Result<Population, Failure> {
    let connection = reading.connection;
    let Some(mut select) = Select::new(connection, &scan.table)? else {
        return Err(Failure::no_table(&scan.table));
    };
    let key = select.column(&scan.key).map_err(Failure::Table)?;
    let label = scan
        .label
        .as_ref()
        .and_then(|label| select.column(label).ok());
    let lookups = lookups::load(reading, &scan.lookups, &scan.inputs)?;
    let mut intake = Intake::new(select, &scan.inputs, lookups);
    let mut statement = intake.select.prepare(connection)?;
    let mut rows = statement.query([])?;
    let mut keys = StoredKeys::default();
    let mut labels = super::cells::empty(ColumnType::Text);
    let mut ordinal = 0;
    while let Some(row) = rows.next()? {
        ordinal += 1;
        keys.push(row.get_ref(key)?);
        intake.read(row, &mut reading.times)?;
        if let Some(label) = label {
            let value = row.get_ref(label)?;
            super::cells::push(&mut labels, value, ColumnType::Text, &mut reading.times);
        }
        if ordinal % 65_536 == 0 {
            reading.progress(&scan.table, ordinal, None)?;
        }
    }
    intake.look_up();
    reading.problems.extend(intake.problems());

    let admitted = admitted(reading, scan, &intake)?;
    let column = declared(connection, &scan.table, &scan.key)?;
    let key_type = keys.key_type(&admitted, scan.key_types, column);
    let read = keys.read_as(key_type);
    let found = left_out(&mut intake.select, reading, (scan, key), &read, &admitted)?;
    reading.problems.extend(found);
    let ReadKeys { keys, rows, .. } = read;
    let order = sorted(&keys, &rows, &admitted);
    let mut places = vec![EXCLUDED; rows.len()];
    for (place, nth) in (0..EXCLUDED).zip(&order) {
        if let Some(slot) = places.get_mut(super::gather::index(*nth)) {
            *slot = place;
        }
    }
    let index = KeyIndex::new(&keys, &places).map_err(|key| {
        Failure::Engine(EngineError::Subjects(format!(
            "`{}` is not unique in the subject's table `{}`: {key} stands there more than once",
            scan.key, scan.table
        )))
    })?;
    let keys = sorted_keys(keys, &order);
    let row = |nth: &u32| rows.get(super::gather::index(*nth)).copied();
    let order: Vec<u32> = order.iter().filter_map(row).collect();
    let labels = sorted_labels(labels, &order, &keys);
    let columns = std::mem::take(&mut intake.columns).into_iter();
    let inputs = columns.zip(std::mem::take(&mut intake.broken));
    let inputs = inputs.map(|(column, broken)| match broken {
        Some(stale) => Err(stale),
        None => Ok(gather_in_order(column, &order)),
    });
    Ok(Population {
        inputs: inputs.collect(),
        subjects: Subjects { keys, labels },
        index,
    })
}

/// For each row, whether it is a subject at all.
fn admitted(
    reading: &Reading<'_>,
    scan: &SubjectScan,
    intake: &Intake,
) -> Result<Vec<bool>, Failure> {
    let Some(node) = scan.admitted else {
        return Ok(vec![true; intake.rows]);
    };
    if let Some(stale) = lacking(&scan.admission, node, &intake.broken, &[]) {
        return Err(Failure::Table(stale.reason));
    }
    let mut evaluator = RowEvaluator::new(&scan.admission, &reading.clock);
    evaluator.evaluate(&intake.columns, &mut |_| Column::Truth(Vec::new()));
    Ok(match evaluator.column(node, &intake.columns).truths() {
        [answer] => vec![*answer == Truth::Yes; intake.rows],
        answers => answers.iter().map(|answer| *answer == Truth::Yes).collect(),
    })
}

/// What is told of the subjects that have no key, or none of the others' type.
fn left_out(
    select: &mut Select,
    reading: &Reading<'_>,
    (scan, column): (&SubjectScan, usize),
    read: &ReadKeys,
    admitted: &[bool],
) -> Result<Vec<Problem>, Failure> {
    let odd = match read.keys {
        Keys::Integer(_) => ProblemKind::KeyNoNumber,
        Keys::Text(_) => ProblemKind::KeyNoText,
    };
    let mut problems = Vec::new();
    for (kind, rows) in [(ProblemKind::NullKey, &read.without), (odd, &read.odd)] {
        let mut told = rows.iter().filter(|row| is_admitted(admitted, **row));
        if let Some(first) = told.next() {
            let ordinal = u64::from(*first) + 1;
            problems.push(Problem {
                kind,
                table: scan.table.clone(),
                column: scan.key.clone(),
                count: 1 + told.count() as u64,
                example: select.example_at(reading.connection, column, ordinal)?,
            });
        }
    }
    Ok(problems)
}

fn is_admitted(admitted: &[bool], row: u32) -> bool {
    admitted.get(super::gather::index(row)) == Some(&true)
}

/// The subjects in ascending order of keys, by their places among `rows`.
fn sorted(keys: &Keys, rows: &[u32], admitted: &[bool]) -> Vec<u32> {
    let counted = (0..EXCLUDED).zip(rows);
    let counted = counted.filter(|(_, row)| is_admitted(admitted, **row));
    let mut order: Vec<u32> = counted.map(|(nth, _)| nth).collect();
    match keys {
        Keys::Integer(keys) => order.sort_by_key(|nth| keys.get(super::gather::index(*nth))),
        Keys::Text(keys) => order.sort_by_key(|nth| keys.get(super::gather::index(*nth))),
    }
    order
}

fn sorted_keys(keys: Keys, order: &[u32]) -> Keys {
    let at = |row: &u32| super::gather::index(*row);
    match keys {
        Keys::Integer(keys) => Keys::Integer(
            order
                .iter()
                .filter_map(|row| keys.get(at(row)).copied())
                .collect(),
        ),
        Keys::Text(mut keys) => {
            let key = |row: &u32| keys.get_mut(at(row)).map(std::mem::take);
            Keys::Text(order.iter().filter_map(key).collect())
        }
    }
}

/// The labels in the order of keys; a missing one is the key's text.
fn sorted_labels(labels: Column, order: &[u32], keys: &Keys) -> TextColumn {
    let keyed = |place: usize| match keys {
        Keys::Integer(keys) => keys.get(place).map(i64::to_string),
        Keys::Text(keys) => keys.get(place).map(ToString::to_string),
    };
    let mut sorted = TextColumn::default();
    for (place, row) in order.iter().enumerate() {
        let label = match &labels {
            Column::Text(labels) => labels.get(super::gather::index(*row)),
            _ => None,
        };
        match label {
            Some(label) => sorted.push(Some(label)),
            None => sorted.push(keyed(place).as_deref()),
        }
    }
    sorted
}

/// The rows in order, without a copy where they are in order already.
fn gather_in_order(column: Column, order: &[u32]) -> Column {
    let in_order = (0..EXCLUDED).zip(order).all(|(place, row)| place == *row);
    if in_order && column.len() == order.len() {
        return column;
    }
    gather(&column, order)
}
