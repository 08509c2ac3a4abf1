//! Whether a report looks wrong, so that somebody should look at it first.

use crate::engine::column::MISSING_I64;
use crate::engine::{Column, Evaluation};
use crate::project::reports::PlannedReport;
use crate::value::Share;
use crate::view::marks;
use crate::view::report::{News, Slice, instant};

/// Why a report is held back, in words; `None` if it goes out.
pub(super) fn reason(slice: &Slice<'_>, news: &News, planned: &PlannedReport) -> Option<String> {
    let hold = slice.report.hold.as_ref()?;
    let mut reasons = Vec::new();
    if hold.stale {
        reasons.extend(stale(slice));
    }
    if let Some(share) = hold.size_change {
        reasons.extend(sizes(slice, news, share, hold.at_least));
    }
    reasons.extend(old_data(slice, planned));
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

fn stale(slice: &Slice<'_>) -> Vec<String> {
    let segments = slice.segments.iter().map(|segment| &segment.roster.segment);
    segments
        .filter_map(|segment| {
            let reason = segment.stale.as_ref()?;
            Some(format!(
                "the segment `{}` could not be evaluated: {reason}",
                segment.id
            ))
        })
        .collect()
}

/// Sizes that changed by more than a share of what they were, and by at least a number of members.
fn sizes(slice: &Slice<'_>, news: &News, share: Share, at_least: u32) -> Vec<String> {
    let except = slice.report.hold.iter().flat_map(|hold| &hold.except);
    let except: Vec<&str> = except.map(|id| id.value.as_str()).collect();
    let segments = slice.segments.iter().zip(&news.segments);
    segments
        .filter(|(segment, _)| !except.contains(&segment.roster.segment.id.as_str()))
        .filter_map(|(segment, news)| {
            let (before, now) = (news.before.as_ref()?.size, segment.members.len());
            let by = before.abs_diff(now);
            let far = share.is_exceeded_by(by as u64, before as u64) && by >= at_least as usize;
            let marks = marks(slice.config().locale);
            far.then(|| {
                format!(
                    "the segment `{}` went from {} to {}, which is more than {}%",
                    segment.roster.segment.id,
                    marks.whole(before),
                    marks.whole(now),
                    marks.grouped(&share.in_percent())
                )
            })
        })
        .collect()
}

/// Collections whose newest row is too old. Rows with a time in the future do not make a collection fresh.
fn old_data(slice: &Slice<'_>, planned: &PlannedReport) -> Vec<String> {
    let now = slice.run_report.run.as_of;
    let asked = planned.newest.iter();
    asked
        .filter_map(|(collection, age, output)| {
            let evaluation: &Evaluation = slice.run_report.evaluation?;
            let newest = match evaluation.output(*output) {
                Ok(column) => newest(column),
                Err(stale) => {
                    return Some(format!("`{collection}` cannot be read: {}", stale.reason));
                }
            };
            let Some(newest) = newest else {
                return Some(format!("`{collection}` has no rows at all"));
            };
            let age = i64::try_from(age.as_micros()).unwrap_or(i64::MAX);
            (now.saturating_sub(newest) > age).then(|| {
                format!(
                    "the newest row of `{collection}` is of {}",
                    instant(newest, slice.config())
                )
            })
        })
        .collect()
}

fn newest(column: &Column) -> Option<i64> {
    match column {
        Column::Instant(instants) => {
            let there = instants.iter().copied();
            there.filter(|instant| *instant != MISSING_I64).max()
        }
        _ => None,
    }
}
