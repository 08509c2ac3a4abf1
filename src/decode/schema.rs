//! JSON Schemas for editors.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

/// The JSON Schema (draft 7, which editors' YAML servers read) of a file, with a final newline.
pub fn schema_of<T: JsonSchema>() -> String {
    let schema = SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<T>();
    format!("{:#}\n", schema.as_value())
}

/// Declares the schema of a type with a hand-written reader; it is inlined instead of becoming one of the schema's
/// definitions.
macro_rules! inline_schema {
    ($name:ident$(<$($parameter:ident),+>)?, |$generator:pat_param| $schema:expr) => {
        impl$(<$($parameter: schemars::JsonSchema),+>)? schemars::JsonSchema
            for $name$(<$($parameter),+>)?
        {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema($generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $schema
            }
        }
    };
}
pub(crate) use inline_schema;
