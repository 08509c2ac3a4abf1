//! What somebody changes in the published tables: it is noticed or told, and there is a way that puts it right.

use super::publish::may_write;
use super::whose::published;
use crate::support::postgres::Postgres;
use crate::support::publishing::{RULES, assert_equal, move_on};
use crate::support::scratch::Scratch;
use crate::support::waiting::holds_in_time;

/// Lets a function be called for each row that is updated in a table.
fn on_update(postgres: &Postgres, table: &str, body: &str) {
    postgres.sql(&format!(
        "create or replace function meddle() returns trigger language plpgsql as $$ begin {body} end $$;
         create trigger meddle before update on muster.{table} for each row execute function meddle()"
    ));
}

#[test]
fn values_that_do_not_arrive_stop_the_publication() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    let meddling = [
        "if new.subject_key % 7 = 0 then return null; end if; return new;",
        "new.label := 'somebody'; return new;",
    ];
    for (day, body) in (18..).zip(meddling) {
        on_update(&postgres, "scores", body);
        scratch.sql("update clients set name = name || 'x' where id between 1 and 60");
        move_on(&scratch, day);
        let told = scratch.expect(1, &["run"]).err;
        assert!(
            told.contains("of the rows of \"muster\".\"scores\" differ from what was written"),
            "{told}"
        );
        let told = scratch.expect(1, &["status"]).out;
        assert!(told.contains("and the last one is run"), "{told}");
        postgres.sql("drop trigger meddle on muster.scores");
        scratch.expect(0, &["publish"]);
        assert_equal(&scratch, &postgres);
    }
    // A rule does the same.
    postgres.sql("create rule keep as on update to muster.scores do instead nothing");
    move_on(&scratch, 21);
    let told = scratch.expect(1, &["run"]).err;
    assert!(told.contains("differ from what was written"), "{told}");
    postgres.sql("drop rule keep on muster.scores");
    // Nor does the row that says what the tables are of go astray.
    postgres.sql(
        "create or replace function meddle() returns trigger language plpgsql as $$ begin return null; end $$;
         create trigger meddle before insert on muster.publication for each row execute function meddle()",
    );
    let told = scratch.expect(3, &["publish"]).err;
    assert!(
        told.contains("\"publication\" has 0 rows after 1 were written"),
        "{told}"
    );
    postgres.sql("drop trigger meddle on muster.publication");
    scratch.expect(0, &["publish"]);
    assert_equal(&scratch, &postgres);
}

#[test]
fn what_triggers_of_other_tables_and_of_the_end_change_stops_the_publication() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    let function = |body: &str| {
        postgres.sql(&format!(
            "create or replace function meddle() returns trigger language plpgsql as
             $$ begin {body}; return null; end $$"
        ));
    };
    let late = "constraint trigger meddle after insert or update on muster.scores deferrable initially deferred";
    let meddling = [
        (
            "trigger meddle after insert on muster.runs",
            "update muster.scores set label = 'x' where subject_key = 5",
            "1 of the rows of \"muster\".\"scores\" differ from what was written",
        ),
        (
            late,
            "delete from muster.scores where subject_key = 5",
            "\"scores\" has 299 rows after 300 were written",
        ),
        (
            late,
            "update muster.scores set subject_key = -5 where subject_key = 5",
            "1 of the rows of \"muster\".\"scores\" differ from what was written",
        ),
        (
            late,
            "delete from muster.metrics where run_id = 1",
            "\"metrics\" (run 1) has 0 rows",
        ),
        (
            "constraint trigger meddle after insert on muster.publication deferrable initially deferred",
            "update muster.publication set token = 'x'",
            "1 of the rows of \"muster\".\"publication\" differ from what was written",
        ),
        (
            "constraint trigger meddle after insert on muster.publication deferrable initially deferred",
            "update muster.publication set results_id = null, erasures = 7",
            "1 of the rows of \"muster\".\"publication\" differ from what was written",
        ),
    ];
    for (day, (trigger, body, words)) in (18..).zip(meddling) {
        function(body);
        postgres.sql(&format!(
            "create {trigger} for each row execute function meddle()"
        ));
        scratch.sql("update clients set name = name || 'x' where id between 1 and 60");
        move_on(&scratch, day);
        let told = scratch.expect(1, &["run"]).err;
        assert!(told.contains(words), "{trigger}\n{told}");
        let table = trigger.split("muster.").nth(1).unwrap();
        let table = table.split(' ').next().unwrap();
        postgres.sql(&format!("drop trigger meddle on muster.{table}"));
        scratch.expect(0, &["publish"]);
        assert_equal(&scratch, &postgres);
    }
}

