//! What somebody meets who has lived with a database of their own for a while.

use super::desk::Desk;

/// Four clients with jobs of two kinds, one of them in no region.
fn workshop() -> Desk {
    let desk = Desk::empty();
    desk.sql_in(
        "d.db",
        "create table clients (id integer primary key, name text, region text, spent integer, kind text, joined text);
         insert into clients values
             (1, 'Zoe', 'north', 10, 'private', '2025-01-01'), (2, 'Łukasz', 'north', 20, 'business', '2025-01-01'),
             (3, 'Øystein', null, 30, 'private', '2025-01-01'), (4, 'Moe', 'south', 40, 'test', '2025-01-01'),
             (5, 'Late', 'south', 50, 'private', '2026-02-01');
         create table jobs (id integer primary key, client_id integer, at text, kind text, paid decimal(10,2));
         insert into jobs values (1, 1, '2025-03-01', 'Platten', 100), (2, 2, '2025-12-01', 'Fliesen', 300);",
    );
    desk.write("config.yaml", config("EUR", "last calendar year"));
    desk.write("rules/r.yaml", "segments: [{ id: everyone, when: yes }]\n");
    desk
}

fn config(currency: &str, period: &str) -> String {
    format!(
        "database: sqlite:d.db\ntimezone: UTC\nlocale: de-DE\ncurrency: {currency}\n\
         subject: {{ name: client, table: clients, key: id, label: name, at: joined, where: kind != \"test\" }}\n\
         scopes: {{ region: region }}\n\
         collections: {{ jobs: {{ table: jobs, subject: client_id, at: at }} }}\n\
         values:\n  preset: orders\n  money: {{ from: jobs, amount: paid, period: {period} }}\n"
    )
}

#[test]
fn stored_values_say_that_config_defines_them_otherwise_now() {
    let desk = workshop();
    desk.expect(0, &["run", "--as-of", "2026-01-15"]);
    let looks: [&[&str]; 4] = [
        &["segments"],
        &["segments", "--history", "everyone"],
        &["clients"],
        &["export", "everyone"],
    ];
    let told = || looks.map(|look| desk.expect(0, look).err);
    for said in told() {
        assert!(!said.contains("changed since"), "{said}");
    }
    desk.write("config.yaml", config("EUR", "last 12 months"));
    for said in told() {
        assert!(said.contains("changed since run 1"), "{said}");
        assert!(said.contains("`aof`"), "{said}");
        assert!(!said.contains("EUR"), "{said}");
    }
    desk.write("config.yaml", config("CHF", "last calendar year"));
    for said in told() {
        assert!(said.contains("amounts are in EUR"), "{said}");
        assert!(!said.contains("aof"), "{said}");
    }
    // Only written otherwise, or run again: the headings are those of the numbers.
    desk.write(
        "config.yaml",
        config("CHF", "last calendar year") + "# a remark\n",
    );
    desk.expect(0, &["run", "--as-of", "2026-01-15"]);
    for said in told() {
        assert!(!said.contains("changed since"), "{said}");
    }
}

#[test]
fn what_values_were_is_not_asked_where_rules_are_wrong_but_the_currency_is() {
    let desk = workshop();
    desk.expect(0, &["run", "--as-of", "2026-01-15"]);
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: everyone, when: nobody }]\n",
    );
    desk.write("config.yaml", config("CHF", "last 12 months"));
    let said = desk.expect(0, &["segments"]).err;
    assert!(said.contains("amounts are in EUR"), "{said}");
}

#[test]
fn a_text_that_no_row_has_is_told_wherever_the_column_s_values_go() {
    let desk = workshop();
    let warned = |rules: &str| {
        desk.write("rules/r.yaml", rules);
        let said = desk.expect(0, &["check"]).err;
        said.contains("warning[absent-value]") && said.contains("did you mean `Platten`?")
    };
    let when = |when: &str| format!("segments: [{{ id: a, when: '{when}' }}]\n");
    let named = |metric: &str, text: &str| format!("metrics: {{ x: '{metric}' }}\n{}", when(text));
    for rules in [
        when("exists(jobs where kind = \"Platen\")"),
        when("last(jobs).kind = \"Platen\""),
        when("first(jobs).kind in (\"Platen\", \"Fliesen\")"),
        named("last(jobs)", "x.kind = \"Platen\""),
        named("last(jobs).kind", "x = \"Platen\""),
    ] {
        assert!(warned(&rules), "{rules}");
        assert!(!warned(&rules.replace("Platen", "Platten")), "{rules}");
    }
}

#[test]
fn who_has_no_value_of_a_scope_is_placed_in_no_group() {
    let desk = workshop();
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: best, when: top 50% by spent within region }]\n",
    );
    desk.expect(0, &["run", "--as-of", "2026-01-15"]);
    let explained = |key: &str| desk.expect(0, &["explain", key]).out;
    assert!(
        explained("1").contains("1 of 2 have more"),
        "{}",
        explained("1")
    );
    let alone = explained("3");
    assert!(!alone.contains("have more"), "{alone}");
    assert!(
        alone.contains("unknown, because `region` is missing"),
        "{alone}"
    );
}

#[test]
fn explain_says_why_a_row_is_no_subject() {
    let desk = workshop();
    desk.expect(0, &["run", "--as-of", "2026-01-15"]);
    let refused = |key: &str| desk.expect(2, &["explain", key]).err;
    for key in ["4", "5"] {
        let said = refused(key);
        assert!(
            said.contains("left out") && said.contains("`where:`"),
            "{said}"
        );
        assert!(said.contains("`at: joined`, as of 15.01.2026"), "{said}");
    }
    assert!(
        refused("6").contains("nobody has the key or name"),
        "{}",
        refused("6")
    );
}

