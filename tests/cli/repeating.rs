//! Rows that come once more: with a later export, or written twice. Each is told where it counts, and how it would count once.

use super::desk::Desk;
use crate::support::database::query;

const CONFIG: &str = "\
database: sqlite:data.db
results: sqlite:results.db
timezone: UTC
guard: off
import: { folder: in }
subject: { name: customer, table: customers, key: no }
collections:
  orders: { table: orders, subject: customer, at: ordered_at, key: order_no }
";

/// A shop whose last two orders came once more, one of them paid by then; with a line between that is two lines long.
fn shop() -> Desk {
    let desk = Desk::empty();
    desk.write("config.yaml", CONFIG);
    desk.write(
        "rules/r.yaml",
        "metrics: { spent: sum(orders.total) }\nsegments: [{ id: bought, when: count(orders) > 2 }]\n",
    );
    desk.write("in/customers.csv", "no,name\nC1,Ada\nC2,Bo\n");
    desk.write(
        "in/orders.csv",
        "order_no,customer,ordered_at,total,note\nA-1,C1,2026-01-03,10,\"two\nlines\"\nA-2,C1,2026-01-04,20,\nA-3,C2,2026-02-01,0,\n\
         A-2,C1,2026-01-04,20,\nA-3,C2,2026-02-01,30,\n",
    );
    desk
}

#[test]
fn an_order_that_comes_again_is_told_everywhere_and_can_count_once() {
    let desk = shop();
    let said = desk.expect(0, &["import"]).out;
    let told = "  2 rows repeat the key of an earlier row: all are imported; `muster check` says what to do (lines 6, 7)";
    assert!(said.contains(told), "{said}");
    let told = "  1 row differs from the next one with the same `order_no`: in `total` (1), for example line 5 from line 7\n";
    assert!(said.contains(told), "{said}");
    let said = desk.expect(0, &["check"]).err;
    let told = "warning[repeated-key]: 2 rows of `orders` repeat the key of another row, and are counted too (column `order_no`), \
                for example \"A-2\" in rows 4, 6; \"A-3\" in rows 5, 7\n --> config.yaml:8:68";
    assert!(said.contains(told), "{said}");
    assert!(
        said.contains("give their file `key: order_no` under `import: files:`"),
        "{said}"
    );
    let told =
        "2 rows of `orders` repeat the key of another row, and are counted too (column `order_no`)";
    let run = desk.expect(0, &["run", "--as-of", "2026-03-01"]).err;
    assert!(
        run.contains(&format!("data: {told}, for example \"A-2\" in rows 4, 6")),
        "{run}"
    );
    let status = desk.expect(0, &["status"]).out;
    assert!(status.contains(told), "{status}");
    assert_eq!(desk.size("bought"), 1);

    // The last of each counts, in `run` as in `import`.
    let once = CONFIG.replace(
        "{ folder: in }",
        "{ folder: in, files: { orders.csv: { key: order_no } } }",
    );
    desk.write("config.yaml", once);
    let run = desk.expect(0, &["run", "--as-of", "2026-03-02"]).err;
    for told in [
        "  1 row is the same as a later row with its key and was left out (line 4)\n",
        "  1 row has the key of a later row with other values and was left out (line 5)\n",
        "  1 row differs from the next one with the same `order_no`: in `total` (1), for example line 5 from line 7\n",
    ] {
        assert!(run.contains(told), "{run}");
    }
    assert!(!run.contains("repeat"), "{run}");
    assert_eq!(desk.size("bought"), 0);
    assert_eq!(
        query(
            &desk.path("data.db"),
            "select total from orders where order_no = 'A-3'"
        ),
        ["30"]
    );
    let said = desk.expect(0, &["check"]).err;
    assert!(!said.contains("repeated-key"), "{said}");
}

#[test]
fn a_key_that_a_file_does_not_have_is_refused() {
    let desk = shop();
    let wrong = CONFIG.replace(
        "{ folder: in }",
        "{ folder: in, files: { orders.csv: { key: number } } }",
    );
    desk.write("config.yaml", wrong);
    let said = desk.expect(2, &["import"]).err;
    assert!(
        said.contains("orders.csv: it has no column `number`, which config names as its `key:`"),
        "{said}"
    );
}

