//! What `muster lint` tells, and what it ends with.

use super::desk::Desk;

/// Forty members, of whom a quarter has no kind.
fn desk(rules: &str) -> Desk {
    let desk = Desk::empty();
    desk.sql_in(
        "d.db",
        "create table clients (id integer primary key, name text, kind text, points integer);
         insert into clients
           with recursive n(i) as (select 1 union all select i + 1 from n where i < 40)
           select i, 'Ada ' || i, case when i % 4 = 0 then null when i % 4 = 1 then 'guest' else 'member' end, i
           from n;",
    );
    desk.write(
        "config.yaml",
        "database: sqlite:d.db\ntimezone: UTC\n\
         subject: { name: client, table: clients, key: id, label: name }\n\
         guard: off\n",
    );
    desk.write("rules/r.yaml", format!("segments:\n{rules}"));
    desk
}

const TRAP: &str =
    "  - { id: guests, when: 'kind = \"guest\"' }\n  - { id: others, when: 'kind != \"guest\"' }\n";

#[test]
fn a_finding_stands_under_its_segment_with_an_example() {
    let desk = desk(TRAP);
    let told = desk.expect(1, &["lint"]).out;
    assert!(
        told.starts_with("others\n  missing-trap: 10 clients are left out"),
        "{told}"
    );
    assert!(told.contains("for example Ada 4"), "{told}");
    let told = desk.expect(1, &["lint", "--no-names"]).out;
    assert!(!told.contains("Ada"), "{told}");
}

#[test]
fn the_exit_code_is_as_asked_for() {
    let desk = desk(TRAP);
    desk.expect(1, &["lint"]);
    desk.expect(0, &["lint", "--fail-on", "never"]);
    desk.expect(0, &["lint", "guests"]);
    desk.expect(1, &["lint", "others"]);
    let wrong = desk.expect(2, &["lint", "other"]).err;
    assert!(wrong.contains("did you mean `others`?"), "{wrong}");
}

/// An allow belongs to its segment, at the end of a line as well as above it.
#[test]
fn what_allows_nothing_is_told_of_its_segment() {
    let desk = desk(
        "  # muster: allow dead-clause\n  - { id: a, when: points < 3 }\n  - id: b\n    \
         when: points > 30  # muster: allow dead-clause\n  - { id: c, when: points = 9 }\n",
    );
    for segment in ["a", "b"] {
        let told = desk.expect(1, &["lint", segment]).out;
        assert!(
            told.starts_with(&format!("{segment}\n  idle-allow: ")),
            "{told}"
        );
    }
    desk.expect(0, &["lint", "c"]);
    let told = desk.expect(1, &["lint"]).out;
    assert!(!told.contains("outside the segments"), "{told}");
}

/// What is meant is written; allowing that it allows nothing would help nobody.
#[test]
fn an_allow_in_another_form_is_written_as_it_should_be() {
    let desk = desk(
        "  - id: b\n    when: points < 9  #Muster:allow dead-clause (For Ada)\n  \
         - id: c\n    when: points > 9  # muster: allow dead-clauses\n  \
         - id: d\n    when: points = 9  # Muster: allow\n",
    );
    let found = desk.json(&["check"]);
    let fixes = |at: usize| found[at]["fixes"].as_array().unwrap();
    assert_eq!(fixes(0).len(), 1, "{found:#}");
    let edit = &fixes(0)[0]["edits"][0];
    assert_eq!(edit["text"], "# muster: allow dead-clause (For Ada)");
    assert_eq!(
        (edit["line"].as_u64(), edit["column"].as_u64()),
        (Some(3), Some(23))
    );
    assert_eq!(fixes(1)[0]["edits"][0]["text"], "dead-clause");
    // Which code nobody knows.
    assert_eq!(fixes(2).len(), 0, "{found:#}");
}

