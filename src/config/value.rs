//! The single values of `config.yaml`. Each type checks its own values.

use std::path::PathBuf;

use schemars::{JsonSchema, json_schema};
use serde::Deserialize;

use crate::decode::{Identifier, Read, Reader, Several, Text, choice, inline_schema};
use crate::diagnostic::{Code, Finding};
use crate::schedule::Calendar;
use crate::source::{Node, NodeKind, Scalar};
use crate::time::YearStart;
use crate::value::{KeyMatch, KeyType};

/// Declares a value that is written as one text: its check, and its schema for editors.
macro_rules! text_value {
    ($($(#[$meta:meta])* $name:ident($inner:ty) = $check:expr, $schema:tt;)*) => {$(
        $(#[$meta])*
        #[derive(Debug)]
        pub(in crate::config) struct $name(pub(in crate::config) $inner);

        impl Read for $name {
            fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                let text = Text::read(node, reader)?;
                let check: fn(Text, &mut Reader<'_>) -> Option<$inner> = $check;
                check(text, reader).map(Self)
            }
        }

        inline_schema!($name, |_| json_schema!($schema));
    )*};
}
pub(super) use text_value;

text_value! {
    /// `sqlite:` and a path.
    SqliteFile(PathBuf) = database, { "type": "string", "pattern": "^sqlite:.|\\$\\{" };
    /// A glob of files.
    Pattern(Scalar) = pattern, { "type": ["string", "number", "boolean"] };
    /// A time zone of the IANA list.
    Zone(chrono_tz::Tz) = zone, { "type": "string", "examples": ["America/New_York", "Europe/Berlin", "UTC"] };
    /// A day that every year has.
    MonthDay(YearStart) = month_day, { "type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$|\\$\\{", "examples": ["04-01", "07-01"] };
    /// A currency's code.
    Currency(String) = currency, { "type": "string", "pattern": "^[A-Z]{3}$|\\$\\{", "examples": ["USD", "EUR", "GBP"] };
    /// Five cron fields.
    Cron(Scalar) = cron, { "type": "string", "examples": ["0 6 * * *"] };
    /// A recipient.
    Email(Scalar) = address, { "type": "string", "pattern": "@|\\$\\{" };
    /// An address, or `@` and a domain.
    Allowed(Scalar) = allowed, { "type": "string", "pattern": "@|\\$\\{" };
    /// A sender: an address, or `Name <address>`.
    Sender(Scalar) = sender, { "type": "string", "pattern": "@|\\$\\{" };
    /// A path.
    Folder(PathBuf) = |text, _| Some(PathBuf::from(text.scalar.value)), { "type": ["string", "number", "boolean"] };
    /// A file, and where it is named.
    OneFile(Scalar) = |text, _| Some(text.scalar), { "type": ["string", "number", "boolean"] };
    /// A host name or address.
    Host(String) = host, { "type": ["string", "number", "boolean"] };
    /// The last year that two digits of one can be.
    LastYear(u16) = last_year, { "type": ["integer", "string"], "minimum": 1900, "maximum": 2200 };
    /// A port number.
    Port(u16) = port, { "type": ["integer", "string"], "minimum": 1, "maximum": 65535 };
}

fn database(text: Text, reader: &mut Reader<'_>) -> Option<PathBuf> {
    let path = sqlite_file(&text.scalar.value);
    let expected = "`sqlite:` and the path of a file, such as `sqlite:demo/studio.db`";
    reader.expect(path, text.scalar.location, expected)
}

/// The path after `sqlite:`; `None` if there is none.
pub(super) fn sqlite_file(value: &str) -> Option<PathBuf> {
    let path = value.strip_prefix("sqlite:");
    let path = path.map(|p| p.strip_prefix("//").unwrap_or(p));
    let path = path.filter(|p| !p.is_empty() && !p.starts_with(":memory:"));
    path.map(PathBuf::from)
}

fn pattern(text: Text, reader: &mut Reader<'_>) -> Option<Scalar> {
    if let Err(error) = glob::Pattern::new(&text.scalar.value) {
        let expected = format!("a pattern of files such as `rules/*.yaml` ({})", error.msg);
        reader.invalid(text.scalar.location, &expected);
        return None;
    }
    Some(text.scalar)
}

fn month_day(text: Text, reader: &mut Reader<'_>) -> Option<YearStart> {
    let value = text.scalar.value.as_str();
    let padded = value
        .split_once('-')
        .filter(|(m, d)| m.len() == 2 && d.len() == 2);
    let start =
        padded.and_then(|(month, day)| YearStart::new(month.parse().ok()?, day.parse().ok()?));
    let expected = "a month and a day that every year has, such as `04-01`";
    reader.expect(start, text.scalar.location, expected)
}

fn zone(text: Text, reader: &mut Reader<'_>) -> Option<chrono_tz::Tz> {
    let value = text.scalar.value.as_str();
    if let Ok(zone) = value.parse() {
        return Some(zone);
    }
    let names = || chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    // People know their city but not its continent, and write spaces.
    let city = value.rsplit('/').next().unwrap_or(value).replace(' ', "_");
    let by_city = || {
        names().find(|n| {
            n.rsplit('/')
                .next()
                .is_some_and(|c| c.eq_ignore_ascii_case(&city))
        })
    };
    let near = crate::diagnostic::suggest(value, names()).or_else(by_city);
    let is_offset = value.contains(['+', '-']) && value.contains(|c: char| c.is_ascii_digit());
    let help = match near.filter(|_| text.shown == value && !is_offset) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            "names are those of the IANA list: `America/New_York`, `Europe/Berlin`, `UTC`".into()
        }
    };
    let message = format!("there is no time zone `{}`", text.shown);
    reader.report(
        Finding::new(Code::UnknownTimezone, message)
            .at(text.scalar.location)
            .help(help),
    );
    None
}

