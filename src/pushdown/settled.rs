//! Times that a zone's clock never showed: the instant of each is the end of the gap that it is in, so that they are sorted and
//! compared as that.

use chrono_tz::Tz;

use super::form::{Form, Term};
use crate::time::{DAY, offset_at};

/// From 1900 to 2100, in days since 1970: outside, nobody sorts by the hour.
const DAYS: std::ops::Range<i64> = -25_567..47_482;

/// A term whose times are of hours that the clock showed; itself where it has no times.
pub(super) fn settled(term: &Term) -> String {
    let Term { sql, form } = term;
    let gaps = match form {
        Form::Micros(zone) => gaps(*zone),
        _ => Vec::new(),
    };
    let moved = gaps
        .iter()
        .map(|[from, to]| format!(" WHEN {sql} >= {from} AND {sql} < {to} THEN {to}"));
    let moved: String = moved.collect();
    match moved.is_empty() {
        true => sql.clone(),
        false => format!("(CASE{moved} ELSE {sql} END)"),
    }
}

/// Where and until when a zone's clock was put forward, in microseconds since 1970-01-01T00:00 on that clock.
fn gaps(zone: Tz) -> Vec<[i64; 2]> {
    let mut gaps = Vec::new();
    let mut offset = offset_at(DAYS.start * DAY, zone);
    for day in DAYS {
        let next = offset_at((day + 1) * DAY, zone);
        if next > offset {
            let (mut before, mut there) = (day * DAY, (day + 1) * DAY);
            while there - before > 1 {
                let middle = before + (there - before) / 2;
                match offset_at(middle, zone) == offset {
                    true => before = middle,
                    false => there = middle,
                }
            }
            gaps.push([there + offset, there + next]);
        }
        offset = next;
    }
    gaps
}
