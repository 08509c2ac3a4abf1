//! Files that are not there, cannot be read, or change while they are read.

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use muster::connector::connect;
use muster::engine::{EngineError, Evaluation, Unwatched, Watch};
use muster::export::{evaluate_columns, load_for_export};

use super::{Interfering, World, world};
use crate::support::clock::clock_at;
use crate::support::database::query;
use crate::support::library::block_on;
use crate::support::scratch::Scratch;
use crate::support::spark::Spark;

#[test]
fn a_table_without_files_is_told() {
    let Some(world) = world() else {
        return;
    };
    fs::remove_dir_all(world.spark.table("visits")).unwrap();
    world.fails(&["the files of `visits`", "tables/visits", "`tables:`"]);
}

/// A run that publishes what does not read the visits, and says this of them.
fn only_visits_fail(world: &World, words: &[&str]) {
    world.scratch.rules(
        "segments:\n  - { id: here, when: id > 3 }\n  - { id: often, when: count(visits) >= 2 }\n",
    );
    let said = world.scratch.expect(1, &["run"]);
    let told = said.out + &said.err;
    for word in words {
        assert!(told.contains(word), "{word}\n{told}");
    }
    let sql = "select segment_id || ' ' || count(*) from muster_memberships group by segment_id order by 1";
    let members = query(&world.scratch.path("results.db"), sql);
    assert_eq!(members, ["here 6", "often 9"]);
}

#[test]
fn a_file_that_cannot_be_read_concerns_what_reads_it() {
    let Some(world) = world() else {
        return;
    };
    let file = world.spark.table("visits").join("0001.parquet");
    let mut bytes = fs::read(&file).unwrap();
    // The pages, and not what tells of them, whose length stands before the last four bytes.
    let behind = bytes.len() - 8;
    let length = u32::from_le_bytes(bytes[behind..behind + 4].try_into().unwrap());
    bytes[4..behind - length as usize].fill(0xff);
    fs::write(&file, bytes).unwrap();
    only_visits_fail(&world, &["`visits` cannot be read"]);
}

/// As after somebody has exported a column as another type.
#[test]
fn files_that_are_no_one_table_concern_what_reads_it() {
    let Some(world) = world() else {
        return;
    };
    let texts = Scratch::around("texts.db");
    texts.sql(
        "create table visits (id text, client_id text, at timestamp);
         insert into visits values ('x', '7', '2026-03-01 10:00:00')",
    );
    let other = Spark::open().unwrap();
    other.take_over(&texts.database(), 30);
    let folder = world.spark.table("visits");
    let (from, to) = (
        other.table("visits").join("0000.parquet"),
        folder.join("0009.parquet"),
    );
    fs::copy(from, &to).unwrap();
    let words = ["the table `visits` cannot be read", "tables/visits"];
    only_visits_fail(&world, &words);
    // The next run reads them all again.
    fs::remove_file(to).unwrap();
    world.scratch.expect(0, &["run"]);
}

#[test]
fn a_file_that_is_deleted_during_a_run_fails_it() {
    let Some(world) = world() else {
        return;
    };
    let file = world.spark.table("visits").join("0001.parquet");
    let delete = || {
        fs::remove_file(&file).ok();
        false
    };
    let error = world.gather(delete).unwrap_err().to_string();
    assert!(
        error.contains("`visits`") || error.contains("0001.parquet"),
        "{error}"
    );
}

#[test]
fn a_file_that_is_added_during_a_run_fails_it() {
    let Some(world) = world() else {
        return;
    };
    let folder = world.spark.table("visits");
    let add = || {
        fs::copy(folder.join("0001.parquet"), folder.join("0009.parquet")).ok();
        false
    };
    let error = world.gather(add).unwrap_err().to_string();
    assert!(error.contains("other files of `visits`"), "{error}");
}

/// Evaluates an export while something interferes.
fn exported(world: &World, interfering: &dyn Watch) -> Result<Option<Evaluation>, EngineError> {
    let config = world.scratch.path("config.yaml");
    let columns = ["id,count(visits)".to_owned()];
    let loaded = block_on(load_for_export(&config, &columns, false, connect));
    let (project, columns) = loaded.unwrap_or_else(|_| panic!("nothing refuses it"));
    let clock = clock_at("2026-03-15T10:00:00", chrono_tz::UTC);
    let connector = connect(&project.config);
    evaluate_columns(&project, &*connector, &columns, &clock, interfering)
}

#[test]
fn an_export_reads_again_when_a_file_was_added_meanwhile() {
    let Some(world) = world() else {
        return;
    };
    let folder = world.spark.table("visits");
    let added = folder.join("0009.parquet");
    let add_once = Interfering(|| {
        if !added.exists() {
            fs::copy(folder.join("0001.parquet"), &added).unwrap();
        }
        false
    });
    let evaluation = exported(&world, &add_once).unwrap().unwrap();
    assert!(added.exists());
    // Thirty visits stand there twice.
    assert_eq!(evaluation.rows["visits"], 120);
}

/// As a run does: nothing is written of rows that change in the middle, however often.
#[test]
fn an_export_says_that_files_change_again_and_again() {
    let Some(world) = world() else {
        return;
    };
    let file = world.spark.table("visits").join("0001.parquet");
    let file = fs::File::options().append(true).open(file).unwrap();
    let since = AtomicU64::new(0);
    let touch = Interfering(|| {
        let seconds = Duration::from_secs(since.fetch_add(1, Ordering::SeqCst));
        file.set_modified(UNIX_EPOCH + seconds).unwrap();
        false
    });
    let error = exported(&world, &touch).unwrap_err().to_string();
    let words = "has other files of `visits` than when reading began, and nothing is computed from half-changed data: try again";
    assert!(error.contains(words), "{error}");
    // The files rest.
    assert!(exported(&world, &Unwatched).unwrap().is_some());
}
