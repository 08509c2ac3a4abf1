//! What keys are called, and what is unique by accident or in each table for itself.

use super::Terms;
pub(in crate::init) use crate::value::key_names::{BEHIND, FIRST, KEYS};

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
