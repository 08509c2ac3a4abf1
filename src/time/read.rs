//! Times as databases and people write them.

use chrono_tz::Tz;

use super::calendar::days_of_civil;
use super::zone::{DAY, SECOND, resolve};

/// Numbers from here on are milliseconds, below it seconds (the year 5138, and 1973).
const MILLISECONDS_FROM: f64 = 1e11;
/// The last day that four digits can write, in seconds, wherever it begins.
const LAST_DAY: std::ops::Range<f64> = 253_402_128_000.0..253_402_300_800.0;
/// Days whose offset is remembered at once: more than eleven years.
const REMEMBERED: usize = 4_096;

/// Whether a number of which nothing is known but that it is a time is one in seconds: below 10^11, and on the
/// last day of the year 9999, as which programs write "never" (a day of 1978 in milliseconds).
#[inline]
pub fn is_seconds(number: f64) -> bool {
    number.abs() < MILLISECONDS_FROM || LAST_DAY.contains(&number)
}

/// Reads instants from text; remembers the zone's offset of each day it has met.
#[derive(Debug, Clone)]
pub struct InstantReader {
    zone: Tz,
    days: Vec<Day>,
    /// The day read last, as it was written: rows next to each other are mostly of the same day.
    latest: ([u8; 10], Day),
}

/// What is known of one local day.
#[derive(Debug, Clone, Copy)]
struct Day {
    day: i32,
    /// The offset in seconds; none where it changes within the day.
    offset: Option<i32>,
}

impl InstantReader {
    /// A reader of local times in `zone`.
    pub fn new(zone: Tz) -> Self {
        let nothing = Day {
            day: i32::MIN,
            offset: None,
        };
        let mut new = Self {
            zone,
            days: vec![nothing; REMEMBERED],
            latest: (*b"1970-01-01", nothing),
        };
        new.latest.1 = new.day(0);
        new
    }

    /// An instant from ISO text: `2025-06-01T09:30:00`, with a blank or `T`, seconds and their fraction
    /// optional, `Z` or an offset optional (without one in the reader's zone); a date alone is its
    /// midnight. Fractions are cut to microseconds.
    #[inline]
    pub fn read(&mut self, text: &[u8]) -> Option<i64> {
        let (date, rest) = text.trim_ascii().split_first_chunk()?;
        let (time, offset) = read_clock(rest)?;
        if *date != self.latest.0 {
            self.latest = (*date, self.day(read_date(date)?));
        }
        let day = self.latest.1;
        Some(match offset {
            None => day.at(time, self.zone),
            Some(offset) => i64::from(day.day) * DAY + time - offset,
        })
    }

    /// [`InstantReader::read`], where text without an offset is in UTC.
    pub fn read_utc(text: &[u8]) -> Option<i64> {
        let (date, rest) = text.trim_ascii().split_first_chunk::<10>()?;
        let (time, offset) = read_clock(rest)?;
        Some(i64::from(read_date(date)?) * DAY + time - offset.unwrap_or(0))
    }

    /// An instant from a number: seconds or milliseconds; none beyond the calendar.
    pub fn read_number(number: f64) -> Option<i64> {
        match is_seconds(number) {
            true => instant_of_seconds(number),
            false => instant_of_milliseconds(number),
        }
    }

    /// The instant at which a day, in days since 1970-01-01, begins.
    pub fn midnight(&mut self, day: i32) -> i64 {
        self.day(day).at(0, self.zone)
    }

    fn day(&mut self, day: i32) -> Day {
        let place = usize::try_from(day.rem_euclid(4_096)).unwrap_or(0);
        match self.days.get_mut(place) {
            Some(known) if known.day == day => *known,
            slot => {
                let offset = steady_offset(day, self.zone);
                let found = Day { day, offset };
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
    fn at(self, time: i64, zone: Tz) -> i64 {
        let local = i64::from(self.day) * DAY + time;
        match self.offset {
            Some(seconds) => local - i64::from(seconds) * SECOND,
            None => resolve(local, zone),
        }
    }
}

/// The one offset of a whole local day in seconds; none where it changes. Looked at every six hours: no zone ever
/// changed its clocks and changed them back sooner.
fn steady_offset(day: i32, zone: Tz) -> Option<i32> {
    let begin = i64::from(day) * DAY;
    let offset = begin - resolve(begin, zone);
    (1..=4)
        .map(|quarter| begin + quarter * DAY / 4)
        .all(|local| local - resolve(local, zone) == offset)
        .then(|| i32::try_from(offset / SECOND).ok())
        .flatten()
}

/// An instant from seconds since 1970, with a fraction; none beyond the calendar.
pub fn instant_of_seconds(seconds: f64) -> Option<i64> {
    scaled(seconds, 1e6)
}

/// An instant from milliseconds since 1970; none beyond the calendar.
pub fn instant_of_milliseconds(milliseconds: f64) -> Option<i64> {
    scaled(milliseconds, 1e3)
}

/// Microseconds, where they lie within the years ±200,000.
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

/// An instant as people write it on the command line: a date is that day's local midnight, an instant
/// is cut to the whole second.
pub fn parse_instant(text: &str, zone: Tz) -> Option<i64> {
    let instant = InstantReader::new(zone).read(text.as_bytes())?;
    Some(instant.div_euclid(SECOND) * SECOND)
}

/// What follows a date: the time of day, 0 where there is none, and its distance from UTC where it is written;
/// both in microseconds.
#[inline]
fn read_clock(text: &[u8]) -> Option<(i64, Option<i64>)> {
    match text {
        [] => Some((0, None)),
        [b'T' | b' ' | b't', text @ ..] => {
            let (time, rest) = read_time(text)?;
            Some((time, read_offset(rest.trim_ascii_start())?))
        }
        _ => None,
    }
}

/// A time of day in microseconds and what follows it.
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

/// Digits after the point as microseconds, at least one; those beyond the sixth are cut.
fn read_fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let length = text.iter().take_while(|c| c.is_ascii_digit()).count();
    let (fraction, rest) = text.split_at_checked(length)?;
    let digit = |place: usize| fraction.get(place).map_or(0, |c| i64::from(c - b'0'));
    let micros = (0..6).fold(0, |sum, place| sum * 10 + digit(place));
    (length > 0).then_some((micros, rest))
}

/// `Z`, `+02`, `+0200` or `+02:00` in microseconds, `None` inside for no offset at all.
fn read_offset(text: &[u8]) -> Option<Option<i64>> {
    let (sign, hour, minute) = match *text {
        [] => return Some(None),
        [b'Z' | b'z'] => return Some(Some(0)),
        [sign, a, b] => (sign, digits(a, b)?, 0),
        [sign, a, b, b':', c, d] | [sign, a, b, c, d] => (sign, digits(a, b)?, digits(c, d)?),
        _ => return None,
    };
    if hour > 23 || minute > 59 {
        return None;
    }
    let micros = i64::from(hour * 60 + minute) * 60 * SECOND;
    match sign {
        b'+' => Some(Some(micros)),
        b'-' => Some(Some(-micros)),
        _ => None,
    }
}

/// Two digits.
fn digits(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
}