/// What a run refuses `check` refuses, in the same words, and the rows are those of the file.
#[test]
fn a_customer_who_is_there_twice_is_an_error_of_check() {
    let desk = shop();
    desk.write("in/customers.csv", "no,name\nC1,Ada\nC2,Bo\nC1,Ada L.\n");
    let said = desk.expect(0, &["import"]).out;
    assert!(
        said.contains("1 row repeats the key of an earlier row"),
        "{said}"
    );
    assert!(said.contains("(line 4)"), "{said}");
    let what = "`no` is not unique in the subject's table `customers`: 1 key occurs in several rows (C1 in rows 2, 4)";
    let said = desk.expect(2, &["check"]).err;
    assert!(
        said.contains(&format!("error[repeated-key]: {what}")),
        "{said}"
    );
    let said = desk.expect(3, &["run"]).err;
    assert!(said.contains(what), "{said}");
    // Who is left out is nobody's business.
    let others = CONFIG.replace("key: no }", "key: no, where: name != \"Ada L.\" }");
    desk.write("config.yaml", others);
    let said = desk.expect(0, &["check"]).err;
    assert!(
        said.contains("warning[repeated-key]: 2 rows of `orders`"),
        "{said}"
    );
    desk.expect(0, &["run", "--as-of", "2026-03-01"]);
}

/// Who has the key of somebody else in one file is told by the columns, never by what stands in them.
#[test]
fn two_people_with_one_key_are_told_by_their_columns() {
    let desk = shop();
    desk.write(
        "in/customers.csv",
        "no,name,mail,town,born\n1,Ada,ada@x.org,Ulm,1990-01-01\n2,Bo,bo@x.org,Kiel,\n1.0,Cy,cy@x.org,Kiel,1990-02-02\n\
         1,Cy,cy@x.org,Ulm,1990-02-02\n1,Cy,cy@x.org,Ulm,1990-02-02\n",
    );
    let config = CONFIG.replace(
        "{ folder: in }",
        "{ folder: in, files: { customers.csv: { key: no } } }",
    );
    desk.write("config.yaml", config);
    let said = desk.expect(0, &["import"]).out;
    let told = "  2 rows differ from the next one with the same `no`: in `town` (2), `name` (1), `mail` (1), 1 more column, \
                for example line 2 from line 4\n";
    assert!(said.contains(told), "{said}");
    assert!(!said.contains("x.org") && !said.contains("Ada"), "{said}");
    assert_eq!(
        query(
            &desk.path("data.db"),
            "select name from customers where no = 1"
        ),
        ["Cy"]
    );
}

/// A lookup that finds several rows makes stale what uses it: `check` says so before a run does.
#[test]
fn a_lookup_with_doubled_keys_is_stale_for_check_as_for_a_run() {
    let desk = shop();
    desk.write(
        "in/towns.csv",
        "town,region\nUlm,south\nKiel,north\nUlm,south-west\n",
    );
    desk.write("in/customers.csv", "no,name,town\nC1,Ada,Ulm\nC2,Bo,Kiel\n");
    let looked_up = CONFIG.replace(
        "key: no }",
        "key: no, lookups: { place: { table: towns, key: town, by: town } } }",
    );
    desk.write("config.yaml", looked_up);
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: north, when: place.region = \"north\" }]\n",
    );
    desk.expect(0, &["import"]);
    let said = desk.expect(1, &["check"]).err;
    let told = "stale[repeated-key]: 1 key is in several rows of `towns`, so that the lookup `place` cannot tell which is meant, \
                for example `Ulm` (column `town`)";
    assert!(said.contains(told), "{said}");
    desk.expect(1, &["run", "--as-of", "2026-03-01"]);
    let said = desk.expect(1, &["status"]).out;
    assert!(
        said.contains("more than one row with the same `town`, for example Ulm; `muster check` says what to do"),
        "{said}"
    );
}

/// `init` names the key although some rows came twice, so that they are told from the first day on; and it writes each spelling of a
/// state that does not count, also of one that no sample has.
#[test]
fn init_names_a_key_that_a_few_rows_share() {
    let desk = Desk::empty();
    let clients: String = (1..=5)
        .map(|c| format!("{c};Kunde {c};k{c}@example.com\n"))
        .collect();
    desk.write(
        "exports/Kunden.csv",
        "Kundennr;Name;Email\n".to_owned() + &clients,
    );
    let orders: String = (1..=3_000)
        .map(|order| {
            let state = match order {
                2_000 => "storniert ",
                _ if order % 7 == 0 => "Storniert",
                _ => "bezahlt",
            };
            format!(
                "B-{order};{};2026-02-{:02};{state}\n",
                1 + order % 5,
                1 + order % 28
            )
        })
        .collect();
    let again = "B-8;2;2026-02-09;bezahlt\n";
    desk.write(
        "exports/Bestellungen.csv",
        "Bestellnr;Kundennr;Datum;Status\n".to_owned() + &orders + again,
    );
    let said = desk.expect(0, &["init", "exports"]).out;
    let told = "; some values of `Bestellnr` appear in several rows, such as B-8, and each row counts: `muster check` says what to do";
    assert!(said.contains(told), "{said}");
    let config = desk.read("config.yaml");
    assert!(config.contains("key: Bestellnr\n"), "{config}");
    assert!(
        config.contains("Status not in (\"Storniert\", \"storniert \")"),
        "{config}"
    );
    let said = desk.expect(0, &["check"]).err;
    let told = "1 row of `Bestellungen` repeats the key of another row, and is counted too (column `Bestellnr`), \
                for example \"B-8\" in rows 9, 3002";
    assert!(said.contains(told), "{said}");
    assert!(!said.contains("other-spelling"), "{said}");
}

