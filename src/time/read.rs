//! Reads times as databases and people write them.

use chrono_tz::Tz;

use super::calendar::days_of_civil;
use super::zone::{DAY, SECOND, resolve};

/// Numbers from here on are milliseconds, smaller ones are seconds (at this limit, the year 5138 or 1973).
const MILLISECONDS_FROM: f64 = 1e11;
/// The last day that can be written with a four-digit year, in seconds, in any zone.
const LAST_DAY: std::ops::Range<f64> = 253_402_128_000.0..253_402_300_800.0;
/// The number of days whose offset is cached: more than eleven years.
const REMEMBERED: usize = 4_096;

/// Whether a number that is only known to be a time is in seconds: if it is below 10^11, or on the last day of the year
/// 9999, which programs write for "never" (in milliseconds, that is a day in 1978).
#[inline]
pub fn is_seconds(number: f64) -> bool {
    number.abs() < MILLISECONDS_FROM || LAST_DAY.contains(&number)
}

/// Reads instants from text; caches the zone's offset for the days it has met.
#[derive(Debug, Clone)]
pub struct InstantReader {
    zone: Tz,
    days: Vec<Day>,
    /// The day that was read last, as it was written: neighbouring rows mostly have the same day.
    latest: ([u8; 10], Day),
}

/// What is known of one local day.
#[derive(Debug, Clone, Copy)]
struct Day {
    day: i32,
    zone: Tz,
    /// The offset in seconds; `None` if it changes during the day.
    offset: Option<i32>,
}

impl InstantReader {
    /// A reader for local times in `zone`.
    pub fn new(zone: Tz) -> Self {
        let nothing = Day {
            day: i32::MIN,
            zone,
            offset: None,
        };
        let mut new = Self {
            zone,
            days: vec![nothing; REMEMBERED],
            latest: (*b"1970-01-01", nothing),
        };
        new.latest.1 = new.day(0, zone);
        new
    }

    /// The instant of a stored time; without an offset, it is on the clock of `zone`.
    pub(super) fn instant(&mut self, written: &Written, zone: Option<Tz>) -> i64 {
        match written.offset {
            Some(offset) => written.less(offset),
            None => {
                let day = self.day(written.day, zone.unwrap_or(self.zone));
                day.at(written.time)
            }
        }
    }

    /// Reads an instant from ISO text: `2025-06-01T09:30:00`, with a space or `T`; seconds, their fraction, and `Z` or
    /// an offset are optional. Without an offset, it is in the reader's zone. A date alone means its midnight.
    /// Fractions are cut to microseconds.
    #[inline]
    pub fn read(&mut self, text: &[u8]) -> Option<i64> {
        self.read_in(text, None)
    }

    /// [`InstantReader::read`], but text without an offset is on the clock of `zone`, if given.
    #[inline]
    pub fn read_in(&mut self, text: &[u8], zone: Option<Tz>) -> Option<i64> {
        let zone = zone.unwrap_or(self.zone);
        let (date, rest) = text.trim_ascii().split_first_chunk()?;
        let (time, offset) = read_clock(rest)?;
        if *date != self.latest.0 || zone != self.latest.1.zone {
            self.latest = (*date, self.day(read_date(date)?, zone));
        }
        let day = self.latest.1;
        Some(match offset {
            None => day.at(time),
            Some(offset) => i64::from(day.day) * DAY + time - offset,
        })
    }

    /// Reads an instant from a number of seconds or milliseconds; `None` beyond the calendar.
    pub fn read_number(number: f64) -> Option<i64> {
        match is_seconds(number) {
            true => instant_of_seconds(number),
            false => instant_of_milliseconds(number),
        }
    }

    /// The instant at which a day, in days since 1970-01-01, begins.
    pub fn midnight(&mut self, day: i32) -> i64 {
        self.day(day, self.zone).at(0)
    }

    /// What is known of a day on a zone's clock.
    fn day(&mut self, day: i32, zone: Tz) -> Day {
        if zone == Tz::UTC {
            let offset = Some(0);
            return Day { day, zone, offset };
        }
        let place = usize::try_from(day.rem_euclid(4_096)).unwrap_or(0);
        match self.days.get_mut(place) {
            Some(known) if known.day == day && known.zone == zone => *known,
            slot => {
                let offset = steady_offset(day, zone);
                let found = Day { day, zone, offset };
                if let Some(slot) = slot {
                    *slot = found;
                }
                found
            }
        }
    }
}

impl Day {
    /// The instant of a time of day in microseconds.
    fn at(self, time: i64) -> i64 {
        let local = i64::from(self.day) * DAY + time;
        match self.offset {
            Some(seconds) => local - i64::from(seconds) * SECOND,
            None => resolve(local, self.zone),
        }
    }
}

/// A time as it is stored.
pub(super) struct Written {
    pub(super) day: i32,
    /// The time of day in microseconds.
    pub(super) time: i64,
    /// Its offset from UTC in microseconds, if it is stated.
    pub(super) offset: Option<i64>,
}

