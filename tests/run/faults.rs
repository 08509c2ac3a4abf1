//! The world goes wrong: the last results stay whole, and the reason is told in words.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

use muster::project::LoadError;
use muster::run::RunError;

use crate::studio::{Studio, assert_whole, crowd, memberships};
use crate::support::clock::{DAY, NOON};
use crate::support::database::dump;
use crate::support::library::{self, at};
use crate::support::program::{MUSTER, Said};
use crate::support::scratch::Scratch;
use crate::support::skipping::skipped;

/// `muster run` of a studio, a day after noon.
fn muster(studio: &Studio) -> Command {
    studio.command(&["run", "--as-of", "2025-06-02"])
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Lets another user than root read the studio, and write nothing of it.
fn lock_away(studio: &Studio) {
    for entry in [studio.folder().to_path_buf(), studio.path("rules")] {
        set_permissions(entry, Permissions::from_mode(0o555)).unwrap();
    }
    for file in ["studio.db", "config.yaml", "rules/all.yaml"] {
        set_permissions(studio.path(file), Permissions::from_mode(0o444)).unwrap();
    }
}

/// Runs a command without root's right to write everywhere.
fn as_anybody(studio: &Studio, mut command: Command) -> Said {
    studio.as_anybody(&mut command);
    Said::by(&mut command)
}

#[tokio::test]
async fn another_writer_is_blamed_and_the_last_results_stay() {
    let studio = Studio::new();
    studio.day(0).await;
    let before = studio.dump();
    studio.sql("delete from clients where id = 1");
    let mut other = studio.connection();
    let held = other
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .unwrap();
    let Err(RunError::World(reason)) = studio.try_run(&at(NOON + DAY)).await else {
        panic!("the file is locked");
    };
    assert!(
        reason.contains("another program is writing to it"),
        "{reason}"
    );
    assert!(reason.contains("studio.db"), "{reason}");
    drop(held);
    let after = studio.dump();
    assert_eq!(after["muster_memberships"], before["muster_memberships"]);
    assert_eq!(after["muster_runs"], before["muster_runs"]);
    studio.day(1).await;
    assert_whole(&studio.database()).await;
}

#[tokio::test]
async fn a_file_that_cannot_be_read_at_all_is_told_before_anything_runs() {
    let studio = Studio::new();
    let mut other = studio.connection();
    let held = other
        .transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive)
        .unwrap();
    let reason = library::reason(studio.load().await);
    assert!(reason.contains("another program"), "{reason}");
    drop(held);
}

#[tokio::test]
async fn a_file_that_is_no_database_or_not_there_is_told() {
    let studio = Studio::new();
    std::fs::write(
        studio.path("notes.txt"),
        "nothing but words, and many of them ".repeat(40),
    )
    .unwrap();
    studio.config("results: sqlite:notes.txt");
    let reason = library::reason(studio.load().await);
    assert!(
        reason.contains("notes.txt` is not a SQLite database"),
        "{reason}"
    );
    studio.config("");
    std::fs::copy(studio.path("notes.txt"), studio.database()).unwrap();
    let reason = library::reason(studio.load().await);
    assert!(reason.contains("not a SQLite database"), "{reason}");
    std::fs::remove_file(studio.database()).unwrap();
    assert!(matches!(studio.load().await, Err(LoadError::World(_))));
    assert!(!studio.database().exists());
}

#[tokio::test]
async fn results_in_a_folder_that_is_not_there_are_told() {
    let studio = Studio::new();
    studio.config("results: sqlite:nowhere/results.db");
    let Err(RunError::World(reason)) = studio.try_run(&at(NOON)).await else {
        panic!("there is no such folder");
    };
    assert!(reason.contains("its folder does not exist"), "{reason}");
}

