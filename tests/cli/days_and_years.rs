//! Dates that can be read in two ways: years of two digits, and days and months that change places in a later export.

use super::desk::Desk;
use std::fmt::Write as _;

/// A choir: 30 singers born in 1945 to 1974, with two digits of the year, and ten children born in 2008 to 2017.
fn choir() -> Desk {
    let desk = Desk::empty();
    desk.put_clock("2026-11-28T10:00:00Z");
    let years = (1945..1975).chain(2008..2018);
    let mut singers = "No;Nom;Prénom;E-mail;Naissance\n".to_owned();
    for (at, year) in years.enumerate() {
        let (no, day) = (at + 1, at % 28 + 1);
        let _ = writeln!(
            singers,
            "c{no:03};Nom{no};Zoé;z{no}@example.fr;{day:02}/03/{:02}",
            year % 100
        );
    }
    desk.write("in/choristes.csv", singers);
    desk
}

#[test]
fn nobody_is_born_after_today() {
    let desk = choir();
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    assert!(
        config.contains("Naissance: { date: \"%d/%m/%y\", last_year: 2026 }"),
        "{config}"
    );
    desk.write(
        "rules/ages.yaml",
        "segments:\n  - { id: seniors, when: age(Naissance) >= 60 }\n  - { id: children, when: age(Naissance) < 20 }\n  \
         - { id: unborn, when: Naissance > today }\n",
    );
    let said = desk.expect(0, &["check"]).err;
    assert!(!said.contains("misread-column"), "{said}");
    desk.expect(0, &["run"]);
    // Born in March of 1945 to 1966, and of 2008 to 2017.
    let sizes = ["seniors", "children", "unborn"].map(|id| desk.size(id));
    assert_eq!(sizes, [22, 10, 0]);
}

/// Who joined goes on: the years to come are no years of a century ago.
#[test]
fn a_column_that_goes_on_has_room_for_the_years_to_come() {
    let desk = Desk::empty();
    desk.put_clock("2026-11-28T10:00:00Z");
    let mut members = "id,name,email,joined\n".to_owned();
    for (at, year) in (1_960..=2_026).enumerate() {
        let (id, day) = (at + 1, at % 28 + 1);
        let _ = writeln!(
            members,
            "{id},Ada {id},a{id}@example.com,{day:02}/03/{:02}",
            year % 100
        );
    }
    desk.write("in/members.csv", members);
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    assert!(
        config.contains("joined: { date: \"%d/%m/%y\", last_year: 2036 }"),
        "{config}"
    );
}

/// A config that does not say so is told, though the column is private; and so is one that said so in another year.
#[test]
fn years_of_another_century_are_told_without_showing_anybody() {
    let desk = choir();
    desk.expect(0, &["init", "in"]);
    desk.edit("config.yaml", ", last_year: 2026", "");
    let said = desk.expect(0, &["check"]).err;
    let told =
        "24 of 40 two-digit years in `choristes.Naissance` are more than ten years in the future\n";
    assert!(said.contains(told), "{said}");
    let line = "write `types: { Naissance: { date: \"%d/%m/%y\", last_year: 2026 } }`, which reads no year as later than 2026";
    assert!(said.contains(line), "{said}");
    desk.edit(
        "config.yaml",
        "date: \"%d/%m/%y\"",
        "date: \"%d/%m/%y\", last_year: 2016",
    );
    let said = desk.expect(0, &["check"]).err;
    let told = "1 of 40 two-digit years in `choristes.Naissance` could also mean a year that has begun since `last_year:`\n";
    assert!(said.contains(told), "{said}");
    desk.edit("config.yaml", "last_year: 2016", "last_year: 20");
    let said = desk.expect(2, &["check"]).err;
    assert!(
        said.contains("a year from 1900 to 2200, such as `2026`"),
        "{said}"
    );
    desk.edit(
        "config.yaml",
        "%d/%m/%y\", last_year: 20",
        "%d/%m/%Y\", last_year: 2026",
    );
    let said = desk.expect(2, &["check"]).err;
    assert!(
        said.contains("a form with `%y` where it has a `last_year:`"),
        "{said}"
    );
}

const SHOP: &str = "\
database: sqlite:data.db
results: sqlite:results.db
timezone: UTC
guard: off
import: { folder: in }
subject: { name: customer, table: customers, key: no }
collections:
  orders: { table: orders, subject: customer, at: ordered, key: order_no, types: { ordered: { instant: \"%d/%m/%Y\" } } }
";

/// Two thousand orders, a day each in turn; those from `month_first` on have the month before the day.
fn shop(month_first: usize) -> Desk {
    let desk = Desk::empty();
    desk.write("config.yaml", SHOP);
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: lately, when: last(orders).at >= 60 days ago }]\n",
    );
    let customers: String = (1..=20).map(|no| format!("C{no},Kunde {no}\n")).collect();
    desk.write("in/customers.csv", "no,name\n".to_owned() + &customers);
    desk.write("in/orders.csv", orders(2_000, |order| order >= month_first));
    desk
}

