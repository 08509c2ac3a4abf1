//! Words in columns and values that mark rows and people who do not count.

use super::Terms;

/// Words that show that a person has left, or never existed.
pub(in crate::init) const GONE: Terms = Terms {
    en: "deleted closed archived deactivated inactive deceased died death dead left test anonymized anonymised merged",
    de: "verstorben geloscht geloescht inaktiv archiviert deaktiviert gekundigt gekuendigt",
    fr: "supprime desactive inactif decede archive parti efface radie resilie rgpdefface ancienadherent ancieneleve ancienmembre \
        ancienclient",
    nl: "verwijderd gewist inactief overleden gearchiveerd gedeactiveerd",
    it: "cancellato eliminato disattivato inattivo deceduto archiviato disdetta cessazione",
    es: "eliminado borrado desactivado inactivo fallecido archivado baja",
    pt: "eliminado apagado desativado inativo falecido arquivado",
    pl: "usuniety usunieta usunieto nieaktywny nieaktywna zarchiwizowany zarchiwizowana zmarly zmarla zrezygnowal \
        zrezygnowala rezygnacja rezygnacji wypisany wypisana wypisano skreslony skreslona",
    sv: "raderad borttagen inaktiv inaktiverad avliden arkiverad avslutad uppsagd slutat slutade",
};

/// The opposite.
pub(in crate::init) const THERE: Terms = Terms {
    en: "active activebool",
    de: "aktiv",
    fr: "actif",
    nl: "actief",
    it: "attivo",
    es: "activo",
    pt: "ativo activo",
    pl: "aktywny aktywna",
    sv: "aktiv",
};

/// Statuses of a person with the same meaning.
pub(in crate::init) const GONE_STATES: Terms = Terms {
    en: "deceased deleted archived closed inactive test merged duplicate trash",
    de: "verstorben geloscht geloescht inaktiv archiviert gekundigt gekuendigt ausgetreten",
    fr: "decede supprime inactif archive radie resilie",
    nl: "overleden verwijderd inactief gearchiveerd",
    it: "deceduto cancellato eliminato inattivo archiviato disattivato dimesso",
    es: "fallecido eliminado borrado inactivo archivado desactivado baja debaja",
    pt: "falecido eliminado apagado inativo inactivo arquivado desativado",
    pl: "usuniety usunieta nieaktywny nieaktywna zarchiwizowany zarchiwizowana zmarly zmarla zrezygnowal zrezygnowala \
        rezygnacja wypisany wypisana skreslony skreslona",
    sv: "raderad borttagen inaktiv inaktiverad avliden arkiverad avslutad uppsagd slutat",
};

/// Words that show that a row had no result.
pub(in crate::init) const UNDONE: Terms = Terms {
    en: "cancelled canceled cancellation void voided deleted failed declined rejected refunded writtenoff test draft trash noshow",
    de: "storniert stornierung storno geloscht geloescht abgesagt erstattet ruckerstattet rueckerstattet",
    fr: "annule annulation supprime rembourse",
    nl: "geannuleerd annulering verwijderd terugbetaald",
    it: "annullato annullamento cancellato stornato eliminato disdetto rimborsato",
    es: "anulado anulacion cancelado cancelacion eliminado borrado reembolsado devuelto",
    pt: "anulado anulacao cancelado cancelamento eliminado apagado reembolsado devolvido",
    pl: "anulowany anulowana anulowane anulowano odwolany odwolana odwolane odwolano usuniety usunieta usunieto zwrocony \
        zwrocona zwrocono",
    sv: "avbokad avbokat avbokning avbestalld installd installt annullerad makulerad raderad borttagen aterbetald aterbetalt",
};

