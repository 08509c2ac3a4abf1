//! Functions of values in SQL, if SQL has an exact equivalent: over numbers, texts or truth values, with NULL for
//! missing.
//!
//! A function without an SQL template is computed in Rust from values that SQL returns. There is a template for each
//! number of arguments: `$1`, `$2` and so on stand for single arguments, `$*` for all.

use super::Function;

/// An SQL dialect. To add one, add a variant here and a column of templates in the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite 3.
    Sqlite,
}

impl Function {
    /// A call in SQL; `None` if SQL would not give the same result.
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

/// The highest argument number in a template.
fn arity(template: &str) -> usize {
    let numbers = template
        .split('$')
        .skip(1)
        .filter_map(|part| part.get(..1)?.parse().ok());
    numbers.max().unwrap_or(0)
}