#[test]
fn a_column_whose_type_cannot_be_compared_is_told_with_its_statement() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    // What holds all values goes on.
    postgres.sql(
        "alter table muster.memberships alter subject_key type numeric, alter segment_id type varchar(100);
         alter table muster.scores alter subject_key type integer; alter table muster.movements alter at type timestamp using at at time zone 'UTC'",
    );
    move_on(&scratch, 18);
    postgres.sql(&format!(
        "alter role quick in database {} set timezone = 'UTC'",
        postgres.database
    ));
    scratch.expect(0, &["run"]);
    postgres.sql("alter table muster.movements alter at type timestamptz");
    assert_equal(&scratch, &postgres);
    let types = [
        ("memberships", "subject_key", "text", "bigint"),
        ("scores", "subject_key", "text", "bigint"),
        (
            "memberships",
            "entered_at",
            "text",
            "timestamp with time zone",
        ),
        ("runs", "subjects", "text", "bigint"),
        ("parts", "run_id", "text", "bigint"),
        ("publication", "run_id", "text", "bigint"),
    ];
    for (day, (table, column, ty, own)) in (19..).zip(types) {
        postgres.sql(&format!(
            "alter table muster.{table} alter {column} type {ty}"
        ));
        move_on(&scratch, day);
        let status = |scratch: &Scratch| scratch.expect(1, &["status"]).out;
        let told = scratch.expect(1, &["run"]).err;
        for told in [&told, &status(&scratch)] {
            let words = format!(
                "the column `{column}` of \"muster\".\"{table}\" there is `{ty}` and was made as `{own}`"
            );
            assert!(told.contains(&words), "{told}");
        }
        let statement = told
            .split('`')
            .find(|part| part.starts_with("ALTER TABLE"))
            .unwrap();
        postgres.sql(&format!("SET ROLE quick; {statement}"));
        scratch.expect(0, &["publish"]);
        assert_equal(&scratch, &postgres);
        scratch.expect(0, &["status"]);
    }
}

#[test]
fn a_column_that_publication_lacks_comes_back() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    let whole = "select count(run_id) + count(published_at) from muster.publication";
    postgres.sql("alter table muster.publication drop column published_at");
    scratch.expect(0, &["publish"]);
    assert_eq!(postgres.sql(whole), "2");
    postgres.sql("alter table muster.publication drop column run_id");
    for told in [
        scratch.expect(1, &["status"]).out,
        scratch.expect(3, &["publish"]).err,
    ] {
        assert!(
            told.contains("`muster publish --take-over` recreates them"),
            "{told}"
        );
    }
    scratch.expect(0, &["publish", "--take-over"]);
    assert_eq!(postgres.sql(whole), "2");
    scratch.expect(0, &["status"]);
    assert_equal(&scratch, &postgres);
}

#[test]
fn tables_that_were_made_for_other_keys_go_though_one_of_them_is_gone() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    postgres.sql(
        "drop table muster.health; create view late as select subject_key from muster.memberships",
    );
    scratch.sql(
        "create table renamed (id text primary key, name text, spent integer);
         insert into renamed select 'c' || id, name, spent from clients;
         drop table clients; alter table renamed rename to clients;",
    );
    let told = scratch.expect(1, &["run", "--accept"]).err;
    assert!(told.contains("drop views that read them first"), "{told}");
    let status = scratch.expect(1, &["status"]).out;
    assert!(status.contains("keys are texts now"), "{status}");
    let statement = told.split('`').find(|part| part.starts_with("DROP TABLE"));
    postgres.sql("drop view late");
    postgres.sql(&format!("SET ROLE quick; {}", statement.unwrap()));
    scratch.expect(0, &["publish"]);
    assert_equal(&scratch, &postgres);
}

