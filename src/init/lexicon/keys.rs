//! Words for keys, and for columns that are unique by accident or only within each table.

use super::Terms;
pub(in crate::init) use crate::value::key_names::{BEHIND, FIRST, KEYS};

/// Words for keys that may also be counts.
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

/// Words for keys that imply what they identify.
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

/// Words for columns that occur in many tables independently.
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

/// Words for columns that are unique by accident, besides private ones.
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
