//! How instants and keys stand in the tables, and names in SQL.

use std::borrow::Borrow;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, TypeInfo, ValueRef};

use crate::diagnostic::covered_words;
use crate::engine::Key;

/// Microseconds as RFC 3339 text in UTC, whole seconds: `2026-11-22T11:00:00Z`.
pub(super) fn instant(micros: i64) -> String {
    DateTime::<Utc>::from_timestamp_micros(micros)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The microseconds of an RFC 3339 text.
pub(super) fn micros(text: &str) -> sqlx::Result<i64> {
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.timestamp_micros())
        .map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// Words that say why, without a secret that an address in them holds.
pub(super) fn reason(words: &str) -> String {
    covered_words(words).into_owned()
}

/// A name as SQL quotes it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The key in a column that has no declared type.
pub(super) fn key(row: &SqliteRow, column: &str) -> sqlx::Result<Key> {
    let is_text = row.try_get_raw(column)?.type_info().name() == "TEXT";
    if is_text {
        Ok(Key::Text(row.try_get::<&str, _>(column)?.into()))
    } else {
        row.try_get(column).map(Key::Integer)
    }
}

/// A list as one JSON text, which one statement takes apart again.
pub(super) fn json<T: Serialize>(items: impl IntoIterator<Item = T>) -> sqlx::Result<String> {
    let mut text = Vec::new();
    serde_json::Serializer::new(&mut text)
        .collect_seq(items)
        .map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    String::from_utf8(text).map_err(|error| sqlx::Error::Encode(Box::new(error)))
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
