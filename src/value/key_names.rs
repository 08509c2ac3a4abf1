//! What columns that hold keys are called.

use super::{Terms, folded};

/// What a column that holds a key is called: at its end, as in `customer_no` and `Kundennummer`, or at its beginning, as
/// in `N. ordine` and `Nº pedido`.
pub const KEYS: Terms = Terms {
    en: "id ids no nr number num key code uuid guid ref reference fk pk sku ean isbn",
    de: "id nr nummer",
    fr: "id n no num numero code ref reference",
    nl: "id nr nummer",
    it: "id n no nr num numero cod codice matricola",
    es: "id n no num numero cod codigo ref referencia matricula",
    pt: "id n no num numero cod codigo ref referencia matricula",
    pl: "id nr numer kod",
    sv: "id nr nummer kod",
};

/// Those that stand at the beginning.
pub const FIRST: Terms = Terms {
    en: "id",
    de: "",
    fr: "n no num numero code ref reference",
    nl: "",
    it: "n no nr num numero cod codice",
    es: "n no num numero cod codigo ref referencia",
    pt: "n no num numero cod codigo ref referencia",
    pl: "nr numer kod",
    sv: "nr nummer",
};

/// What compounds that name a key end in: `Kundennummer`, `KdNr`.
pub const BEHIND: [&str; 2] = ["nummer", "nr"];

/// Whether a heading is that of a key, of whatever: `client_no`, `clientId`, `Bestellnummer`, `N. cliente`.
pub fn is_named_key(heading: &str) -> bool {
    /// A shorter beginning is no word.
    const STEM: usize = 2;
    let mut plain = String::new();
    let words: Vec<String> = spelled(heading)
        .iter()
        .map(|word| {
            folded(word, &mut plain);
            plain.clone()
        })
        .collect();
    let is_one = |terms: &Terms, word: &String| terms.all().any(|one| one == word);
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return false;
    };
    let is_compound = BEHIND.iter().any(|end| {
        let stem = last.strip_suffix(end);
        stem.is_some_and(|stem| stem.chars().count() >= STEM)
    });
    is_one(&KEYS, last) || is_compound || words.len() > 1 && is_one(&FIRST, first)
}

/// All the words of a name, in small letters, however it is written: `OrderDate`, `order_date`, `Order Date`; a `tbl` in front says nothing.
pub fn spelled(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (place, letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let before = place.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(place + 1);
        let begins = letter.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase() || (b.is_uppercase() && after.is_some_and(|a| a.is_lowercase()))
            });
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    if words.len() > 1
        && words
            .first()
            .is_some_and(|word| word == "tbl" || word == "tb")
    {
        words.remove(0);
    }
    if let [only] = words.as_mut_slice()
        && let Some(rest) = only.strip_prefix("tbl").filter(|rest| !rest.is_empty())
    {
        *only = rest.to_owned();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_by_their_headings() {
        for heading in [
            "id",
            "client_no",
            "clientId",
            "Bestellnummer",
            "Kundennummer",
            "KdNr",
            "Kunden-Nr.",
            "klantnummer",
            "N. cliente",
            "Nº pedido",
            "N° de commande",
            "Cod. cliente",
            "Réf. commande",
            "código",
            "Matricola",
            "Numer klienta",
        ] {
            assert!(is_named_key(heading), "{heading}");
        }
        for heading in ["paid", "Amount", "Betrag", "Prix", "Giorno", "notes", ""] {
            assert!(!is_named_key(heading), "{heading}");
        }
    }
}
