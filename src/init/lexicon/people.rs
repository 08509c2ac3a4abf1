//! Words for tables of people, and for tables of everything else.

use super::Terms;

/// Words for the people who are segmented, with the English singular for use in sentences.
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
            pl: "",
            sv: "",
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
            pl: "",
            sv: "kund kunder kundregister kundlista",
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
            pl: "klient klienta klientow klienci klientka klientki",
            sv: "klient klienter",
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
            pl: "czlonek czlonka czlonkow czlonkowie czlonkini klubowicz klubowicza klubowicze",
            sv: "medlem medlems medlemmar medlemsregister medlemslista",
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
            pl: "darczynca darczyncy darczyncow",
            sv: "givare",
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
            pl: "pacjent pacjenta pacjentow pacjenci pacjentka pacjentki",
            sv: "patient patienter",
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
            pl: "uczen ucznia uczniow uczniowie uczennica uczennicy uczennice kursant kursanta kursantow kursanci studenta \
                studentow studenci",
            sv: "elev elevs elever elevregister elevlista",
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
            pl: "gosc goscia gosci goscie",
            sv: "gast gaster",
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
            pl: "uczestnik uczestnika uczestnikow uczestnicy uczestniczka",
            sv: "deltagare",
        },
    ),
];

/// Words that may mean these people, or those who work there.
pub(in crate::init) const PERHAPS: Terms = Terms {
    en: "user contact person account profile party company organisation",
    de: "benutzer kontakt person konto firma",
    fr: "utilisateur contact personne compte societe",
    nl: "gebruiker contact persoon",
    it: "utente contatto persona azienda anagrafica",
    es: "usuario contacto persona cuenta empresa",
    pt: "utilizador usuario utente contacto contato pessoa conta empresa",
    pl: "uzytkownik uzytkownicy osoba osoby kontakt kontrahent kontrahenci nabywca nabywcy konto firma",
    sv: "anvandare kontakt konto foretag",
};

/// Words for staff, products and events, which are never segmented.
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
    pl: "pracownik pracownika pracownicy nauczyciel nauczyciela nauczyciele instruktor instruktorzy trener trenera trenerzy \
        lekarz lekarza lekarze produkt produktu produkty towar towaru towary artykul artykuly kategoria kategorii kategorie \
        zamowienie zamowienia faktura faktury platnosc platnosci wplata wplaty wizyta wizyty rezerwacja rezerwacji \
        rezerwacje lekcja lekcji lekcje zajecia zajec pozycja pozycji pozycje kurs kursu kursy sprzedaz wydarzenie \
        wydarzenia bilet biletu bilety karnet karnetu karnety transakcja transakcji transakcje dostawca dostawcy oddzial \
        oddzialy sklep sklepu sklepy",
    sv: "anstalld anstallda larare instruktor lakare produkt produkter artikel artiklar kategori kategorier bestallning \
        bestallnings bestallningar faktura fakturor betalning betalnings betalningar besok besoks bokning boknings bokningar \
        lektion lektions lektioner orderrad orderrader kurs kurser biljett biljetter evenemang butik butiker leverantor \
        leverantorer",
};

/// Whether a word means one of the people who are segmented.
pub(in crate::init) fn is_person(word: &str) -> bool {
    PEOPLE.iter().any(|(_, terms)| terms.has(word))
}

/// Whether a word is a plural of people, or of anything else that tables list: `orders`, but not `order`.
pub(in crate::init) fn is_several(word: &str) -> bool {
    let all = || PEOPLE.iter().map(|(_, terms)| terms).chain([&OTHERS]);
    all().any(|terms| terms.name(word)) && !all().any(|terms| terms.has(word))
}

/// Words without meaning at the end of a name.
pub(in crate::init) const LISTS: Terms = Terms {
    en: "list data master table directory base record records register lookup",
    de: "liste stamm stammdaten tabelle daten",
    fr: "liste fichier",
    nl: "lijst gegevens",
    it: "elenco lista archivio",
    es: "lista listado fichero",
    pt: "lista ficheiro",
    pl: "lista spis wykaz rejestr ewidencja kartoteka dane",
    sv: "lista forteckning",
};

pub(super) const CONCEPTS: &[&Terms] = &[&PERHAPS, &OTHERS, &LISTS];
