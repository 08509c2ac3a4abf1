//! JSON Schemas for editors.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

/// The JSON Schema (draft 7, which editors' YAML servers read) of a file, with a newline at its end.
pub fn schema_of<T: JsonSchema>() -> String {
    let schema = SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<T>();
    format!("{:#}\n", schema.as_value())
}
