//! What several are called, by the rules of English.

/// Several of what one is called: `person` to `people`, `company` to `companies`, `class` to `classes`.
pub fn plural_of(one: &str) -> String {
    if let Some(stem) = one.strip_suffix("person") {
        return format!("{stem}people");
    }
    let before = |stem: &str| !stem.ends_with(['a', 'e', 'o', 'u']);
    match one.strip_suffix('y').filter(|stem| before(stem)) {
        Some(stem) => format!("{stem}ies"),
        None if one.ends_with(['s', 'x', 'z']) || one.ends_with("ch") => format!("{one}es"),
        None => format!("{one}s"),
    }
}
