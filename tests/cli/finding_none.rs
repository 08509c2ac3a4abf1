//! Lookups that find nothing, or that two rows answer: who is told, and of what.

use std::fmt::Write;

use super::desk::Desk;

const CONFIG: &str = "\
database: sqlite:clinic.db
results: sqlite:results.db
timezone: UTC
guard: off
subject:
  name: patient
  table: patients
  key: id
  lookups:
    doc: { table: doctors, key: doctor, by: doctor }
collections:
  visits: { table: visits, subject: patient, lookups: { doc: { table: doctors, key: doctor, by: doctor } } }
";

const RULES: &str = "segments:
  - { id: lyon, when: doc.city = \"Lyon\" }
  - { id: seen_in_lyon, when: exists(visits where doc.city = \"Lyon\") }
";

/// 60 patients, 30 of doctors in Lyon; of these 12, and one of their visits, write their doctor in another form.
fn clinic() -> Desk {
    let desk = Desk::empty();
    let mut sql = "create table doctors (doctor text, city text, email text);
         insert into doctors values ('D01', 'Lyon', 'd1@x.org'), ('D02', 'Nice', 'd2@x.org');
         create table patients (id integer primary key, doctor text);
         create table visits (patient integer, doctor text);"
        .to_owned();
    for n in 1..=60 {
        let doctor = match n {
            1..=12 => "d01 ",
            13..=30 => "D01",
            _ => "D02",
        };
        let seen = if n == 1 { "d01" } else { "D01" };
        let _ = write!(
            sql,
            "insert into patients values ({n}, '{doctor}'); insert into visits values ({n}, '{seen}');"
        );
    }
    desk.sql_in("clinic.db", &sql);
    desk.write("config.yaml", CONFIG);
    desk.write("rules/r.yaml", RULES);
    desk
}

const TOLD: &str =
    "12 of 60 rows of `patients` that refer to `doctors` have no match there (column `doctor`)";
const CURE: &str =
    ": all of them would find one with `match: loose` in the lookup into `doctors`, which ignores";

#[test]
fn a_lookup_that_finds_nothing_for_want_of_a_form_is_told_with_the_cure() {
    let desk = clinic();
    let check = desk.expect(0, &["check"]).err;
    let told = format!("warning[stray-rows]: {TOLD}, for example patients row 1: \"d01 \"{CURE}");
    assert!(check.contains(&told), "{check}");
    assert!(check.contains(" --> config.yaml:10:45"), "{check}");
    let of_visits = "1 of 60 rows of `visits` that refer to `doctors` has no match there (column `doctor`), for example";
    assert!(check.contains(of_visits), "{check}");
    assert!(check.contains(" --> config.yaml:12:"), "{check}");
    let run = desk.expect(0, &["run", "--as-of", "2026-06-01"]).err;
    assert!(
        run.contains(&format!("data: {TOLD}")) && run.contains(of_visits),
        "{run}"
    );
    assert_eq!(desk.size("lyon"), 18);
    let status = desk.muster(&["status"]).out;
    assert!(status.contains(&format!("{TOLD}{CURE}")), "{status}");

    desk.write(
        "config.yaml",
        CONFIG.replace("by: doctor }", "by: doctor, match: loose }"),
    );
    let check = desk.expect(0, &["check"]).err;
    assert!(!check.contains("stray-rows"), "{check}");
    desk.expect(0, &["run", "--as-of", "2026-06-02"]);
    assert_eq!(desk.size("lyon"), 30);
    assert_eq!(desk.size("seen_in_lyon"), 60);
}

/// Where more than `unreadable:` tolerates write it otherwise, a run asks for somebody; where they name what is in no table, it says so.
#[test]
fn many_that_find_nothing_are_told() {
    let desk = clinic();
    desk.sql_in(
        "clinic.db",
        "update patients set doctor = 'd01' where id < 25;",
    );
    let run = desk.expect(1, &["run", "--as-of", "2026-06-01"]).err;
    assert!(
        run.contains("warning: data: 24 of 60 rows of `patients`"),
        "{run}"
    );
    desk.sql_in(
        "clinic.db",
        "update patients set doctor = 'D09' where id < 25;",
    );
    let check = desk.expect(0, &["check"]).err;
    let told = "24 of 60 rows of `patients` that refer to `doctors` have no match there (column `doctor`), for example patients row 1: \"D09\"\n";
    assert!(check.contains(told), "{check}");
    let run = desk.expect(0, &["run", "--as-of", "2026-06-02"]).err;
    assert!(
        run.contains("\ndata: 24 of 60 rows of `patients`") || run.starts_with("data: "),
        "{run}"
    );
    desk.sql_in(
        "clinic.db",
        "update patients set doctor = null where id < 25; update visits set doctor = 'D01';",
    );
    let check = desk.expect(0, &["check"]).err;
    assert!(!check.contains("stray-rows"), "{check}");
}

#[test]
fn init_has_such_keys_matched_loosely() {
    let desk = Desk::empty();
    let mut patients = "patient_id,name,doctor_id\n".to_owned();
    let mut visits = "visit_id,patient_id,visited_at\n".to_owned();
    for n in 1..=60 {
        let doctor = match n % 5 {
            0 => "d01 ".to_owned(),
            more => format!("D0{}", 1 + more % 3),
        };
        let _ = writeln!(patients, "{n},Patient {n},{doctor}");
        let _ = writeln!(visits, "{n},{n},2026-05-{:02}", 1 + n % 28);
    }
    desk.write("in/patients.csv", patients);
    desk.write(
        "in/doctors.csv",
        "doctor_id,city\nD01,Lyon\nD02,Nice\nD03,Lille\n",
    );
    desk.write("in/visits.csv", visits);
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    assert!(
        config.contains("table: doctors, key: doctor_id, by: doctor_id, match: loose }"),
        "{config}"
    );
    let check = desk.expect(0, &["check"]).err;
    assert!(!check.contains("stray-rows"), "{check}");
}

/// No message shows a private value: not that two rows share it, nor one that finds none.
#[test]
fn private_keys_of_lookups_are_never_shown() {
    let desk = clinic();
    desk.sql_in(
        "clinic.db",
        "create table mails (patient integer, address text);
         insert into mails values (1, 'D1@x.org'), (2, 'd2@x.org');",
    );
    let mails = "  mails: { table: mails, subject: patient, private: [of.email], lookups: { of: { table: doctors, key: email, by: address } } }\n";
    desk.write("config.yaml", format!("{CONFIG}{mails}"));
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: mailed, when: exists(mails where of.city = \"Lyon\") }]\n",
    );
    let all = |day: &str| {
        let mut said = String::new();
        for command in [
            &["check"][..],
            &["run", "--as-of", day],
            &["segments"],
            &["status"],
            &["status", "--format", "json"],
        ] {
            let one = desk.muster(command);
            said += &(one.out + &one.err);
        }
        said
    };
    let said = all("2026-06-01");
    assert!(
        said.contains("1 of 2 rows of `mails` that refer to `doctors` has no match there"),
        "{said}"
    );
    assert!(!said.contains("@x.org"), "{said}");
    desk.sql_in("clinic.db", "update doctors set email = 'd2@x.org';");
    let said = all("2026-06-02");
    let shared = "table `doctors` has more than one row with the same `email`; `muster check` says what to do";
    assert!(said.contains(shared), "{said}");
    assert!(
        said.contains("leave the `email` with one of them"),
        "{said}"
    );
    assert!(!said.contains("@x.org"), "{said}");
}