#[test]
fn a_column_that_somebody_has_made_coarser_is_told() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    // Whole numbers, and times without the part below the second.
    let coarser = [
        ("scores", "score", "integer", "double precision"),
        ("memberships", "entered_at", "date", "timestamptz"),
    ];
    for (day, (table, column, coarse, own)) in (18..).zip(coarser) {
        postgres.sql(&format!(
            "alter table muster.{table} alter column {column} type {coarse}"
        ));
        scratch.sql("update clients set spent = spent + 0.5, name = name || 'x'");
        move_on(&scratch, day);
        let told = scratch.expect(1, &["run"]).err;
        let words = format!("rows of \"muster\".\"{table}\" differ from what was written");
        assert!(told.contains(&words), "{told}");
        postgres.sql(&format!(
            "alter table muster.{table} alter column {column} type {own}"
        ));
        scratch.expect(0, &["publish", "--take-over"]);
        assert_equal(&scratch, &postgres);
    }
    // A wider one holds all that is written.
    postgres.sql("alter table muster.segments alter column importance type bigint");
    move_on(&scratch, 20);
    scratch.expect(0, &["run"]);
    assert_equal(&scratch, &postgres);
}

#[test]
fn a_database_without_the_signs_of_a_label_is_told_by_its_encoding() {
    let options = "template template0 encoding 'LATIN1' locale 'C'";
    let Some(postgres) = Postgres::open_with(options) else {
        return;
    };
    may_write(&postgres);
    let scratch = super::publish::project(&postgres);
    scratch.expect(0, &["run"]);
    scratch.rules(&RULES.replace("name: 'A", "name: '\u{2265} A"));
    move_on(&scratch, 19);
    let told = scratch.expect(1, &["run"]).err;
    assert!(
        told.contains("SQLSTATE 22P05") && told.contains("whose encoding is UTF-8"),
        "{told}"
    );
}

#[test]
fn taking_over_puts_values_right_that_somebody_has_changed() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    postgres.sql(
        "update muster.movements set cause = 'gone'; update muster.metrics set value = 0;
         update muster.runs set message = 'x', status = 'held'; update muster.scores set label = 'x';
         update muster.memberships set entered_at = now(); update muster.segments set name = 'x';
         grant usage on schema muster to reader; grant select on muster.scores to reader",
    );
    scratch.expect(0, &["publish"]);
    let wrong = "select count(*) from muster.movements where cause = 'gone'";
    assert_ne!(
        postgres.sql(wrong),
        "0",
        "a value that is overwritten is not noticed"
    );
    scratch.expect(0, &["publish", "--take-over"]);
    assert_equal(&scratch, &postgres);
    scratch.expect(0, &["status"]);
    let right = "select has_table_privilege('reader', 'muster.scores', 'select')";
    assert_eq!(postgres.sql(right), "t");
}

#[test]
fn tables_that_no_longer_tell_whose_they_are_have_a_way_out() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    for gone in [
        "drop table muster.publication",
        "delete from muster.publication",
    ] {
        postgres.sql(gone);
        let told = [
            scratch.expect(1, &["status"]).out,
            scratch.expect(3, &["publish"]).err,
        ];
        for told in told {
            assert!(
                told.contains("`publication` no longer tells whose they are"),
                "{told}"
            );
            assert!(told.contains("`muster publish --take-over`"), "{told}");
        }
        scratch.expect(0, &["publish", "--take-over"]);
        assert_equal(&scratch, &postgres);
        scratch.expect(0, &["status"]);
    }
    postgres.sql("drop table muster.publication, muster.parts");
    let told = scratch.expect(3, &["publish", "--take-over"]).err;
    assert!(
        told.contains("nothing there says that they are Muster's"),
        "{told}"
    );
    let statement = told.split('`').find(|part| part.starts_with("DROP TABLE"));
    postgres.sql(&format!("SET ROLE quick; {}", statement.unwrap()));
    scratch.expect(0, &["publish"]);
    assert_equal(&scratch, &postgres);
}

