//! Converts between instants and local times of a zone.

use chrono::{
    DateTime, Datelike, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, Offset,
    SecondsFormat, TimeZone, Timelike, Utc,
};
use chrono_tz::Tz;

use super::calendar::{date_of_days, days_of_date};

/// The number of microseconds in a second.
pub(super) const SECOND: i64 = 1_000_000;
/// The number of microseconds in a day on which the clocks do not change.
pub const DAY: i64 = 86_400 * SECOND;
/// More than any zone's offset from UTC has ever been, in seconds.
const FARTHEST: i64 = 26 * 3_600;

/// Whether a zone's clocks have shown UTC since 1990 and will keep doing so.
pub fn is_utc(zone: Tz) -> bool {
    // Every month of a century.
    let months = (240..1_440).map(|month| month * 30 * DAY);
    months.into_iter().all(|at| offset_at(at, zone) == 0)
}

/// The instant of a local time: in a gap, the first valid instant after it; of two instants, the earlier.
pub fn resolve_local(local: NaiveDateTime, zone: Tz) -> i64 {
    resolve(micros_of_naive(local), zone)
}

/// [`resolve_local`] over microseconds since 1970-01-01T00:00 on the local clock.
pub fn resolve(local: i64, zone: Tz) -> i64 {
    match instants_of_local(local, zone) {
        MappedLocalTime::Single(instant) | MappedLocalTime::Ambiguous(instant, _) => instant,
        MappedLocalTime::None => end_of_gap(local, zone),
    }
}

/// The instants at which the zone's clock shows a local time, the earlier first; both in microseconds.
pub fn instants_of_local(local: i64, zone: Tz) -> MappedLocalTime<i64> {
    let instant = |offset| local.saturating_sub(micros(&offset));
    match zone.offset_from_local_datetime(&within_tables(naive_of_micros(local))) {
        MappedLocalTime::Single(offset) => MappedLocalTime::Single(instant(offset)),
        MappedLocalTime::Ambiguous(one, other) => {
            let (one, other) = (instant(one), instant(other));
            MappedLocalTime::Ambiguous(one.min(other), one.max(other))
        }
        MappedLocalTime::None => MappedLocalTime::None,
    }
}

/// The local offset from UTC at an instant, in microseconds.
pub fn offset_at(instant: i64, zone: Tz) -> i64 {
    micros(&zone.offset_from_utc_datetime(&within_tables(naive_of_micros(instant))))
}

/// The same date and time in a year that the tables of time zones know: they end with 2099, and after that would have no summer
/// time. Of the years before, one with the same weekdays stands for a later one.
fn within_tables(at: NaiveDateTime) -> NaiveDateTime {
    const KNOWN: std::ops::RangeInclusive<i32> = 2072..=2099;
    if at.year() <= *KNOWN.end() {
        return at;
    }
    let form = |year: i32| {
        let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
        Some((first.weekday(), first.leap_year()))
    };
    let alike = KNOWN.rev().find(|year| form(*year) == form(at.year()));
    alike.and_then(|year| at.with_year(year)).unwrap_or(at)
}

/// The local clock's date and time at an instant.
pub fn local_naive(instant: i64, zone: Tz) -> NaiveDateTime {
    naive_of_micros(local_micros(instant, zone))
}

/// The local clock's microseconds since 1970-01-01T00:00 at an instant.
pub fn local_micros(instant: i64, zone: Tz) -> i64 {
    instant.saturating_add(offset_at(instant, zone))
}

/// The first instant whose local clock shows a time after the gap that `local` is in.
fn end_of_gap(local: i64, zone: Tz) -> i64 {
    let second = local.div_euclid(SECOND);
    let (mut before, mut after) = (second - FARTHEST, second + FARTHEST);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if local_micros(middle.saturating_mul(SECOND), zone) > local {
            after = middle;
        } else {
            before = middle;
        }
    }
    after.saturating_mul(SECOND)
}

