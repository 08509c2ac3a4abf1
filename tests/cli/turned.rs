//! A month that another program exports, with days and months the other way round, where no day is over 12.

use super::desk::Desk;

const CONFIG: &str = "\
database: sqlite:data.db
results: sqlite:results.db
timezone: UTC
guard: off
import: { folder: in, files: { \"visits_*.csv\": { table: visits } } }
subject: { name: client, table: clients, key: id }
collections:
  visits: { table: visits, subject: client, at: came, types: { came: { date: \"%d/%m/%Y\" } } }
";

/// Visits on some days of a month.
fn month(days: &[u32], written: &dyn Fn(u32) -> String) -> String {
    let rows: Vec<String> = days
        .iter()
        .map(|day| format!("1,{}\n", written(*day)))
        .collect();
    "client,came\n".to_owned() + &rows.concat()
}

#[test]
fn a_month_whose_days_are_read_as_months_is_told_as_long_as_it_is_there() {
    let desk = Desk::empty();
    desk.write("config.yaml", CONFIG);
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: came, when: exists(visits in last 30 days) }]\n",
    );
    desk.write("in/clients.csv", "id,name\n1,Ada\n");
    let days = [2, 14, 20, 31];
    desk.write(
        "in/visits_2025-10.csv",
        month(&days, &|day| format!("{day:02}/10/2025")),
    );
    desk.write(
        "in/visits_2025-12.csv",
        month(&days, &|day| format!("{day:02}/12/2025")),
    );
    let early = [2, 3, 9];
    let right = month(&early, &|day| format!("{day:02}/01/2026"));
    desk.write("in/visits_2026-01.csv", &right);
    let said = desk.expect(0, &["import"]).out;
    assert!(!said.contains("may have the month first"), "{said}");

    desk.write(
        "in/visits_2026-01.csv",
        month(&early, &|day| format!("01/{day:02}/2026")),
    );
    let told = "visits_2026-01.csv: `came` may have the month first: read with the day first, as in the other files, its dates lie in 3 months; \
                the other way round, most of them lie in one; if so, export it like the others";
    let said = desk.expect(1, &["import"]).out;
    assert!(said.contains(told), "{said}");
    for command in [&["check"][..], &["run", "--as-of", "2026-01-10"]] {
        let said = desk.expect(1, command).err;
        assert!(said.contains(told), "{said}");
    }
    desk.write("in/visits_2026-01.csv", right);
    desk.expect(0, &["run", "--as-of", "2026-01-10"]);
    let said = desk.expect(0, &["check"]).err;
    assert!(!said.contains("may have the month first"), "{said}");
}
