//! Words for other private data: addresses, remarks, and the numbers of documents.

use super::Terms;

pub(in crate::init) const HOMES: Terms = Terms {
    en: "address street",
    de: "adresse anschrift strasse hausnummer",
    fr: "adresse rue",
    nl: "adres straat",
    it: "indirizzo residenza domicilio",
    es: "direccion calle domicilio",
    pt: "endereco morada rua",
    pl: "adres ulica zamieszkania",
    sv: "adress gatuadress postadress",
};

pub(in crate::init) const REMARKS: Terms = Terms {
    en: "note notes comment comments remark remarks memo",
    de: "notiz notizen bemerkung bemerkungen anmerkung anmerkungen kommentar",
    fr: "remarque remarques commentaire commentaires observation observations",
    nl: "opmerking opmerkingen notitie notities",
    it: "nota note osservazioni commento commenti annotazioni",
    es: "nota notas observacion observaciones comentario comentarios",
    pt: "nota notas obs observacao observacoes comentario comentarios",
    pl: "uwaga uwagi notatka notatki komentarz komentarze",
    sv: "anteckning anteckningar kommentar kommentarer anmarkning anmarkningar",
};

pub(in crate::init) const PAPERS: Terms = Terms {
    en: "iban ssn passport",
    de: "iban steuernummer sozialversicherungsnummer",
    fr: "iban rib nir numerosecuritesociale",
    nl: "iban bsn",
    it: "iban codicefiscale codfiscale partitaiva piva",
    es: "iban dni nie nif",
    pt: "iban nif cpf cartaocidadao",
    pl: "iban pesel",
    sv: "iban personnummer persnr",
};

/// Words that show that a column holds something about such a value, rather than the value. They come last, as in
/// English, or first.
pub(in crate::init) const ABOUT: Terms = Terms {
    en: "id at count type status state valid verified confirmed sent opened bounced consent optin optout opt in out allowed",
    de: "einwilligung zustimmung art",
    fr: "consentement statut type",
    nl: "toestemming",
    it: "consenso stato tipo",
    es: "consentimiento estado tipo",
    pt: "consentimento estado tipo",
    pl: "zgoda rodzaj",
    sv: "samtycke",
};

/// Words for yes as the answer to a question.
pub(in crate::init) const YES: Terms = Terms {
    en: "yes true y t 1",
    de: "ja j wahr",
    fr: "oui o vrai",
    nl: "ja j waar",
    it: "si s vero",
    es: "si s verdadero",
    pt: "sim s verdadeiro",
    pl: "tak prawda",
    sv: "ja j sant",
};
pub(in crate::init) const NO: Terms = Terms {
    en: "no false n f 0",
    de: "nein falsch",
    fr: "non faux",
    nl: "nee onwaar",
    it: "no falso",
    es: "no falso",
    pt: "nao falso",
    pl: "nie falsz",
    sv: "nej falskt",
};

pub(super) const CONCEPTS: &[&Terms] = &[&HOMES, &REMARKS, &PAPERS, &ABOUT];
