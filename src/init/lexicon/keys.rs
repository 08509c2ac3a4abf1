//! What keys are called, and what is unique by accident or in each table for itself.

use super::Terms;

/// What a column that holds a key is called: at its end, as in `customer_no` and `Kundennummer`, or at its beginning, as
/// in `N. ordine` and `Nº pedido`.
pub(in crate::init) const KEYS: Terms = Terms {
    en: "id no nr number num key code uuid guid ref reference fk pk sku ean isbn",
    de: "id nr nummer",
    fr: "id n no num numero code ref reference",
    nl: "id nr nummer",
    it: "id n no nr num numero cod codice",
    es: "id n no num numero cod codigo ref referencia",
    pt: "id n no num numero cod codigo ref referencia",
    pl: "id nr numer kod",
    sv: "id nr nummer kod",
};

/// Those that stand at the beginning.
pub(in crate::init) const FIRST: Terms = Terms {
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

/// Those of them that may also say how many there are.
pub(in crate::init) const COUNTERS: Terms = Terms {
    en: "",
    de: "",
    fr: "n no num numero",
    nl: "",
    it: "n no nr num numero",
    es: "n no num numero",
    pt: "n no num numero",
    pl: "",
    sv: "",
};

/// Those that say by themselves what they are a key of.
pub(in crate::init) const GOODS: Terms = Terms {
    en: "sku ean isbn",
    de: "",
    fr: "",
    nl: "",
    it: "",
    es: "",
    pt: "",
    pl: "",
    sv: "",
};

/// Names of columns that many tables have, each for itself.
pub(in crate::init) const OWN: Terms = Terms {
    en: "city town zip postcode country region state status type kind position rank sort",
    de: "ort stadt plz postleitzahl land",
    fr: "ville cp codepostal pays statut type",
    nl: "plaats postcode land",
    it: "citta comune cap codicepostale provincia paese stato tipo",
    es: "ciudad cp codigopostal provincia pais estado tipo",
    pt: "cidade cp cep codigopostal pais estado tipo",
    pl: "miasto miejscowosc kodpocztowy kraj wojewodztwo stan rodzaj",
    sv: "ort postort postnummer land kommun",
};

/// Names of columns that are unique by accident, beside those that are private.
pub(in crate::init) const ACCIDENTS: Terms = Terms {
    en: "name description photo image url website password",
    de: "beschreibung bild",
    fr: "nom description photo",
    nl: "naam omschrijving foto",
    it: "nome descrizione foto",
    es: "nombre descripcion foto",
    pt: "nome descricao foto",
    pl: "nazwa opis zdjecie",
    sv: "namn beskrivning bild",
};

pub(super) const CONCEPTS: &[&Terms] = &[&KEYS, &OWN, &ACCIDENTS];
