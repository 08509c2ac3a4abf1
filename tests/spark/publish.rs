//! `publish:` to a schema of a real Spark: readers see the tables of one whole run, whatever happens to whoever writes them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::cluster::Cluster;
use crate::support::database::rows;
use crate::support::scratch::Scratch;
use crate::support::spark::Spark;

const RULES: &str = "segments:\n\
    - { id: rich, when: spent > 50, weight: 1.5 }\n\
    - { id: odd, name: 'A \\ and | one', when: spent is present }\n";

/// Clients of a SQLite file whose results go to a server.
fn project(publish: &str) -> Scratch {
    let scratch = Scratch::around("shop.db");
    scratch.sql(
        "create table clients (id integer primary key, name text, spent integer);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 300)
         insert into clients select i, 'Client ' || i || char(9) || '\\N''', i * 37 % 101 from n;",
    );
    scratch.write(
        "config.yaml",
        format!(
            "database: sqlite:shop.db\nresults: sqlite:results.db\ntimezone: UTC\nguard: off\n\
             subject: {{ name: client, table: clients, key: id, label: name }}\n\
             publish: {publish}\n"
        ),
    );
    scratch.rules(RULES);
    scratch.put_clock("2026-03-15T10:00:00Z");
    scratch
}

/// Lets a run be made of another day and other data.
fn move_on(scratch: &Scratch, day: u32) {
    scratch.sql(&format!(
        "update clients set spent = (id * 37 + {day} * 31) % 101"
    ));
    scratch.put_clock(&format!("2026-03-{day}T10:00:00Z"));
}

/// What both sides say of the same tables; also to those who have read before.
fn assert_equal(scratch: &Scratch, cluster: &Cluster) {
    let queries = [
        "select 'm', segment_id, subject_key, AT(entered_at), run_id from TABLE(memberships) order by 2, 3",
        "select 'v', run_id, segment_id, subject_key, AT(at), direction, cause from TABLE(movements) order by 2, 3, 4",
        "select 's', subject_key, label, cast(score * 1000 as integer), rank from TABLE(scores) order by 2",
        "select 'h', subject_key, coalesce(reasons, '') from TABLE(health) order by 2",
        "select 'g', id, name, size, status, position from TABLE(segments) order by 2",
        "select 'n', run_id, segment_id, metric, cast(value as integer), coalesce(counted, '') from TABLE(metrics) order by 2, 3, 4",
        "select 'r', id, AT(as_of), status, subjects, coalesce(message, '') from TABLE(runs) order by 2",
    ];
    for query in queries {
        let here = query
            .replace("AT(", "(")
            .replace("TABLE(", "muster_")
            .replace(") order", " order");
        let stamped = query.replace(
            "coalesce(counted, '')",
            "coalesce(cast(counted as string), '')",
        );
        let there = stamped
            .replace("TABLE(", "SCHEMA.")
            .replace(") order", " order");
        let there = ["entered_at", "as_of", "at"]
            .iter()
            .fold(there, |sql, column| {
                let stamp = format!("date_format({column}, \"yyyy-MM-dd'T'HH:mm:ss'Z'\")");
                sql.replace(&format!("AT({column})"), &stamp)
            });
        let here: Vec<String> = rows(&scratch.path("results.db"), &here)
            .iter()
            .map(|row| row.join("|"))
            .collect();
        assert_eq!(here.join("\n"), cluster.sql(&there), "{query}");
    }
}

/// True where the tables are those of one run: as its movements made them, with the sizes that it stored.
const WHOLE: &str = "
    with now as (select segment_id, subject_key from SCHEMA.memberships),
    made as (select segment_id, subject_key from SCHEMA.movements group by 1, 2
             having count_if(direction = 'entered') > count_if(direction = 'left'))
    select (select max(id) from SCHEMA.runs where status = 'published') = (select run_id from SCHEMA.publication)
       and (select sum(size) from SCHEMA.segments) = (select count(*) from now)
       and not exists (select * from made except select * from now) and not exists (select * from now except select * from made)";

