//! Names as conditions write them.

use super::grammar;
use super::print::written;

/// A field as it is written after a point.
pub fn field(name: &str) -> String {
    written(name, grammar::is_bare_field(name))
}

/// A name and the fields after its points, as conditions write them: each part in backticks if it needs them.
pub fn path(parts: &[&str]) -> String {
    let parts = parts.iter().enumerate().map(|(place, part)| match place {
        0 => written(part, grammar::is_bare(part)),
        _ => field(part),
    });
    parts.collect::<Vec<_>>().join(".")
}
