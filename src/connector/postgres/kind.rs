//! What a column holds, how it is asked for, and the cell that its values become.

/// `typname`s of types whose values are told apart here by their bytes.
const BY_NAME: [(&str, Kind); 18] = [
    ("bool", Kind::Truth),
    ("int2", Kind::Integer),
    ("int4", Kind::Integer),
    ("int8", Kind::Integer),
    ("oid", Kind::Cast("bigint")),
    ("float4", Kind::Real),
    ("float8", Kind::Real),
    ("numeric", Kind::Numeric),
    ("money", Kind::Cast("numeric")),
    ("text", Kind::Text),
    ("varchar", Kind::Text),
    ("bytea", Kind::Bytes),
    ("date", Kind::Date),
    ("timestamp", Kind::Timestamp),
    ("timestamptz", Kind::Instant),
    // What is padded, compared without case or kept as a tree is read as the text that it writes.
    ("bpchar", Kind::Cast("text")),
    ("citext", Kind::Cast("text")),
    ("uuid", Kind::Cast("text")),
];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
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
    /// What the server makes of it first.
    Cast(&'static str),
    /// Several values, which are no cell.
    Array,
}

impl Kind {
    /// Of a type by its name and its category, as `pg_type` has them. Enumerations, documents, addresses, spans and all
    /// other types are read as texts.
    pub(super) fn of(name: &str, category: &str) -> Self {
        let known = BY_NAME.iter().find(|(known, _)| *known == name);
        match known {
            Some((_, kind)) => *kind,
            None if category == "A" => Self::Array,
            None => Self::Cast("text"),
        }
    }

    /// How the bytes that come are read.
    pub(super) fn sent(self) -> Self {
        match self {
            Self::Cast("bigint") => Self::Integer,
            Self::Cast("numeric") => Self::Numeric,
            Self::Cast(_) => Self::Text,
            kind => kind,
        }
    }

    /// A column, quoted, as it is asked for.
    pub(super) fn asked(self, column: &str) -> String {
        match self {
            Self::Cast(to) => format!("{column}::{to}"),
            _ => column.to_owned(),
        }
    }

    /// The declaration that stands for it, whose words tell rules the type; empty where a rule must be told.
    pub(super) fn declared(self, (precision, scale): (i32, i32)) -> String {
        match self.sent() {
            Self::Truth => "boolean".to_owned(),
            Self::Integer => "integer".to_owned(),
            Self::Real => "double precision".to_owned(),
            // The server's `money` has two places, or as many as its country's currency.
            Self::Numeric if matches!(self, Self::Cast(_)) => "numeric(19,2)".to_owned(),
            Self::Numeric if precision > 0 => format!("numeric({precision},{scale})"),
            Self::Numeric => "numeric".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Date => "date".to_owned(),
            Self::Timestamp | Self::Instant => "timestamp".to_owned(),
            Self::Bytes | Self::Array | Self::Cast(_) => String::new(),
        }
    }
}
