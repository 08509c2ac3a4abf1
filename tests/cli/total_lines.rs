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

fn people(desk: &Desk) -> String {
    let run = desk.expect(0, &["run", "--as-of", "2026-06-01"]).err;
    let clients = run.lines().find(|line| line.contains(" clients and "));
    let count = clients.and_then(|line| line.split(' ').next());
    count.unwrap_or(&run).to_owned()
}

#[test]
fn a_total_is_no_person() {
    for (line, condition) in [
        ("Total geral: 40 clientes;;", "Total"),
        ("Total;;", "Total"),
        ("Gesamt;40;", "Gesamt"),
        ("Clientes total: 40;;", "Clientes total"),
    ] {
        let desk = list(line);
        let said = desk.expect(0, &["init", "x"]).out;
        let shown = line.split(';').next().unwrap_or_default();
        let told =
            format!("clientes: row 41, `{shown}`, is a total and nobody: `where:` leaves it out");
        assert!(said.contains(&told), "{said}");
        let config = desk.read("config.yaml");
        let written = format!("  where: '`Cliente n.º` not starts with \"{condition}\"'");
        assert!(config.contains(&written), "{config}");
        desk.expect(0, &["check"]);
        assert_eq!(people(&desk), "40", "{line}");
    }
}

/// Nobody is read without a key, so that nothing has to leave it out.
#[test]
fn a_total_without_a_key_does_not_stop_init() {
    for (line, shown) in [(";Total: 40;", "Total: 40"), (";40;", "40")] {
        let desk = list(line);
        let said = desk.expect(0, &["init", "x"]).out;
        let told = format!("clientes: row 41, `{shown}`, is a total and nobody: it has no key");
        assert!(said.contains(&told), "{said}");
        assert!(!desk.read("config.yaml").contains("starts with"));
        desk.expect(0, &["check"]);
        assert_eq!(people(&desk), "40", "{line}");
    }
}

#[test]
fn whoever_is_called_total_is_somebody() {
    for line in ["Total, Anna;Anna Total;Porto", "Summe 7;;Porto"] {
        let desk = list(line);
        let said = desk.expect(0, &["init", "x"]).out;
        assert!(!said.contains("is a total"), "{said}");
        assert_eq!(people(&desk), "41", "{line}");
    }
}

#[test]
fn somebody_without_a_key_is_named_by_the_row() {
    let desk = list(";Maria;Porto");
    let said = desk.expect(2, &["init", "x"]).err;
    let told = "clientes: `Cliente n.º` is empty in 1 of 41 rows, the first of them row 41 of the table, and a key never is";
    assert!(said.contains(told), "{said}");
}
