//! The shape of a rule file, as people write it. The doc comments are what editors show.

use schemars::json_schema;

use super::Decimal;
use crate::decode::{
    Condition, Entries, Identifier, List, Placed, Read, Reader, Several, Text, inline_schema,
    record,
};
use crate::source::{Node, NodeKind, Scalar};

/// The maximum importance and weight.
const MAX_WEIGHT: u32 = 1_000_000;

/// The maximum number of code points in a symbol: an emoji of several people has seven.
const MAX_SIGN: usize = 8;

record! {
    /// Muster: segments, the metrics they are made of, and their buckets.
    pub(super) struct RuleFile {
        /// Named expressions, usable in every rule file: `visits_30d: count(visits in last 30 days)`.
        metrics: Option<Entries<Identifier, Condition>>,
        /// The buckets in the order in which people see them.
        buckets: Option<Several<Text>>,
        /// Makes the segments of this file one ladder with this id: the first segment that matches takes the subject.
        ladder: Option<Identifier>,
        /// Who stands on the ladder at all: a condition. Default: everyone.
        among: Option<Condition>,
        /// The segments.
        segments: Option<List<Placed<SegmentEntry>>>,
    }
}

record! {
    /// A segment: all subjects for whom its condition is true.
    pub(super) struct SegmentEntry {
        /// Its name in rules and in the database: letters, digits and `_`.
        id: Identifier,
        /// Its name for people. Default: the id.
        name: Option<Text>,
        /// What it means, in plain words.
        description: Option<Text>,
        /// The bucket it belongs to.
        bucket: Option<Text>,
        /// How much it matters, a whole number: it orders a subject's segments, and its share of the sum of all is the weight.
        importance: Option<Importance>,
        /// A weight set by hand, a number with at most nine decimals; otherwise the importance tells.
        weight: Option<Decimal>,
        /// Free labels.
        tags: Option<Several<Text>>,
        /// The id that this segment had before, so that its history stays with it.
        was: Option<Identifier>,
        /// A sign that people see before the name, such as `♥︎`.
        sign: Option<Sign>,
        /// The condition. A segment with a `filter:` and the last rung of a ladder may leave it out.
        when: Option<Condition>,
        /// What else must be so: config's fields by their names, each with one value or a list of them.
        filter: Option<Filter>,
    }
}

/// Fields, each with values of which any will do.
#[derive(Debug)]
pub(super) struct Filter(pub(super) Vec<(Scalar, Values)>);

impl Read for Filter {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if matches!(&node.kind, NodeKind::Mapping(entries) if entries.is_empty()) {
            let help = "for a segment that holds everyone write `when: yes` instead";
            reader.refuse(node.location, "one field at least, with a value", help);
        }
        Entries::read(node, reader).map(|entries| Self(entries.0))
    }
}

inline_schema!(Filter, |generator| Entries::<Scalar, Values>::json_schema(
    generator
));

/// One value, or a list of which any will do.
#[derive(Debug)]
pub(super) struct Values(pub(super) Vec<Scalar>);

impl Read for Values {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let values = match &node.kind {
            NodeKind::Scalar(value) => return Some(Self(vec![value.clone()])),
            NodeKind::List(_) => List::<Text>::read(node, reader)?.0,
            NodeKind::Empty | NodeKind::Mapping(_) => Vec::new(),
        };
        if values.is_empty() {
            reader.invalid(node.location, "a value, or a list of values: `[one, two]`");
            return None;
        }
        Some(Self(values.into_iter().map(|value| value.scalar).collect()))
    }
}

inline_schema!(Values, |generator| {
    let one = generator.subschema_for::<Text>();
    let list = generator.subschema_for::<List<Text>>();
    json_schema!({ "anyOf": [one, list] })
});

/// A few characters that say at a glance which segment it is.
#[derive(Debug)]
pub(super) struct Sign(pub(super) String);

impl Read for Sign {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = Text::read(node, reader)?.scalar.value;
        let strange = |c: char| c.is_control() || c.is_whitespace();
        if text.is_empty() || text.contains(strange) || text.chars().count() > MAX_SIGN {
            reader.invalid(node.location, "a sign without blanks, such as `♥︎`");
            return None;
        }
        Some(Self(text))
    }
}

inline_schema!(
    Sign,
    |_| json_schema!({ "type": ["string", "number", "boolean"], "maxLength": MAX_SIGN })
);

/// A whole number from 0 to a million.
#[derive(Debug)]
pub(super) struct Importance(pub(super) u32);

impl Read for Importance {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = Text::read(node, reader)?;
        let digits = text.scalar.value.chars().all(|c| c.is_ascii_digit());
        let number = text.scalar.value.parse().ok();
        let importance = number.filter(|n| digits && *n <= MAX_WEIGHT).map(Self);
        if importance.is_none() {
            reader.invalid(node.location, "a whole number from 0 to 1000000");
        }
        importance
    }
}

inline_schema!(
    Importance,
    |_| json_schema!({ "type": ["integer", "string"], "minimum": 0, "maximum": MAX_WEIGHT })
);

impl Read for Decimal {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = Text::read(node, reader)?;
        let weight = decimal(&text.scalar.value);
        if weight.is_none() {
            reader.invalid(
                node.location,
                "a number from 0 to 1000000 with at most nine decimals, such as `0.25`",
            );
        }
        weight
    }
}

/// Parses digits, optionally followed by a point and up to nine more digits.
fn decimal(text: &str) -> Option<Decimal> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 9 {
        return None;
    }
    let billionths: i64 = format!("{part:0<9}").parse().ok()?;
    let value = whole
        .parse::<i64>()
        .ok()?
        .checked_mul(1_000_000_000)?
        .checked_add(billionths)?;
    (value <= i64::from(MAX_WEIGHT) * 1_000_000_000).then_some(Decimal(value))
}

inline_schema!(Decimal, |_| json_schema!({
    "type": ["number", "string"],
    "minimum": 0,
    "maximum": MAX_WEIGHT,
    "pattern": "^[0-9]+(\\.[0-9]{1,9})?$",
}));
