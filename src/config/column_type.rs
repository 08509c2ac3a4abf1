//! The types of columns: a word, or the notation of their values.

use schemars::{JsonSchema, json_schema};
use serde::Deserialize;

use super::value::{LastYear, Zone};
use crate::decode::{Read, Reader, Text, inline_schema, record};
use crate::diagnostic::{Code, Finding, suggest};
use crate::source::{Location, Node, NodeKind};
use crate::time::{Discord, Pattern, TimeForm, TimeForms};
use crate::value::{ColumnType, Notation};

/// A type without a form of its own.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Word {
    /// A number.
    Number,
    /// An exact amount with four decimal places.
    Money,
    /// Whole cents, read as money.
    Cents,
    /// Text.
    Text,
    /// 0/1, true/false, t/f, yes/no.
    Boolean,
    /// A calendar date: the first ten characters of its text.
    Date,
    /// A point in time: ISO text, or seconds or milliseconds by size.
    Instant,
    /// The same, where text without an offset is in UTC.
    Utc,
    /// Seconds since 1970.
    Unix,
    /// Milliseconds since 1970.
    UnixMs,
    /// Microseconds since 1970.
    UnixUs,
    /// Julian days, a point in time.
    Julian,
    /// Days since 1899-12-30, as spreadsheets count them; fractions are the time of day.
    Excel,
    /// A date in eight digits.
    Yyyymmdd,
}

/// Words for forms of times.
const FORMS: [&str; 7] = [
    "iso", "unix", "unix_ms", "unix_us", "julian", "excel", "yyyymmdd",
];

record! {
    /// A type and how its values are written: one of `date`, `instant`, `money` and `number`.
    struct Formed {
        /// How dates are written: a pattern such as `%d/%m/%Y`, or `iso`, `julian`, `excel`, `yyyymmdd`; several in a list.
        date: Option<Forms>,
        /// How points in time are written: a pattern such as `%m/%d/%y %H:%M`, or `iso`, `unix`, `unix_ms`, `unix_us`,
        /// `julian`, `excel`, `yyyymmdd`; several in a list.
        instant: Option<Forms>,
        /// How amounts are written: `1,234.5` or `1.234,5`.
        money: Option<Notation>,
        /// How numbers are written: `1,234.5` or `1.234,5`.
        number: Option<Notation>,
        /// The last year that two digits (`%y`) can be: with 2026 they are 1927 to 2026. Default: 2068.
        last_year: Option<LastYear>,
        /// On the clock of which time zone an `instant` without an offset is. Default: the business zone.
        zone: Option<Zone>,
    }
}

/// One form of times, or a list of them.
#[derive(Debug)]
struct Forms(TimeForms);

inline_schema!(Forms, |_| json_schema!({
    "anyOf": [
        { "type": "string", "examples": ["%d/%m/%Y", "%m/%d/%y %H:%M", "%d %b %Y", "excel", "julian"] },
        { "type": "array", "items": { "type": "string" }, "minItems": 1 },
    ]
}));

inline_schema!(
    Notation,
    |_| json_schema!({ "enum": [Notation::Point.sample(), Notation::Comma.sample()] })
);

inline_schema!(ColumnType, |generator| {
    let word = generator.subschema_for::<Word>();
    let formed = generator.subschema_for::<Formed>();
    json_schema!({ "anyOf": [word, formed] })
});

impl Read for ColumnType {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.kind {
            NodeKind::Mapping(entries) => {
                let head = entries
                    .first()
                    .map_or(node.location, |(key, _)| key.location);
                let told = reader.findings.len();
                let formed = Formed::read(node, reader)?;
                let is_whole = reader.findings.len() == told;
                is_whole.then(|| formed.into_type(head, reader))?
            }
            NodeKind::Scalar(text) if text.value.contains('%') => {
                let key = match Pattern::new(&text.value) {
                    Ok(pattern) if pattern.has_time() => "instant",
                    _ => "date",
                };
                let help = format!("write `{{ {key}: \"{}\" }}`", text.value);
                reader.refuse(
                    node.location,
                    "a type; a pattern alone is only its form",
                    help,
                );
                None
            }
            _ => reader.choice::<Word>(node).and_then(Word::into_type),
        }
    }
}

impl Word {
    fn into_type(self) -> Option<ColumnType> {
        let instant = |form| ColumnType::instant_as(TimeForms::one(form), None);
        Some(match self {
            Self::Number => ColumnType::Number,
            Self::Money => ColumnType::Money,
            Self::Cents => ColumnType::Cents,
            Self::Text => ColumnType::Text,
            Self::Boolean => ColumnType::Boolean,
            Self::Date => ColumnType::Date,
            Self::Instant => ColumnType::Instant,
            Self::Utc => ColumnType::Instant.in_zone(chrono_tz::UTC),
            Self::Unix => ColumnType::Unix,
            Self::UnixMs => ColumnType::UnixMs,
            Self::UnixUs => instant(TimeForm::UnixUs),
            Self::Julian => instant(TimeForm::Julian),
            Self::Excel => instant(TimeForm::Excel),
            Self::Yyyymmdd => ColumnType::date_as(TimeForms::one(TimeForm::of_word("yyyymmdd")?)),
        })
    }
}

