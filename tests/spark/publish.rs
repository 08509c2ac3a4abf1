//! `publish:` to a schema of a real Spark: readers see the tables of one whole run, whatever happens to whoever writes them.

use std::thread;
use std::time::{Duration, Instant};

use crate::support::cluster::Cluster;
use crate::support::database::rows;
use crate::support::promises::{
    an_older_state_writes_over_nothing, another_copy_writes_over_nothing,
    another_file_writes_over_nothing, keys_that_became_texts_are_told, kills_leave_one_run,
    missed_runs_are_made_up_for,
};
use crate::support::publishing::{Publishing, assert_equal, move_on, project};
use crate::support::spark::Spark;

#[test]
fn the_server_has_what_the_results_file_has() {
    let Some(cluster) = Cluster::open() else {
        return;
    };
    let scratch = project(&cluster.publish());
    scratch.expect(0, &["run"]);
    assert_equal(&scratch, &cluster);
    let stored = "select count(*), count(distinct publication) from SCHEMA.stored_publications";
    assert_eq!(cluster.sql(stored), "1|1");

    // A repeat changes nothing.
    scratch.expect(0, &["publish"]);
    assert_eq!(cluster.sql(stored), "1|1");
    let status = scratch.expect(0, &["status"]).out;
    assert!(status.contains("has run 1"), "{status}");

    // What changes is written, and what is the same stays where it is.
    let first = "select distinct part from SCHEMA.stored_movements where run_id = 1";
    let part = cluster.sql(first);
    let made = when_made(&cluster);
    scratch.sql("update clients set spent = 99 where id = 7; delete from clients where id = 9");
    scratch.put_clock("2026-03-16T10:00:00Z");
    scratch.expect(0, &["run"]);
    assert_equal(&scratch, &cluster);
    assert_eq!(cluster.sql(first), part);

    missed_runs_are_made_up_for(&scratch, &cluster, 2);

    // Whoever is forgotten is in no file any more, whoever else still reads what was before.
    let files = cluster.sql("select count(*) from SCHEMA.stored_movements where subject_key = 130");
    assert_ne!(files, "0");
    scratch.expect(0, &["forget", "130"]);
    for table in ["memberships", "movements", "scores"] {
        let sql = format!("select count(*) from SCHEMA.stored_{table} where subject_key = 130");
        assert_eq!(cluster.sql_anew(&sql), "0");
    }
    assert_equal(&scratch, &cluster);
    let publications = cluster.sql_anew("show partitions SCHEMA.stored_publications");
    assert_eq!(publications.lines().count(), 1);

    // Rights are granted on tables and views: none of them was made anew.
    assert_eq!(when_made(&cluster), made);
}

/// When each table and view was made.
fn when_made(cluster: &Cluster) -> Vec<String> {
    let tables = cluster.sql(&format!("show tables in {}", cluster.schema));
    let names = tables.lines().filter_map(|line| line.split('|').nth(1));
    let made = names.map(|name| {
        let told = cluster.sql(&format!("describe extended SCHEMA.{name}"));
        let line = told.lines().find(|line| line.starts_with("Created Time"));
        format!("{name} {}", line.unwrap_or_else(|| panic!("{told}")))
    });
    made.collect()
}

#[test]
fn a_long_reader_neither_waits_nor_is_waited_for() {
    let Some(cluster) = Cluster::open() else {
        return;
    };
    let scratch = project(&cluster.publish());
    let begun = Instant::now();
    scratch.expect(0, &["run"]);
    let usual = begun.elapsed().as_millis();
    move_on(&scratch, 16);
    let before = cluster.sql("select count(*) from SCHEMA.memberships");
    // Sleeps at each row while it reads, together for twice as long as a run takes.
    let each = 2 * usual / before.parse::<u128>().unwrap();
    let slow = format!(
        "select count(slept) from
         (select reflect('java.lang.Thread', 'sleep', cast({each} + 0 * length(segment_id) as bigint)) as slept
          from SCHEMA.memberships)"
    );
    let other = cluster.reading();
    let reader = thread::spawn(move || other.sql(&slow));
    thread::sleep(Duration::from_secs(2));
    scratch.expect(0, &["run"]);
    assert!(!reader.is_finished(), "the run did not wait");
    assert_equal(&scratch, &cluster);
    assert_eq!(reader.join().unwrap(), before);
    assert_ne!(
        cluster.sql("select count(*) from SCHEMA.memberships"),
        before
    );
}