#[test]
fn explain_writes_the_score_in_the_way_of_the_locale() {
    let desk = workshop();
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: everyone, name: Everyone, weight: 0.85, when: yes }]\n",
    );
    desk.expect(0, &["run", "--as-of", "2026-01-15"]);
    let said = desk.expect(0, &["explain", "1"]).out;
    assert!(said.contains("Score 0,8500 = 0,8500 Everyone"), "{said}");
}

#[test]
fn letters_without_marks_of_their_own_stand_among_plain_ones() {
    let desk = workshop();
    desk.write("rules/r.yaml", "segments: [{ id: everyone, when: yes }]\n");
    desk.expect(0, &["run", "--as-of", "2026-01-15"]);
    let list = desk.json(&["clients"]);
    let names = list.as_array().unwrap().iter();
    let names: Vec<&str> = names.map(|row| row["label"].as_str().unwrap()).collect();
    assert_eq!(names, ["Łukasz", "Øystein", "Zoe"]);
}

#[test]
fn a_label_is_of_the_column_in_any_case() {
    let desk = workshop();
    let export = "export: { columns: [ID, Region], labels: { id: Number, region: Where } }\n";
    desk.write("config.yaml", config("EUR", "last 12 months") + export);
    assert!(!desk.expect(0, &["check"]).err.contains("unused-label"));
    desk.expect(0, &["run", "--as-of", "2026-01-15"]);
    let said = desk.expect(0, &["export", "everyone"]).out;
    assert!(said.contains("Number;Where"), "{said}");
}

#[test]
fn a_column_that_is_called_like_a_word_is_written_in_backticks() {
    let desk = workshop();
    desk.sql_in(
        "d.db",
        "alter table clients add column no integer default 12",
    );
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: twelve, when: no = 12 }]\n",
    );
    let said = desk.expect(2, &["check"]).err;
    assert!(said.contains("write `` `no` ``"), "{said}");
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: twelve, when: '`no` = 12' }]\n",
    );
    desk.expect(0, &["check"]);
}

/// Whoever is shown by their key is found by nobody who looks for a name.
#[test]
fn a_label_that_is_lost_asks_for_somebody() {
    let desk = workshop();
    desk.expect(0, &["run", "--as-of", "2026-01-15"]);
    desk.sql_in("d.db", "alter table clients rename column name to surname");
    let said = desk.expect(1, &["check"]).err;
    assert!(
        said.contains("the column `name` is not in the table `clients`"),
        "{said}"
    );
    assert!(
        said.contains("without it people are called by their key"),
        "{said}"
    );
    assert!(said.contains("1 thing that cannot be read"), "{said}");
    let said = desk.expect(1, &["run", "--as-of", "2026-01-16"]).err;
    let told = "3 rows of `clients` are named without this column of `label:`, which no longer exists (column `name`)";
    assert!(said.contains(told), "{said}");
    let status = desk.expect(1, &["status"]).out;
    assert!(
        status.contains(&format!("attention: data: {told}")),
        "{status}"
    );
    assert_eq!(desk.json(&["clients"])[0]["label"], "1");
    // What is left of several columns is shown.
    let config =
        config("EUR", "last calendar year").replace("label: name", "label: [name, surname]");
    desk.write("config.yaml", config.clone());
    desk.expect(1, &["run", "--as-of", "2026-01-17"]);
    assert_eq!(desk.json(&["clients"])[0]["label"], "Łukasz");
    desk.write("config.yaml", config.replace("[name, surname]", "surname"));
    desk.expect(0, &["run", "--as-of", "2026-01-18"]);
}

#[test]
fn who_has_no_name_is_called_by_the_key() {
    let desk = workshop();
    desk.sql_in(
        "d.db",
        "update clients set name = '' where id = 1; update clients set name = null where id = 2;
         update clients set name = '  ' where id = 3",
    );
    desk.expect(0, &["run", "--as-of", "2026-01-15"]);
    let list = desk.json(&["clients"]);
    let names = list.as_array().unwrap().iter();
    let names: Vec<&str> = names.map(|row| row["label"].as_str().unwrap()).collect();
    assert_eq!(names, ["1", "2", "3"]);
}

#[test]
fn a_row_of_headings_is_told_and_counts() {
    let desk = Desk::empty();
    desk.sql_in(
        "d.db",
        "create table members (Code text primary key, name text);
         insert into members values ('A-17', 'Ada'), ('B-2', 'Bo'), ('code', 'name');",
    );
    let config = "database: sqlite:d.db\ntimezone: UTC\nsubject: { name: member, table: members, key: Code }\n";
    desk.write("config.yaml", config);
    desk.write("rules/r.yaml", "segments: [{ id: everyone, when: yes }]\n");
    let said = desk.expect(0, &["check"]).err;
    let told =
        "warning[heading-row]: a row of `members` has the name of the column, `Code`, as its key";
    assert!(said.contains(told), "{said}");
    let said = desk.expect(0, &["run", "--as-of", "2026-01-15"]).err;
    let told = "data: 1 row of `members` has the column's name as key, as a heading row does (column `Code`)";
    assert!(said.contains(told), "{said}");
    // Who is left out is nobody.
    let others = config.replace("Code }", "Code, where: name != \"name\" }");
    desk.write("config.yaml", others);
    let said = desk.expect(0, &["check"]).err;
    assert!(!said.contains("heading-row"), "{said}");
    let said = desk.expect(0, &["run", "--as-of", "2026-01-16"]).err;
    assert!(!said.contains("heading row"), "{said}");
}