#[test]
fn tables_that_are_gone_are_told_before_and_after() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    postgres.sql("drop table muster.memberships, muster.metrics");
    let told = scratch.expect(1, &["status"]).out;
    assert!(
        told.contains("tables there are gone") && told.contains("`memberships`, `metrics`"),
        "{told}"
    );
    let told = scratch.expect(0, &["publish"]).err;
    assert!(told.contains("recreated: grant the rights again"), "{told}");
    scratch.expect(0, &["status"]);
    postgres.sql("drop table muster.scores");
    move_on(&scratch, 19);
    let told = scratch.expect(1, &["run"]).err;
    assert!(
        told.contains("`scores` was missing on the server"),
        "{told}"
    );
    move_on(&scratch, 20);
    scratch.expect(0, &["run"]);
    assert_equal(&scratch, &postgres);
}

#[test]
fn a_table_that_is_gone_and_would_have_no_rows_comes_back() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    postgres.sql("drop table muster.health");
    let told = scratch.expect(0, &["publish"]).err;
    assert!(
        told.contains("`health` was missing on the server"),
        "{told}"
    );
    assert_equal(&scratch, &postgres);
    scratch.expect(0, &["status"]);
    let told = scratch.expect(0, &["publish"]).err;
    assert!(!told.contains("missing"), "{told}");
}

#[test]
fn tables_that_come_back_have_keys_of_the_same_type() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    postgres.sql("drop table muster.memberships, muster.scores, muster.health, muster.movements");
    scratch.expect(0, &["publish"]);
    assert_equal(&scratch, &postgres);
    let types = "select distinct data_type from information_schema.columns where table_schema = 'muster' and column_name = 'subject_key'";
    assert_eq!(postgres.sql(types), "bigint");
}

#[test]
fn whoever_was_forgotten_is_thought_of_where_nothing_can_be_published() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    scratch.edit("config.yaml", &postgres.database, "nowhere");
    scratch.expect(1, &["forget", "130"]);
    let log = scratch.path("log");
    let mut serve = scratch.command(&["serve"]);
    serve.stderr(std::fs::File::create(&log).unwrap());
    let mut serve = serve.spawn().unwrap();
    let warned = "may still have somebody who was forgotten since";
    assert!(holds_in_time(|| std::fs::read_to_string(&log)
        .unwrap()
        .contains(warned)));
    serve.kill().unwrap();
    serve.wait().unwrap();
    scratch.edit("config.yaml", "nowhere", &postgres.database);
    scratch.expect(0, &["publish"]);

    // A copy that is refused.
    let copied = copy(&scratch);
    move_on(&scratch, 19);
    scratch.expect(0, &["run"]);
    copied.expect(1, &["forget", "131"]);
    let told = copied.expect(1, &["status"]).out;
    assert!(
        told.contains("people forgotten in this file since stay on the server"),
        "{told}"
    );
}

/// The same folder once more.
fn copy(scratch: &Scratch) -> Scratch {
    let copy = Scratch::around("shop.db");
    for name in ["config.yaml", "shop.db", "results.db", "clock"] {
        std::fs::copy(scratch.path(name), copy.path(name)).unwrap();
    }
    copy.rules(crate::support::publishing::RULES);
    copy
}

#[test]
fn functions_that_a_role_finds_first_are_not_called() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    let scratch = super::publish::project(&postgres);
    let database = &postgres.database;
    postgres.sql(&format!(
        "CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO quick;
         CREATE FUNCTION evil.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT ''1999-01-01''::timestamptz';
         ALTER ROLE quick IN DATABASE {database} SET search_path = evil, pg_catalog"
    ));
    scratch.expect(0, &["run"]);
    assert_equal(&scratch, &postgres);
    let recent = "select published_at > now() - interval '1 hour' from muster.publication";
    assert_eq!(postgres.sql(recent), "t");
}