#[test]
fn killed_at_any_moment_readers_see_the_tables_of_one_run() {
    let Some(cluster) = Cluster::open() else {
        return;
    };
    kills_leave_one_run(&cluster, 12);
    // What those left behind who were killed is gone, but for what queries may still read.
    for table in ["memberships", "movements", "scores", "metrics", "runs"] {
        let left = format!(
            "select count(distinct part) from SCHEMA.stored_{table}
             where part not in (select part from SCHEMA.stored_parts where table_name = '{table}')"
        );
        assert_eq!(cluster.sql_anew(&left), "0", "{table}");
    }
}

#[test]
fn another_file_writes_over_nothing_until_it_is_told_to() {
    let Some(cluster) = Cluster::open() else {
        return;
    };
    another_file_writes_over_nothing(&cluster);
}

#[test]
fn an_older_state_of_the_file_writes_over_nothing() {
    let Some(cluster) = Cluster::open() else {
        return;
    };
    an_older_state_writes_over_nothing(&cluster);
}

#[test]
fn another_copy_of_the_file_writes_over_nothing() {
    let Some(cluster) = Cluster::open() else {
        return;
    };
    another_copy_writes_over_nothing(&cluster);
}

#[test]
fn what_somebody_has_removed_is_made_anew() {
    let Some(cluster) = Cluster::open() else {
        return;
    };
    let scratch = project(&cluster.publish());
    scratch.expect(0, &["run"]);
    // A part of more than one partition: its rows are longer than are sent at once.
    scratch.sql("update clients set name = name || hex(zeroblob(20000))");
    scratch.expect(0, &["run"]);
    let parts = "select count(*), max(part) from SCHEMA.stored_parts where table_name = 'scores'
                 and publication = (select max(publication) from SCHEMA.stored_publications)";
    let found = cluster.sql(parts);
    let (count, last) = found.split_once('|').unwrap();
    assert_eq!(count, "2");
    let half = format!("alter table SCHEMA.stored_scores drop partition (part = {last})");
    for removed in [
        &*half,
        "drop table SCHEMA.stored_scores",
        "drop view SCHEMA.memberships",
        "alter table SCHEMA.stored_movements drop partition (run_id = 1)",
        "drop table SCHEMA.stored_parts",
        "drop table SCHEMA.stored_publications",
        "drop view SCHEMA.publication",
    ] {
        cluster.execute(removed);
        scratch.expect(0, &["publish"]);
        assert_equal(&scratch, &cluster);
    }
}

#[test]
fn keys_that_became_texts_are_told_with_what_to_do() {
    let Some(cluster) = Cluster::open() else {
        return;
    };
    keys_that_became_texts_are_told(&cluster);
}

#[test]
fn a_server_without_partitions_is_refused() {
    let Some(sail) = Spark::open() else {
        return;
    };
    let scratch = project(&format!("{{ to: \"{}\" }}", sail.url()));
    let told = scratch.expect(1, &["run"]).err;
    assert!(
        told.contains("the results are stored, but could not be published"),
        "{told}"
    );
    assert!(
        told.contains("keeps no list of a table's partitions"),
        "{told}"
    );
    let status = scratch.expect(1, &["status"]).out;
    assert!(status.contains("partitions"), "{status}");
}

#[test]
fn a_server_that_is_away_undoes_no_run() {
    let scratch = project("{ to: \"sc://127.0.0.1:9\" }");
    for (command, code) in [("run", 1), ("status", 1), ("publish", 3)] {
        let told = scratch.expect(code, &[command]);
        let said = format!("{}{}", told.out, told.err);
        assert!(
            said.contains("`sc://127.0.0.1:9` cannot be reached"),
            "{said}"
        );
    }
    let stored = "select count(*) from muster_runs where status = 'published'";
    assert_eq!(rows(&scratch.path("results.db"), stored)[0][0], "1");
}
