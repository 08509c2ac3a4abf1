//! Functions of values in SQL, where SQL has exactly that: over numbers, texts or truths, with NULL for missing.
//!
//! What has no spelling is computed in Rust from values that SQL gives. A spelling is a template for each number of
//! arguments: `$1`, `$2` and so on stand for them, `$*` for all.

use super::Function;

/// An SQL of its own. Another one is a variant here and a column of templates in the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite 3.
    Sqlite,
}

impl Function {
    /// A call in SQL; none where SQL would not answer the same.
    pub fn sql(self, dialect: Dialect, args: &[&str]) -> Option<String> {
        let templates = match dialect {
            Dialect::Sqlite => self.definition().sqlite,
        };
        let calls = templates
            .iter()
            .filter(|t| t.contains("$*") || arity(t) == args.len());
        let (start, rest) = calls.copied().next()?.split_once('$')?;
        let mut sql = start.to_owned();
        for part in rest.split('$') {
            let (place, behind) = part.split_at_checked(1)?;
            match place.parse::<usize>() {
                Ok(place) => sql += args.get(place.checked_sub(1)?)?,
                Err(_) => sql += &args.join(", "),
            }
            sql += behind;
        }
        Some(sql)
    }
}

/// The highest number of an argument in a template.
fn arity(template: &str) -> usize {
    let numbers = template
        .split('$')
        .skip(1)
        .filter_map(|part| part.get(..1)?.parse().ok());
    numbers.max().unwrap_or(0)
}
