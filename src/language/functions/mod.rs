//! The registry of functions. Every function that a condition can call has one entry here. The checker, help lines,
//! fingerprints, the tables of `docs/language.md` and editor completion all read it.
//!
//! | family | file | evaluated by |
//! | --- | --- | --- |
//! | of values | `values` | `engine::functions` |
//! | over the rows of one subject | `rows` | an engine's scan |
//! | over all subjects | `population` | `engine::population` |
//!
//! To add a function, write its entry. The engines match all functions without a wildcard, so the compiler lists what
//! is left to do.

pub(in crate::language) mod population;
pub(in crate::language) mod rows;
mod sql;
pub(in crate::language) mod values;

pub use population::PopulationFunction;
pub(in crate::language) use population::over_population;
pub(in crate::language) use rows::over_rows;
pub use sql::Dialect;
pub use values::Function;
pub(in crate::language) use values::of_values;

use crate::value::Type;

/// The documentation of a function for the author of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Its name. A function over rows and one over the population may share a name.
    pub name: &'static str,
    /// Every form of call: `round(x)`, `round(x, digits)`.
    pub signatures: &'static [&'static str],
    /// Its result, in Markdown on one line.
    pub meaning: &'static str,
    /// Its result if there are no rows; `None` for functions that do not take rows.
    pub of_no_rows: Option<&'static str>,
    /// A complete call.
    pub example: &'static str,
}

/// The three kinds of function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Of values of one subject, or of one row inside `where`.
    Values,
    /// Over the rows of one subject.
    Rows,
    /// Over all subjects or a group of them. `top` and `bottom` have a syntax of their own and are not included.
    Population,
}

/// The functions of a family, in the order of the language reference.
pub fn entries(family: Family) -> Vec<Entry> {
    match family {
        Family::Values => values::callable().map(|(_, f)| f.entry).collect(),
        Family::Rows => rows::ALL.iter().map(|f| f.entry).collect(),
        Family::Population => population::ALL.iter().map(|f| f.entry).collect(),
    }
}

/// The names of all functions; a name in two families appears twice.
pub fn names() -> impl Iterator<Item = &'static str> {
    let families = [Family::Values, Family::Rows, Family::Population];
    families
        .into_iter()
        .flat_map(entries)
        .map(|entry| entry.name)
}

/// Whether values of a type have an order that functions may use. Texts have one, but no function uses it.
pub(in crate::language) fn is_ordered(ty: Type) -> bool {
    matches!(
        ty,
        Type::Number | Type::Money | Type::Date | Type::Instant | Type::Unknown | Type::Missing
    )
}
