//! Words for columns of times.

use super::Terms;

/// Words for times at which nothing happened: an end or due date, a birthday, a duration.
pub(in crate::init) const NEVER: Terms = Terms {
    en: "expir until till due deadline end ends valid next renew remind delet remov archiv cancel duration length prep \
        opening opens closes closing hours minutes seconds estimat expected promised required planned target death \
        deceased died anniversary warranty cooking waiting zone",
    de: "ablauf fallig gultig ende kundigung gekundigt storn dauer gestorben verstorben",
    fr: "echeance expiration fin valable validite renouvellement annul duree deces",
    nl: "vervaldatum einde geldig opzegging duur overleden",
    it: "scadenza scade fine valido validita rinnovo annull cancell disdetta durata decesso",
    es: "vencimiento caducidad fin valido validez renovacion anulac cancelac baja duracion fallecimiento",
    pt: "vencimento validade fim valido renovacao anulac cancelam duracao falecimento",
    pl: "wygas waznosc waznado koniec zakoncz terminplatnosci rezygnac anulow odwolan zgonu",
    sv: "forfall giltig slutdatum sluttid utgang avbok uppsagning uppsagd avliden langd",
};

/// Words for later events in the life of a row.
pub(in crate::init) const LATER: Terms = Terms {
    en: "updat modif chang edited touched synced import export shipped shipping deliver closed complet finish ended \
        process approv review refund return last settled cleared printed confirm checkout left",
    de: "geandert anderung aktualis versand versendet geliefert lieferung ruckgabe erstattung",
    fr: "modif maj expedition livraison remboursement cloture",
    nl: "gewijzigd verzonden verzending levering",
    it: "modifica aggiorna spedizione consegna rimborso chiusura ultima ultimo",
    es: "modifica actualiza envio entrega devolucion reembolso cierre ultima ultimo",
    pt: "modifica atualiza envio entrega devolucao reembolso fecho ultima ultimo",
    pl: "modyfik aktualiz zmian zmien wyslan dostarcz dostaw zwrot",
    sv: "andrad andring uppdater skickad leverans levererad aterbetal senast",
};

pub(in crate::init) const HAPPENED: Terms = Terms {
    en: "order placed paid purchas bought sold start starts begin began visit attend checkin checked occurr happen \
        receiv donat given played performed transact booked joined",
    de: "bezahlt gekauft bestell besuch zahlung verkauf",
    fr: "commande achat paiement visite vente don seance",
    nl: "besteld betaald bezoek verkoop",
    it: "ordine acquisto pagamento visita ingresso accesso presenza vendita inizio donazione appuntamento",
    es: "pedido compra pago visita venta inicio asistencia donacion cita",
    pt: "pedido compra pagamento visita venda inicio presenca doacao consulta encomenda",
    pl: "zamowien zaplat zaplac platnosc wplat wizyt zakup sprzedaz rezerwac lekcji zajec",
    sv: "betalning betald bestall besok bokning bokad lektion starttid",
};

/// Words for the time when the row was written.
pub(in crate::init) const WRITTEN: Terms = Terms {
    en: "creat insert added register registr logged recorded entered submitted signed",
    de: "erstellt angelegt erfasst",
    fr: "creation inscription enregistr saisie",
    nl: "aangemaakt ingevoerd",
    it: "creato creazione inserimento registrazione iscrizione",
    es: "creado creacion alta registro inscripcion",
    pt: "criado criacao registo registro inscricao",
    pl: "utworz dodan dodania rejestrac zapisu",
    sv: "skapad inskriv inlagd",
};

/// Words that show that a column is a time.
pub(in crate::init) const PLAIN: Terms = Terms {
    en: "at on date time datetime timestamp when day ts",
    de: "am datum zeit zeitpunkt uhrzeit",
    fr: "date heure horodatage jour le",
    nl: "datum tijd op",
    it: "data ora giorno",
    es: "fecha hora dia",
    pt: "data hora dia",
    pl: "data godzina dzien czas",
    sv: "datum tidpunkt klockslag",
};

/// Words that show it at the beginning of a name: `Data ordine`.
pub(in crate::init) const FIRST: Terms = Terms {
    en: "date",
    de: "",
    fr: "date",
    nl: "",
    it: "data",
    es: "fecha",
    pt: "data",
    pl: "data",
    sv: "",
};

/// Words for the period of an export in file names, besides months: `orders_q3`.
pub(in crate::init) const PERIODS: Terms = Terms {
    en: "year half quarter qtr q month week w h from to until",
    de: "jahr halbjahr quartal monat woche kw bis vom von",
    fr: "annee semestre sem trimestre trim t mois semaine s du au",
    nl: "jaar kwartaal maand week",
    it: "anno semestre sem trimestre trim mese settimana dal al",
    es: "ano semestre sem trimestre trim mes semana del al",
    pt: "ano semestre sem trimestre trim mes semana",
    pl: "kwartal polrocze miesiac tydzien",
    sv: "kvartal halvar manad vecka",
};

pub(super) const CONCEPTS: &[&Terms] = &[&NEVER, &LATER, &HAPPENED, &WRITTEN, &PLAIN];
