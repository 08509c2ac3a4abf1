//! Reads the subject's table into arrays sorted by key.

use std::sync::Arc;

use super::again::look_again;
use super::doubled::Doubled;
use super::intake::Intake;
use super::keys::{EXCLUDED, KeyIndex};
use super::labels::Labels;
use super::levels::OfSubjects;
use super::lookups;
use super::needs::{inputs_of, lacking};
use super::part::Part;
use super::problems::{Sighting, tell};
use super::reading::Reading;
use super::select::Select;
use super::subject_keys::{ReadKeys, StoredKeys, declared};
use super::tables::{ReadError, Row, Tables};
use super::unfound::Unfound;
use super::whole::read_whole;
use crate::engine::places::{at_places, index};
use crate::engine::{Column, EngineError, Keys, Problem, ProblemKind, RowEvaluator, Subjects};
use crate::ir::SubjectScan;
use crate::value::Truth;

/// The subjects, and what is known about each.
pub(super) struct Population {
    pub(super) subjects: Subjects,
    pub(super) index: Arc<KeyIndex>,
    /// What is known about each subject so far.
    pub(super) known: OfSubjects,
}

/// Reads the subjects. Nothing can be evaluated without them, so a table that cannot be read is an error here.
pub(super) fn load<T: Tables>(
    reading: &mut Reading<'_, T>,
    scan: &SubjectScan,
) -> Result<Population, EngineError> {
    load_table(reading, scan).map_err(|error| match error {
        ReadError::Table(reason) => EngineError::Subjects(format!(
            "the subject's table `{}` cannot be used: {reason}",
            scan.table
        )),
        ReadError::Whole(error) => error,
    })
}

fn load_table<T: Tables>(
    reading: &mut Reading<'_, T>,
    scan: &SubjectScan,
) -> Result<Population, ReadError> {
    let mut select = reading.select(&scan.table)?;
    let key = select.column(&scan.key).map_err(ReadError::Table)?;
    let (mut label, mut lost) = (Vec::new(), Vec::new());
    for name in &scan.label {
        match select.column(name) {
            Ok(place) => label.push((place, name.as_str())),
            Err(_) => lost.push(name),
        }
    }
    let lookups = lookups::load(reading, &scan.lookups, &scan.inputs, None)?;
    let mut intake = Intake::new(select, &scan.inputs, lookups);
    if let Some(at) = &scan.at {
        intake.is_time(at);
    }
    let mut keys = StoredKeys::default();
    let mut labels = Labels::new(label.len());
    let progress = reading.progress(&scan.table, None);
    read_whole(reading, &intake.select.clone(), |row, times| {
        keys.push(row.cell(key));
        intake.read(row, times);
        let parts = label.iter().map(|(place, _)| row.cell(*place));
        labels.push(parts, times);
        if intake.rows.is_multiple_of(65_536) {
            progress.add(65_536)?;
        }
        Ok(())
    })?;
    intake.look_up();
    let answers = answers(reading, scan, &intake);
    let deciding = inputs_of(&scan.admission, scan.admitted.into_iter().collect());
    let unfound = Unfound::of_whole(&intake, &scan.inputs, answers.as_deref(), &deciding);
    let accounts = intake.accounts(|_| true, |input| deciding.contains(&input));
    intake.settle(reading, accounts, answers.as_deref())?;
    let admitted = admitted(scan, &intake, answers)?;
    let column = declared(reading.tables.declared_type(&scan.table, &scan.key)?);
    let key_type = keys.key_type(&admitted, scan.key_types, column);
    let ReadKeys {
        keys,
        rows,
        without,
        odd,
    } = keys.read_as(key_type);
    let odd_key = match keys {
        Keys::Integer(_) => ProblemKind::KeyNoNumber,
        Keys::Text(_) => ProblemKind::KeyNoText,
    };
    let headings = headings(&keys, &rows, &scan.key);
    let key = (key, scan.key.as_str());
    let found = [
        (ProblemKind::NullKey, key, &without),
        (odd_key, key, &odd),
        (ProblemKind::HeadingRow, key, &headings),
    ];
    let labelled = label.into_iter().zip(&labels.odd);
    let labelled = labelled.map(|(column, odd)| (ProblemKind::Misfit, column, odd));
    let found = found
        .into_iter()
        .chain(labelled)
        .filter_map(|(kind, column, rows)| {
            let mut rows = rows.iter().filter(|row| is_admitted(&admitted, **row));
            Some(Sighting {
                kind,
                column,
                leads_to: None,
                reach: None,
                row: i64::from(*rows.next()?) + 1,
                count: 1 + rows.count() as u64,
            })
        });
    let unfound = unfound
        .iter()
        .filter_map(|unfound| unfound.sighting(&intake));
    let found: Vec<Sighting<'_>> = found.chain(unfound).collect();
    tell(reading, &intake.select, &[Part::Whole], &found)?;
    let order = sorted(&keys, &rows, &admitted);
    let mut places = vec![EXCLUDED; rows.len()];
    for (place, nth) in (0..EXCLUDED).zip(&order) {
        if let Some(slot) = places.get_mut(index(*nth)) {
            *slot = place;
        }
    }
    let Ok(found_at) = KeyIndex::new(&keys, &places, scan.matching) else {
        let doubled = Doubled::of(&keys, &rows, &order);
        return Err(refused(reading, (scan, &intake.select, key.0), &doubled)?.into());
    };
    let keys = sorted_keys(keys, &order);
    let row = |nth: &u32| rows.get(index(*nth)).copied();
    let order: Vec<u32> = order.iter().filter_map(row).collect();
    let labels = labels.sorted(&order, &keys);
    let lost = lost.into_iter().filter(|_| !order.is_empty());
    reading.problems.extend(lost.map(|column| Problem {
        kind: ProblemKind::LostLabel,
        table: scan.table.clone(),
        column: column.clone(),
        leads_to: None,
        read_as: None,
        is_least: false,
        currencies: Vec::new(),
        reach: None,
        count: order.len() as u64,
        example: String::new(),
    }));
    let columns = std::mem::take(&mut intake.columns).into_iter();
    let inputs = columns.zip(std::mem::take(&mut intake.broken));
    let inputs = inputs.map(|(column, broken)| match broken {
        Some(stale) => Err(stale),
        None => Ok(in_order(column, &order)),
    });
    Ok(Population {
        known: OfSubjects::new(inputs.collect(), order.len()),
        subjects: Subjects { keys, labels },
        index: Arc::new(found_at),
    })
}