/// Statuses of a row with the same meaning, and those of an amount that nobody has paid.
pub(in crate::init) const UNDONE_STATES: Terms = Terms {
    en: "cancelled canceled void voided deleted failed declined rejected refunded trash draft abandoned noshow aborted \
        bounced absent excused dna didnotattend",
    de: "storniert storno erstattet ruckerstattet rueckerstattet zuruckerstattet zurueckerstattet gutschrift \
        gutgeschrieben abgebrochen abgelehnt abgesagt fehlgeschlagen geloscht geloescht widerrufen entwurf \
        abwesend entschuldigt unentschuldigt",
    fr: "annule rembourse refuse rejete echoue echec supprime abandonne brouillon absent excuse",
    nl: "geannuleerd terugbetaald mislukt geweigerd afgewezen verwijderd concept afwezig afgemeld",
    it: "annullato cancellato stornato storno rimborsato reso fallito rifiutato respinto disdetto eliminato bozza \
        nonpresentato assente giustificato",
    es: "anulado cancelado reembolsado devuelto fallido rechazado denegado eliminado borrado borrador nopresentado ausente \
        justificado",
    pt: "anulado cancelado reembolsado devolvido estornado falhado falhou recusado rejeitado eliminado rascunho faltou ausente \
        justificado",
    pl: "anulowany anulowana anulowane anulowano odwolany odwolana odwolane odwolano odrzucony odrzucona odrzucone odrzucono \
        zwrot zwrocony zwrocona zwrocone zwrocono nieudany nieudana nieudane usuniety usunieta wycofany wycofana przerwany \
        przerwana szkic nieobecny nieobecna nieobecnosc usprawiedliwiony usprawiedliwiona nieusprawiedliwiony \
        nieusprawiedliwiona nieodbyta nieodbyty nieodbyte nieodbylasie niestawilsie niestawilasie nieprzyszedl nieprzyszla",
    sv: "avbokad avbokat avbokade avbestalld avbestallt installd installt annullerad annullerat makulerad makulerat \
        aterbetald aterbetalt krediterad krediterat avvisad avvisat nekad nekat misslyckad misslyckat misslyckades avbruten \
        avbrutet raderad raderat borttagen utkast uteblev utebliven uteblivit franvarande franvaro ejnarvarande ejgenomford",
};
pub(in crate::init) const UNPAID_STATES: Terms = Terms {
    en: "pending unpaid notpaid open checkout overdue",
    de: "offen ausstehend unbezahlt nichtbezahlt uberfallig ueberfaellig",
    fr: "impaye nonpaye enattente apayer enretard",
    nl: "openstaand onbetaald nietbetaald",
    it: "insoluto inattesa nonpagato dapagare sospeso",
    es: "pendiente impagado nopagado porpagar",
    pt: "pendente naopago porpagar ematraso emaberto",
    pl: "oczekuje oczekujacy oczekujaca oczekujace nieoplacony nieoplacona nieoplacone niezaplacony niezaplacona \
        niezaplacone dozaplaty zalegly zalegla zalegle przeterminowany przeterminowana przeterminowane",
    sv: "obetald obetalt ejbetald ejbetalt vantar vantande forfallen forfallet oppen",
};

/// Words that show that a row's amount was paid.
pub(in crate::init) const PAID: Terms = Terms {
    en: "paid",
    de: "bezahlt gezahlt",
    fr: "paye",
    nl: "betaald",
    it: "pagato",
    es: "pagado",
    pt: "pago",
    pl: "oplacony oplacona oplacone oplacono zaplacony zaplacona zaplacone zaplacono zaksiegowany zaksiegowana zaksiegowane \
        zaksiegowano",
    sv: "betald betalt betalda",
};

/// Words that show that a row is confirmed.
pub(in crate::init) const CONFIRMED: Terms = Terms {
    en: "confirmed",
    de: "bestatigt bestaetigt",
    fr: "confirme",
    nl: "bevestigd",
    it: "confermato",
    es: "confirmado",
    pt: "confirmado",
    pl: "potwierdzony potwierdzona potwierdzone potwierdzono",
    sv: "bekraftad bekraftat",
};