impl Formed {
    fn into_type(self, head: Location, reader: &mut Reader<'_>) -> Option<ColumnType> {
        let zone = self.zone.map(|zone| zone.0);
        let is_instant = self.instant.is_some();
        let types = [
            self.date.map(|forms| ColumnType::date_as(forms.0)),
            self.instant
                .map(|forms| ColumnType::instant_as(forms.0, zone)),
            self.money.map(ColumnType::MoneyAs),
            self.number.map(ColumnType::NumberAs),
        ];
        let mut types = types.into_iter().flatten();
        let (Some(ty), None) = (types.next(), types.next()) else {
            let expected = "one of `date:`, `instant:`, `money:` and `number:`, and how its values are written";
            reader.invalid(head, expected);
            return None;
        };
        let last_year = self.last_year.map(|year| year.0);
        let is_short = ty.forms().is_some_and(TimeForms::has_short_year);
        if last_year.is_some() && !is_short {
            let help = "four-digit years need no `last_year:`: leave it out";
            let expected = "a form with `%y` where it has a `last_year:`";
            reader.refuse(head, expected, help);
            return None;
        }
        let ty = ty.up_to(last_year);
        if zone.is_some() && !is_instant {
            let help = "dates are never shifted: leave `zone:` out, or make it an `instant:`";
            reader.refuse(head, "an `instant:` where it has a `zone:`", help);
            return None;
        }
        if let (ColumnType::DateAs(forms), false) = (ty, is_instant) {
            let is_instant = |form: &&TimeForm| {
                matches!(form, TimeForm::Unix | TimeForm::UnixMs | TimeForm::UnixUs)
            };
            if let Some(form) = forms.all().iter().find(is_instant) {
                let help =
                    format!("make it `instant: {form}`; a rule takes its date where one is wanted");
                reader.refuse(
                    head,
                    "an `instant:`, as its numbers are points in time",
                    help,
                );
                return None;
            }
        }
        Some(ty)
    }
}

impl Read for Forms {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let nodes = match &node.kind {
            NodeKind::List(_) => reader.list(node)?,
            _ => std::slice::from_ref(node),
        };
        let forms: Vec<Option<TimeForm>> = nodes.iter().map(|node| form(node, reader)).collect();
        let forms = forms.into_iter().collect::<Option<Vec<_>>>()?;
        let (expected, help) = match TimeForms::new(forms) {
            Ok(forms) => return Some(Self(forms)),
            Err(Discord::None) => ("at least one form", "write one, such as `\"%d/%m/%Y\"`"),
            Err(Discord::Orders) => (
                "forms in one order: otherwise nothing tells which day `03/04/2026` means",
                "keep the one that most values have, and correct the others where they come from",
            ),
            Err(Discord::Counts) => (
                "forms with at most one for numbers: every number would be read as the first",
                "keep the one that the numbers are in",
            ),
        };
        reader.refuse(node.location, expected, help);
        None
    }
}

fn form(node: &Node, reader: &mut Reader<'_>) -> Option<TimeForm> {
    let text = Text::read(node, reader)?;
    let written = text.scalar.value.trim();
    if let Some(form) = TimeForm::of_word(written) {
        return Some(form);
    }
    let refused = match Pattern::new(written) {
        Ok(pattern) => return Some(TimeForm::Pattern(pattern)),
        Err(refused) => refused,
    };
    let near = suggest(written, FORMS.iter().copied()).filter(|_| !written.contains('%'));
    let help = near.map_or(refused.help, |near| format!("did you mean `{near}`?"));
    let place = reader.locate(&text.scalar, refused.place);
    let finding = Finding::new(Code::InvalidValue, refused.message).at(place);
    reader.report(finding.help(help));
    None
}

impl Read for Notation {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = Text::read(node, reader)?;
        let written = text.scalar.value.trim();
        let notation = Self::ALL
            .into_iter()
            .find(|notation| notation.sample() == written);
        if notation.is_none() {
            // The last mark in a number taken from the data is the decimal mark.
            let help = match written
                .rfind(['.', ','])
                .and_then(|at| written.get(at..=at))
            {
                Some(",") => "write `\"1.234,5\"`",
                Some(_) => "write `\"1,234.5\"`",
                None => {
                    "write `\"1,234.5\"` if the decimal mark is a point, `\"1.234,5\"` if it is a comma"
                }
            };
            reader.refuse(text.scalar.location, "`\"1,234.5\"` or `\"1.234,5\"`", help);
        }
        notation
    }
}