fn micros(offset: &impl Offset) -> i64 {
    i64::from(offset.fix().local_minus_utc()) * SECOND
}

/// Microseconds as a calendar date and time, clamped to the years that the calendar supports.
pub fn naive_of_micros(micros: i64) -> NaiveDateTime {
    let day = i32::try_from(micros.div_euclid(DAY)).unwrap_or(0);
    let within = micros.rem_euclid(DAY);
    let seconds = u32::try_from(within / SECOND).unwrap_or(0);
    let nanos = u32::try_from(within % SECOND * 1_000).unwrap_or(0);
    let time = chrono::NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanos);
    date_of_days(day).and_time(time.unwrap_or_default())
}

/// A calendar date and time as microseconds since 1970-01-01T00:00.
pub fn micros_of_naive(naive: NaiveDateTime) -> i64 {
    let time = naive.time();
    i64::from(days_of_date(naive.date())) * DAY
        + i64::from(time.num_seconds_from_midnight()) * SECOND
        + i64::from(time.nanosecond() / 1_000)
}

/// An instant as RFC 3339 on the zone's clock: `2025-06-01T09:30:00-04:00`; with microseconds only if there are any.
pub fn format_instant(instant: i64, zone: Tz) -> String {
    let seconds = i32::try_from(offset_at(instant, zone) / SECOND).ok();
    let offset = seconds.and_then(FixedOffset::east_opt);
    let offset = offset.unwrap_or_else(|| Utc.fix());
    DateTime::<FixedOffset>::from_naive_utc_and_offset(naive_of_micros(instant), offset)
        .to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// An instant for the server administrator, the same in every locale: to the minute on the zone's clock, with the
/// zone's abbreviation or offset at that time: `2025-06-01 09:30 EDT`.
pub fn moment(instant: i64, zone: Tz) -> String {
    DateTime::<Utc>::from_naive_utc_and_offset(naive_of_micros(instant), Utc)
        .with_timezone(&zone)
        .format("%Y-%m-%d %H:%M %Z")
        .to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The local clock at an instant, both as `2150-06-30T22:30:00`.
    fn local(instant: &str, zone: Tz) -> String {
        let instant = micros_of_naive(instant.parse().unwrap());
        let local = local_naive(instant, zone);
        assert_eq!(
            instants_of_local(micros_of_naive(local), zone),
            MappedLocalTime::Single(instant),
            "{local} in {zone}"
        );
        local.format("%Y-%m-%dT%H:%M:%S").to_string()
    }

    #[test]
    fn summers_go_on_after_the_tables_end() {
        use chrono_tz::{Asia::Tokyo, Australia::Sydney, Europe::Berlin};
        for (instant, zone, clock) in [
            ("2099-06-30T22:30:00", Berlin, "2099-07-01T00:30:00"),
            ("2100-06-30T22:30:00", Berlin, "2100-07-01T00:30:00"),
            ("2100-02-28T23:30:00", Berlin, "2100-03-01T00:30:00"),
            ("2104-02-28T23:30:00", Berlin, "2104-02-29T00:30:00"),
            // The last Sunday of March.
            ("2150-03-29T00:59:59", Berlin, "2150-03-29T01:59:59"),
            ("2150-03-29T01:00:00", Berlin, "2150-03-29T03:00:00"),
            ("2199-12-31T13:30:00", Sydney, "2200-01-01T00:30:00"),
            ("9999-12-31T12:59:59", Sydney, "9999-12-31T23:59:59"),
            ("2150-06-30T22:30:00", Tokyo, "2150-07-01T07:30:00"),
        ] {
            assert_eq!(local(instant, zone), clock, "{instant} in {zone}");
        }
        let gap = micros_of_naive("2150-03-29T02:30:00".parse().unwrap());
        assert_eq!(
            format_instant(resolve(gap, Berlin), Berlin),
            "2150-03-29T03:00:00+02:00"
        );
    }
}
