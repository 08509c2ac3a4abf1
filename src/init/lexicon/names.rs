//! Words for people's names and contact data.

use super::Terms;

pub(in crate::init) const NAMES: Terms = Terms {
    en: "name fullname displayname realname contactname",
    de: "vollname ansprechpartner",
    fr: "nom nomcomplet",
    nl: "naam",
    it: "nome nominativo nomecompleto nomecognome cognomenome",
    es: "nombre nombrecompleto nombreyapellidos nombreapellidos",
    pt: "nome nomecompleto",
    pl: "imieinazwisko imienazwisko nazwiskoiimie nazwiskoimie",
    sv: "namn fullstandigtnamn forochefternamn kundnamn kundensnamn elevnamn medlemsnamn",
};

/// Words for a full name that mean one of two names where a column has the other: `Nome` beside `Cognome`, `Nom`
/// beside `Prénom`.
pub(in crate::init) const EITHER: Terms = Terms {
    en: "name",
    de: "",
    fr: "nom",
    nl: "naam",
    it: "nome",
    es: "nombre",
    pt: "nome",
    pl: "",
    sv: "namn",
};

pub(in crate::init) const SURNAMES: Terms = Terms {
    en: "lastname surname familyname last lname secondname",
    de: "nachname familienname zuname",
    fr: "nomfamille",
    nl: "achternaam",
    it: "cognome",
    es: "apellido apellidos primerapellido",
    pt: "apelido apelidos sobrenome ultimonome",
    pl: "nazwisko",
    sv: "efternamn",
};

pub(in crate::init) const FIRST_NAMES: Terms = Terms {
    en: "firstname forename forenames givenname fname first",
    de: "vorname vornamen",
    fr: "prenom prenoms",
    nl: "voornaam",
    it: "",
    es: "primernombre",
    pt: "primeironome",
    pl: "imie imiona",
    sv: "fornamn fornamnen tilltalsnamn",
};

pub(in crate::init) const COMPANIES: Terms = Terms {
    en: "company companyname organisation organization organisationname organizationname business businessname",
    de: "firma firm firmenname unternehmen",
    fr: "societe entreprise raisonsociale",
    nl: "bedrijf bedrijfsnaam",
    it: "azienda ditta societa ragionesociale denominazione",
    es: "empresa razonsocial",
    pt: "empresa razaosocial",
    pl: "firma nazwa nazwafirmy",
    sv: "foretag foretagsnamn bolag",
};

pub(in crate::init) const LOGINS: Terms = Terms {
    en: "nickname nick username login handle screenname",
    de: "benutzername",
    fr: "pseudo identifiant",
    nl: "gebruikersnaam",
    it: "nomeutente",
    es: "nombreusuario",
    pt: "nomeutilizador",
    pl: "nazwauzytkownika",
    sv: "anvandarnamn",
};

/// Words that show that a name is not a person's.
pub(in crate::init) const NO_NAMES: Terms = Terms {
    en: "prefix suffix middle maiden file host domain salutation honorific greeting initials gender sex language status \
        product street city country",
    de: "anrede geschlecht sprache produkt strasse ort stadt land",
    fr: "civilite sexe langue produit rue ville pays",
    nl: "aanhef geslacht taal straat plaats",
    it: "sesso genere lingua prodotto indirizzo citta comune",
    es: "tratamiento sexo genero idioma producto calle ciudad pais",
    pt: "tratamento sexo genero lingua produto rua cidade pais",
    pl: "plec jezyk produkt ulica miasto miejscowosc kraj",
    sv: "sprak produkt gata ort land",
};

pub(in crate::init) const MAILS: Terms = Terms {
    en: "email mail emailaddress mailaddress",
    de: "emailadresse mailadresse",
    fr: "courriel adresseemail adressemail adresseelectronique",
    nl: "emailadres mailadres",
    it: "indirizzoemail indirizzomail postaelettronica pec",
    es: "correo correoelectronico",
    pt: "correioeletronico correioelectronico enderecoemail",
    pl: "adresemail adresmailowy pocztaelektroniczna",
    sv: "epost epostadress mejl mejladress",
};

pub(in crate::init) const PHONES: Terms = Terms {
    en: "phone telephone mobile cellphone phonenumber fax",
    de: "telefon telefonnummer handy handynummer mobil mobilnummer rufnummer",
    fr: "telephone tel portable",
    nl: "telefoon telefoonnummer mobiel gsm",
    it: "telefono tel cellulare cell recapito",
    es: "telefono tel movil celular",
    pt: "telefone telefones tel telemovel celular",
    pl: "telefon tel komorka numertelefonu",
    sv: "telefon telefonnummer telefonnr mobil mobilnummer mobiltelefon tel",
};

pub(in crate::init) const BIRTHDAYS: Terms = Terms {
    en: "birth birthday birthdate dateofbirth datebirth dob born",
    de: "geburt geburtstag geburtsdatum gebdatum geburtsjahr geboren",
    fr: "naissance datenaissance anniversaire",
    nl: "geboorte geboortedatum verjaardag",
    it: "nascita datanascita compleanno",
    es: "nacimiento fechanacimiento fechanac fecnac cumpleanos",
    pt: "nascimento datanascimento datanasc dtnasc nasc aniversario",
    pl: "urodzenia urodziny dataurodzenia",
    sv: "fodelsedatum fodelsedag fodelsear fodd",
};

pub(super) const CONCEPTS: &[&Terms] = &[
    &NAMES,
    &EITHER,
    &SURNAMES,
    &FIRST_NAMES,
    &COMPANIES,
    &LOGINS,
    &NO_NAMES,
    &MAILS,
    &PHONES,
    &BIRTHDAYS,
];
