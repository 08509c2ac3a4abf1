//! What columns and their values say of rows and people that do not count: in English, then German, French and Dutch,
//! a line each.

/// What says of a person that they are gone, or were never there.
pub(super) const GONE: &str = "\
    deleted closed archived deactivated inactive deceased died death dead left test anonymized anonymised merged \
    verstorben gelöscht geloescht geloscht inaktiv archiviert deaktiviert gekündigt gekuendigt \
    supprimé supprime désactivé desactive inactif décédé decede archivé archive \
    verwijderd gewist inactief overleden gearchiveerd gedeactiveerd";

/// The opposite.
pub(super) const THERE: &str = "active activebool aktiv actif actief";

/// States of a person that mean the same.
pub(super) const GONE_STATES: &str = "\
    deceased deleted archived closed inactive test merged duplicate trash \
    verstorben gelöscht geloescht inaktiv archiviert gekündigt gekuendigt ausgetreten \
    décédé decede supprimé supprime inactif archivé \
    overleden verwijderd inactief gearchiveerd";

/// What says of a row that nothing came of it.
pub(super) const UNDONE: &str = "\
    cancelled canceled void voided deleted failed declined rejected test draft trash noshow \
    storniert stornierung storno gelöscht geloescht abgesagt \
    annulé annule supprimé supprime \
    geannuleerd verwijderd";

/// States of a row that mean the same, and those of an amount that nobody has paid.
pub(super) const UNDONE_STATES: &str = "\
    cancelled canceled void voided deleted failed declined rejected refunded trash draft abandoned noshow aborted bounced \
    storniert storno erstattet rückerstattet rueckerstattet zurückerstattet zurueckerstattet gutschrift gutgeschrieben \
    abgebrochen abgelehnt abgesagt fehlgeschlagen gelöscht geloescht widerrufen entwurf \
    annulé annulée annule annulee remboursé remboursée rembourse remboursee refusé refusée échoué échouée supprimé brouillon \
    geannuleerd terugbetaald mislukt geweigerd afgewezen verwijderd concept";
pub(super) const UNPAID_STATES: &str = "\
    pending unpaid open checkout overdue \
    offen ausstehend unbezahlt überfällig ueberfaellig \
    impayé impayée impaye impayee \
    openstaand onbetaald";

/// What makes a state one of a part of the row only: that part still counts.
pub(super) const PARTLY: [&str; 4] = ["part", "teil", "gedeelt", "deels"];

/// What turns a state into its opposite.
pub(super) const NOT: &str = "not nicht non pas niet";

/// Who does not want mail.
pub(super) const SILENT: &str =
    "unsubscribed optout optedout donotcontact donotemail donotmail nomail";
pub(super) const WILLING: &str = "acceptsmarketing marketingconsent emailconsent emailoptin newsletter subscribed \
    gdprconsent consent marketingoptin acceptsemailmarketing";

/// Columns whose texts are states.
pub(super) const STATES: &str = "\
    status state stage \
    zustand stand bestellstatus zahlungsstatus auftragsstatus \
    statut état etat";
