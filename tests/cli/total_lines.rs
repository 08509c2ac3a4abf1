//! A line below a list of people that counts them is nobody, with and without a key.

use std::fmt::Write;

use super::desk::Desk;

/// Forty people with numbers of four digits, a sale each, and one more line.
fn list(line: &str) -> Desk {
    let desk = Desk::empty();
    let mut people = "Cliente n.º;Nome;Cidade\n".to_owned();
    let mut sales = "N.º venda;Data;Cliente n.º;Valor\n".to_owned();
    for n in 1..=40 {
        let _ = writeln!(people, "{n:04};Rui {n};Porto");
        let day = 1 + n % 28;
        let _ = writeln!(sales, "{n};{day:02}/05/2026;{n:04};10,00");
    }
    let _ = writeln!(people, "{line}");
    desk.write("x/clientes.csv", people);
    desk.write("x/vendas.csv", sales);
    desk
}

fn people_of(desk: &Desk) -> String {
    let run = desk.expect(0, &["run", "--as-of", "2026-06-01"]).err;
    let clients = run.lines().find(|line| line.contains(" clients and "));
    let count = clients.and_then(|line| line.split(' ').next());
    count.unwrap_or(&run).to_owned()
}

#[test]
fn a_total_is_no_person() {
    let alone = "Nome is present";
    for (line, condition) in [
        ("Total geral: 40 clientes;;", alone),
        ("Total;;", alone),
        ("Clientes total: 40;;", alone),
        // Nothing says so, but nothing else is said either, where keys are numbers of four digits.
        ("40 élèves;;", alone),
        ("Count: 40;;", alone),
        ("Fin de la liste;;", alone),
        (
            "Gesamt;40;",
            "not (lower(`Cliente n.º`) starts with \"gesamt\" and Cidade is missing)",
        ),
    ] {
        let desk = list(line);
        let said = desk.expect(0, &["init", "x"]).out;
        let shown = line.split(';').next().unwrap_or_default();
        let told = format!(
            "clientes: row 42, `{shown}`, is a total, not a person: `where:` leaves it out"
        );
        assert!(said.contains(&told), "{said}");
        let config = desk.read("config.yaml");
        let written = [
            format!("  where: {condition} "),
            format!("  where: '{condition}' "),
        ];
        assert!(written.iter().any(|line| config.contains(line)), "{config}");
        desk.expect(0, &["check"]);
        assert_eq!(people_of(&desk), "40", "{line}");
    }
}

/// One word, and the number of those above it.
#[test]
fn a_total_is_no_person_in_many_languages() {
    for word in [
        "Razem",
        "Łącznie",
        "Ogółem",
        "W sumie",
        "Suma",
        "Summa",
        "Totalt",
        "Sammanlagt",
        "I alt",
        "Celkem",
        "Spolu",
        "Yhteensä",
        "Összesen",
        "Összesen:",
        "RAZEM",
    ] {
        let desk = list(&format!("{word};40;"));
        let said = desk.expect(0, &["init", "x"]).out;
        let told =
            format!("clientes: row 42, `{word}`, is a total, not a person: `where:` leaves it out");
        assert!(said.contains(&told), "{word}: {said}");
        assert_eq!(people_of(&desk), "40", "{word}");
    }
    // Half of two words is a name.
    let desk = list("Alt 7;;Porto");
    assert!(!desk.expect(0, &["init", "x"]).out.contains("is a total"));
    assert_eq!(people_of(&desk), "41");
}

/// Nobody is read without a key, so that nothing has to leave it out.
#[test]
fn a_total_without_a_key_does_not_stop_init() {
    for (line, shown) in [(";Total: 40;", "Total: 40"), (";40;", "40")] {
        let desk = list(line);
        let said = desk.expect(0, &["init", "x"]).out;
        let told = format!("clientes: row 42, `{shown}`, is a total, not a person: it has no key");
        assert!(said.contains(&told), "{said}");
        assert!(!desk.read("config.yaml").contains("  where: Nome"));
        desk.expect(0, &["check"]);
        assert_eq!(people_of(&desk), "40", "{line}");
    }
}

#[test]
fn whoever_is_called_total_is_somebody() {
    for line in ["Total, Anna;Anna Total;Porto", "Summe 7;;Porto"] {
        let desk = list(line);
        let said = desk.expect(0, &["init", "x"]).out;
        assert!(!said.contains("is a total"), "{said}");
        assert_eq!(people_of(&desk), "41", "{line}");
    }
}

#[test]
fn somebody_without_a_key_is_named_by_the_row() {
    let desk = list(";Maria;Porto");
    let said = desk.expect(2, &["init", "x"]).err;
    let told = "clientes: `Cliente n.º` is empty in 1 of 41 rows, first in row 41 of the table; a key must never be empty";
    assert!(said.contains(told), "{said}");
}

