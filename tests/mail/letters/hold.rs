//! Reports that look as if something went wrong are held back, with a reason.

use super::studio::Studio;

async fn held(studio: &Studio, day: i64) -> Option<String> {
    let outcome = studio.day(day).await;
    let notification = outcome.notification.unwrap();
    assert_eq!(notification.failures, []);
    notification.deliveries[0].held.clone()
}

#[tokio::test]
async fn a_size_that_moved_far_holds_and_a_small_or_excepted_one_does_not() {
    let studio = Studio::new("hold: { size_change: 40%, at_least: 2 }");
    assert_eq!(held(&studio, 0).await, None, "nothing to compare with");
    studio.deliver().await;
    studio.sql("update clients set a = 1 where id = 3;");
    assert_eq!(
        held(&studio, 1).await,
        None,
        "half more, and one client only"
    );
    studio.sql("update clients set a = 1;");
    assert_eq!(
        held(&studio, 2).await.unwrap(),
        "the segment `red` went from 2 to 5, which is more than 40%"
    );
    assert_eq!(
        studio.query(
            "select status || ': ' || coalesce(reason, '') from muster_deliveries order by id"
        )[2],
        "held: the segment `red` went from 2 to 5, which is more than 40%"
    );
    studio.report("hold: { size_change: 40%, at_least: 2, except: [red] }", "");
    assert_eq!(held(&studio, 3).await, None);
}

#[tokio::test]
async fn old_data_holds_and_rows_to_come_do_not_make_it_fresh() {
    let studio = Studio::new("hold: { data_older_than: { visits: 60 hours } }");
    assert_eq!(held(&studio, 0).await, None);
    studio.sql("insert into visits values (2, 1, '2025-07-01 10:00:00');");
    studio.sql("update clients set a = 1 where id = 3;");
    assert_eq!(
        held(&studio, 1).await.unwrap(),
        "the newest row of `visits` is of 05/30/2025 10:00 EDT"
    );
    studio.sql("delete from visits;");
    assert_eq!(
        held(&studio, 2).await.unwrap(),
        "`visits` has no rows at all"
    );
}

#[tokio::test]
async fn a_stale_segment_holds_where_asked_and_is_told_of_where_not() {
    let studio = Studio::new("");
    let text = studio
        .told_of("alter table clients drop column b; update clients set a = 1 where id = 3;")
        .await;
    assert!(
        text.contains("Blue ones: 2 clients (no change)\n  Not evaluated this time: these are its members of an earlier run."),
        "{text}"
    );
    assert!(text.contains("  1 in: Cy"), "{text}");
    studio.report("hold: {}", "");
    studio.sql("update clients set a = 1 where id = 5;");
    let reason = held(&studio, 2).await.unwrap();
    assert!(
        reason.starts_with("the segment `blue` could not be evaluated: "),
        "{reason}"
    );
}