#[test]
fn what_is_allowed_is_told_nowhere() {
    let allowed = TRAP.replace(
        "  - { id: others",
        "  # muster: allow missing-trap\n  - { id: others",
    );
    let desk = desk(&allowed);
    let told = desk.expect(0, &["lint"]);
    assert_eq!(
        (told.out.as_str(), told.err.as_str()),
        ("", "no findings\n")
    );
}

#[test]
fn the_limit_says_what_it_leaves_out() {
    let desk = desk(
        "  - { id: a, when: points > 100 }\n  - { id: b, when: points > 200 and kind = \"x\" }\n",
    );
    let told = desk.expect(1, &["lint", "--limit", "1"]);
    assert_eq!(
        told.out
            .lines()
            .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
            .count(),
        1
    );
    assert!(told.err.contains("`--limit"), "{}", told.err);
    let all = desk.expect(1, &["lint", "--format", "json"]).json();
    assert!(all.as_array().unwrap().len() > 1);
}

#[test]
fn who_comes_and_goes_is_told_from_the_stored_runs() {
    let desk = desk("  - { id: many, when: points > 20 }\n");
    for run in 0..8 {
        let points = if run % 2 == 0 { 19 } else { 21 };
        desk.sql_in(
            "d.db",
            &format!("update clients set points = {points} where id in (20, 21, 22)"),
        );
        desk.expect(0, &["run", "--as-of", &format!("2026-01-{:02}", run + 1)]);
    }
    let told = desk.expect(1, &["lint"]).out;
    assert!(
        told.contains(
            "flapping: 3 clients keep entering and leaving `many`: up to 4 times in the last 8 runs"
        ),
        "{told}"
    );
}

#[test]
fn a_segment_that_held_somebody_lately_is_not_told_as_empty() {
    let desk = desk("  - { id: lately, when: points > 39 }\n");
    desk.expect(0, &["run", "--as-of", "2026-01-01"]);
    desk.sql_in("d.db", "update clients set points = 1 where id = 40");
    desk.expect(0, &["lint"]);
}

/// A text that the data does not have is told wherever rules or config compare with it.
#[test]
fn texts_are_looked_for_wherever_a_condition_can_stand() {
    const SEGMENT: &str = "  - { id: all, when: name is present }\n";
    let of_visits = "collections: { visits: { table: visits, subject: client_id, at: at } }\n";
    let churn = |among: &str, reason: &str| {
        format!(
            "health: {{ churn: {{ among: '{among}', when: not exists(visits in next 90 days) }},\n  \
             factors: [{{ id: f, value: count(visits), zero: 0, full: 9, weight: 1, reason: '{reason}' }}] }}\n"
        )
    };
    for config in [
        "where",
        "fields: { way: { any: 'visits where kind = \"oder\"', of: kind } }\n",
        "fields: { way: { any: visits, of: 'if(kind = \"oder\", 1, 2)' } }\n",
        "values: { add: [{ id: v, label: V, of: 'avg(count(visits where kind = \"oder\"))' }] }\n",
        &churn("exists(visits where kind = \"oder\")", "{count(visits)}"),
        &churn(
            "exists(visits)",
            "{count(visits where kind = \"oder\")} visits",
        ),
    ] {
        let desk = desk(SEGMENT);
        desk.sql_in(
            "d.db",
            "create table visits (id integer primary key, client_id integer, at text, kind text);
             insert into visits (client_id, at, kind)
               select id, '2026-01-02 10:00:00', case when id % 2 then 'order' else 'other' end from clients;",
        );
        let mut written = desk.read("config.yaml") + of_visits;
        match config {
            "where" => {
                desk.write(
                    "rules/m.yaml",
                    "metrics: { newest: 'last(visits where kind = \"oder\")' }\n",
                );
            }
            config => written += config,
        }
        desk.write("config.yaml", written);
        let told = desk.expect(0, &["check"]).err;
        assert!(
            told.contains("no row of `visits` has `oder` as its `kind`"),
            "{config}\n{told}"
        );
        assert!(told.contains("did you mean `order`?"), "{config}\n{told}");
    }
}
