//! The shapes: records, lists, and mappings with free keys.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{Identifier, Reader, check_name, inline_schema};
use crate::source::{Location, Node, NodeKind, Scalar};

/// A type that can be read from a YAML value.
pub trait Read: Sized {
    /// Reads a value; `None` if that fails, after reporting why.
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self>;

    /// The value for a missing key; `None` if the key is required.
    fn absent() -> Option<Self> {
        None
    }

    /// The value for a key without a value, which is then an error; `None` if it counts as a missing key.
    fn unsaid() -> Option<Self> {
        None
    }
}

impl<T: Read> Read for Option<T> {
    // An invalid optional value is reported and then treated as missing, so that the rest of its record is still
    // checked.
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let value = T::read(node, reader);
        if value.is_none() {
            reader.unread.extend(reader.path.last().cloned());
        }
        Some(value)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn unsaid() -> Option<Self> {
        T::unsaid().map(Some)
    }
}

/// A list; items that cannot be read are left out.
#[derive(Debug)]
pub struct List<T>(pub Vec<T>);

impl<T: Read> Read for List<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let items = reader.list(node)?;
        let outer = reader.item.replace(reader.path.len());
        let read = items.iter().filter_map(|item| {
            let value = T::read(item, reader);
            if value.is_none() {
                // Without an id of its own, it may be any of the names that are referenced.
                let id = id_of(item).filter(|id| check_name(id).is_ok());
                reader
                    .unread
                    .extend(id.or_else(|| reader.path.last().cloned()));
            }
            value
        });
        let read = read.collect();
        reader.item = outer;
        Some(Self(read))
    }
}

inline_schema!(List<T>, |generator| {
    let items = generator.subschema_for::<T>();
    json_schema!({ "type": "array", "items": items, "maxItems": super::MAX_ENTRIES })
});

/// A list of names or texts, or a single one without brackets.
#[derive(Debug)]
pub struct Several<T>(pub Vec<T>);

impl<T: Read> Read for Several<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let one = match &node.kind {
            NodeKind::Scalar(one) => one,
            NodeKind::Mapping(_) => {
                reader.invalid(
                    head(node),
                    "a list: `[one, two]`, or a line `- one` for each",
                );
                return None;
            }
            NodeKind::List(_) | NodeKind::Empty => {
                return List::read(node, reader).map(|list| Self(list.0));
            }
        };
        if let Some(parts) = listed(&one.value) {
            let listed = parts.join(", ");
            reader.invalid(one.location, &format!("a list in brackets: `[{listed}]`"));
            return None;
        }
        T::read(node, reader).map(|one| Self(vec![one]))
    }
}

/// The parts of a text that was meant as a list, `one, two`; `None` if it is a single thing. Commas inside parentheses
/// and quotes belong to an expression.
fn listed(text: &str) -> Option<Vec<&str>> {
    let (mut depth, mut quoted) = (0, false);
    let outside = |c: char| {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        matches!(c, ',' | ';') && depth == 0 && !quoted
    };
    let parts = text.split(outside).map(str::trim);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    (parts.len() > 1).then_some(parts)
}

inline_schema!(Several<T>, |generator| {
    let one = generator.subschema_for::<T>();
    let list = generator.subschema_for::<List<T>>();
    json_schema!({ "anyOf": [one, list] })
});

#[derive(Debug)]
pub struct Placed<T>(pub T, pub Location);

impl<T: Read> Read for Placed<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self(T::read(node, reader)?, node.extent()))
    }
}

inline_schema!(Placed<T>, |generator| generator.subschema_for::<T>());

/// A mapping with user-defined keys, in order.
#[derive(Debug)]
pub struct Entries<K, T>(pub Vec<(K, T)>);

impl<K: ReadKey, T: Read> Read for Entries<K, T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let mut entries = Vec::new();
        for (key, value) in reader.entries(node)? {
            reader.path.push(key.value.clone());
            let name = K::read_key(key, reader);
            let value = T::read(value, reader);
            reader.path.pop();
            if value.is_none() {
                reader.unread.push(key.value.clone());
            }
            entries.extend(name.zip(value));
        }
        Some(Self(entries))
    }
}

impl<K: ReadKey, T: JsonSchema> JsonSchema for Entries<K, T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("Mapping_to_{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let values = generator.subschema_for::<T>();
        json_schema!({
            "type": "object",
            "propertyNames": { "pattern": K::PATTERN },
            "additionalProperties": values,
            "maxProperties": super::MAX_ENTRIES,
        })
    }
}

/// A user-defined key.
pub trait ReadKey: Sized {
    /// A regular expression for the keys, for editors.
    const PATTERN: &'static str;
    /// Reads a key; `None` if it is invalid, after reporting why.
    fn read_key(key: &Scalar, reader: &mut Reader<'_>) -> Option<Self>;
}

impl ReadKey for Identifier {
    const PATTERN: &'static str = super::name::PATTERN;
    fn read_key(key: &Scalar, reader: &mut Reader<'_>) -> Option<Self> {
        reader.identifier(key.clone())
    }
}

/// Any text: the name of a column in a foreign database.
impl ReadKey for Scalar {
    const PATTERN: &'static str = ".";
    fn read_key(key: &Scalar, _: &mut Reader<'_>) -> Option<Self> {
        Some(key.clone())
    }
}

/// Declares a struct with the keys of a YAML mapping: its reader and its JSON Schema in one.
///
/// A field of type `Option` may be left out. A doc comment is required on every field: it becomes the description that
/// editors show.
macro_rules! record {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $($(#[$field_meta:meta])* $field:ident: $type:ty,)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, schemars::JsonSchema)]
        #[schemars(deny_unknown_fields)]
        $vis struct $name {
            $($(#[$field_meta])* $vis $field: $type,)*
        }

        impl $crate::decode::Read for $name {
            fn read(
                node: &$crate::source::Node,
                reader: &mut $crate::decode::Reader<'_>,
            ) -> Option<Self> {
                const KEYS: &[&str] = &[$(stringify!($field)),*];
                let fields = reader.fields(node, KEYS)?;
                $(let $field = fields.read::<$type>(stringify!($field), reader);)*
                Some(Self { $($field: $field?,)* })
            }
        }
    };
}
pub(crate) use record;

/// The id of a list item.
fn id_of(item: &Node) -> Option<String> {
    let NodeKind::Mapping(entries) = &item.kind else {
        return None;
    };
    let (_, id) = entries.iter().find(|(key, _)| key.value == "id")?;
    match &id.kind {
        NodeKind::Scalar(id) => Some(id.value.clone()),
        _ => None,
    }
}

/// The start of a mapping, for findings about missing keys.
pub(super) fn head(node: &Node) -> Location {
    match &node.kind {
        NodeKind::Mapping(entries) => entries
            .first()
            .map_or(node.location, |(key, _)| key.location),
        _ => node.location,
    }
}
