//! How key columns are named.

use crate::config::singular_of;
use crate::init::lexicon::are_forms;
use crate::init::lexicon::keys::{BEHIND, COUNTERS, FIRST, GOODS, KEYS};
use crate::init::lexicon::people::{is_person, is_several};
use crate::init::private::is_private;
use crate::init::words::{flat, is_one_of, words};

/// Whether two columns with the same name hold the same kind of key: `order_no`, `sku`, but not `id` or `code`.
pub(in crate::init) fn is_same_key(one: &str, other: &str) -> bool {
    let name = words(one);
    let (stem, is_key) = stem(&name);
    is_key && flat(one) == flat(other) && (!stem.is_empty() || GOODS.has(&flat(one)))
}

/// Whether a column is named like the key of its table: `id`, `customer_id`, or `CustomerNo` in a table of customers.
pub(in crate::init) fn is_called_key(column: &str, table: &str) -> bool {
    let name = words(column);
    let (stem, is_key) = stem(&name);
    let one = singular_of(&flat(table));
    let last = words(table).pop().unwrap_or_default();
    let is_of_table = || is_one_of(&stem, &last) || are_forms(&stem, &last);
    is_key && (stem.is_empty() || one.ends_with(&stem) || is_of_table()) || name.concat() == "rowid"
}

/// Whether a column is named like a key of anything: `order_id`.
pub(in crate::init) fn ends_as_key(column: &str) -> bool {
    let name = words(column);
    name.last().is_some_and(|last| KEYS.has(last)) || begins_as_key(&name)
}

/// Whether the word for a key comes first: `N. ordine`, `Nº pedido`, `id_cliente`. `N. ordini` is a count.
fn begins_as_key(name: &[String]) -> bool {
    match name {
        [first, rest @ ..] if FIRST.has(first) && !rest.is_empty() => {
            !COUNTERS.has(first) || !rest.iter().any(|word| is_several(word))
        }
        _ => false,
    }
}

/// A name without the word for a key, and whether it had one.
pub(in crate::init) fn stem(name: &[String]) -> (String, bool) {
    match name.split_last() {
        Some((last, rest)) if KEYS.has(last) => (rest.concat(), true),
        _ if begins_as_key(name) => (name.iter().skip(1).map(String::as_str).collect(), true),
        _ => {
            let all = name.concat();
            let mut ends = ["id", "no"].iter().chain(&BEHIND);
            let stem = ends.find_map(|end| all.strip_suffix(end));
            // `alumno` does not end in a word for a number, and `Telefonnummer` is not a key.
            let is_other = || is_person(&all) || is_private(&all);
            let ends = stem.filter(|stem| stem.chars().count() > 2 && !is_other());
            match ends {
                Some(stem) => (stem.to_owned(), true),
                None => (all, false),
            }
        }
    }
}
