//! What a column holds, how it is asked for, and in which form its values are sent.

/// The server's own types by their names: the form in which values are sent, and what the server makes of them first, where it has
/// to. Values that are padded or kept as a number of their own are asked for as the text that they write.
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

/// What the server makes of a value before it sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cast {
    To(&'static str),
    /// The text that it shows of it, where its cast to text makes another one: `10.0.0.1` and not `10.0.0.1/32`.
    Shown,
}

/// A type, as `pg_type` has it.
#[derive(Debug, Clone)]
pub(super) struct OfType {
    pub(super) name: String,
    pub(super) category: String,
    /// Whether it is the server's own: anybody's may have the same name.
    pub(super) is_built_in: bool,
    /// Whether a function casts it to text.
    pub(super) has_cast: bool,
}

/// The form in which a value is sent.
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
    /// Of a clock that the server does not know.
    Timestamp,
    Instant,
    /// Several values, which are no cell.
    Array,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) sent: Sent,
    cast: Option<Cast>,
}

impl Kind {
    /// Enumerations, documents, addresses, spans and all other types are read as texts.
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

    /// A column, quoted, as it is asked for.
    pub(super) fn asked(self, column: &str) -> String {
        match self.cast {
            Some(Cast::To(to)) => format!("{column}::{to}"),
            Some(Cast::Shown) => {
                format!("CASE WHEN {column} IS NOT NULL THEN format('%s', {column}) END")
            }
            None => column.to_owned(),
        }
    }

    /// The declaration that stands for it, whose words tell rules the type; empty where a rule must be told. Of a numeric
    /// its digits and how many of them are places; 0 where it has as many as it likes.
    pub(super) fn declared(self, (digits, places): (i32, i32)) -> String {
        let declared = match self.sent {
            Sent::Truth => "boolean",
            Sent::Integer => "integer",
            Sent::Real => "double precision",
            Sent::Numeric if digits > 0 => return format!("numeric({digits},{places})"),
            // The server's `money` has two places, or as many as the currency of its country.
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
