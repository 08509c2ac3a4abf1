//! What is remembered of reports, and how long; and that mail never costs a run.

use muster::connector::connect;
use muster::engine::Unwatched;
use muster::mail::ReportWriter;
use muster::run::notify::preview_published;
use muster::store::Store;

use super::studio::{RULES, Studio};
use crate::support::clock::NOON;
use crate::support::library;

#[tokio::test]
async fn a_report_that_cannot_be_written_does_not_cost_the_run() {
    let studio = Studio::new("where: studio = \"Soho\"");
    studio.told(0).await;
    studio.sql("alter table clients drop column studio; update clients set a = 1;");
    let outcome = studio.day(1).await;
    let notification = outcome.notification.unwrap();
    assert_eq!(notification.deliveries, []);
    assert_eq!(notification.failures.len(), 1);
    let run = outcome.run.unwrap();
    assert_eq!(run.id, 2);
    let message = run.message.unwrap();
    assert!(
        message
            .starts_with("the report `daily` could not be written: its `where:` cannot be told:"),
        "{message}"
    );
    assert_eq!(
        studio.query("select count(*) || '' from muster_memberships where segment_id = 'red'"),
        ["5"]
    );
}

/// A caller that loads too little must not look like a day without news.
#[tokio::test]
async fn a_report_of_a_project_that_was_loaded_without_it_fails() {
    let studio = Studio::new("");
    studio.told(0).await;
    let project = library::whole(library::load(&studio.path("config.yaml")).await);
    let letters = ReportWriter::new(&project, &["daily"], NOON).for_show();
    let connector = connect(&project.config);
    let told = preview_published(&project, &*connector, &letters, &Unwatched).await;
    let failures = told.unwrap().unwrap().notification.failures;
    let why = "it was loaded without what it needs".to_owned();
    assert_eq!(failures, [("daily".to_owned(), why)]);
}

#[tokio::test]
async fn a_column_of_the_files_that_could_not_be_evaluated_is_told() {
    let studio = Studio::new("columns: [id, studio]");
    assert!(!studio.told(0).await.contains("is empty"));
    studio.sql("alter table clients drop column studio; update clients set a = 1;");
    let told = studio.told(1).await;
    let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = "The column “studio” is empty: it could not be evaluated this time.";
    assert!(words.contains(expected), "{told}");
}

#[tokio::test]
async fn one_period_is_one_mail() {
    let studio = Studio::new("when_empty: send");
    studio.told(0).await;
    studio.told(0).await;
    assert_eq!(studio.mails().len(), 1);
    assert_eq!(
        studio.query("select count(*) || '' from muster_deliveries"),
        ["1"]
    );
}

#[tokio::test]
async fn only_what_is_compared_with_is_remembered() {
    let studio = Studio::new("where: studio = \"Soho\"");
    for day in 0..4 {
        studio.sql("update clients set a = 1 - a where id = 5;");
        studio.told(day).await;
    }
    // The last accepted one, and the one before it, which the next mail will find without a reader.
    let runs = studio.query("select distinct run_id || '' from muster_report_states order by 1");
    assert!(
        runs.len() <= 2 && runs.contains(&"4".to_string()),
        "{runs:?}"
    );
}

#[tokio::test]
async fn a_baseline_older_than_the_kept_history_starts_anew() {
    let studio = Studio::new("");
    studio.report("", "history: { keep: 3 days }");
    studio.told(0).await;
    studio.sql("update clients set a = 1 where id = 3;");
    studio.report("when_empty: skip", "history: { keep: 3 days }");
    // Nobody is written to for so long that the first run is forgotten.
    studio.sql("update muster_deliveries set status = 'accepted'");
    for day in [10, 11] {
        let outcome = studio.day(day).await;
        let text = outcome.notification.unwrap().texts.concat();
        match day {
            10 => assert!(text.starts_with("1 client entered 1 of "), "{text}"),
            _ => {
                assert!(text.starts_with("As it stands"), "{text}");
                assert!(
                    text.contains("older than the history that is kept"),
                    "{text}"
                );
            }
        }
    }
}

#[tokio::test]
async fn another_where_starts_anew() {
    let studio = Studio::new("where: studio = \"Soho\"");
    studio.told(0).await;
    studio.report("where: studio = \"Harlem\"", "");
    let text = studio.told(1).await;
    assert!(text.starts_with("As it stands"), "{text}");
    assert!(
        text.contains("The last one was about other people, so this one starts afresh"),
        "{text}"
    );
    // Written otherwise, it is the same one.
    studio.report("where: studio  =  \"Harlem\"", "");
    studio.sql("update clients set a = 1 where id = 3;");
    let text = studio.told(2).await;
    assert!(text.starts_with("1 client entered 1 of "), "{text}");
}

#[tokio::test]
async fn who_is_forgotten_is_in_no_state() {
    let studio = Studio::new("where: studio = \"Soho\"");
    studio.told(0).await;
    let mut store = Store::open_writer(&studio.path("studio.db"), false)
        .await
        .unwrap();
    store.erase("2").await.unwrap().unwrap();
    store.close().await.unwrap();
    assert_eq!(
        studio.query("select subject_key || '' from muster_report_subjects"),
        ["1"]
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_report_is_told_before_anything_runs() {
    let studio = Studio::new(
        "segments: [rod]\n    hold: { except: [blu], data_older_than: { visit: 2 days } }",
    );
    assert_eq!(
        studio.refused().await,
        [
            "unknown-segment: there is no segment `rod`",
            "unknown-segment: there is no segment `blu`",
            "unknown-name: there is no collection `visit`",
        ]
    );
    for (report, wrong) in [
        (
            "where: studio",
            "not-a-condition: `where` says whom the report `daily` is about, and this is a text",
        ),
        (
            "columns: [id, nam]",
            "unknown-name: nothing is called `nam`",
        ),
        ("values: [shar]", "unknown-name: there is no value `shar`"),
        ("values: some", "unknown-name: there is no value `some`"),
        (
            "subject: \"{{ reprot }}\"",
            "unknown-name: a subject line has no `reprot`",
        ),
        (
            "reply_to: \"a..b@example.com\"",
            "invalid-value: `a..b@example.com` is not a mail address that can be written to",
        ),
    ] {
        studio.report(report, "");
        assert_eq!(studio.refused().await, [wrong]);
    }
    studio.report("", "owner: boss@elsewhere.org");
    studio.edit(
        "config.yaml",
        "file: out",
        "file: out, allow: [\"@example.org\", ann@Example.com]",
    );
    assert_eq!(
        studio.refused().await,
        ["invalid-value: `boss@elsewhere.org` is not an allowed recipient"]
    );
    studio.edit(
        "config.yaml",
        "[\"@example.org\", ann@Example.com]",
        "[\"@example.com\", \"@elsewhere.org\"]",
    );
    assert_eq!(studio.refused().await, [] as [&str; 0]);
    studio.rules(RULES);
}
