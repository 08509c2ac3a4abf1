//! Rows of the outbox: there once, and changed only from where they may be.

use muster::store::{
    Attempt, Choice, Delivery, DeliveryKind, DeliveryStatus, NewDelivery, News, Store,
};

use crate::support::clock::HOUR;
use crate::support::scratch::Scratch;

/// 15 January 2027, eight o'clock UTC, in microseconds.
pub const MORNING: i64 = 1_800_000_000_000_000;

pub fn mail(report: &str, period: i64, recipient: &str) -> NewDelivery {
    NewDelivery {
        report: report.into(),
        kind: DeliveryKind::Report,
        period,
        recipient: recipient.into(),
        baseline: None,
        message_id: format!("<{report}.{period}@example.com>"),
        message: b"Subject: hello\r\n\r\nhello\r\n".to_vec(),
        held: None,
    }
}

async fn store(folder: &Scratch) -> Store {
    Store::open_writer(&folder.database(), true).await.unwrap()
}

async fn statuses(store: &mut Store) -> Vec<(String, DeliveryStatus)> {
    let mut all = store.deliveries(100).await.unwrap();
    all.sort_by_key(|delivery| delivery.id);
    let pair = |d: Delivery| (format!("{} {}", d.report, d.recipient), d.status);
    all.into_iter().map(pair).collect()
}

fn ended(id: i64, status: DeliveryStatus) -> Attempt {
    Attempt {
        id,
        at: MORNING,
        status,
        next: None,
        reason: Some("because".into()),
        response: Some("550 no".into()),
    }
}

#[tokio::test]
async fn a_mail_is_there_once_and_a_newer_one_takes_its_place() {
    let folder = Scratch::around("results.db");
    let mut store = store(&folder).await;
    let first = [
        mail("a", MORNING, "x@example.com"),
        mail("a", MORNING, "y@example.com"),
    ];
    assert_eq!(store.enqueue(&first, Some(1), MORNING).await.unwrap(), 2);
    assert_eq!(store.enqueue(&first, Some(2), MORNING).await.unwrap(), 0);
    let due = store.due(MORNING).await.unwrap();
    assert!(store.sending(due[1].id, MORNING).await.unwrap());
    let held = NewDelivery {
        held: Some("too many moved".into()),
        ..mail("a", MORNING + HOUR, "x@example.com")
    };
    let newer = [held, mail("a", MORNING + HOUR, "y@example.com")];
    assert_eq!(store.enqueue(&newer, Some(3), MORNING).await.unwrap(), 2);
    // What is on the way is not called back.
    assert_eq!(
        statuses(&mut store).await,
        [
            ("a x@example.com".into(), DeliveryStatus::Superseded),
            ("a y@example.com".into(), DeliveryStatus::Sending),
            ("a x@example.com".into(), DeliveryStatus::Held),
            ("a y@example.com".into(), DeliveryStatus::Pending),
        ]
    );
    // Where it does not get there, the newer one stands in for it.
    store
        .attempted(&ended(due[1].id, DeliveryStatus::Pending))
        .await
        .unwrap();
    assert_eq!(store.supersede(MORNING).await.unwrap(), 1);
    assert_eq!(statuses(&mut store).await[1].1, DeliveryStatus::Superseded);
    assert_eq!(store.supersede(MORNING).await.unwrap(), 0);
    assert_eq!(store.body(due[0].id).await.unwrap(), None);
    assert!(store.body(due[1].id).await.unwrap().is_none());
}

#[tokio::test]
async fn the_owner_decides_what_was_held_or_lost() {
    let folder = Scratch::around("results.db");
    let mut store = store(&folder).await;
    let held = NewDelivery {
        held: Some("too many moved".into()),
        ..mail("a", MORNING, "x@example.com")
    };
    store
        .enqueue(&[held, mail("b", MORNING, "x@example.com")], None, MORNING)
        .await
        .unwrap();
    assert_eq!(
        store.decide(Choice::SendAgain, "a", MORNING).await.unwrap(),
        0
    );
    assert_eq!(
        store.decide(Choice::Release, "a", MORNING).await.unwrap(),
        1
    );
    let due = store.due(MORNING).await.unwrap();
    assert_eq!(due.len(), 2);
    for mail in &due {
        store.sending(mail.id, MORNING).await.unwrap();
    }
    // The process dies; nobody knows.
    assert_eq!(store.lost(false, MORNING).await.unwrap(), 2);
    let undelivered = store.undelivered().await.unwrap();
    assert_eq!(undelivered.unknown, 2);
    assert!(undelivered.needs_attention());
    let id = due[0].id.to_string();
    assert_eq!(
        store.decide(Choice::Arrived, &id, MORNING).await.unwrap(),
        1
    );
    assert_eq!(
        store.decide(Choice::SendAgain, "b", MORNING).await.unwrap(),
        1
    );
    assert_eq!(store.due(MORNING).await.unwrap().len(), 1);
    assert!(!store.undelivered().await.unwrap().needs_attention());
    // Sent again once by itself, where config says so; then it is left.
    store.sending(due[1].id, MORNING).await.unwrap();
    store.lost(true, MORNING).await.unwrap();
    assert_eq!(store.undelivered().await.unwrap().unknown, 1);
}