fn orders(count: usize, is_month_first: impl Fn(usize) -> bool) -> String {
    let mut text = "order_no,customer,ordered\n".to_owned();
    for order in 0..count {
        let (day, month, customer) = (order % 28 + 1, order / 28 % 12 + 1, order % 20 + 1);
        let _ = match is_month_first(order) {
            true => writeln!(text, "A-{order},C{customer},{month:02}/{day:02}/2025"),
            false => writeln!(text, "A-{order},C{customer},{day:02}/{month:02}/2025"),
        };
    }
    text
}

#[test]
fn a_later_export_with_day_and_month_the_other_way_round_is_not_built_on() {
    let desk = shop(usize::MAX);
    desk.expect(0, &["run", "--as-of", "2026-01-10"]);
    let before = desk.size("lately");
    // 28 of 2,000, a month of the last orders: too few to matter as a share.
    desk.write(
        "in/orders.csv",
        orders(2_000, |order| (1_960..1_988).contains(&order)),
    );
    let run = desk.expect(1, &["run", "--as-of", "2026-01-11"]);
    let imported =
        "  `ordered` has dates as day/month/year beside month/day/year, and most could be either";
    assert!(run.err.contains(imported), "{}", run.err);
    let why = "16 of 2,000 times in `orders.ordered` are unreadable: `11/13/2025` has day and month the other way round";
    assert!(
        run.err.contains(why) || run.out.contains(why),
        "{}\n{}",
        run.out,
        run.err
    );
    let stale = desk.expect(1, &["segments", "--format", "json"]).json();
    assert_eq!(stale[0]["size"], before);
    let said = desk.expect(0, &["check"]).err;
    assert!(
        said.contains(&format!("warning[misread-column]: {why}")),
        "{said}"
    );
    assert!(
        said.contains("write all of them in one order where they come from"),
        "{said}"
    );
    let status = desk.expect(1, &["status"]).out;
    assert!(
        status.contains("has day and month the other way round"),
        "{status}"
    );
}

/// Two slips far apart are slips: they are told as unreadable, and nothing else is doubted.
#[test]
fn a_slip_of_the_pen_is_no_other_order() {
    let desk = shop(usize::MAX);
    desk.write(
        "in/orders.csv",
        orders(2_000, |order| order == 20 || order == 1_700),
    );
    let run = desk.expect(0, &["run", "--as-of", "2026-01-10"]).err;
    assert!(
        run.contains("2 rows of `orders` have a time that cannot be read, and are left out"),
        "{run}"
    );
}

/// What `init` gave no type, because it cannot be read in one way, `check` tells as well.
#[test]
fn a_column_of_two_orders_that_nothing_reads_is_told_by_check() {
    let desk = shop(0);
    desk.write("in/orders.csv", orders(400, |order| order % 2 == 0));
    desk.write(
        "config.yaml",
        SHOP.replace(
            ", at: ordered, key: order_no, types: { ordered: { instant: \"%d/%m/%Y\" } }",
            "",
        ),
    );
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: bought, when: count(orders) > 0 }]\n",
    );
    desk.expect(0, &["import"]);
    let said = desk.expect(0, &["check"]).err;
    let told = "warning[misread-column]: `orders.ordered` looks like day/month/year beside month/day/year, and is read as text";
    assert!(said.contains(told), "{said}");
}

/// The number of an order is no time, though it is called like one: the column of dates is what cannot be read.
#[test]
fn the_column_of_dates_is_to_blame_and_not_the_number_beside_it() {
    let desk = Desk::empty();
    let clients: String = (1..=12)
        .map(|no| format!("{no};Ana {no};a{no}@example.es\n"))
        .collect();
    desk.write(
        "in/clientes.csv",
        "id;Nombre;Correo\n".to_owned() + &clients,
    );
    let invoices: String = (1..=120)
        .map(|no| {
            format!(
                "{no};{};{:02}/{:02}/26;{no},50\n",
                no % 12 + 1,
                no % 12 + 1,
                no / 12 % 12 + 1
            )
        })
        .collect();
    desk.write(
        "in/facturas.csv",
        "pedido;id_cliente;fecha;importe\n".to_owned() + &invoices,
    );
    let said = desk.expect(0, &["init", "in"]).out;
    assert!(
        said.contains("no usable time: `facturas.fecha` looks like"),
        "{said}"
    );
}

/// A database that is made of files has no place for a view.
#[test]
fn what_is_to_be_done_about_times_of_imported_files_speaks_of_no_view() {
    let desk = Desk::empty();
    desk.write(
        "in/clients.csv",
        "id,name,joined\n1,Ann,2026-W05\n2,Ben,2026-W06\n",
    );
    desk.write(
        "config.yaml",
        "database: sqlite:in.db\nresults: sqlite:r.db\ntimezone: UTC\n\
         subject: { name: client, table: clients, key: id, types: { joined: date } }\nimport: { folder: in }\n",
    );
    desk.write(
        "rules/a.yaml",
        "segments:\n  - { id: new, when: joined in last 30 days }\n",
    );
    desk.expect(0, &["import"]);
    for command in ["check", "run"] {
        let said = desk.muster(&[command]);
        let said = said.out + &said.err;
        assert!(
            said.contains("write them as ISO where they come from"),
            "{said}"
        );
        assert!(!said.contains("view"), "{said}");
    }
}