fn currency(text: Text, reader: &mut Reader<'_>) -> Option<String> {
    let code = text.scalar.value;
    let fits = code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
    let expected = "a currency's three capital letters, such as `USD` or `EUR`";
    reader.expect(fits.then_some(code), text.scalar.location, expected)
}

fn cron(text: Text, reader: &mut Reader<'_>) -> Option<Scalar> {
    // The schedule itself depends on the zone. Whether it can be read and is ever due does not, so that is checked
    // here.
    let Err(refused) = Calendar::new(&text.scalar.value, chrono_tz::UTC) else {
        return Some(text.scalar);
    };
    if text.scalar.value.contains(['“', '”', '„', '‘', '’']) {
        let message = "typographic quotes are part of this cron expression";
        let finding = Finding::new(Code::CurlyQuotes, message).at(text.scalar.location);
        reader.report(finding.help("write straight ones: `\"0 6 * * *\"`"));
        return None;
    }
    let code = match refused.never_due {
        true => Code::NeverDue,
        false => Code::InvalidValue,
    };
    let finding = if text.scalar.value == text.shown {
        let place = reader.locate(&text.scalar, refused.place);
        Finding::new(code, refused.message)
            .at(place)
            .help(refused.help)
    } else {
        // The contents of a variable are not quoted.
        let message = format!("the cron expression `{}` is never due", text.shown);
        Finding::new(code, message).at(text.scalar.location)
    };
    reader.report(finding);
    None
}

fn sender(text: Text, reader: &mut Reader<'_>) -> Option<Scalar> {
    let value = text.scalar.value.trim();
    let inner = value.strip_suffix('>').and_then(|v| v.rsplit_once('<'));
    let bare = inner.map_or(value, |(_, address)| address);
    let fits = is_address(bare) && !text.scalar.value.contains(char::is_control);
    let location = text.scalar.location;
    let expected = "an address, or a name and an address: `Segments <segments@example.com>`";
    reader.expect(fits.then_some(text.scalar), location, expected)
}

