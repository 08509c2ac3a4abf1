//! Published rows are exactly those of the results file, whatever somebody has made of the tables.

use super::whose::published;
use crate::support::publishing::{RULES, assert_equal, move_on};

#[test]
fn a_text_that_differs_in_case_alone_is_sent_though_the_collation_ignores_case() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    postgres.sql(
        "create collation blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
         alter table muster.scores alter label type text collate blind;
         alter table muster.segments alter id type text collate blind, alter name type text collate blind",
    );
    scratch.sql("update clients set name = upper(name)");
    scratch.rules(&RULES.replace("one", "ONE"));
    move_on(&scratch, 18);
    scratch.expect(0, &["run"]);
    assert_equal(&scratch, &postgres);
    // A value that somebody overwrote is put right, too.
    postgres.sql("update muster.scores set label = lower(label)");
    scratch.expect(0, &["publish", "--take-over"]);
    assert_equal(&scratch, &postgres);
}

#[test]
fn a_column_that_is_too_short_is_told_with_its_statement() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    postgres.sql("alter table muster.scores alter label type varchar(40)");
    move_on(&scratch, 18);
    scratch.expect(0, &["run"]);
    assert_equal(&scratch, &postgres);
    for (first, ty) in [("some", "character varying(8)"), ("any", "character(8)")] {
        postgres.sql(&format!(
            "alter table muster.scores alter label type {ty} using left(label, 8)"
        ));
        scratch.sql(&format!(
            "update clients set name = '{first} name with ' || id"
        ));
        let told = scratch.expect(1, &["run", "--accept"]).err;
        let words = format!(
            "the column `label` of \"muster\".\"scores\" there is `{ty}` and was made as `text`"
        );
        assert!(told.contains(&words), "{told}");
        let statement = told.split('`').find(|part| part.starts_with("ALTER TABLE"));
        postgres.sql(&format!("SET ROLE quick; {}", statement.unwrap()));
        scratch.expect(0, &["publish"]);
        assert_equal(&scratch, &postgres);
    }
}

#[test]
fn a_constraint_that_somebody_has_added_is_told() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    postgres.sql("alter table muster.scores add column note text not null default 'x'");
    postgres.sql("alter table muster.scores alter column note drop default");
    scratch.sql("insert into clients values (9001, 'new', 7)");
    move_on(&scratch, 18);
    let told = scratch.expect(1, &["run"]).err;
    assert!(
        told.contains("drop the one that somebody has added"),
        "{told}"
    );
    postgres.sql("alter table muster.scores drop column note");
    scratch.expect(0, &["publish"]);
    assert_equal(&scratch, &postgres);
}

#[test]
fn rows_that_are_there_twice_become_single_again() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    postgres.sql(
        "alter table muster.scores drop constraint scores_pkey;
         insert into muster.scores select * from muster.scores where subject_key % 3 = 0;
         alter table muster.movements drop constraint movements_pkey;
         insert into muster.movements select * from muster.movements where run_id = 1",
    );
    scratch.expect(0, &["publish"]);
    assert_equal(&scratch, &postgres);
}

#[test]
fn a_key_column_that_alone_is_a_number_is_the_one_that_is_right() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    postgres.sql(
        "alter table muster.memberships alter subject_key type text;
         alter table muster.scores alter subject_key type text;
         alter table muster.movements alter subject_key type text",
    );
    move_on(&scratch, 18);
    scratch.expect(1, &["run"]);
    for _ in 0..3 {
        let told = scratch.expect(3, &["publish"]).err;
        assert!(
            told.contains("there is `text` and was made as `bigint`"),
            "{told}"
        );
        let statement = told.split('`').find(|part| part.starts_with("ALTER TABLE"));
        postgres.sql(&format!("SET ROLE quick; {}", statement.unwrap()));
    }
    scratch.expect(0, &["publish"]);
    assert_equal(&scratch, &postgres);
}
