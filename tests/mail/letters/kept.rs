//! Files that were too large for their mail: they go with the history, or with who is in them; others' stay.

use std::path::PathBuf;

use muster::mail::{clear_folder, clear_report_files};
use muster::store::Store;

use super::studio::Studio;
use crate::support::scratch::names;

/// A studio whose files never fit, with those of two days; gives the folder.
async fn two_files(more: &str) -> (Studio, PathBuf) {
    let studio = Studio::new("");
    studio.report("max_size: 1 kB\n    columns: [id, name]", more);
    studio
        .told_of("update clients set a = 1 where id = 3;")
        .await;
    let folder = studio.path("reports/daily");
    assert_eq!(
        names(&folder),
        ["daily 2025-06-01.csv", "daily 2025-06-02.csv"]
    );
    (studio, folder)
}

#[tokio::test]
async fn kept_files_go_with_the_history_and_nothing_else_does() {
    let (studio, folder) = two_files("history: { keep: 30 days }").await;
    std::fs::write(folder.join("mine.csv"), "by hand").unwrap();
    let changed = folder.join("daily 2025-06-01.csv");
    std::fs::write(&changed, "with notes of my own").unwrap();
    studio.deliver_in(29).await;
    assert_eq!(names(&folder).len(), 3);
    studio.deliver_in(31).await;
    assert_eq!(names(&folder), ["daily 2025-06-01.csv", "mine.csv"]);
    assert_eq!(
        std::fs::read_to_string(changed).unwrap(),
        "with notes of my own"
    );
    assert_eq!(
        studio.query("select count(*) || '' from muster_report_files"),
        ["0"]
    );
}

#[tokio::test]
async fn with_history_for_ever_kept_files_stay() {
    let (studio, folder) = two_files("history: { keep: forever }").await;
    studio.deliver_in(10_000).await;
    assert_eq!(names(&folder).len(), 2);
}

#[tokio::test]
async fn who_is_forgotten_is_in_no_file_though_the_process_died_before_it_deleted_them() {
    let (studio, folder) = two_files("history: { keep: forever }").await;
    let mut store = Store::open_writer(&studio.path("studio.db"), false)
        .await
        .unwrap();
    store.erase("3").await.unwrap().unwrap();
    store.close().await.unwrap();
    assert_eq!(names(&folder).len(), 2, "nobody has looked yet");
    studio.deliver().await;
    assert_eq!(names(&folder), [] as [&str; 0]);
}

#[tokio::test]
async fn what_is_forgotten_goes_from_the_folder_of_mails_where_it_is_ours() {
    let (studio, _) = two_files("").await;
    let out = studio.path("out");
    let mails = names(&out);
    std::fs::write(out.join("letter.eml"), "Message-ID: <1@elsewhere>\r\n\r\n").unwrap();
    // Something of another's under the name that a mail of ours had.
    std::fs::write(out.join(&mails[0]), "Message-ID: <2@elsewhere>\r\n\r\n").unwrap();
    let config = studio.project().await.config;
    let mut store = Store::open_writer(&studio.path("studio.db"), false)
        .await
        .unwrap();
    store.erase("3").await.unwrap().unwrap();
    let cleared = clear_folder(&config, &mut store).await.unwrap();
    assert_eq!((cleared.deleted, cleared.changed), (1, 1));
    assert_eq!(cleared.failed, []);
    let cleared = clear_report_files(&config, &mut store, 0).await.unwrap();
    assert_eq!((cleared.deleted, cleared.changed), (2, 0));
    store.close().await.unwrap();
    assert_eq!(names(&out), [mails[0].as_str(), "letter.eml"]);
}
