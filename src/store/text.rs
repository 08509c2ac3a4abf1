//! How instants, keys and reasons are stored.

use std::borrow::Borrow;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef};
use sqlx::{Decode, Encode, Sqlite, Type, TypeInfo, ValueRef};

use crate::diagnostic::covered_words;
use crate::engine::Key;

/// Microseconds as RFC 3339 text in UTC, whole seconds: `2026-11-22T11:00:00Z`.
pub(super) fn instant(micros: i64) -> String {
    DateTime::<Utc>::from_timestamp_micros(micros)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A reason without the secrets in the addresses that it may contain.
pub(super) fn reason(words: &str) -> String {
    covered_words(words).into_owned()
}

/// A stored instant: microseconds, read from RFC 3339 text.
pub(super) struct Instant(pub i64);

impl From<Instant> for i64 {
    fn from(Instant(micros): Instant) -> Self {
        micros
    }
}

impl Type<Sqlite> for Instant {
    fn type_info() -> SqliteTypeInfo {
        <str as Type<Sqlite>>::type_info()
    }
}

impl<'r> Decode<'r, Sqlite> for Instant {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        let time = DateTime::parse_from_rfc3339(<&str as Decode<Sqlite>>::decode(value)?)?;
        Ok(Self(time.timestamp_micros()))
    }
}

/// The same for a nullable column.
pub(super) struct OptionalInstant(Option<Instant>);

impl From<OptionalInstant> for Option<i64> {
    fn from(OptionalInstant(instant): OptionalInstant) -> Self {
        instant.map(i64::from)
    }
}

impl Type<Sqlite> for OptionalInstant {
    fn type_info() -> SqliteTypeInfo {
        Instant::type_info()
    }
}

impl<'r> Decode<'r, Sqlite> for OptionalInstant {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        Option::decode(value).map(Self)
    }
}

/// Keys are stored in columns without a declared type.
impl Type<Sqlite> for Key {
    fn type_info() -> SqliteTypeInfo {
        <i64 as Type<Sqlite>>::type_info()
    }

    fn compatible(found: &SqliteTypeInfo) -> bool {
        <i64 as Type<Sqlite>>::compatible(found) || <str as Type<Sqlite>>::compatible(found)
    }
}

impl<'r> Decode<'r, Sqlite> for Key {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        match value.type_info().name() {
            "TEXT" => Ok(Self::Text(<&str as Decode<Sqlite>>::decode(value)?.into())),
            _ => <i64 as Decode<Sqlite>>::decode(value).map(Self::Integer),
        }
    }
}

impl Encode<'_, Sqlite> for Key {
    fn encode_by_ref(&self, into: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        match self {
            Self::Integer(key) => Encode::<Sqlite>::encode_by_ref(key, into),
            Self::Text(key) => Encode::<Sqlite>::encode_by_ref(key, into),
        }
    }
}

/// A list as one JSON text, which a statement can take apart again.
pub(super) fn json<T: Serialize>(items: impl IntoIterator<Item = T>) -> sqlx::Result<String> {
    let mut text = Vec::new();
    serde_json::Serializer::new(&mut text)
        .collect_seq(items)
        .map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    String::from_utf8(text).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

/// Parses a JSON text that SQLite made.
pub(super) fn parsed<'a, T: Deserialize<'a>>(json: &'a str) -> sqlx::Result<T> {
    serde_json::from_str(json).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// A key in JSON: a number or a string.
pub(super) struct JsonKey<K = Key>(pub K);

impl<K: Borrow<Key>> Serialize for JsonKey<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.borrow() {
            Key::Integer(key) => serializer.serialize_i64(*key),
            Key::Text(key) => serializer.serialize_str(key),
        }
    }
}

impl<'de> Deserialize<'de> for JsonKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = JsonKey;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a whole number or a text")
            }
            fn visit_i64<E: de::Error>(self, key: i64) -> Result<JsonKey, E> {
                Ok(JsonKey(Key::Integer(key)))
            }
            fn visit_u64<E: de::Error>(self, key: u64) -> Result<JsonKey, E> {
                i64::try_from(key)
                    .map_err(E::custom)
                    .and_then(|key| self.visit_i64(key))
            }
            fn visit_str<E: de::Error>(self, key: &str) -> Result<JsonKey, E> {
                Ok(JsonKey(Key::Text(key.into())))
            }
        }
        deserializer.deserialize_any(Either)
    }
}
