//! The shapes: records, lists and mappings with free keys.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{Identifier, Reader};
use crate::source::{Location, Node, Scalar};

/// Something that a YAML value can be read as.
pub trait Read: Sized {
    /// Reads a value; `None` where it cannot be, after saying why.
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self>;

    /// What stands for a key that is not there; `None` where it must be.
    fn absent() -> Option<Self> {
        None
    }
}

impl<T: Read> Read for Option<T> {
    // An optional value that is wrong is told, and then taken as not there, so that the rest of its
    // record is still looked at.
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        Some(T::read(node, reader))
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// A list; items that cannot be read are left out.
#[derive(Debug)]
pub struct List<T>(pub Vec<T>);

impl<T: Read> Read for List<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let items = reader.list(node)?;
        Some(Self(
            items
                .iter()
                .filter_map(|item| T::read(item, reader))
                .collect(),
        ))
    }
}

impl<T: JsonSchema> JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("List_of_{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let items = generator.subschema_for::<T>();
        json_schema!({ "type": "array", "items": items, "maxItems": super::MAX_ENTRIES })
    }
}

/// A mapping whose keys are names that people choose, in order.
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

/// A key that people choose.
pub trait ReadKey: Sized {
    /// A regular expression of the keys, for editors.
    const PATTERN: &'static str;
    /// Reads a key; `None` where it cannot be one, after saying why.
    fn read_key(key: &Scalar, reader: &mut Reader<'_>) -> Option<Self>;
}

impl ReadKey for Identifier {
    const PATTERN: &'static str = super::name::PATTERN;
    fn read_key(key: &Scalar, reader: &mut Reader<'_>) -> Option<Self> {
        reader.identifier(key.clone())
    }
}

/// Any text: the name of a column in somebody else's database.
impl ReadKey for Scalar {
    const PATTERN: &'static str = ".";
    fn read_key(key: &Scalar, _: &mut Reader<'_>) -> Option<Self> {
        Some(key.clone())
    }
}

/// Declares a struct with the keys of a YAML mapping: its reader and its JSON Schema in one.
///
/// A field of type `Option` may be left out. A doc comment is required on every field: it becomes the
/// description that editors show.
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

        impl $crate::reader::Read for $name {
            fn read(
                node: &$crate::source::Node,
                reader: &mut $crate::reader::Reader<'_>,
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

/// Where a mapping begins, for findings about what it lacks.
pub(super) fn head(node: &Node) -> Location {
    match &node.kind {
        crate::source::NodeKind::Mapping(entries) => entries
            .first()
            .map_or(node.location, |(key, _)| key.location),
        _ => node.location,
    }
}
