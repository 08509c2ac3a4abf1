//! What tables of people are called, and those of everything else.

use super::Terms;

/// What people call those whom they segment, with the English word for one where sentences need it.
pub(in crate::init) const PEOPLE: &[(&str, Terms)] = &[
    (
        "",
        Terms {
            en: "subscriber buyer shopper patron supporter household family player athlete attendee volunteer tenant pupil",
            de: "",
            fr: "",
            nl: "",
            it: "",
            es: "",
            pt: "",
        },
    ),
    (
        "customer",
        Terms {
            en: "customer",
            de: "kunde kundin",
            fr: "",
            nl: "klant",
            it: "",
            es: "",
            pt: "",
        },
    ),
    (
        "client",
        Terms {
            en: "client",
            de: "",
            fr: "client cliente clientele",
            nl: "",
            it: "cliente clientela",
            es: "cliente",
            pt: "cliente",
        },
    ),
    (
        "member",
        Terms {
            en: "member",
            de: "mitglied",
            fr: "membre adherent adherente abonne",
            nl: "lid leden",
            it: "socio socia iscritto tesserato abbonato associato",
            es: "socio socia miembro abonado afiliado",
            pt: "socio socia membro associado",
        },
    ),
    (
        "donor",
        Terms {
            en: "donor",
            de: "spender spenderin",
            fr: "donateur donatrice",
            nl: "donateur",
            it: "donatore",
            es: "donante",
            pt: "doador doadores",
        },
    ),
    (
        "patient",
        Terms {
            en: "patient",
            de: "patient patientin",
            fr: "patient patiente",
            nl: "patient",
            it: "paziente",
            es: "paciente",
            pt: "paciente",
        },
    ),
    (
        "student",
        Terms {
            en: "student",
            de: "schuler student",
            fr: "eleve etudiant",
            nl: "leerling",
            it: "allievo alunno studente",
            es: "alumno alumna estudiante",
            pt: "aluno aluna estudante",
        },
    ),
    (
        "guest",
        Terms {
            en: "guest",
            de: "gast gaste",
            fr: "",
            nl: "gast gasten",
            it: "ospite",
            es: "huesped",
            pt: "hospede",
        },
    ),
    (
        "participant",
        Terms {
            en: "participant",
            de: "teilnehmer teilnehmerin",
            fr: "participant",
            nl: "deelnemer",
            it: "partecipante",
            es: "participante",
            pt: "participante",
        },
    ),
];

/// What may be those, and may be the ones who work there.
pub(in crate::init) const PERHAPS: Terms = Terms {
    en: "user contact person account profile party company organisation",
    de: "benutzer kontakt person konto firma",
    fr: "utilisateur contact personne compte societe",
    nl: "gebruiker contact persoon",
    it: "utente contatto persona azienda anagrafica",
    es: "usuario contacto persona cuenta empresa",
    pt: "utilizador usuario utente contacto contato pessoa conta empresa",
};

/// Who works there, what is sold, and what happened: never those who are segmented.
pub(in crate::init) const OTHERS: Terms = Terms {
    en: "staff employee instructor trainer teacher coach admin agent driver product item class \
        category order invoice payment visit booking appointment event line detail session ticket \
        course campaign studio store shop location branch supplier vendor role type status",
    de: "mitarbeiter lehrer produkt artikel kategorie bestellung auftrag rechnung zahlung besuch buchung termin \
        position kurs filiale lieferant",
    fr: "employe salarie professeur medecin produit article categorie commande facture paiement visite reservation \
        seance rendezvous ligne vente cours magasin fournisseur",
    nl: "medewerker product artikel categorie bestelling factuur betaling bezoek boeking afspraak les winkel",
    it: "dipendente istruttore insegnante medico prodotto articolo categoria ordine fattura pagamento visita \
        prenotazione appuntamento ingresso presenza accesso riga righe vendita corso lezione biglietto negozio sede fornitore",
    es: "empleado monitor profesor medico producto articulo categoria pedido factura pago visita reserva cita \
        clase linea venta curso sesion entrada tienda proveedor",
    pt: "funcionario professor medico produto artigo categoria encomenda pedido fatura pagamento visita reserva \
        consulta marcacao aula linha venda curso sessao loja fornecedor",
};

/// Whether a word is what people call one of those whom they segment.
pub(in crate::init) fn is_person(word: &str) -> bool {
    PEOPLE.iter().any(|(_, terms)| terms.has(word))
}

/// Whether a word says several of people or of anything else that tables list: `orders`, and not `order`.
pub(in crate::init) fn is_several(word: &str) -> bool {
    let all = || PEOPLE.iter().map(|(_, terms)| terms).chain([&OTHERS]);
    all().any(|terms| terms.name(word)) && !all().any(|terms| terms.has(word))
}

/// What stands behind a name and says nothing.
pub(in crate::init) const LISTS: Terms = Terms {
    en: "list data master table directory base record records register lookup",
    de: "liste stamm stammdaten tabelle daten",
    fr: "liste fichier",
    nl: "lijst gegevens",
    it: "elenco lista archivio",
    es: "lista listado fichero",
    pt: "lista ficheiro",
};

pub(super) const CONCEPTS: &[&Terms] = &[&PERHAPS, &OTHERS, &LISTS];
