//! Which warnings lints leave out.

use schemars::json_schema;

use crate::decode::{List, Read, Reader, Text, inline_schema, record};
use crate::diagnostic::{Code, Severity, suggest};
use crate::source::{Location, Node};

/// A code that is not reported, and where config says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AllowedCode {
    pub code: Code,
    pub location: Location,
}

record! {
    /// What `muster check` and `muster lint` do not tell.
    pub(super) struct LintFile {
        /// The codes of warnings that are not told anywhere, such as `[inside-segment]`. A comment `# muster: allow CODE` allows
        /// one at one place.
        allow: List<AllowedCode>,
    }
}

/// The codes that can be allowed.
fn codes() -> impl Iterator<Item = &'static Code> {
    let all = Code::ALL.iter();
    all.filter(|code| code.severity() == Severity::Warning)
}

impl Read for AllowedCode {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = Text::read(node, reader)?;
        let known = codes().find(|code| code.name() == text.scalar.value);
        if known.is_none() {
            let near = suggest(&text.scalar.value, codes().map(|code| code.name()));
            let near = near.map_or_else(String::new, |near| format!(": did you mean `{near}`?"));
            reader.invalid(node.location, &format!("the code of a warning{near}"));
        }
        known.map(|code| Self {
            code: *code,
            location: node.location,
        })
    }
}

inline_schema!(AllowedCode, |_| {
    let names: Vec<&str> = codes().map(|code| code.name()).collect();
    json_schema!({ "enum": names })
});