#[tokio::test]
async fn old_mail_expires_and_its_text_goes() {
    let folder = Scratch::around("results.db");
    let mut store = store(&folder).await;
    store
        .enqueue(&[mail("a", MORNING, "x@example.com")], None, MORNING)
        .await
        .unwrap();
    let id = store.due(MORNING).await.unwrap()[0].id;
    let until = MORNING + HOUR;
    store
        .put_off(&[(id, until)], "nobody answers", true, MORNING)
        .await
        .unwrap();
    assert!(store.due(MORNING).await.unwrap().is_empty());
    assert_eq!(store.due(until).await.unwrap()[0].attempts, 1);
    let trouble = store.undelivered().await.unwrap().trouble;
    assert_eq!(trouble.as_deref(), Some("nobody answers"));
    assert_eq!(store.expire(MORNING - 1_000_000, until).await.unwrap(), 0);
    assert_eq!(store.expire(MORNING, until).await.unwrap(), 1);
    let expired = &store.deliveries(1).await.unwrap()[0];
    assert_eq!(expired.status, DeliveryStatus::Expired);
    assert!(
        expired
            .reason
            .as_deref()
            .unwrap()
            .ends_with("at last: nobody answers")
    );
    assert_eq!(store.drop_bodies(until - 1_000_000).await.unwrap(), 0);
    assert_eq!(store.drop_bodies(until).await.unwrap(), 1);
    assert_eq!(
        store.decide(Choice::SendAgain, "a", MORNING).await.unwrap(),
        0
    );
}