/// Why subjects cannot be told apart; `place` is the place of the key in a row.
fn refused<T: Tables>(
    reading: &mut Reading<'_, T>,
    (scan, select, place): (&SubjectScan, &Select, usize),
    doubled: &Doubled,
) -> Result<EngineError, ReadError> {
    let wanted = doubled.rows().map(|row| (i64::from(row) + 1, place));
    let seen = look_again(reading, select, &[Part::Whole], &wanted.collect())?;
    let name = |row: u32| {
        let position = i64::from(row) + 1;
        let seen = seen.get(&(position, place));
        seen.map_or_else(|| position.to_string(), |seen| seen.row.clone())
    };
    let SubjectScan { table, key, .. } = scan;
    let words = doubled.words(reading.private.has(table, key), name);
    Ok(EngineError::DoubledKeys {
        what: format!("`{key}` is not unique in the subject's table `{table}`: {words}"),
        remedy: "keep one row for each key (of an imported file `key:` under `import: files:` keeps the last), exclude rows with \
                 the subject's `where:`, or name another column as `key:`"
            .to_owned(),
    })
}

/// For each row, whether it is a subject (a single answer may stand for all rows); `None` if all are.
fn answers<T>(reading: &Reading<'_, T>, scan: &SubjectScan, intake: &Intake) -> Option<Vec<Truth>> {
    let node = scan.admitted?;
    let mut evaluator = RowEvaluator::new(&scan.admission, &reading.clock);
    evaluator.evaluate(&intake.columns, &mut |_| Column::Truth(Vec::new()));
    Some(evaluator.column(node, &intake.columns).truths().to_vec())
}

/// Which rows are subjects, or why that cannot be decided.
fn admitted(
    scan: &SubjectScan,
    intake: &Intake,
    answers: Option<Vec<Truth>>,
) -> Result<Vec<bool>, ReadError> {
    let (Some(node), Some(answers)) = (scan.admitted, answers) else {
        return Ok(vec![true; intake.rows]);
    };
    if let Some(stale) = lacking(
        &scan.admission,
        node,
        &intake.broken,
        &OfSubjects::default(),
    ) {
        return Err(ReadError::Table(stale.reason));
    }
    Ok(match answers.as_slice() {
        [answer] => vec![*answer == Truth::Yes; intake.rows],
        answers => answers.iter().map(|answer| *answer == Truth::Yes).collect(),
    })
}

/// The rows whose key is the name of the key column.
fn headings(keys: &Keys, rows: &[u32], column: &str) -> Vec<u32> {
    let Keys::Text(keys) = keys else {
        return Vec::new();
    };
    let keyed = keys.iter().zip(rows);
    let headings = keyed.filter(|(key, _)| is_heading(key, column));
    headings.map(|(_, row)| *row).collect()
}

/// Whether a key is the name of the key column, as in a heading row.
pub fn is_heading(key: &str, column: &str) -> bool {
    key.trim().eq_ignore_ascii_case(column)
}

fn is_admitted(admitted: &[bool], row: u32) -> bool {
    admitted.get(index(row)) == Some(&true)
}

/// The subjects in ascending order of keys, by their places among `rows`.
fn sorted(keys: &Keys, rows: &[u32], admitted: &[bool]) -> Vec<u32> {
    let counted = (0..EXCLUDED).zip(rows);
    let counted = counted.filter(|(_, row)| is_admitted(admitted, **row));
    let mut order: Vec<u32> = counted.map(|(nth, _)| nth).collect();
    match keys {
        Keys::Integer(keys) => order.sort_by_key(|nth| keys.get(index(*nth))),
        Keys::Text(keys) => order.sort_by_key(|nth| keys.get(index(*nth))),
    }
    order
}

fn sorted_keys(keys: Keys, order: &[u32]) -> Keys {
    let at = |row: &u32| index(*row);
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

/// The rows in the given order; not copied if they are already in it.
fn in_order(column: Column, order: &[u32]) -> Column {
    let is_ordered = (0..EXCLUDED).zip(order).all(|(place, row)| place == *row);
    if is_ordered && column.len() == order.len() {
        return column;
    }
    at_places(&column, order)
}