#[test]
fn the_server_has_what_the_results_file_has() {
    let Some(cluster) = Cluster::open() else {
        return;
    };
    let scratch = project(&cluster.config());
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
    scratch.sql("update clients set spent = 99 where id = 7; delete from clients where id = 9");
    scratch.put_clock("2026-03-16T10:00:00Z");
    scratch.expect(0, &["run"]);
    assert_equal(&scratch, &cluster);
    assert_eq!(cluster.sql(first), part);

    // Runs while the server is away are made up for.
    let config = scratch.read("config.yaml");
    scratch.write("config.yaml", config.replace("publish:", "# publish:"));
    for day in 17..19 {
        move_on(&scratch, day);
        scratch.expect(0, &["run"]);
    }
    scratch.write("config.yaml", config);
    let behind = scratch.expect(1, &["status"]).out;
    assert!(
        behind.contains("has run 2, and the last one is run 4"),
        "{behind}"
    );
    scratch.expect(0, &["publish"]);
    scratch.expect(0, &["status"]);
    assert_equal(&scratch, &cluster);

    // Whoever is forgotten is in no file any more, whoever else still reads what was before.
    let files = cluster.sql("select count(*) from SCHEMA.stored_movements where subject_key = 130");
    assert_ne!(files, "0");
    scratch.expect(0, &["forget", "130"]);
    for table in ["memberships", "movements", "scores"] {
        let sql = format!("select count(*) from SCHEMA.stored_{table} where subject_key = 130");
        assert_eq!(cluster.sql_anew(&sql), "0");
    }
    assert_equal(&scratch, &cluster);
    assert_eq!(
        cluster
            .sql_anew("show partitions SCHEMA.stored_publications")
            .lines()
            .count(),
        1
    );
}

#[test]
fn a_long_reader_neither_waits_nor_is_waited_for() {
    let Some(cluster) = Cluster::open() else {
        return;
    };
    let scratch = project(&cluster.config());
    scratch.expect(0, &["run"]);
    move_on(&scratch, 16);
    let before = cluster.sql("select count(*) from SCHEMA.memberships");
    // Sleeps while it reads, and reads on.
    let slow = "select count(1 + 0 * length(reflect('java.lang.Thread', 'sleep', cast(60 + 0 * length(segment_id) as bigint))))
                from SCHEMA.memberships where segment_id is not null";
    let other = cluster.reading();
    let reader = thread::spawn(move || other.sql(slow));
    thread::sleep(Duration::from_millis(500));
    scratch.expect(0, &["run"]);
    assert_equal(&scratch, &cluster);
    assert_eq!(reader.join().unwrap(), before);
}

#[test]
fn killed_at_any_moment_readers_see_the_tables_of_one_run() {
    let Some(cluster) = Cluster::open() else {
        return;
    };
    let scratch = project(&cluster.config());
    let begun = Instant::now();
    scratch.expect(0, &["run"]);
    let usual = u64::try_from(begun.elapsed().as_millis()).unwrap();
    let rounds =
        std::env::var("MUSTER_PUBLISH_ROUNDS").map_or(12, |rounds| rounds.parse().unwrap());
    let is_over = Arc::new(AtomicBool::new(false));
    let mut seen = std::collections::BTreeSet::new();
    // Somebody reads all the time.
    let (other, over) = (cluster.reading(), Arc::clone(&is_over));
    let reader = thread::spawn(move || {
        let mut looks = 0;
        while !over.load(Ordering::SeqCst) {
            assert_eq!(other.sql(WHOLE), "true", "while it is written");
            looks += 1;
        }
        looks
    });
    for round in 0..rounds {
        scratch.sql(&format!(
            "update clients set spent = (spent + {round}) % 101"
        ));
        let mut run = scratch.command(&["run"]).spawn().unwrap();
        thread::sleep(Duration::from_millis(usual * (round * 7_919 % 120) / 100));
        run.kill().ok();
        run.wait().unwrap();
        assert_eq!(cluster.sql(WHOLE), "true", "round {round}");
        seen.insert(cluster.sql("select run_id from SCHEMA.publication"));
    }
    is_over.store(true, Ordering::SeqCst);
    let looks = reader.join().unwrap();
    assert!(looks > 2, "{looks}");
    assert!(seen.len() > 1, "some of them were published: {seen:?}");
    scratch.expect(0, &["publish"]);
    assert_equal(&scratch, &cluster);
}

#[test]
fn keys_that_became_texts_are_told_with_what_to_do() {
    let Some(cluster) = Cluster::open() else {
        return;
    };
    let scratch = project(&cluster.config());
    scratch.expect(0, &["run"]);
    scratch.sql(
        "create table renamed (id text primary key, name text, spent integer);
         insert into renamed select 'c' || id, name, spent from clients;
         drop table clients; alter table renamed rename to clients;",
    );
    let told = scratch.expect(1, &["run", "--accept"]).err;
    let statement = told
        .split("execute `")
        .nth(1)
        .and_then(|rest| rest.split("` there").next());
    cluster.execute(statement.unwrap_or_else(|| panic!("{told}")));
    scratch.expect(0, &["publish"]);
    assert_equal(&scratch, &cluster);
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
    for command in ["run", "status", "publish"] {
        let told = scratch.muster(&[command]);
        let said = format!("{}{}", told.out, told.err);
        assert!(
            said.contains("`sc://127.0.0.1:9` cannot be reached"),
            "{said}"
        );
        assert_eq!(
            told.code,
            if command == "publish" { 3 } else { 1 },
            "{said}"
        );
    }
    let stored = "select count(*) from muster_runs where status = 'published'";
    assert_eq!(rows(&scratch.path("results.db"), stored)[0][0], "1");
}
