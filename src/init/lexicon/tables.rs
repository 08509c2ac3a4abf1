//! Words for tables of people's actions.

use super::Terms;

/// Words for what is given rather than paid.
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

/// Words for what belongs to somebody, but is not an action.
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

/// The same, if it belongs to a person rather than an order.
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

/// Words for amounts that nobody has paid, or that were paid back.
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

/// Words for what people come to, and pay for separately.
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

/// Words in a row at the end of a table that counts its rows or adds them up.
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

/// The same in languages without any other lists: Danish and Norwegian, Czech and Slovak, Finnish, Hungarian,
/// Romanian.
pub(in crate::init) const OTHER_TOTALS: &str = "ialt sammenlagt totalsum delsum celkem soucet mezisoucet spolu yhteensa kaikkiaan valisumma \
    osszesen mindosszesen reszosszeg totaluri subtotaluri";

pub(super) const CONCEPTS: &[&Terms] = &[&TOTALS, &GIFTS, &DETAILS, &DETAIL, &UNPAID, &VISITS];
