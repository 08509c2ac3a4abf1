//! What a column holds, how to select it, and in which format its values are sent.

/// The server's own types by name: the format in which values are sent, and how the server converts them first, if it
/// has to. Types that are padded, or stored as a number of their own, are read as the text that they display.
const KNOWN: [(&str, Sent, Option<Cast>); 17] = [
    ("bool", Sent::Truth, None),
    ("int2", Sent::Integer, None),
    ("int4", Sent::Integer, None),
    ("int8", Sent::Integer, None),
    ("oid", Sent::Integer, Some(Cast::To("bigint"))),
    ("float4", Sent::Real, None),
    ("float8", Sent::Real, None),
    ("numeric", Sent::Numeric, None),
    ("money", Sent::Numeric, Some(Cast::To("numeric"))),
    ("text", Sent::Text, None),
    ("varchar", Sent::Text, None),
    ("bpchar", Sent::Text, TEXT),
    ("uuid", Sent::Text, TEXT),
    ("bytea", Sent::Bytes, None),
    ("date", Sent::Date, None),
    ("timestamp", Sent::Timestamp, None),
    ("timestamptz", Sent::Instant, None),
];

const TEXT: Option<Cast> = Some(Cast::To("text"));

/// How the server converts a value before sending it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cast {
    To(&'static str),
    /// The text that it displays, where its cast to text differs: `10.0.0.1` and not `10.0.0.1/32`.
    Shown,
}

/// A type, as in `pg_type`.
#[derive(Debug, Clone)]
pub(super) struct OfType {
    pub(super) name: String,
    pub(super) category: String,
    /// Whether the type is built in: a user's type may have the same name.
    pub(super) is_built_in: bool,
    /// Whether a function casts it to text.
    pub(super) has_cast: bool,
}

/// The format in which a value is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    Truth,
    /// Of two, four or eight bytes.
    Integer,
    /// Of four or eight bytes.
    Real,
    Numeric,
    Text,
    Bytes,
    Date,
    /// A local time without a zone.
    Timestamp,
    Instant,
    /// Several values, which do not form a cell.
    Array,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) sent: Sent,
    cast: Option<Cast>,
}

impl Kind {
    /// Enumerations, documents, addresses, ranges and all other types are read as texts.
    pub(super) fn of(ty: &OfType) -> Self {
        let mut known = KNOWN.iter().filter(|_| ty.is_built_in);
        let (sent, cast) = match known.find(|(known, ..)| *known == ty.name) {
            Some((_, sent, cast)) => (*sent, *cast),
            None if ty.category == "A" => (Sent::Array, None),
            None if ty.has_cast => (Sent::Text, Some(Cast::Shown)),
            None => (Sent::Text, TEXT),
        };
        Self { sent, cast }
    }

    /// The expression that selects a column, given its quoted name.
    pub(super) fn asked(self, column: &str) -> String {
        match self.cast {
            Some(Cast::To(to)) => format!("{column}::{to}"),
            Some(Cast::Shown) => {
                format!("CASE WHEN {column} IS NOT NULL THEN format('%s', {column}) END")
            }
            None => column.to_owned(),
        }
    }

    /// The declaration from which rules infer the type; empty where a rule must state it. `digits` and `places` are
    /// the precision and scale of a numeric; `digits` is 0 where it has no limit.
    pub(super) fn declared(self, (digits, places): (i32, i32)) -> String {
        let declared = match self.sent {
            Sent::Truth => "boolean",
            Sent::Integer => "integer",
            Sent::Real => "double precision",
            Sent::Numeric if digits > 0 => return format!("numeric({digits},{places})"),
            // The server's `money` has two places, or as many as its locale's currency.
            Sent::Numeric if self.cast.is_some() => "numeric(19,2)",
            Sent::Numeric => "numeric",
            Sent::Text => "text",
            Sent::Date => "date",
            Sent::Timestamp | Sent::Instant => "timestamp",
            Sent::Bytes | Sent::Array => "",
        };
        declared.to_owned()
    }
}