#[tokio::test]
async fn the_owner_is_told_once_and_once_again_when_it_is_over() {
    let folder = Scratch::around("results.db");
    let mut store = store(&folder).await;
    store
        .enqueue(&[mail("a", MORNING, "x@example.com")], None, MORNING)
        .await
        .unwrap();
    let id = store.due(MORNING).await.unwrap()[0].id;
    store
        .attempted(&ended(id, DeliveryStatus::Refused))
        .await
        .unwrap();
    let untold: Vec<i64> = store.untold().await.unwrap().iter().map(|d| d.id).collect();
    assert_eq!(untold, [id]);
    let notice = NewDelivery {
        kind: DeliveryKind::Notice,
        ..mail("refused:a", MORNING, "owner@example.com")
    };
    assert!(
        store
            .tell(&notice, News::Trouble, &untold, MORNING)
            .await
            .unwrap()
    );
    assert!(
        !store
            .tell(&notice, News::Trouble, &untold, MORNING)
            .await
            .unwrap()
    );
    assert!(store.untold().await.unwrap().is_empty());
    let newest = store.newest_notices(&["refused"]).await.unwrap();
    assert_eq!(
        (newest[0].name.as_str(), newest[0].period),
        ("refused:a", MORNING)
    );
    assert!(store.newest_notices(&["arrives"]).await.unwrap().is_empty());
    assert!(store.recovered().await.unwrap().is_empty());
    let later = [mail("a", MORNING + HOUR, "x@example.com")];
    store.enqueue(&later, None, MORNING).await.unwrap();
    let due = store.due(MORNING).await.unwrap();
    let later = due.iter().find(|d| d.report == "a").unwrap().id;
    store
        .attempted(&ended(later, DeliveryStatus::Accepted))
        .await
        .unwrap();
    assert_eq!(store.recovered().await.unwrap()[0].id, id);
    assert_eq!(store.undelivered().await.unwrap().refused, 0);
    let over = NewDelivery {
        kind: DeliveryKind::Notice,
        ..mail("arrives:a", MORNING, "owner@example.com")
    };
    assert!(
        store
            .tell(&over, News::Recovery, &untold, MORNING)
            .await
            .unwrap()
    );
    assert!(store.recovered().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_the_owner_released_while_the_notice_was_written_may_be_told_of_again() {
    let folder = Scratch::around("results.db");
    let mut store = store(&folder).await;
    let held = NewDelivery {
        held: Some("too many moved".into()),
        ..mail("a", MORNING, "x@example.com")
    };
    store.enqueue(&[held], None, MORNING).await.unwrap();
    let untold: Vec<i64> = store.untold().await.unwrap().iter().map(|d| d.id).collect();
    // Between the look and the word of it.
    store.decide(Choice::Release, "a", MORNING).await.unwrap();
    let notice = NewDelivery {
        kind: DeliveryKind::Notice,
        ..mail("held:a", MORNING, "owner@example.com")
    };
    store
        .tell(&notice, News::Trouble, &untold, MORNING)
        .await
        .unwrap();
    store
        .attempted(&ended(untold[0], DeliveryStatus::Refused))
        .await
        .unwrap();
    assert_eq!(store.untold().await.unwrap()[0].id, untold[0]);
}

#[tokio::test]
async fn a_refused_login_is_remembered_until_one_is_accepted() {
    let folder = Scratch::around("results.db");
    let mut store = store(&folder).await;
    store.enqueue(&[], None, MORNING).await.unwrap();
    assert_eq!(store.login_refusal("mail:25").await.unwrap(), None);
    store
        .login_refused("mail:25", "535 no", MORNING)
        .await
        .unwrap();
    assert_eq!(store.login_refusal("mail:25").await.unwrap(), Some(MORNING));
    assert_eq!(
        store.undelivered().await.unwrap().login.as_deref(),
        Some("535 no")
    );
    store.login_accepted().await.unwrap();
    assert!(!store.undelivered().await.unwrap().needs_attention());
}

#[tokio::test]
async fn who_is_forgotten_is_in_no_stored_mail() {
    const LABEL: &str = "Zelda Quagga";
    let folder = Scratch::around("results.db");
    let mut store = store(&folder).await;
    let about = |report: &str| NewDelivery {
        message: format!("Subject: hello\r\n\r\n{LABEL} left.\r\n").into_bytes(),
        ..mail(report, MORNING, "x@example.com")
    };
    let notice = NewDelivery {
        kind: DeliveryKind::Notice,
        ..mail("held:a", MORNING, "owner@example.com")
    };
    let put = [about("waits"), about("went"), about("goes"), notice];
    store.enqueue(&put, None, MORNING).await.unwrap();
    let due = store.due(MORNING).await.unwrap();
    store
        .attempted(&ended(due[1].id, DeliveryStatus::Accepted))
        .await
        .unwrap();
    store.sending(due[2].id, MORNING).await.unwrap();
    store.close().await.unwrap();
    folder.sql("insert into muster_scores (subject_key, label, score, rank) values (7, 'Zelda Quagga', 1, 1)");
    let mut store = Store::open_writer(&folder.database(), false).await.unwrap();
    assert_eq!(store.erase("8").await.unwrap(), None);
    assert!(store.body(due[0].id).await.unwrap().is_some());
    let erased = store.erase("7").await.unwrap().unwrap();
    let of_mail = ("muster_deliveries".to_owned(), 3);
    assert!(erased.tables.contains(&of_mail), "{erased:?}");
    let statuses: Vec<DeliveryStatus> = statuses(&mut store)
        .await
        .into_iter()
        .map(|s| s.1)
        .collect();
    use DeliveryStatus::{Accepted, Cancelled, Pending, Sending};
    assert_eq!(statuses, [Cancelled, Accepted, Sending, Pending]);
    // It came to nothing, and there is no text any more to try again with.
    store.lost(true, MORNING).await.unwrap();
    assert_eq!(store.undelivered().await.unwrap().unknown, 1);
    assert!(
        store.body(due[3].id).await.unwrap().is_some(),
        "notices name nobody"
    );
    store.close().await.unwrap();
    for suffix in ["", "-wal", "-journal"] {
        let file = folder.path(&format!("results.db{suffix}"));
        let bytes = std::fs::read(file).unwrap_or_default();
        assert!(
            !bytes
                .windows(LABEL.len())
                .any(|part| part == LABEL.as_bytes()),
            "{suffix}"
        );
    }
}
