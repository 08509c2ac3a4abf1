//! Numbers with a unit, as `config.yaml` writes them. Each type checks its own values.

use std::net::SocketAddr;
use std::time::Duration;

use schemars::json_schema;

use super::value::text_value;
use crate::decode::{Read, Reader, Text, inline_schema};
use crate::diagnostic::suggest;
use crate::source::Node;
use crate::value::Share;

/// The longest time allowed: ten years, in seconds.
const MAX_SECONDS: u64 = 10 * 366 * 86_400;

/// A change by this factor or more must be written in percent.
const MAX_CHANGE: f64 = 10.0;

text_value! {
    /// A stretch of real time, above 0.
    Stretch(Duration) = stretch, { "type": "string", "examples": ["60 seconds", "5 minutes", "36 hours", "2 days"] };
    /// An address to listen on.
    Listen(SocketAddr) = listen, { "type": "string", "examples": ["127.0.0.1:9464"] };
    /// A number of bytes.
    Size(u64) = size, { "type": ["string", "integer"], "examples": ["10 MB", "500 KB"] };
    /// A whole number from 0 on.
    Count(u32) = count, { "type": ["integer", "string"], "minimum": 0 };
    /// Any number; 0.75 is also `75%`.
    Number(f64) = number, { "type": ["number", "string"], "examples": [60, "75%"] };
    /// A number above 0; 0.2 is also `20%`.
    Weight(f64) = weight, { "type": ["number", "string"], "exclusiveMinimum": 0 };
    /// A change by a share: 0.5 is `50%`; may be more than 100%.
    Change(Share) = change, { "type": ["string", "number"], "examples": ["50%"] };
}

/// Splits a text such as `36 hours` into the number, and the unit without its `s`.
fn amount(text: &str) -> Option<(u64, String)> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    Some((number.parse().ok()?, unit.trim().to_ascii_lowercase()))
}

fn stretch(text: Text, reader: &mut Reader<'_>) -> Option<Duration> {
    let written = amount(&text.scalar.value);
    let seconds = written.as_ref().and_then(|(count, unit)| {
        let unit = unit.strip_suffix('s').unwrap_or(unit);
        let (_, seconds) = UNITS.iter().find(|(name, _)| *name == unit)?;
        count.checked_mul(*seconds)
    });
    let fits = seconds.filter(|seconds| (1..=MAX_SECONDS).contains(seconds));
    if fits.is_none() {
        let expected = "a length of time such as `60 seconds`, `5 minutes` or `36 hours`";
        match written.and_then(|(count, unit)| meant(count, &unit)) {
            Some(help) => reader.refuse(text.scalar.location, expected, help),
            None => reader.invalid(text.scalar.location, expected),
        }
    }
    fits.map(Duration::from_secs)
}

/// Units of time, in seconds.
const UNITS: [(&str, u64); 5] = [
    ("second", 1),
    ("minute", 60),
    ("hour", 3_600),
    ("day", 86_400),
    ("week", 604_800),
];

/// What a number with an unknown unit probably means.
fn meant(count: u64, unit: &str) -> Option<String> {
    let short = match unit {
        "" => return Some(format!("say of what: `{count} seconds`, or another unit")),
        "s" | "sec" | "secs" => "second",
        "m" | "min" | "mins" => "minute",
        "h" | "hr" | "hrs" => "hour",
        "d" => "day",
        "w" | "wk" | "wks" => "week",
        "month" | "months" => {
            return Some(format!("count the days: `{} days`", count.checked_mul(30)?));
        }
        "year" | "years" => {
            return Some(format!(
                "count the days: `{} days`",
                count.checked_mul(365)?
            ));
        }
        other => suggest(other, UNITS.iter().map(|(name, _)| *name))?,
    };
    let plural = if count == 1 { "" } else { "s" };
    Some(format!("write `{count} {short}{plural}`"))
}

fn listen(text: Text, reader: &mut Reader<'_>) -> Option<SocketAddr> {
    let written = text.scalar.value.trim();
    let address = written.parse().ok();
    if address.is_none() {
        let expected = "an address and a port, such as `127.0.0.1:9464`";
        let (host, port) = written.rsplit_once(':').unwrap_or(("", written));
        let port = port.parse::<u16>().ok().filter(|port| *port > 0);
        let meant = matches!(host, "" | "localhost").then_some(port).flatten();
        match meant {
            Some(port) => {
                let help = format!("for this machine only write `127.0.0.1:{port}`");
                reader.refuse(text.scalar.location, expected, help);
            }
            None => reader.invalid(text.scalar.location, expected),
        }
    }
    address
}

fn size(text: Text, reader: &mut Reader<'_>) -> Option<u64> {
    let fits = bytes(&text.scalar.value);
    let fits = fits.filter(|bytes| (1_000..=1_000_000_000).contains(bytes));
    let expected = "a size such as `10 MB` or `500 KB`, up to 1,000 MB";
    reader.expect(fits, text.scalar.location, expected)
}

/// The number of bytes in a text such as `10 MB`.
pub(super) fn bytes(text: &str) -> Option<u64> {
    let (count, unit) = amount(text)?;
    let unit = match unit.as_str() {
        "" | "b" | "byte" | "bytes" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        _ => return None,
    };
    count.checked_mul(unit)
}

fn count(text: Text, reader: &mut Reader<'_>) -> Option<u32> {
    let count = text.scalar.value.parse().ok();
    reader.expect(count, text.scalar.location, "a whole number from 0 on")
}

fn number(text: Text, reader: &mut Reader<'_>) -> Option<f64> {
    let number = share_or_number(&text.scalar.value);
    if number.is_none() {
        let expected = "a number, or a share such as `75%`";
        match number_in(&text.scalar.value) {
            Some(number) => {
                let help = format!("write `{number}`");
                reader.refuse(text.scalar.location, expected, help);
            }
            None => reader.invalid(text.scalar.location, expected),
        }
    }
    number
}

/// The number in a text with a unit, `60 days`, or with a decimal comma, `0,5`.
fn number_in(written: &str) -> Option<String> {
    let first = written.split_whitespace().next()?;
    let pointed = match first.split_once(',') {
        // To some people, `1,000` is a thousand.
        Some((_, part)) if part.len() == 3 => return None,
        Some((whole, part)) => format!("{whole}.{part}"),
        None => first.to_owned(),
    };
    share_or_number(&pointed).map(|_| pointed)
}

/// A finite number; `75%` is 0.75.
fn share_or_number(written: &str) -> Option<f64> {
    let written = written.trim();
    let number: Option<f64> = match written.strip_suffix('%') {
        Some(number) => number.trim_end().parse().ok().map(|n: f64| n / 100.0),
        None => written.parse().ok(),
    };
    number.filter(|n| n.is_finite())
}

fn weight(text: Text, reader: &mut Reader<'_>) -> Option<f64> {
    let fits = share_or_number(&text.scalar.value).filter(|n| *n > 0.0);
    reader.expect(fits, text.scalar.location, "a number above 0")
}

fn change(text: Text, reader: &mut Reader<'_>) -> Option<Share> {
    let number = share_or_number(&text.scalar.value);
    // `50` without a percent sign would be a factor of fifty, which nobody means.
    let fits = number.filter(|n: &f64| *n < MAX_CHANGE || text.shown.contains('%'));
    let share = fits
        .and_then(Share::of)
        .filter(|share| *share > Share::default());
    let expected = "a share above 0% with its sign, such as `50%`";
    reader.expect(share, text.scalar.location, expected)
}
