//! `publish:` to a schema of a real Spark: readers see the tables of one whole run, whatever happens to whoever writes them.

use std::net::TcpListener;
use std::process::Stdio;
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
use crate::support::signals::{began, told_to_stop};
use crate::support::spark::Spark;
use crate::support::waiting::holds_in_time;

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
        "drop table SCHEMA.stored_memberships",
        "drop table SCHEMA.stored_parts",
        "drop view SCHEMA.publication",
    ] {
        cluster.execute(removed);
        let (status, told) = match removed.contains("partition") {
            true => (0, String::new()),
            false => (
                1,
                removed
                    .replace("SCHEMA.", "")
                    .split(' ')
                    .next_back()
                    .map(|name| format!("`{name}`"))
                    .unwrap(),
            ),
        };
        let before = scratch.expect(status, &["status"]).out;
        assert!(before.contains(&told), "{before}");
        let after = scratch.expect(0, &["publish"]).err;
        assert!(after.contains(&told), "{after}");
        assert_equal(&scratch, &cluster);
        scratch.expect(0, &["status"]);
    }
    let types = "describe table SCHEMA.stored_memberships";
    assert!(
        cluster.sql(types).contains("subject_key|bigint"),
        "{}",
        cluster.sql(types)
    );
}

#[test]
fn tables_that_no_longer_tell_whose_they_are_have_a_way_out() {
    let Some(cluster) = Cluster::open() else {
        return;
    };
    let scratch = project(&cluster.publish());
    scratch.expect(0, &["run"]);
    cluster.execute("drop table SCHEMA.stored_publications");
    for _ in 0..2 {
        let told = [
            scratch.expect(1, &["status"]).out,
            scratch.expect(3, &["publish"]).err,
        ];
        for told in told {
            assert!(
                told.contains("`publication` no longer tells whose they are"),
                "{told}"
            );
        }
    }
    scratch.expect(0, &["publish", "--take-over"]);
    assert_equal(&scratch, &cluster);
    scratch.expect(0, &["status"]);
    // Nor does another file take them over where only the view of it is gone.
    cluster.execute("drop view SCHEMA.publication");
    let other = project(&cluster.publish());
    let told = other.expect(1, &["run"]).err;
    assert!(told.contains("has the results of another file"), "{told}");
}

#[test]
fn tables_of_others_are_left_alone() {
    let Some(cluster) = Cluster::open() else {
        return;
    };
    let scratch = project(&cluster.publish());
    cluster.execute(&format!("create schema {}", cluster.schema));
    cluster.execute("create table SCHEMA.segments (x int)");
    cluster.execute("create view SCHEMA.scores as select 1 as y");
    for (command, code) in [("run", 1), ("publish", 3)] {
        let told = scratch.expect(code, &[command]).err;
        assert!(
            told.contains("the schema has tables already (segments, scores)"),
            "{told}"
        );
    }
    assert_eq!(cluster.sql("select y from SCHEMA.scores"), "1");
    let found = cluster.sql(&format!("show tables in {}", cluster.schema));
    assert_eq!(found.lines().count(), 2, "{found}");
}

#[test]
fn whoever_is_forgotten_and_still_there_is_told_until_they_are_gone() {
    let Some(cluster) = Cluster::open() else {
        return;
    };
    let scratch = project(&cluster.publish());
    scratch.expect(0, &["run"]);
    let mut forget = scratch.command(&["forget", "130"]);
    let forget = forget.stdout(Stdio::null()).stderr(Stdio::null());
    let mut forget = forget.spawn().unwrap();
    let marked = "select count(*) from SCHEMA.stored_publications";
    let reading = cluster.reading();
    assert!(holds_in_time(|| reading.sql(marked) == "2"));
    forget.kill().unwrap();
    forget.wait().unwrap();
    let somebody = "select count(*) from SCHEMA.stored_movements where subject_key = 130";
    assert_ne!(cluster.sql_anew(somebody), "0");
    let status = scratch.expect(1, &["status"]).out;
    assert!(
        status.contains("may still have somebody who was forgotten"),
        "{status}"
    );
    scratch.expect(0, &["publish"]);
    assert_eq!(cluster.sql_anew(somebody), "0");
    assert_equal(&scratch, &cluster);
    scratch.expect(0, &["status"]);
}

#[test]
fn a_signal_is_heard_while_a_server_does_not_answer() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let scratch = project(&format!("{{ to: \"sc://127.0.0.1:{port}\" }}"));
    for signal in ["-TERM", "-INT"] {
        let run = began(&scratch, &["run"]);
        // It has published here, and asks the server.
        let asked = silent.accept().unwrap();
        let (code, said) = told_to_stop(run, signal);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("Muster was stopped"), "{said}");
        drop(asked);
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
