//! Notes on data that has no history, in sentences.

use super::Variant;
use crate::backtest::BacktestError;
use crate::backtest::dates::name;
use crate::backtest::history::{collection, listed, of_today, unknowable, written_once};
use crate::backtest::past::{ends_of, instants};
use crate::catalog::CollectionId;
use crate::connector::Pinned;
use crate::engine::{Keep, Watch};
use crate::ir::Request;
use crate::project::Project;
use crate::time::Clock;

/// The notes on the numbers: which data is taken as it stands today.
pub(super) fn of(project: &Project, variants: &[Variant]) -> Vec<String> {
    let (mut notes, mut columns) = (Vec::new(), Vec::new());
    let mut add = |note: String| {
        if !notes.contains(&note) {
            notes.push(note);
        }
    };
    let catalog = &project.catalog;
    for Variant { ir, output, .. } in variants {
        let Some(node) = ir.output(*output) else {
            continue;
        };
        if let Some(reason) = unknowable(catalog, ir, node) {
            add(format!("the segment has no full history: {reason}"));
        }
        for column in written_once(catalog, ir, node) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        if let Some(columns) = ir.active.and_then(|active| of_today(ir, active)) {
            add(format!(
                "`active` reads {columns} as the database holds it today: anyone gone by now is missing on earlier dates"
            ));
        }
        if catalog.at.is_none() && ir.ranges_over_subjects(node) {
            add(format!(
                "it compares with other {}, including those who came later: `at:` of the subject would say since when each has been there",
                project.config.subject.plural
            ));
        }
    }
    // Once for all variants, whichever of them read the columns.
    if !columns.is_empty() {
        add(format!(
            "{} are taken as the database holds them today: if such values are edited after the row was written, \
             the past looks different from what it was",
            listed(&columns)
        ));
    }
    if project.config.subject.filter.is_some() {
        add(format!(
            "`where:` of the {} is applied as the database stands today",
            catalog.subject_name
        ));
    }
    notes
}

/// The note that some dates lie before the first rows.
pub(super) fn before_the_data(
    project: &Project,
    variants: &[Variant],
    data: &mut Pinned<'_>,
    first: i64,
    watch: &dyn Watch,
) -> Result<Vec<String>, BacktestError> {
    let mut read: Vec<CollectionId> = Vec::new();
    for Variant { ir, output, .. } in variants {
        let rows = ir.output(*output).map(|node| ir.rows_behind(node));
        for rows in rows.into_iter().flatten() {
            if rows.has_time && !read.contains(&rows.collection) {
                read.push(rows.collection);
            }
        }
    }
    let mut request = Request::outputs().of_everyone();
    let mut firsts = Vec::new();
    for id in read {
        let ends = ends_of(project, &mut request, id);
        firsts.extend(ends.map(|(first, _)| (id, first)));
    }
    let ir = project.lower(&request);
    let zone = project.config.timezone;
    let clock = Clock {
        now: project.catalog.trust.present,
        zone,
    };
    let evaluation = data.evaluate(&ir, &clock, Keep::Outputs, watch)?;
    let mut notes = Vec::new();
    for (id, output) in firsts {
        let Some(begin) = instants(&evaluation, output)?.min() else {
            continue;
        };
        if first < begin {
            let begin = clock.local_date(begin);
            notes.push(format!(
                "the first row of `{}` is of {}: on dates before it there was nothing to count yet",
                collection(&project.catalog, id),
                name(clock.midnight(begin), zone)
            ));
        }
    }
    Ok(notes)
}
