//! Occurrences of names: in YAML keys and values, and in conditions.

use std::collections::HashSet;

use super::roles::{Role, parts, purpose as purpose_of};
use super::world::World;
use crate::language::Symbol;
use crate::language::check::names_in;
use crate::source::{FileId, Location, Scalar};

/// A name in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    pub symbol: Symbol,
    /// Its location, including quotes or backticks.
    pub place: Location,
    pub defines: bool,
    /// Whether it is in an expression, where a name that is not a bare word needs backticks.
    pub in_expression: bool,
}

/// Every name in every file, in file order.
pub fn all(world: &World) -> Vec<Occurrence> {
    let mut found = Vec::new();
    let config = world.project().map(|project| &project.config);
    for (id, file) in world.sources().iter() {
        let purpose = purpose_of(&file.path, world.folder.config(), config);
        let Some(purpose) = purpose else { continue };
        for part in parts(purpose, id, &file.text) {
            let (symbol, defines) = match part.role {
                Role::Defines(symbol) => (symbol, true),
                Role::Means(symbol) => (symbol, false),
                Role::Column => {
                    found.extend(of_column(world, &part.scalar));
                    continue;
                }
                Role::Condition => continue,
            };
            found.push(Occurrence {
                symbol,
                place: part.scalar.location,
                defines,
                in_expression: false,
            });
        }
    }
    if let Some(project) = world.project() {
        let named = project.names.located(&project.sources);
        found.extend(named.map(|(symbol, place)| Occurrence {
            symbol: symbol.clone(),
            place,
            defines: false,
            in_expression: true,
        }));
    }
    // A column can stand where a metric or a collection can.
    let defined: HashSet<Symbol> = found
        .iter()
        .filter(|one| one.defines)
        .map(|one| one.symbol.clone())
        .collect();
    found.retain(|one| {
        let may_be_column = matches!(one.symbol, Symbol::Metric(_) | Symbol::Collection(_));
        one.defines || !may_be_column || defined.contains(&one.symbol)
    });
    found.sort_by(|a, b| (a.place, &a.symbol).cmp(&(b.place, &b.symbol)));
    found.dedup();
    found
}

/// The names in a column of a file, or in a value of a test.
fn of_column(world: &World, text: &Scalar) -> Vec<Occurrence> {
    let Some(project) = world.project() else {
        return Vec::new();
    };
    let (rules, config) = (&project.rules, &project.config);
    let names = names_in(&text.value, rules, config, &project.catalog).into_iter();
    let names = names.map(|(symbol, part)| Occurrence {
        symbol,
        place: text.locate(part, &project.sources),
        defines: false,
        in_expression: true,
    });
    names.collect()
}

/// The name at a byte of a file, if the cursor is in it or directly after it.
pub fn at(found: &[Occurrence], file: FileId, byte: usize) -> Option<&Occurrence> {
    let holds = |place: Location| place.holds(file, byte);
    found
        .iter()
        .filter(|one| holds(one.place))
        .min_by_key(|one| one.place.end - one.place.start)
}

/// The symbol whose definition describes this one: for a column, its collection.
pub fn defining(symbol: &Symbol) -> Symbol {
    match symbol {
        Symbol::Column { of: Some(of), .. } => Symbol::Collection(of.clone()),
        symbol => symbol.clone(),
    }
}

/// The definitions of a symbol; none for a column of the subject.
pub fn definitions(found: &[Occurrence], symbol: &Symbol) -> Vec<Location> {
    let wanted = defining(symbol);
    let defining = found
        .iter()
        .filter(|one| one.defines && one.symbol == wanted);
    defining.map(|one| one.place).collect()
}