fn address(text: Text, reader: &mut Reader<'_>) -> Option<Scalar> {
    if is_address(&text.scalar.value) {
        return Some(text.scalar);
    }
    let named = text.scalar.value.contains('<');
    let expected = "a mail address, such as `managers@example.com`";
    match named {
        true => reader.refuse(
            text.scalar.location,
            expected,
            "write the address alone, without the name",
        ),
        false => reader.invalid(text.scalar.location, expected),
    }
    None
}

/// An address, or `@` and a domain.
fn allowed(text: Text, reader: &mut Reader<'_>) -> Option<Scalar> {
    let value = text.scalar.value.trim();
    let domain = value.strip_prefix('@').unwrap_or("");
    let is_domain = |domain: &str| {
        !domain.is_empty() && !domain.contains(['@', '*', ',', ' ', '/']) && domain.contains('.')
    };
    if value.starts_with('@') && is_domain(domain) || is_address(value) && !value.contains('*') {
        return Some(text.scalar);
    }
    let meant = value.trim_start_matches(['*', '@', '.']);
    let help = match is_domain(meant) && text.shown == text.scalar.value {
        true => format!("for everybody there write `\"@{meant}\"`"),
        false => "for everybody of a domain write `\"@example.com\"`".to_owned(),
    };
    let expected = "a mail address, or `@` and a domain";
    reader.refuse(text.scalar.location, expected, help);
    None
}

fn is_address(address: &str) -> bool {
    let parts = address.split_once('@');
    let fits = parts.is_some_and(|(local, host)| !local.is_empty() && !host.is_empty());
    let strange =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';');
    fits && !address.contains(strange)
}

fn host(text: Text, reader: &mut Reader<'_>) -> Option<String> {
    let value = text.scalar.value;
    let (name, port) = value.rsplit_once(':').unwrap_or((&value, ""));
    let with_port = !name.contains(':') && value.contains(':');
    if !value.is_empty() && !value.contains(|c: char| c.is_whitespace() || c == '/') && !with_port {
        return Some(value);
    }
    let help = match with_port && !port.is_empty() && port.bytes().all(|c| c.is_ascii_digit()) {
        true => format!("the port is a key of its own: `port: {port}`"),
        false => "leave out what comes before and after the name, such as `https://`".to_owned(),
    };
    let expected = "the name of a server, such as `smtp.example.com`";
    reader.refuse(text.scalar.location, expected, help);
    None
}

fn last_year(text: Text, reader: &mut Reader<'_>) -> Option<u16> {
    let year = text.scalar.value.trim().parse::<u16>().ok();
    let year = year.filter(|year| (1_900..=2_200).contains(year));
    let expected = "a year from 1900 to 2200, such as `2026`";
    reader.expect(year, text.scalar.location, expected)
}

fn port(text: Text, reader: &mut Reader<'_>) -> Option<u16> {
    let port = text.scalar.value.parse().ok().filter(|port| *port > 0);
    reader.expect(port, text.scalar.location, "a whole number from 1 to 65535")
}

/// What to do when nothing changed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::config) enum WhenEmpty {
    /// No mail.
    Skip,
    /// A mail that says so.
    Send,
}

/// `all`, or a list of segment ids.
#[derive(Debug)]
pub(in crate::config) enum Chosen {
    All,
    These(Several<Identifier>),
}

impl Read for Chosen {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let is_all =
            |node: &Node| matches!(&node.kind, NodeKind::Scalar(word) if word.value == "all");
        match &node.kind {
            NodeKind::List(items) if matches!(items.as_slice(), [one] if is_all(one)) => {
                Some(Self::All)
            }
            NodeKind::Scalar(_) if is_all(node) => Some(Self::All),
            NodeKind::List(_) | NodeKind::Scalar(_) => Several::read(node, reader).map(Self::These),
            NodeKind::Mapping(_) | NodeKind::Empty => {
                reader.invalid(node.location, "`all` or a list of segment ids");
                None
            }
        }
    }
}

inline_schema!(Chosen, |generator| {
    let list = generator.subschema_for::<Several<Identifier>>();
    json_schema!({ "anyOf": [{ "const": "all" }, list] })
});

choice!(KeyMatch, KeyType, WhenEmpty);
