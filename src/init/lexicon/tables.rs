//! What tables of what people did are called.

use super::Terms;

/// What is given, and not paid.
pub(in crate::init) const GIFTS: Terms = Terms {
    en: "donation gift contribution pledge",
    de: "spende",
    fr: "don",
    nl: "donatie",
    it: "donazione",
    es: "donacion donativo",
    pt: "doacao donativo",
    pl: "darowizna darowizny",
    sv: "gava gavor",
};

/// What belongs to somebody and is nothing that they did.
pub(in crate::init) const DETAILS: Terms = Terms {
    en: "email phone address website note tag meta setting preference option profile image photo",
    de: "adresse telefon notiz",
    fr: "adresse telephone",
    nl: "adres notitie",
    it: "indirizzo recapito nota",
    es: "direccion telefono nota",
    pt: "endereco morada telefone nota",
    pl: "adres telefon notatka",
    sv: "adress telefon anteckning",
};

/// The same where it belongs to somebody, and not to an order.
pub(in crate::init) const DETAIL: Terms = Terms {
    en: "detail",
    de: "",
    fr: "",
    nl: "",
    it: "dettaglio dettagli",
    es: "detalle",
    pt: "detalhe",
    pl: "szczegoly",
    sv: "detalj",
};

/// Amounts that nobody has paid, or that were paid back.
pub(in crate::init) const UNPAID: Terms = Terms {
    en: "cart quote estimate wishlist draft pledge refund chargeback reversal",
    de: "warenkorb angebot erstattung ruckerstattung gutschrift",
    fr: "panier devis remboursement avoir",
    nl: "offerte terugbetaling",
    it: "carrello preventivo rimborso",
    es: "carrito presupuesto reembolso devolucion",
    pt: "carrinho orcamento reembolso devolucao",
    pl: "koszyk wycena wyceny zwrot",
    sv: "varukorg offert aterbetalning aterbetalningar kreditfaktura",
};

/// What people come to, and pay for otherwise.
pub(in crate::init) const VISITS: Terms = Terms {
    en: "visit checkin attendance attendee class booking reservation appointment session lesson",
    de: "besuch termin",
    fr: "visite seance reservation rendezvous presence",
    nl: "bezoek bezoeken afspraak afspraken",
    it: "ingresso presenza accesso visita prenotazione appuntamento lezione",
    es: "visita asistencia reserva cita clase sesion acceso",
    pt: "visita presenca reserva consulta marcacao aula sessao",
    pl: "wizyta wizyty rezerwacja rezerwacje lekcja lekcje zajecia trening obecnosc",
    sv: "besok bokning bokningar lektion lektioner traning traningar narvaro",
};

/// What a line below a table says that counts its rows, or adds them up.
pub(in crate::init) const TOTALS: Terms = Terms {
    en: "total totals subtotal sum grandtotal",
    de: "summe summen gesamt gesamtsumme gesamtzahl gesamtanzahl zwischensumme insgesamt anzahl",
    fr: "total totaux somme ensemble",
    nl: "totaal totalen som subtotaal aantal",
    it: "totale totali somma subtotale",
    es: "total totales suma subtotal",
    pt: "total totais soma subtotal",
    pl: "razem lacznie ogolem suma sumy podsumowanie wsumie liczba",
    sv: "summa totalt totalsumma delsumma sammanlagt ialt antal",
};

/// The same in languages that nothing else is known of: Danish and Norwegian, Czech and Slovak, Finnish, Hungarian, Romanian.
pub(in crate::init) const OTHER_TOTALS: &str = "ialt sammenlagt totalsum delsum celkem soucet mezisoucet spolu yhteensa kaikkiaan valisumma \
    osszesen mindosszesen reszosszeg totaluri subtotaluri";

pub(super) const CONCEPTS: &[&Terms] = &[&TOTALS, &GIFTS, &DETAILS, &DETAIL, &UNPAID, &VISITS];
