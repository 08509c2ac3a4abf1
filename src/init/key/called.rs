//! What columns of keys are called.

use crate::config::singular_of;
use crate::init::lexicon::are_forms;
use crate::init::lexicon::keys::{BEHIND, COUNTERS, FIRST, GOODS, KEYS};
use crate::init::lexicon::people::{is_person, is_several};
use crate::init::private::is_private;
use crate::init::words::{flat, is_one_of, words};

/// Whether two columns of one name hold one kind of key: `order_no`, `sku`, but not `id` or `code`.
pub(in crate::init) fn is_same_key(one: &str, other: &str) -> bool {
    let name = words(one);
    let (stem, is_key) = stem(&name);
    is_key && flat(one) == flat(other) && (!stem.is_empty() || GOODS.has(&flat(one)))
}

/// `id`, `customer_id`, `CustomerNo` in a table of customers.
pub(in crate::init) fn is_called_key(column: &str, table: &str) -> bool {
    let name = words(column);
    let (stem, is_key) = stem(&name);
    let one = singular_of(&flat(table));
    let last = words(table).pop().unwrap_or_default();
    let is_of_table = || is_one_of(&stem, &last) || are_forms(&stem, &last);
    is_key && (stem.is_empty() || one.ends_with(&stem) || is_of_table()) || name.concat() == "rowid"
}

/// Whether a column is called a key of whatever: `order_id`.
pub(in crate::init) fn ends_as_key(column: &str) -> bool {
    let name = words(column);
    name.last().is_some_and(|last| KEYS.has(last)) || begins_as_key(&name)
}

/// `N. ordine`, `Nº pedido`, `id_cliente`: whether the word for a key stands first. `N. ordini` is how many there are.
fn begins_as_key(name: &[String]) -> bool {
    match name {
        [first, rest @ ..] if FIRST.has(first) && !rest.is_empty() => {
            !COUNTERS.has(first) || !rest.iter().any(|word| is_several(word))
        }
        _ => false,
    }
}

/// A name without the word for a key, and whether there was one.
pub(in crate::init) fn stem(name: &[String]) -> (String, bool) {
    match name.split_last() {
        Some((last, rest)) if KEYS.has(last) => (rest.concat(), true),
        _ if begins_as_key(name) => (name.iter().skip(1).map(String::as_str).collect(), true),
        _ => {
            let all = name.concat();
            let mut ends = ["id", "no"].iter().chain(&BEHIND);
            let stem = ends.find_map(|end| all.strip_suffix(end));
            // `alumno` is no number, and `Telefonnummer` the key of nothing.
            let is_other = || is_person(&all) || is_private(&all);
            let ends = stem.filter(|stem| stem.chars().count() > 2 && !is_other());
            match ends {
                Some(stem) => (stem.to_owned(), true),
                None => (all, false),
            }
        }
    }
}
