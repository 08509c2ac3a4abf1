//! Times that a zone's clock never showed: the instant of each is the end of the gap that it is in, so that they are sorted and
//! compared as that.

use super::dialect::Dialect;
use super::form::{Form, Term};
use crate::time::{DAY, Plausible, offset_at};

/// A term whose times, as far as they are plausible, are of hours that the clock showed; itself where it has no times.
pub(super) fn settled(term: &Term, plausible: Plausible, dialect: &dyn Dialect) -> String {
    moved(term, &gaps(term, plausible), dialect)
}

/// The same as far as the day depends on it.
pub(super) fn settled_to_day(term: &Term, plausible: Plausible, dialect: &dyn Dialect) -> String {
    let mut gaps = gaps(term, plausible);
    gaps.retain(|[from, to]| from.div_euclid(DAY) != to.div_euclid(DAY));
    moved(term, &gaps, dialect)
}

/// Nearly all gaps of a zone begin at the same hour: only times around it are held against each of them.
fn moved(term: &Term, gaps: &[[i64; 2]], dialect: &dyn Dialect) -> String {
    let sql = &term.sql;
    let moved = gaps
        .iter()
        .map(|[from, to]| format!(" WHEN {sql} BETWEEN {from} AND {to} THEN {to}"));
    let moved: String = moved.collect();
    if moved.is_empty() {
        return sql.clone();
    }
    let moved = format!("CASE{moved} ELSE {sql} END");
    let of_day = |at: i64| at.rem_euclid(DAY);
    let first = gaps.iter().map(|[from, _]| of_day(*from)).min();
    let last = gaps.iter().map(|[_, to]| of_day(*to)).max();
    let within_days = gaps.iter().all(|[from, to]| of_day(*from) <= of_day(*to));
    match first.zip(last) {
        Some((first, last)) if within_days => {
            let time = dialect.remainder(sql, DAY);
            format!("(CASE WHEN {time} BETWEEN {first} AND {last} THEN {moved} ELSE {sql} END)")
        }
        _ => format!("({moved})"),
    }
}

/// From when to when a zone's clock was put forward, in microseconds since 1970-01-01T00:00 on that clock.
fn gaps(term: &Term, plausible: Plausible) -> Vec<[i64; 2]> {
    let Form::Micros(zone) = term.form else {
        return Vec::new();
    };
    let [first, last] = plausible.range().map(|at| at.div_euclid(DAY));
    let mut gaps = Vec::new();
    let mut offset = offset_at(first * DAY, zone);
    for day in first..=last {
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
