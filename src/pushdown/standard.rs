//! Calls in standard SQL.

use crate::language::typed::Function;

/// A call of a function of values; `None` if the standard has no exact equivalent.
pub(super) fn call(function: Function, args: &[&str]) -> Option<String> {
    match (function, args) {
        (Function::Default, [x, y]) => Some(format!("coalesce({x}, {y})")),
        (Function::If, [condition, a]) => Some(format!("(CASE WHEN {condition} THEN {a} END)")),
        (Function::If, [condition, a, b]) => {
            Some(format!("(CASE WHEN {condition} THEN {a} ELSE {b} END)"))
        }
        (Function::Abs, [x]) => Some(format!("abs({x})")),
        (Function::Least, all) => of_all("least", all),
        (Function::Greatest, all) => of_all("greatest", all),
        _ => None,
    }
}

/// The smallest or largest; NULL if any is NULL.
fn of_all(which: &str, all: &[&str]) -> Option<String> {
    let nulls: Vec<String> = all.iter().map(|x| format!("{x} IS NULL")).collect();
    let (nulls, all) = (nulls.join(" OR "), all.join(", "));
    Some(format!(
        "(CASE WHEN {nulls} THEN NULL ELSE {which}({all}) END)"
    ))
}
