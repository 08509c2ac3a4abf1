//! Exports as businesses of other countries have them: headings, states and amounts in their language, days first, decimal
//! commas. What `init` writes is reviewed in the snapshots, works without an edit, and counts what this file counts itself.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::desk::Desk;
use super::importing::western;
use super::schemas::{works, written};

/// So many people each business has.
const PEOPLE: usize = 24;

/// How often somebody did something that counts, and for how many cents, by their key.
type Ledger = BTreeMap<String, (usize, i64)>;

/// A day within a year and a half before 2026-03-15, as it is written there.
fn day(seed: usize) -> String {
    let months = seed % 17;
    let (year, month) = match months {
        0 | 1 => (2026, 1 + months),
        2..=13 => (2025, months - 1),
        _ => (2024, months - 4),
    };
    format!("{:02}/{month:02}/{year}", 1 + seed * 11 % 28)
}

/// An amount of cents with a decimal comma, its thousands apart by a point where they are.
fn euros(cents: i64) -> String {
    let (whole, rest) = (cents / 100, cents % 100);
    match whole {
        1_000.. => format!("{}.{:03},{rest:02}", whole / 1_000, whole % 1_000),
        _ => format!("{whole},{rest:02}"),
    }
}

/// Rows of what people did: the text for the file, and what counts of them.
fn rows(
    heading: &str,
    mut row: impl FnMut(usize, usize, i64) -> (String, String, bool),
) -> (String, Ledger) {
    let (mut text, mut ledger) = (heading.to_owned(), Ledger::new());
    for number in 0..140 {
        // Some come often, some never.
        let person = number * number % 23 % PEOPLE;
        let cents = 950 + (number as i64 * 7_919) % 150_000;
        let (key, line, counts) = row(number, person, cents);
        let _ = write!(text, "\r\n{line}");
        if counts {
            let (times, sum) = ledger.entry(key).or_default();
            *times += 1;
            *sum += cents;
        }
    }
    (text, ledger)
}

/// Starts from the exports, and holds sizes of segments against the ledger.
fn hold(name: &str, desk: &Desk, (rows, amount): (&str, &str), ledger: &Ledger) {
    let said = desk.expect(0, &["init", "exports"]);
    insta::assert_snapshot!(name, written(desk, &said.out));
    works(desk);
    desk.write(
        "rules/own.yaml",
        format!(
            "segments:\n  - {{ id: big, name: Big, when: 'sum({rows}.{amount}) > 4000' }}\n  \
             - {{ id: often, name: Often, when: count({rows}) >= 6 }}\n"
        ),
    );
    desk.expect(0, &["run", "--as-of", "2026-03-15"]);
    let count = |is: &dyn Fn(&(usize, i64)) -> bool| ledger.values().filter(|of| is(of)).count();
    let (big, often) = (
        count(&|(_, sum)| *sum > 400_000),
        count(&|(times, _)| *times >= 6),
    );
    assert!(big > 0 && often > 0 && big < PEOPLE && often < PEOPLE);
    let sizes = ["big", "often"].map(|id| usize::try_from(desk.size(id)).unwrap());
    assert_eq!(sizes, [big, often], "{name}");
}

#[test]
fn a_gym_in_italy() {
    let desk = Desk::empty();
    let mut soci = "N. tessera;Nome;Cognome;Data di nascita;E-mail;Cellulare;CAP;Città;Codice fiscale;Data iscrizione;Stato".to_owned();
    for person in 0..PEOPLE {
        let _ = write!(
            soci,
            "\r\nT{};Niccolò{person};Rossi{};{:02}/11/1980;s{person}@esempio.it;333 12{person:05};00{:03};{};ABC{person:02}H501X;{};Attivo",
            1_000 + person,
            person % 20,
            1 + person,
            100 + person,
            ["Forlì", "Roma"][person % 2],
            day(person + 4),
        );
    }
    let (pagamenti, ledger) = rows(
        "Numero ricevuta;N. tessera;Data pagamento;Importo;Metodo di pagamento;Stato pagamento",
        |number, person, cents| {
            let state = match number % 10 {
                3 => "Annullato",
                5 => "Rimborsata",
                7 => "In attesa",
                _ => "Pagato",
            };
            let key = format!("T{}", 1_000 + person);
            let line = format!(
                "2026-{:05};{key};{};{};Carta;{state}",
                1 + number,
                day(number),
                euros(cents)
            );
            (key, line, state == "Pagato")
        },
    );
    desk.write("exports/Soci.csv", western(&soci));
    desk.write("exports/Pagamenti.csv", western(&pagamenti));
    hold("italy", &desk, ("pagamenti", "Importo"), &ledger);
}