/// A client whose address begins like the total is not taken along, and next month's total is left out as well.
#[test]
fn a_total_takes_nobody_along() {
    let desk = Desk::empty();
    let mut people = "Email;Nom;Ville\nTotal.Services@ex.fr;Total Services;\n".to_owned();
    let mut sales = "N° facture;Date;Email;Montant\n".to_owned();
    for n in 1..=40 {
        let _ = writeln!(people, "c{n}@ex.fr;Client {n};Lyon");
        let _ = writeln!(sales, "{n};{:02}/05/2026;c{n}@ex.fr;10,00", 1 + n % 28);
    }
    let with = |line: &str| format!("{people}{line}\n");
    desk.write("x/clients.csv", with("Total;41;"));
    desk.write("x/factures.csv", sales);
    desk.expect(0, &["init", "x"]);
    let config = desk.read("config.yaml");
    // The town tells nothing, as one of the people has none either.
    assert!(
        config.contains("  where: 'Email not in (\"Total\")'"),
        "{config}"
    );
    assert_eq!(people_of(&desk), "41");
    let desk = list("Total;;");
    desk.expect(0, &["init", "x"]);
    let grown = desk
        .read("x/clientes.csv")
        .replace("Total;;", "0041;Rui 41;Porto\nTOTAL 41;;");
    desk.write("x/clientes.csv", grown);
    assert_eq!(people_of(&desk), "41");
}

/// Each list has its own, so that a short list of many months has more of them than a few.
#[test]
fn each_file_of_a_table_may_have_a_total() {
    let desk = Desk::empty();
    for month in 1..=10 {
        let mut people = "Cliente n.º;Nome;Cidade\n".to_owned();
        for n in 1..=40 + month {
            let _ = writeln!(people, "C{n:04};Rui {n};Porto");
        }
        let _ = writeln!(people, "Total clientes: {};;", 40 + month);
        desk.write(&format!("x/clientes-2026-{month:02}.csv"), people);
    }
    let said = desk.expect(0, &["init", "x"]).out;
    assert_eq!(
        said.matches("is a total, not a person").count(),
        10,
        "{said}"
    );
    // The heading and 41 people stand above the first.
    assert!(
        said.contains("clientes: row 43, `Total clientes: 41`, is"),
        "{said}"
    );
    desk.expect(0, &["check"]);
    assert_eq!(people_of(&desk), "50");
}

/// Whatever signs stand in the heading of the key, and in that of what was paid.
#[test]
fn a_total_is_no_person_whatever_the_key_is_called() {
    for key in [
        "Client #",
        "Client: no",
        "Client `no`",
        "Client {no}",
        "¡Client",
        "-Client",
        "Client no. ${n}",
    ] {
        let is_writable = !key.contains('$');
        for (line, shown) in [
            ("Total: 60 clients,,", "Total: 60 clients"),
            ("Total,60,", "Total"),
        ] {
            let desk = Desk::empty();
            let mut people = format!("{key},Name,City\n");
            let mut sales = format!("Sale no,Date,{key},Paid: net #\n");
            for n in 1..=60 {
                let _ = writeln!(people, "C{n:04},Ann {n},Oxford");
                let day = 1 + n % 28;
                let _ = writeln!(sales, "S{n:04},2026-05-{day:02},C{n:04},10.00");
            }
            desk.write("x/clients.csv", people + line + "\n");
            desk.write("x/sales.csv", sales);
            let said = desk.expect(0, &["init", "x"]).out;
            let told = format!(
                "clients: row 62, `{shown}`, is a total, not a person: `where:` leaves it out"
            );
            assert!(said.contains(&told), "{key}: {said}");
            let config = desk.read("config.yaml");
            let condition = match (shown, is_writable) {
                ("Total", true) => "starts with \"total\" and City is missing)",
                ("Total", false) => "  where: City is present ",
                _ => "  where: Name is present ",
            };
            assert!(config.contains(condition), "{config}");
            desk.expect(0, &["check"]);
            assert_eq!(people_of(&desk), "60", "{key}: {line}");
        }
    }
}

#[test]
fn a_total_that_no_condition_leaves_out_is_told_as_one() {
    let desk = Desk::empty();
    let people = (1..=60).map(|n| format!("C{n:04},Ann {n},{n}\n"));
    let people = people.collect::<String>();
    let text = format!("Client no. ${{n}},Name,Visits\n{people}Total,Total,60\n");
    desk.write("x/clients.csv", text);
    let said = desk.expect(0, &["init", "x"]).out;
    let told = "clients: row 62, `Total`, is a total, not a person: it is still counted as one";
    assert!(said.contains(told), "{said}");
}