#[cfg(unix)]
#[tokio::test]
async fn results_are_made_for_few_and_not_through_a_link() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let studio = Studio::new();
    studio.config("results: sqlite:results.db");
    let folder = studio.database().parent().unwrap().to_path_buf();
    let (results, elsewhere) = (folder.join("results.db"), folder.join("elsewhere.db"));
    symlink(&elsewhere, &results).unwrap();
    let Err(RunError::World(reason)) = studio.try_run(&at(NOON)).await else {
        panic!("the link leads nowhere");
    };
    assert!(
        reason.contains("a link to a file that is not there"),
        "{reason}"
    );
    assert!(!elsewhere.exists());
    std::fs::remove_file(&results).unwrap();
    studio.try_run(&at(NOON)).await.unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(&results) & !0o640, 0);
    // A file that is there keeps its own, also behind a link.
    std::fs::rename(&results, &elsewhere).unwrap();
    std::fs::set_permissions(&elsewhere, std::fs::Permissions::from_mode(0o664)).unwrap();
    symlink(&elsewhere, &results).unwrap();
    studio.try_run(&at(NOON + 1)).await.unwrap();
    assert_eq!(mode(&elsewhere), 0o664);
}

#[tokio::test]
async fn a_read_only_file_is_evaluated_and_not_written() {
    let studio = Studio::new();
    studio.day(0).await;
    let before = std::fs::read(studio.database()).unwrap();
    lock_away(&studio);
    let output = as_anybody(&studio, muster(&studio));
    assert_eq!(output.code, 3, "{}", output.err);
    let words = output.err;
    assert!(
        words.contains("read-only") && words.contains("results:"),
        "{words}"
    );
    let mut dry = muster(&studio);
    dry.arg("--dry-run");
    let output = as_anybody(&studio, dry);
    assert_eq!(output.code, 0, "{}", output.err);
    assert_eq!(std::fs::read(studio.database()).unwrap(), before);
}

#[tokio::test]
async fn a_read_only_source_is_enough_where_results_live_elsewhere() {
    let studio = Studio::new();
    let elsewhere = Scratch::around("results.db");
    set_permissions(elsewhere.folder(), Permissions::from_mode(0o777)).unwrap();
    let results = elsewhere.database();
    studio.config(&format!("results: sqlite:{}", results.display()));
    let before = std::fs::read(studio.database()).unwrap();
    lock_away(&studio);
    let output = as_anybody(&studio, muster(&studio));
    assert_eq!(output.code, 0, "{}", output.err);
    assert_eq!(
        memberships(&results),
        ["active/1", "active/2", "spender/1", "twice/1"]
    );
    assert_eq!(std::fs::read(studio.database()).unwrap(), before);
}

/// A disk of its own, as large as said, mounted where the results lie: `unshare` may do that.
#[tokio::test]
async fn a_full_disk_leaves_the_last_results_whole() {
    let studio = Studio::new();
    studio.config("results: sqlite:disk/results.db");
    std::fs::create_dir(studio.path("disk")).unwrap();
    studio.day(0).await;
    let results = studio.path("disk/results.db");
    let before = dump(&results);
    crowd(&studio, 100, 3_000);
    let script = r#"
        mount -t tmpfs -o size=200k none disk-now || exit 77
        cp disk/results.db disk-now/ && mount --move disk-now disk || exit 77
        "$MUSTER" run --as-of 2025-06-02
        code=$?
        cp disk/results.db after.db
        # What a full disk keeps from being moved into the file stands beside it.
        test ! -e disk/results.db-wal || cp disk/results.db-wal after.db-wal
        exit $code"#;
    std::fs::create_dir(studio.path("disk-now")).unwrap();
    let output = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script])
        .env("MUSTER", MUSTER)
        .current_dir(studio.folder())
        .output();
    let output = match output {
        Ok(output) if output.status.code() != Some(77) && output.status.code() != Some(1) => output,
        _ => return skipped("no disk can be mounted here"),
    };
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("the disk is full"),
        "{}",
        stderr(&output)
    );
    assert_eq!(dump(&studio.path("after.db")), before);
    assert_whole(&studio.path("after.db")).await;
}