#[test]
fn a_shop_in_spain() {
    let desk = Desk::empty();
    let mut clientes = "\u{feff}Cód. cliente;Nombre;Apellidos;Correo electrónico;Teléfono;Fecha de nacimiento;Código postal;Fecha de alta;Activo".to_owned();
    for person in 0..PEOPLE {
        let _ = write!(
            clientes,
            "\r\n{};Íñigo{person};Muñoz{};c{person}@ejemplo.es;6{person:08};{:02}/07/1975;{:05};{};{}",
            1 + person,
            person % 20,
            1 + person,
            1_001 + person,
            day(person + 4),
            if person == 20 { "No" } else { "Sí" },
        );
    }
    let mut lineas = "Nº pedido;Referencia;Cantidad;Precio unitario".to_owned();
    let (pedidos, mut ledger) = rows(
        "\u{feff}Nº pedido;Cód. cliente;Fecha pedido;Importe total;IVA;Estado",
        |number, person, cents| {
            let state = match number % 11 {
                3 => "cancelado",
                5 => "Devuelto",
                7 => "Reembolsada",
                9 => "Anulado",
                _ => "Entregado",
            };
            for line in 0..=number % 2 {
                let _ = write!(
                    lineas,
                    "\r\nP-{};R{};{};{}",
                    2_000 + number,
                    (number + line) % 5,
                    1 + number % 3,
                    euros(1_500)
                );
            }
            let key = (1 + person).to_string();
            let line = format!(
                "P-{};{key};{};{} €;{} €;{state}",
                2_000 + number,
                day(number),
                euros(cents),
                euros(cents / 6)
            );
            (key, line, state == "Entregado")
        },
    );
    // Who has left takes no part.
    ledger.remove("21");
    desk.write("exports/clientes.csv", clientes);
    desk.write("exports/pedidos.csv", pedidos);
    desk.write("exports/lineas_pedido.csv", lineas);
    hold("spain", &desk, ("pedidos", "`Importe total`"), &ledger);
}

#[test]
fn an_association_in_france() {
    let desk = Desk::empty();
    let mut membres = "N° d'adhérent;Civilité;Nom;Prénom;Date de naissance;Courriel;Téléphone;Adresse;Code postal;Ville;Date d'adhésion".to_owned();
    for person in 0..PEOPLE {
        let _ = write!(
            membres,
            "\r\nA{:04};Mme;Lefèvre{};Zoé{person};{:02}/03/1969;a{person}@exemple.fr;06 12 34 56 {:02};{person} rue de la Paix;69{:03};{};{}",
            1 + person,
            person % 20,
            1 + person,
            10 + person,
            person,
            ["Orléans", "Lyon"][person % 2],
            day(person + 4),
        );
    }
    let (dons, ledger) = rows(
        "N° de reçu;N° d'adhérent;Date du don;Montant;Mode de règlement;Statut du paiement",
        |number, person, cents| {
            let state = match number % 10 {
                3 => "Annulé",
                5 => "Remboursée",
                7 => "Refusé",
                _ => "Payé",
            };
            let key = format!("A{:04}", 1 + person);
            let amount = euros(cents).replace('.', " ");
            let line = format!(
                "R{number:05};{key};{};{amount} €;Chèque;{state}",
                day(number)
            );
            (key, line, state == "Payé")
        },
    );
    desk.write("exports/adhérents.csv", western(&membres));
    desk.write("exports/dons.csv", western(&dons));
    hold("france", &desk, ("dons", "Montant"), &ledger);
}

#[test]
fn a_clinic_in_portugal() {
    let desk = Desk::empty();
    let mut utentes = "\u{feff}N.º processo;Nome;Apelido;Data de nascimento;NIF;Telemóvel;Morada;Localidade;Observações;Data de registo".to_owned();
    for person in 0..PEOPLE {
        let _ = write!(
            utentes,
            "\r\n{};João{person};Magalhães{};{:02}/12/1990;2{person:08};91{person:07};Rua {person};{};ansiedade;{}",
            5_000 + person,
            person % 20,
            1 + person,
            ["Évora", "Porto"][person % 2],
            day(person + 4),
        );
    }
    let (consultas, ledger) = rows(
        "\u{feff}N.º consulta;N.º processo;Data da consulta;Especialidade;Valor (€);Estado",
        |number, person, cents| {
            let state = match number % 10 {
                3 => "Anulada",
                5 => "Cancelada",
                7 => "Faltou",
                _ => "Realizada",
            };
            let key = (5_000 + person).to_string();
            let line = format!(
                "{};{key};{};Dentária;{};{state}",
                1 + number,
                day(number),
                euros(cents)
            );
            (key, line, state == "Realizada")
        },
    );
    desk.write("exports/utentes.csv", utentes);
    desk.write("exports/consultas.csv", consultas);
    hold("portugal", &desk, ("consultas", "`Valor (€)`"), &ledger);
}

