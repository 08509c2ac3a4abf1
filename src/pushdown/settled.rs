//! Times that a zone's clock never showed. The instant of each is the end of its gap, and they are sorted and compared
//! as that.

use super::dialect::Dialect;
use super::form::Term;
use crate::time::{DAY, Plausible, offset_at};

/// Moves a term's times, if plausible, to hours that the clock showed; returns the term itself if it has no such times.
pub(super) fn settled(term: &Term, plausible: Plausible, dialect: &dyn Dialect) -> String {
    moved(term, &gaps(term, plausible), dialect)
}

/// A condition: a term's time lies in an hour that the clock did not show, or at its end, which those times are sorted
/// as; `None` for a clock that showed all hours.
pub(super) fn is_of_gap(
    term: &Term,
    plausible: Plausible,
    dialect: &dyn Dialect,
) -> Option<String> {
    let gaps = gaps(term, plausible);
    let sql = term.counted(dialect).sql;
    let within = gaps
        .iter()
        .map(|[from, to]| format!("{sql} BETWEEN {from} AND {to}"));
    let within: Vec<String> = within.collect();
    let within = (!within.is_empty()).then(|| within.join(" OR "))?;
    Some(match about(&sql, &gaps, dialect) {
        Some(about) => format!("(CASE WHEN {about} THEN {within} ELSE FALSE END)"),
        None => format!("({within})"),
    })
}

/// The same, but only where it changes the day.
pub(super) fn settled_to_day(term: &Term, plausible: Plausible, dialect: &dyn Dialect) -> String {
    let mut gaps = gaps(term, plausible);
    gaps.retain(|[from, to]| from.div_euclid(DAY) != to.div_euclid(DAY));
    moved(term, &gaps, dialect)
}

fn moved(term: &Term, gaps: &[[i64; 2]], dialect: &dyn Dialect) -> String {
    let sql = &term.counted(dialect).sql;
    let moved = gaps
        .iter()
        .map(|[from, to]| format!(" WHEN {sql} BETWEEN {from} AND {to} THEN {to}"));
    let moved: String = moved.collect();
    if moved.is_empty() {
        return sql.clone();
    }
    let moved = format!("CASE{moved} ELSE {sql} END");
    match about(sql, gaps, dialect) {
        Some(about) => format!("(CASE WHEN {about} THEN {moved} ELSE {sql} END)"),
        None => format!("({moved})"),
    }
}

/// A condition: a time is close to the hour of the day at which gaps occur. Nearly all gaps of a zone begin at the same
/// hour, so only times around it are compared with each gap. `None` if a gap crosses midnight.
fn about(micros: &str, gaps: &[[i64; 2]], dialect: &dyn Dialect) -> Option<String> {
    let of_day = |at: i64| at.rem_euclid(DAY);
    let first = gaps.iter().map(|[from, _]| of_day(*from)).min()?;
    let last = gaps.iter().map(|[_, to]| of_day(*to)).max()?;
    let within_days = gaps.iter().all(|[from, to]| of_day(*from) <= of_day(*to));
    let time = dialect.remainder(micros, DAY);
    within_days.then(|| format!("{time} BETWEEN {first} AND {last}"))
}

/// The gaps where a zone's clock was put forward, from and to, in microseconds since 1970-01-01T00:00 on that clock.
fn gaps(term: &Term, plausible: Plausible) -> Vec<[i64; 2]> {
    let Some(zone) = term.form.zone() else {
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
