//! The subject's table into arrays sorted by key.

use super::Reading;
use super::failure::Failure;
use super::gather::gather;
use super::intake::Intake;
use super::keys::{EXCLUDED, KeyIndex, KeyList};
use super::lookups;
use super::problems::Tally;
use super::reading::{inputs_of, lacking};
use super::select::Select;
use crate::engine::{
    Column, EngineError, Keys, ProblemKind, RowEvaluator, Stale, Subjects, TextColumn,
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
    if let Some(at) = &scan.at {
        intake.is_time(at);
    }
    let mut statement = intake.select.prepare(connection)?;
    let mut rows = statement.query([])?;
    let mut keys = KeyList::new();
    let mut labels = super::cells::empty(ColumnType::Text);
    let mut without_key = Tally::default();
    let mut ordinal = 0;
    while let Some(row) = rows.next()? {
        ordinal += 1;
        let value = row.get_ref(key)?;
        if !keys.push(value) {
            without_key.add(|| intake.select.example(row, ordinal, value));
            intake.pass();
            continue;
        }
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
    let without_key = without_key.into_problem(ProblemKind::NullKey, &scan.table, &scan.key);
    reading.problems.extend(without_key);

    let answers = answers(reading, scan, &intake);
    let deciding = inputs_of(&scan.admission, scan.admitted.into_iter().collect());
    let accounts = intake.accounts(|_| true, |input| deciding.contains(&input));
    intake.settle(reading, accounts, answers.as_deref())?;
    let admitted = admitted(scan, &intake, answers)?;
    let order = sorted(&keys.0, &admitted);
    let mut places = vec![EXCLUDED; keys.len()];
    for (place, row) in (0..EXCLUDED).zip(&order) {
        if let Some(slot) = places.get_mut(super::gather::index(*row)) {
            *slot = place;
        }
    }
    let index = KeyIndex::new(&keys.0, &places).map_err(|key| {
        Failure::Engine(EngineError::Subjects(format!(
            "`{}` is not unique in the subject's table `{}`: {key} stands there more than once",
            scan.key, scan.table
        )))
    })?;
    let keys = sorted_keys(keys.0, &order);
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

/// For each row, whether it is a subject (one answer may stand for all); none where all are.
fn answers(reading: &Reading<'_>, scan: &SubjectScan, intake: &Intake) -> Option<Vec<Truth>> {
    let node = scan.admitted?;
    let mut evaluator = RowEvaluator::new(&scan.admission, &reading.clock);
    evaluator.evaluate(&intake.columns, &mut |_| Column::Truth(Vec::new()));
    Some(evaluator.column(node, &intake.columns).truths().to_vec())
}

/// Which rows are subjects; or why that cannot be told.
fn admitted(
    scan: &SubjectScan,
    intake: &Intake,
    answers: Option<Vec<Truth>>,
) -> Result<Vec<bool>, Failure> {
    let (Some(node), Some(answers)) = (scan.admitted, answers) else {
        return Ok(vec![true; intake.rows]);
    };
    if let Some(stale) = lacking(&scan.admission, node, &intake.broken, &[]) {
        return Err(Failure::Table(stale.reason));
    }
    Ok(match answers.as_slice() {
        [answer] => vec![*answer == Truth::Yes; intake.rows],
        answers => answers.iter().map(|answer| *answer == Truth::Yes).collect(),
    })
}

/// The rows of the subjects in ascending order of keys.
fn sorted(keys: &Keys, admitted: &[bool]) -> Vec<u32> {
    let rows = (0..EXCLUDED).zip(admitted).filter(|(_, yes)| **yes);
    let mut rows: Vec<u32> = rows.map(|(row, _)| row).collect();
    match keys {
        Keys::Integer(keys) => rows.sort_by_key(|row| keys.get(super::gather::index(*row))),
        Keys::Text(keys) => rows.sort_by_key(|row| keys.get(super::gather::index(*row))),
    }
    rows
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