#[test]
fn a_music_school_in_poland() {
    let desk = Desk::empty();
    let mut uczniowie = "\u{feff}Nr ucznia;Imię;Nazwisko;Data urodzenia;E-mail;Telefon;Kod pocztowy;Miejscowość;Data zapisu;Stan".to_owned();
    for person in 0..PEOPLE {
        let mail = match person % 10 {
            3 => String::new(),
            _ => format!("u{person}@przyklad.pl"),
        };
        let _ = write!(
            uczniowie,
            "\r\n{:04};Łucja{person};Król{};{:02}.04.2012;{mail};600 {person:03} 100;00-{:03};{};{};{}",
            17 + person,
            person % 20,
            1 + person,
            100 + person,
            ["Łódź", "Kraków"][person % 2],
            day(person + 4).replace('/', "."),
            if person == 20 {
                "Zrezygnował"
            } else {
                "Aktywny"
            },
        );
    }
    let (wplaty, mut ledger) = rows(
        "\u{feff}Nr faktury;Nr ucznia;Data wpłaty;Kwota;Stan;Sposób zapłaty",
        |number, person, cents| {
            let state = match number % 11 {
                3 => "Anulowana",
                5 => "Oczekująca",
                7 => "Odrzucona",
                9 => "Zwrócona",
                _ => "Zaksięgowana",
            };
            let key = format!("{:04}", 17 + person);
            let line = format!(
                "FV/{number:03};{key};{};{} zł;{state};Karta",
                day(number).replace('/', "."),
                euros(cents).replace('.', "\u{a0}"),
            );
            (key, line, state == "Zaksięgowana")
        },
    );
    let (lekcje, _) = rows(
        "\u{feff}Nr lekcji;Nr ucznia;Termin;Instrument;Nauczyciel;Stan",
        |number, person, _| {
            let state = match number % 10 {
                3 => "Odwołana przez ucznia",
                5 => "Nieobecność usprawiedliwiona",
                7 => "Odwołana przez szkołę",
                _ => "Odbyta",
            };
            let key = format!("{:04}", 17 + person);
            let day = day(number).replace('/', ".");
            let line = format!(
                "{};{key};{day} 09:30;Gitara;Iwona Łęcka;{state}",
                1_200 + number
            );
            (key, line, state == "Odbyta")
        },
    );
    // Who has left takes no part.
    ledger.remove("0037");
    desk.write("exports/Uczniowie.csv", uczniowie);
    desk.write("exports/Wpłaty.csv", wplaty);
    desk.write("exports/Lekcje.csv", lekcje);
    hold("poland", &desk, ("wpłaty", "Kwota"), &ledger);
}

#[test]
fn a_music_school_in_sweden() {
    let desk = Desk::empty();
    let mut elever = "\u{feff}Elevnr;Förnamn;Efternamn;Födelsedatum;E-post;Mobil;Postnummer;Ort;Inskriven;Status".to_owned();
    let iso = |seed: usize| {
        let day = day(seed);
        let mut parts: Vec<&str> = day.split('/').collect();
        parts.reverse();
        parts.join("-")
    };
    for person in 0..PEOPLE {
        let _ = write!(
            elever,
            "\r\nE{};Åsa{person};Öberg{};2011-05-{:02};e{person}@exempel.se;070 {person:03};11{person:03};{};{};{}",
            100 + person,
            person % 20,
            1 + person,
            ["Malmö", "Örebro"][person % 2],
            iso(person + 4),
            if person == 20 { "Slutat" } else { "Aktiv" },
        );
    }
    let (bokningar, mut ledger) = rows(
        "\u{feff}Bokningsnr;Elevnr;Datum;Belopp (kr);Bokningsstatus",
        |number, person, cents| {
            let state = match number % 11 {
                3 => "Avbokad",
                5 => "Sent avbokad",
                7 => "Uteblev",
                9 => "Obetald",
                _ => "Genomförd",
            };
            let key = format!("E{}", 100 + person);
            let line = format!(
                "{};{key};{};{};{state}",
                7_000 + number,
                iso(number),
                euros(cents).replace('.', "\u{a0}"),
            );
            (key, line, state == "Genomförd")
        },
    );
    ledger.remove("E120");
    desk.write("exports/Elever.csv", elever);
    desk.write("exports/Bokningar.csv", bokningar);
    hold("sweden", &desk, ("bokningar", "`Belopp (kr)`"), &ledger);
}