/// A month of sales that lists again the last days of the one before, in one file; and the lines of orders, of which one is sold twice.
fn pasted(columns: &str, row: impl Fn(usize) -> String) -> Desk {
    let desk = Desk::empty();
    let clients: String = (1..=12)
        .map(|no| format!("{no},Ana {no},a{no}@example.es\n"))
        .collect();
    desk.write(
        "in/clientes.csv",
        "id,Nombre,Correo\n".to_owned() + &clients,
    );
    let rows = (1..=120).chain(100..=200).map(row);
    desk.write(
        "in/ventas.csv",
        format!("{columns}\n") + &rows.collect::<String>(),
    );
    desk
}

#[test]
fn sales_that_are_pasted_twice_count_once_by_their_number() {
    let desk = pasted("Nº pedido,id_cliente,Fecha,Importe", |no| {
        format!(
            "{},{},2026-05-{:02},{no}.50\n",
            1_000 + no,
            no % 12 + 1,
            no % 28 + 1
        )
    });
    let said = desk.expect(0, &["init", "in"]).out;
    let told = "  21 rows are the same as a later row with their key and were left out (lines 101, 102, 103, …)";
    assert!(said.contains(told), "{said}");
    let config = desk.read("config.yaml");
    assert!(
        config.contains("    ventas.csv: { key: Nº pedido }\n"),
        "{config}"
    );
    assert_eq!(
        query(
            &desk.path("in.db"),
            "select count(*) || ' ' || sum(Importe) from ventas"
        ),
        ["200 20200.0"]
    );
    let said = desk.expect(0, &["check"]).err;
    assert!(!said.contains("repeated-"), "{said}");
}

/// Where no column tells the rows apart, nothing is left out by itself: it is told what can be done.
#[test]
fn lines_that_are_pasted_twice_are_told_with_what_to_do() {
    let desk = pasted("Nº pedido,id_cliente,Fecha,Vino,Importe", |no| {
        let order = 1_000 + no / 3;
        format!(
            "{order},{},2026-05-{:02},Tinto {no},{no}.50\n",
            order % 12 + 1,
            order % 28 + 1
        )
    });
    let said = desk.expect(0, &["init", "in"]).out;
    let told = "  21 rows are the same as an earlier row in every column: all are imported; if they are rows that were exported twice, write \
                `copies: once` or `key:` for the file (lines 122, 123, 124, …)";
    assert!(said.contains(told), "{said}");
    let config = desk.read("config.yaml");
    assert!(!config.contains("key: \"Nº pedido\""), "{config}");
    let said = desk.expect(0, &["check"]).err;
    let told = "warning[repeated-row]: 21 of 221 rows of `ventas` are the same as another one in every column, and count as well, for example \
                that with `Nº pedido` 1033";
    assert!(said.contains(told), "{said}");
    let sum = || {
        query(
            &desk.path("in.db"),
            "select count(*) || ' ' || sum(Importe) from ventas",
        )
    };
    assert_eq!(sum(), ["221 22520.5"]);

    desk.edit(
        "config.yaml",
        "  folder: in\n",
        "  folder: in\n  files: { ventas.csv: { copies: once } }\n",
    );
    let run = desk.expect(0, &["run"]).err;
    let told = "  21 rows are the same as a later row in every column and were left out";
    assert!(run.contains(told), "{run}");
    assert_eq!(sum(), ["200 20200.0"]);
    let said = desk.expect(0, &["check"]).err;
    assert!(!said.contains("repeated-"), "{said}");

    // What somebody means is nobody's business.
    desk.edit("config.yaml", "copies: once", "copies: all");
    let run = desk.expect(0, &["run"]).err;
    assert!(!run.contains("every column"), "{run}");
    assert_eq!(sum(), ["221 22520.5"]);
    let said = desk.expect(0, &["check"]).err;
    assert!(!said.contains("repeated-"), "{said}");
}
