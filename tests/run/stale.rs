//! What is gone from the database makes stale what uses it, and nothing else.

use muster::project::LoadError;
use muster::store::RunStatus;

use crate::studio::{Studio, assert_whole};

const STATUS: &str = "select id || ' ' || status from muster_segments order by position";

#[tokio::test]
async fn a_dropped_table_leaves_the_last_good_members() {
    let studio = Studio::new();
    studio.day(0).await;
    studio.sql("alter table payments rename to aside; delete from clients where id = 2; insert into visits values (9, 3, '2025-06-01 10:00:00')");
    for day in 1..3 {
        // Remembered for as long as it is gone, not only once.
        let outcome = studio.day(day).await;
        let run = outcome.run.unwrap();
        assert_eq!(run.status, RunStatus::Partial);
        assert_eq!(run.message.as_deref(), Some("stale: spender"));
        assert!(
            outcome.segments.as_slice()[2]
                .stale
                .as_ref()
                .unwrap()
                .reason
                .contains("payments")
        );
        assert_eq!(
            studio.memberships(),
            ["active/1", "active/3", "spender/1", "twice/1"]
        );
        assert_eq!(
            studio.query(STATUS),
            ["active ok", "twice ok", "spender stale"]
        );
        assert_whole(&studio.database()).await;
    }
    assert_eq!(
        studio.movements(2),
        ["active/2 left gone", "active/3 entered data"]
    );
    assert_eq!(studio.movements(3), [] as [&str; 0]);
    // A subject that is gone leaves a stale segment too.
    studio.sql("delete from clients where id = 1");
    studio.day(3).await;
    assert_eq!(studio.memberships(), ["active/3"]);
    assert!(
        studio
            .movements(4)
            .contains(&"spender/1 left gone".to_owned())
    );
    studio.sql("alter table aside rename to payments; insert into payments values (7, 4, '2025-06-02 10:00:00', 99)");
    studio.day(4).await;
    assert_eq!(studio.movements(5), ["spender/4 entered data"]);
    assert_eq!(
        studio.query(STATUS),
        ["active ok", "twice ok", "spender ok"]
    );
    assert_whole(&studio.database()).await;
}

#[tokio::test]
async fn a_dropped_column_is_told_from_a_slip_by_the_last_run() {
    let studio = Studio::new();
    studio.day(0).await;
    studio.sql("alter table payments rename column amount to aside");
    let outcome = studio.day(1).await;
    assert_eq!(outcome.run.unwrap().status, RunStatus::Partial);
    assert_eq!(
        studio.query(STATUS),
        ["active ok", "twice ok", "spender stale"]
    );
    studio.sql("alter table payments rename column aside to amount");
    let outcome = studio.day(2).await;
    assert_eq!(outcome.run.unwrap().status, RunStatus::Published);
    // Nobody ever read this one: a slip of the pen.
    studio.rules("segments: [{ id: spender, when: 'sum(payments.amuont) > 50' }]");
    let Err(LoadError::Refused(_, findings)) = studio.load().await else {
        panic!("a slip must be refused");
    };
    assert!(findings[0].message.contains("amuont"), "{findings:?}");
}

#[tokio::test]
async fn what_depends_on_a_stale_segment_is_stale_and_new_ones_start_empty() {
    let studio = Studio::new();
    let rules = "
segments:
  - { id: base, when: 'exists(payments)' }
  - { id: above, when: 'in segment base and exists(visits)' }
  - { id: apart, when: 'exists(visits)' }
";
    studio.rules("segments: [{ id: apart, when: 'exists(visits)' }]");
    studio.day(0).await;
    studio.rules(rules);
    studio.sql("drop table payments");
    let outcome = studio.day(1).await;
    assert_eq!(outcome.run.unwrap().status, RunStatus::Partial);
    assert_eq!(studio.memberships(), ["apart/1", "apart/2", "apart/3"]);
    assert_eq!(
        studio.query(STATUS),
        ["base stale", "above stale", "apart ok"]
    );
    assert_whole(&studio.database()).await;
    studio.sql(
        "create table payments (id integer primary key, client_id integer, paid_at datetime, amount numeric(10, 2));
         insert into payments values (1, 1, '2025-05-30 10:00:00', 80)",
    );
    studio.day(2).await;
    assert_eq!(
        studio.movements(3),
        ["above/1 entered segment_new", "base/1 entered segment_new"]
    );
}

#[tokio::test]
async fn times_that_can_no_longer_be_read_leave_the_last_good_members() {
    let studio = Studio::new();
    studio.day(0).await;
    let before = studio.memberships();
    studio.sql("update visits set attended_at = strftime('%d/%m/%Y %H:%M', attended_at)");
    let outcome = studio.day(1).await;
    assert_eq!(outcome.run.unwrap().status, RunStatus::Partial);
    assert_eq!(studio.memberships(), before);
    assert_eq!(studio.movements(2), [] as [&str; 0]);
    assert_eq!(
        studio.query(STATUS),
        ["active stale", "twice stale", "spender ok"]
    );
    let reason = "select reason from muster_segments where id = 'active'";
    let reasons = studio.query(reason);
    assert!(
        reasons[0].starts_with("every one of 4 times in `visits.attended_at` is unreadable: `"),
        "{reasons:?}"
    );
    assert_whole(&studio.database()).await;
}

#[tokio::test]
async fn a_first_run_that_cannot_read_has_no_result() {
    let studio = Studio::new();
    studio.sql("update visits set attended_at = julianday(attended_at)");
    for day in 0..2 {
        studio.day(day).await;
        let reason = "select status || ' ' || reason from muster_segments where id = 'active'";
        let reasons = studio.query(reason);
        assert!(
            reasons[0].starts_with(
                "stale no result yet: every one of 4 times in `visits.attended_at` is implausible"
            ),
            "{reasons:?}"
        );
    }
    studio.sql("update visits set attended_at = datetime(attended_at)");
    studio.day(2).await;
    assert!(!studio.memberships().is_empty());
}