impl Written {
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let (date, rest) = text.trim_ascii().split_first_chunk::<10>()?;
        let (time, offset) = read_clock(rest)?;
        let day = read_date(date)?;
        Some(Self { day, time, offset })
    }

    /// A stored time from an instant, which needs no zone.
    pub(super) fn of_instant(instant: i64) -> Option<Self> {
        Some(Self {
            day: i32::try_from(instant.div_euclid(DAY)).ok()?,
            time: instant.rem_euclid(DAY),
            offset: Some(0),
        })
    }

    /// The instant, if its clock is ahead of UTC by this offset.
    fn less(&self, offset: i64) -> i64 {
        i64::from(self.day) * DAY + self.time - offset
    }
}

/// The offset of a whole local day in seconds; `None` if it changes. Checked every six hours, since no zone has ever
/// changed its clocks and changed them back within four days (tzdata 2026).
fn steady_offset(day: i32, zone: Tz) -> Option<i32> {
    let begin = i64::from(day) * DAY;
    let offset = begin - resolve(begin, zone);
    (1..=4)
        .map(|quarter| begin + quarter * DAY / 4)
        .all(|local| local - resolve(local, zone) == offset)
        .then(|| i32::try_from(offset / SECOND).ok())
        .flatten()
}

/// An instant from seconds since 1970, which may have a fraction; `None` beyond the calendar.
pub fn instant_of_seconds(seconds: f64) -> Option<i64> {
    scaled(seconds, 1e6)
}

/// An instant from milliseconds since 1970; `None` beyond the calendar.
pub fn instant_of_milliseconds(milliseconds: f64) -> Option<i64> {
    scaled(milliseconds, 1e3)
}

/// Microseconds, if they lie within the years ±200,000.
fn scaled(number: f64, by: f64) -> Option<i64> {
    let micros = (number * by).round();
    (micros.abs() < 6e18).then_some(micros as i64)
}

/// A date in days since 1970 from the first ten characters of a text: `2025-06-01…`.
pub fn read_date(text: &[u8]) -> Option<i32> {
    let &[a, b, c, d, b'-', e, f, b'-', g, h, ..] = text else {
        return None;
    };
    let year = digits(a, b)? * 100 + digits(c, d)?;
    days_of_civil(i32::try_from(year).ok()?, digits(e, f)?, digits(g, h)?)
}

/// Reads an instant as people write it on the command line: a date means that day's local midnight, and an instant is
/// cut to the whole second.
pub fn parse_instant(text: &str, zone: Tz) -> Option<i64> {
    let instant = InstantReader::new(zone).read(text.as_bytes())?;
    Some(instant.div_euclid(SECOND) * SECOND)
}

/// Reads what follows a date: the time of day, 0 if there is none, and its offset from UTC if it is stated; both in
/// microseconds.
#[inline]
fn read_clock(text: &[u8]) -> Option<(i64, Option<i64>)> {
    let text = match text {
        [] => return Some((0, None)),
        [b'T' | b' ' | b't', text @ ..] => text,
        _ => return None,
    };
    let (time, rest) = read_time(text)?;
    match rest.trim_ascii_start() {
        [] => Some((time, None)),
        rest => match read_offset(rest)? {
            (offset, []) => Some((time, Some(offset))),
            _ => None,
        },
    }
}

/// Reads a time of day in microseconds; returns it with the rest.
fn read_time(text: &[u8]) -> Option<(i64, &[u8])> {
    let (&[a, b, b':', c, d], rest) = text.split_first_chunk::<5>()? else {
        return None;
    };
    let (hour, minute) = (digits(a, b)?, digits(c, d)?);
    let mut second = 0;
    let mut fraction = 0;
    let mut rest = rest;
    if let Some((&[b':', a, b], after)) = rest.split_first_chunk::<3>() {
        second = digits(a, b)?;
        rest = after;
        if let Some((b'.' | b',', after)) = rest.split_first() {
            (fraction, rest) = read_fraction(after)?;
        }
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = i64::from(hour * 3_600 + minute * 60 + second);
    Some((seconds * SECOND + fraction, rest))
}

/// Reads at least one digit after the decimal point as microseconds; digits after the sixth are cut.
pub(super) fn read_fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let length = text.iter().take_while(|c| c.is_ascii_digit()).count();
    let (fraction, rest) = text.split_at_checked(length)?;
    let digit = |place: usize| fraction.get(place).map_or(0, |c| i64::from(c - b'0'));
    let micros = (0..6).fold(0, |sum, place| sum * 10 + digit(place));
    (length > 0).then_some((micros, rest))
}

/// Reads `Z`, `+02`, `+0200` or `+02:00` in microseconds; returns it with the rest.
pub(super) fn read_offset(text: &[u8]) -> Option<(i64, &[u8])> {
    let (sign, hour, rest) = match text {
        [b'Z' | b'z', rest @ ..] => return Some((0, rest)),
        [b'+', a, b, rest @ ..] => (1, digits(*a, *b)?, rest),
        [b'-', a, b, rest @ ..] => (-1, digits(*a, *b)?, rest),
        _ => return None,
    };
    let (minute, rest) = match rest {
        [b':', c, d, rest @ ..] => (digits(*c, *d)?, rest),
        [c, d, rest @ ..] if c.is_ascii_digit() => (digits(*c, *d)?, rest),
        _ => (0, rest),
    };
    if hour > 23 || minute > 59 {
        return None;
    }
    Some((sign * i64::from(hour * 60 + minute) * 60 * SECOND, rest))
}

/// The number that two digits write.
#[inline]
pub(super) fn digits(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
}
