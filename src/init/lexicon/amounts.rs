//! Words for amounts of money, and for numbers that are not amounts.

use super::Terms;

/// Words for amounts, with the likeliest to be the amount paid first.
pub(in crate::init) const AMOUNTS: Terms = Terms {
    en: "amount total paid price sum revenue gross net fee cost value charge subtotal payment donation",
    de: "betrag summe preis umsatz gesamtbetrag rechnungsbetrag gesamtsumme gesamtpreis beitrag kosten",
    fr: "montant total prix somme paye cotisation tarif cout",
    nl: "bedrag totaal prijs som betaald contributie kosten",
    it: "importo totale prezzo somma pagato incasso quota donazione tariffa costo valore",
    es: "importe total monto precio suma pagado cuota donativo tarifa coste costo valor",
    pt: "valor total montante preco soma pago quota mensalidade donativo custo",
    pl: "kwota suma wartosc naleznosc oplata wplata skladka czesne koszt darowizna",
    sv: "belopp summa slutsumma totalsumma totalbelopp totalpris avgift kostnad varde",
};

/// Words that show that a number is not an amount.
pub(in crate::init) const NO_AMOUNTS: Terms = Terms {
    en: "id no nr number num count counts quantity qty units items percent percentage pct rate ratio share weight score \
        points hours minutes seconds days weeks months years year month age phone zip postcode code visits orders \
        sessions credits km kg type currency",
    de: "nummer anzahl menge stuck prozent punkte stunden minuten tage wochen monate jahre jahr monat alter telefon plz \
        postleitzahl wahrung",
    fr: "n numero nombre quantite pourcentage points heures minutes jours semaines mois annees annee age telephone cp \
        codepostal devise",
    nl: "nummer aantal punten uren minuten dagen weken maanden jaar maand leeftijd telefoon valuta",
    it: "n numero quantita pezzi percentuale punti ore minuti giorni settimane mesi mese anni anno eta telefono cap \
        codicepostale valuta",
    es: "n numero cantidad unidades porcentaje puntos horas minutos dias semanas meses mes anos ano edad telefono cp \
        codigopostal divisa moneda",
    pt: "n numero quantidade unidades percentagem pontos horas minutos dias semanas meses mes anos ano idade telefone \
        cp cep codigopostal moeda",
    pl: "numer liczba ilosc sztuki sztuk szt procent punkty godziny minuty sekundy dni tygodnie miesiace miesiac wiek \
        telefon kod kodpocztowy waluta",
    sv: "nummer antal procent poang timmar minuter sekunder dagar veckor manader manad alder telefon kod postnummer valuta",
};

/// Words for amounts other than the amount paid.
pub(in crate::init) const ASIDE: Terms = Terms {
    en: "tax vat discount tip tips shipping balance deductible refund refunded refunds outstanding due",
    de: "steuer mwst ust rabatt trinkgeld versand versandkosten erstattung saldo",
    fr: "tva taxe remise pourboire livraison port remboursement solde",
    nl: "btw korting fooi verzendkosten terugbetaling saldo",
    it: "iva imposta sconto mancia spedizione rimborso saldo residuo",
    es: "iva impuesto descuento propina envio reembolso saldo pendiente",
    pt: "iva imposto desconto gorjeta envio portes reembolso saldo pendente",
    pl: "podatek vat rabat znizka napiwek dostawa przesylka zwrot saldo zaleglosc zaleglosci",
    sv: "moms rabatt dricks frakt aterbetalning saldo skuld",
};

/// Words that show that such an amount is included: `Totale IVA inclusa`.
pub(in crate::init) const WITH: Terms = Terms {
    en: "incl including inc with",
    de: "inkl inklusive mit",
    fr: "ttc avec compris comprise",
    nl: "incl inclusief",
    it: "incl inclusa incluso compresa con ivata",
    es: "incl incluido con",
    pt: "incl incluido com",
    pl: "wliczony wliczonym",
    sv: "inkl inklusive med",
};

/// Words for a quantity, which show that an amount is a unit price rather than the amount paid.
pub(in crate::init) const COUNTS: Terms = Terms {
    en: "quantity qty count units",
    de: "anzahl menge stuck",
    fr: "quantite qte nombre",
    nl: "aantal",
    it: "quantita qta pezzi",
    es: "cantidad unidades uds",
    pt: "quantidade qtd unidades",
    pl: "ilosc liczba sztuki sztuk szt",
    sv: "antal",
};

/// Words for the currency of an amount.
pub(in crate::init) const CURRENCIES: Terms = Terms {
    en: "currency",
    de: "wahrung waehrung",
    fr: "devise",
    nl: "valuta",
    it: "valuta divisa",
    es: "moneda divisa",
    pt: "moeda divisa",
    pl: "waluta",
    sv: "valuta",
};

pub(super) const CONCEPTS: &[&Terms] =
    &[&AMOUNTS, &NO_AMOUNTS, &ASIDE, &WITH, &COUNTS, &CURRENCIES];
