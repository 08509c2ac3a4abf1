//! Whatever one key looks like: those who were there stay who they were, or the run is refused.

use muster::run::Options;

use crate::studio::Studio;
use crate::support::clock::{DAY, NOON};
use crate::support::library::at;

/// Tables of forty clients whose keys are declared so, every second with a visit of late.
fn studio(declared: &str, key: &str) -> Studio {
    let studio = Studio::new();
    studio.rules("segments:\n  - { id: active, when: 'exists(visits in last 300 days)' }\n");
    studio.sql(&format!(
        "drop table clients; drop table visits; delete from payments;
         create table visits (id integer primary key, client_id, attended_at datetime);
         create table clients (id {declared}, name text, closed integer);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 40)
         insert into clients select {key}, 'Client ' || i, 0 from n;
         insert into visits (client_id, attended_at) select id, '2025-05-30' from clients where rowid % 2;"
    ));
    studio
}

/// How many memberships there are, of which type their keys are, and since when.
fn members(studio: &Studio) -> Vec<String> {
    studio.query(
        "select count(*) || ' ' || group_concat(distinct typeof(subject_key)) || ' '
                || group_concat(distinct substr(entered_at, 1, 10)) from muster_memberships",
    )
}

/// A way in which rules can be missing, and what makes it so.
type Gone = (&'static str, fn(&Studio));

fn rebuilt(declared: &str, key: &str) -> String {
    format!(
        "alter table clients rename to old; create table clients (id {declared}, name text, closed integer);
         insert into clients select {key}, name, closed from old; drop table old;"
    )
}

#[tokio::test]
async fn an_odd_key_is_told_and_touches_nobody() {
    let odd = [
        "'id'",
        "''",
        "'  '",
        "1.5",
        "x'ff00'",
        "x'616263'",
        "'a' || char(0)",
        "'99999999999999999999'",
        "'7f3a-11'",
        "'1 2'",
        "'12x'",
        "null",
        "1e300",
        "'0x10'",
        "'é'",
    ];
    for declared in [
        "int",
        "integer",
        "bigint",
        "",
        "blob",
        "numeric",
        "real",
        "decimal(10)",
    ] {
        let studio = studio(declared, "i");
        studio.day(0).await;
        assert_eq!(members(&studio), ["20 integer 2025-06-01"], "{declared}");
        for (day, key) in (1..).zip(odd) {
            studio.sql(&format!("insert into clients values ({key}, 'Odd', 0)"));
            let outcome = studio.day(day * 2 - 1).await;
            let told = &outcome.evaluation.problems;
            assert_eq!(told.len(), 1, "{declared} {key}: {told:?}");
            assert_eq!(
                (told[0].count, told[0].column.as_str()),
                (1, "id"),
                "{declared} {key}"
            );
            assert_eq!(outcome.evaluation.subjects.len(), 40, "{declared} {key}");
            assert_eq!(
                studio.movements(outcome.run.unwrap().id),
                Vec::<String>::new(),
                "{declared} {key}"
            );
            studio.sql("delete from clients where name = 'Odd'");
            let outcome = studio.day(day * 2).await;
            assert_eq!(outcome.evaluation.problems, []);
            assert_eq!(
                studio.movements(outcome.run.unwrap().id),
                Vec::<String>::new(),
                "{declared} {key}"
            );
        }
        assert_eq!(members(&studio), ["20 integer 2025-06-01"], "{declared}");
    }
}

#[tokio::test]
async fn texts_stay_texts_whatever_comes() {
    for (declared, key) in [
        ("text", "i"),
        ("varchar(9)", "printf('%03d', i)"),
        ("", "'' || i"),
        ("int", "'u' || i"),
        ("", "iif(i % 3, i, 'u' || i)"),
    ] {
        let studio = studio(declared, key);
        studio.day(0).await;
        assert_eq!(members(&studio), ["20 text 2025-06-01"], "{declared} {key}");
        studio.sql(
            "insert into clients values (1000, 'New', 0), (x'ff', 'Odd', 0), (null, 'Odd', 0)",
        );
        let outcome = studio.day(1).await;
        assert_eq!(outcome.evaluation.subjects.len(), 41, "{declared} {key}");
        assert_eq!(outcome.evaluation.problems.len(), 2, "{declared} {key}");
        assert_eq!(
            studio.movements(2),
            Vec::<String>::new(),
            "{declared} {key}"
        );
    }
}

#[tokio::test]
async fn a_column_that_is_declared_anew_holds_the_same_people() {
    let studio = studio("integer primary key", "i");
    studio.day(0).await;
    let steps = [
        ("text", "id", "text"),
        ("integer", "id", "integer"),
        ("", "cast(id as text)", "integer"),
        ("varchar(20)", "id", "text"),
        ("text primary key", "id", "text"),
        ("", "id", "text"),
        ("int", "id", "integer"),
    ];
    for (day, (declared, key, keys)) in (1..).zip(steps) {
        studio.sql(&rebuilt(declared, key));
        let dry = Options {
            dry_run: true,
            ..at(NOON + day * DAY)
        };
        let outcome = studio.run(&dry).await;
        let moved: usize = outcome
            .segments
            .iter()
            .map(|segment| segment.movements.len())
            .sum();
        assert_eq!((moved, outcome.unpublished), (0, None), "{declared}");
        let outcome = studio.day(day).await;
        assert_eq!(
            studio.movements(outcome.run.unwrap().id),
            Vec::<String>::new(),
            "{declared}"
        );
        assert_eq!(
            members(&studio),
            [format!("20 {keys} 2025-06-01")],
            "{declared}"
        );
        for table in ["muster_scores", "muster_movements"] {
            let types = format!("select distinct typeof(subject_key) from {table}");
            assert_eq!(studio.query(&types), [keys], "{declared} {table}");
        }
    }
}

#[tokio::test]
async fn key_type_has_the_last_word() {
    let studio = studio("int", "i");
    studio.day(0).await;
    let config = studio.read("config.yaml");
    for (day, said, keys) in [(1, "text", "text"), (2, "number", "integer")] {
        let config = config.replace("key: id", &format!("key: id, key_type: {said}"));
        studio.write("config.yaml", config);
        studio.sql(&format!(
            "insert into clients values ('odd {day}', 'Odd', 0)"
        ));
        let outcome = studio.day(day).await;
        assert_eq!(
            outcome.evaluation.subjects.len(),
            if said == "text" { 41 } else { 40 }
        );
        assert_eq!(
            studio.movements(outcome.run.unwrap().id),
            Vec::<String>::new()
        );
        assert_eq!(members(&studio), [format!("20 {keys} 2025-06-01")]);
    }
}

#[tokio::test]
async fn a_run_that_finds_others_in_place_of_nearly_all_is_refused() {
    for (change, refused) in [
        (rebuilt("text", "'C' || id"), true),
        (rebuilt("int", "id + 1000"), true),
        (rebuilt("text", "printf('%05d', id)"), true),
        (rebuilt("int", "iif(id > 15, id + 1000, id)"), true),
        // Half of them, or without others in their place: that is how the world goes.
        (rebuilt("int", "iif(id > 25, id + 1000, id)"), false),
        ("delete from clients where id > 5".to_owned(), false),
        (
            "insert into clients select id + 1000, name, 0 from clients".to_owned(),
            false,
        ),
    ] {
        let studio = studio("int", "i");
        studio.day(0).await;
        let before = members(&studio);
        studio.sql(&change);
        let outcome = studio.day(1).await;
        assert_eq!(outcome.run.is_none(), refused, "{change}");
        if refused {
            let reason = outcome.unpublished.unwrap();
            assert!(
                reason.contains("no longer in `clients` (column `id`)"),
                "{reason}"
            );
            assert_eq!(members(&studio), before, "{change}");
            let asked = Options {
                accept: true,
                ..at(NOON + DAY)
            };
            assert!(studio.run(&asked).await.run.is_some());
            assert_ne!(members(&studio), before, "{change}");
        }
    }
}

#[tokio::test]
async fn those_who_are_not_active_any_more_are_not_lost() {
    let studio = studio("int", "i");
    studio.config("guard: off\nactive: closed = 0");
    studio.day(0).await;
    studio.sql(
        "update clients set closed = 1; insert into clients select id + 1000, name, 0 from clients",
    );
    assert!(studio.day(1).await.run.is_some());
}

#[tokio::test]
async fn without_rules_where_there_were_some_nothing_is_published() {
    let gone: [Gone; 7] = [
        ("no folder", |studio| {
            std::fs::rename(studio.path("rules"), studio.path("away")).unwrap()
        }),
        ("no file", |studio| {
            std::fs::remove_file(studio.path("rules/all.yaml")).unwrap()
        }),
        ("another name", |studio| {
            std::fs::rename(studio.path("rules/all.yaml"), studio.path("rules/all.txt")).unwrap()
        }),
        ("an empty file", |studio| studio.rules("")),
        ("comments", |studio| {
            studio.rules("# segments:\n#  - { id: a, when: yes }\n")
        }),
        ("metrics alone", |studio| {
            studio.rules("metrics: { seen: count(visits) }\n")
        }),
        ("elsewhere", |studio| studio.config("rules: other/*.yaml")),
    ];
    for (what, take_away) in gone {
        let studio = Studio::new();
        // Nothing was ever published: that may begin without rules.
        studio.rules("# none yet\n");
        assert!(studio.day(-2).await.run.is_some(), "{what}");
        studio.rules(crate::studio::RULES);
        studio.day(0).await;
        let before = studio.query("select * from muster_memberships");
        take_away(&studio);
        let dry = Options {
            dry_run: true,
            ..at(NOON + DAY)
        };
        let told = studio.run(&dry).await.unpublished.unwrap();
        assert!(told.contains("would be held"), "{what}: {told}");
        let outcome = studio.day(1).await;
        assert_eq!(outcome.run, None, "{what}");
        let reason = outcome.unpublished.unwrap();
        assert!(reason.contains("the last run had 3"), "{what}: {reason}");
        assert_eq!(
            studio.query("select * from muster_memberships"),
            before,
            "{what}"
        );
        let asked = Options {
            accept: true,
            ..at(NOON + DAY)
        };
        assert!(studio.run(&asked).await.run.is_some(), "{what}");
        assert_eq!(studio.memberships(), Vec::<String>::new(), "{what}");
        assert!(studio.day(2).await.run.is_some(), "{what}");
    }
}

#[tokio::test]
async fn what_reads_a_collection_whose_keys_nobody_can_have_is_stale() {
    let collection = |filter: &str| {
        format!(
            "database: sqlite:studio.db
timezone: UTC
subject: {{ name: client, table: clients, key: id, label: name }}
collections:
  visits: {{ table: visits, subject: client_id, at: attended_at{filter} }}
"
        )
    };
    for (odd, empty, filter, stale) in [
        (0, 0, "", None),
        (20, 0, "", None),
        (21, 0, "", Some("21 of 100")),
        // An empty text is no key, and counts for neither side.
        (20, 10, "", Some("20 of 90")),
        (0, 100, "", None),
        // What does not belong to the collection is nobody's business.
        (40, 0, ", where: id > 40", None),
        (41, 0, ", where: id > 20", Some("21 of 80")),
    ] {
        let studio = Studio::new();
        studio.sql("delete from clients; delete from visits; delete from payments");
        crate::studio::crowd(&studio, 1, 100);
        studio.write("config.yaml", collection(filter));
        studio.rules("segments:\n  - { id: never, when: 'not exists(visits)' }\n");
        studio.sql(&format!(
            "update visits set client_id = 'C-' || client_id where id <= {odd};
             update visits set client_id = ' ' where id > 100 - {empty}"
        ));
        let outcome = studio.day(0).await;
        let found = &outcome.segments.as_slice()[0];
        let reason = found.stale.as_ref().map(|stale| stale.reason.clone());
        let words = stale.map(|share| {
            format!(
                "no result yet: {share} keys in `visits.client_id` are not whole numbers, as those of `clients` \
                 are; read a view in which they are the same"
            )
        });
        assert_eq!(reason, words, "{odd} {empty}{filter}");
    }
}
