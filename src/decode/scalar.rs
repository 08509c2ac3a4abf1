//! Texts, names and conditions.

use schemars::json_schema;

use super::{Read, Reader, check_name, inline_schema, variable};
use crate::diagnostic::{Code, Finding};
use crate::source::{Node, Scalar, Sources};

/// A text. Values that YAML would read as numbers or booleans are texts as well, as written.
#[derive(Debug, Clone)]
pub struct Text {
    /// The text, with `${NAME}` replaced.
    pub scalar: Scalar,
    /// The text as in the file, for quoting in findings, since a variable may hold a secret.
    pub shown: String,
}

impl Read for Text {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let written = reader.written(node)?.clone();
        let shown = written.value.clone();
        let scalar = match reader.environment {
            None => written,
            Some(environment) => variable::replace(written, environment, reader)?,
        };
        Some(Self { scalar, shown })
    }
}

inline_schema!(
    Text,
    |_| json_schema!({ "type": ["string", "number", "boolean"] })
);

/// A condition or expression, as written; `None` if there is something other than text, which has already been
/// reported: for its record, the key is present all the same.
#[derive(Debug, Clone)]
pub struct Condition(pub Option<Scalar>);

impl Read for Condition {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let written = reader.written(node).cloned();
        if let Some(written) = &written {
            variable::tell_unreplaced(written, reader);
            reader.conditions.push(written.clone());
        }
        Some(Self(written))
    }

    // Writing the key shows that a condition was intended, and without one the rule would mean something else.
    fn unsaid() -> Option<Self> {
        Some(Self(None))
    }
}

/// All conditions in a file of a given shape, whatever its errors.
pub fn conditions<T: Read>(tree: &Node, sources: &Sources) -> Vec<Scalar> {
    let mut reader = Reader::new(sources, None);
    // Errors are reported when the file is loaded.
    let _ = T::read(tree, &mut reader);
    reader.conditions
}

inline_schema!(Condition, |generator| Text::json_schema(generator));

/// A name that rules can use: see [`check_name`].
#[derive(Debug, Clone)]
pub struct Identifier(pub Scalar);

impl Reader<'_> {
    /// Checks a scalar against the rules for names.
    pub fn identifier(&mut self, scalar: Scalar) -> Option<Identifier> {
        let Err(reason) = check_name(&scalar.value) else {
            return Some(Identifier(scalar));
        };
        let message = format!("`{}` cannot be a name: {reason}", scalar.value);
        self.report(Finding::new(Code::InvalidValue, message).at(scalar.location));
        None
    }
}

impl Read for Identifier {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let written = reader.written(node)?.clone();
        reader.identifier(written)
    }
}

inline_schema!(
    Identifier,
    |_| json_schema!({ "type": "string", "pattern": super::name::PATTERN, "maxLength": 64 })
);