/// Words that show that somebody came, but late.
pub(in crate::init) const LATE: Terms = Terms {
    en: "late",
    de: "verspatet verspaetet",
    fr: "enretard",
    nl: "telaat",
    it: "inritardo",
    es: "tarde",
    pt: "atrasado",
    pl: "spozniony spozniona",
    sv: "forsenad sen",
};

/// Words that show that somebody came.
pub(in crate::init) const CAME: Terms = Terms {
    en: "present attended attendance came showedup showed checkedin arrived",
    de: "anwesend anwesenheit erschienen teilgenommen gekommen",
    fr: "present presence venu participe",
    nl: "aanwezig aanwezigheid verschenen",
    it: "presente presenza",
    es: "presente asistio asistencia",
    pt: "presente presenca compareceu",
    pl: "obecny obecna obecni obecnosc odbyty odbyta odbyte odbylasie przyszedl przyszla",
    sv: "narvarande narvaro deltog deltagit genomford genomfort",
};

/// Words for people who do not want mail.
pub(in crate::init) const SILENT: Terms = Terms {
    en: "unsubscribed optout optedout donotcontact donotemail donotmail nomail",
    de: "abgemeldet",
    fr: "desabonne desinscrit",
    nl: "uitgeschreven",
    it: "disiscritto",
    es: "desuscrito",
    pt: "",
    pl: "niewysylac",
    sv: "avprenumererad avregistrerad",
};
pub(in crate::init) const WILLING: Terms = Terms {
    en: "acceptsmarketing marketingconsent emailconsent emailoptin newsletter subscribed gdprconsent consent \
        marketingoptin acceptsemailmarketing",
    de: "werbeeinwilligung einwilligung",
    fr: "consentement consentementemail consentementmarketing",
    nl: "toestemming",
    it: "consenso consensomarketing consensoemail consensonewsletter iscrittonewsletter",
    es: "consentimiento consentimientomarketing aceptamarketing aceptapublicidad",
    pt: "consentimento consentimentomarketing aceitamarketing",
    pl: "zgoda zgodamarketingowa zgodanamarketing zgodananewsletter zgodaemail",
    sv: "samtycke nyhetsbrev",
};

/// Words for columns of statuses, with the likeliest to be that of the row first.
pub(in crate::init) const STATES: Terms = Terms {
    en: "status state stage paymentstatus orderstatus",
    de: "bestellstatus zahlungsstatus auftragsstatus zustand stand",
    fr: "statut etat statutcommande statutpaiement",
    nl: "bestelstatus betaalstatus",
    it: "stato statoordine statopagamento",
    es: "estado situacion estadopedido estadopago",
    pt: "estado situacao estadopedido estadopagamento",
    pl: "stan stanzamowienia stanplatnosci statuszamowienia statusplatnosci",
    sv: "bokningsstatus betalningsstatus betalstatus lektionsstatus tillstand",
};

/// Words without meaning in the name of such a column.
pub(in crate::init) const FILLERS: Terms = Terms {
    en: "is was has late at on date of time flag datetime",
    de: "ist am um datum",
    fr: "est le date",
    nl: "op datum",
    it: "e il data",
    es: "es el fecha",
    pt: "e em data",
    pl: "czy jest data",
    sv: "datum",
};

/// Words that limit a status to a part of the row: that row still counts.
pub(in crate::init) const PARTLY: [&str; 8] = [
    "part", "teil", "gedeelt", "deels", "parzial", "parcial", "czesciow", "delvis",
];

/// Words that negate a status.
pub(in crate::init) const NOT: Terms = Terms {
    en: "not",
    de: "nicht",
    fr: "non pas",
    nl: "niet",
    it: "non",
    es: "no",
    pt: "nao",
    pl: "nie",
    sv: "ej inte",
};

pub(super) const CONCEPTS: &[&Terms] = &[
    &GONE,
    &THERE,
    &GONE_STATES,
    &UNDONE,
    &UNDONE_STATES,
    &UNPAID_STATES,
    &PAID,
    &CONFIRMED,
    &LATE,
    &STATES,
];
