//! Mail as files, who may receive any, and what becomes of mail that config no longer wants.

use std::path::Path;

use muster::config::MailTransport;
use muster::mail::{Punctuality, notify_of_schedules};
use muster::store::{DeliveryKind, DeliveryStatus, NewDelivery};
#[cfg(unix)]
use tokio_util::sync::CancellationToken;

use crate::office::{MANAGER, OTHER, Office, config};
use crate::outbox::{MORNING, mail};
use crate::support::clock::HOUR;
use crate::support::scratch::{Scratch, names};

use DeliveryStatus::{Accepted, Cancelled, Held, Pending};

fn names_of(folder: &Path, word: &str) -> Vec<String> {
    let mut names = names(folder);
    names.retain(|name| name.contains(word));
    names
}

#[tokio::test]
async fn a_mail_is_one_file_however_often_it_is_written() {
    let office = Office::new("file: a/new/outbox").await;
    let sent = [
        mail("managers", MORNING, MANAGER),
        mail("managers", MORNING, OTHER),
    ];
    office.put(&sent).await;
    assert_eq!(office.deliver().await.accepted, 2);
    let folder = office.path("a/new/outbox");
    let written = names(&folder);
    assert_eq!(written.len(), 2);
    for name in &written {
        assert!(name.starts_with("20270115T080000Z-managers-"), "{name}");
        assert_eq!(std::fs::read(folder.join(name)).unwrap(), sent[0].message);
    }
    // The process died before it could say so.
    office.sql("update muster_deliveries set status = 'pending'");
    assert_eq!(office.deliver().await.accepted, 2);
    assert_eq!(names(&folder), written);
}

#[cfg(unix)]
#[tokio::test]
async fn what_stands_under_the_name_of_a_mail_is_replaced_and_never_followed() {
    use std::os::unix::fs::{MetadataExt, symlink};
    let office = Office::new("file: outbox").await;
    let sent = mail("managers", MORNING, MANAGER);
    office.put(std::slice::from_ref(&sent)).await;
    assert_eq!(office.deliver().await.accepted, 1);
    let folder = office.path("outbox");
    let victim = office.path("victim");
    let [name] = names(&folder).try_into().unwrap();
    let (at, aside) = (folder.join(&name), folder.join(format!(".{name}.part")));
    std::fs::write(&victim, "precious").unwrap();
    symlink(&victim, &aside).unwrap();
    for hard in [false, true] {
        std::fs::remove_file(&at).unwrap();
        match hard {
            true => std::fs::hard_link(&victim, &at).unwrap(),
            false => symlink(&victim, &at).unwrap(),
        }
        office.sql("update muster_deliveries set status = 'pending'");
        assert_eq!(office.deliver().await.accepted, 1);
        assert_eq!(std::fs::read(&at).unwrap(), sent.message);
        let meta = std::fs::symlink_metadata(&at).unwrap();
        assert!(meta.is_file());
        assert_eq!(meta.mode() & 0o777, 0o600);
        assert_eq!(std::fs::read(&victim).unwrap(), b"precious");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_lock_is_made_beside_the_results_and_nowhere_else() {
    use std::os::unix::fs::symlink;
    let office = Office::new("file: outbox").await;
    office.put(&[mail("managers", MORNING, MANAGER)]).await;
    let mut lock = office.results().into_os_string();
    lock.push("-mail-lock");
    let elsewhere = office.path("elsewhere");
    symlink(&elsewhere, &lock).unwrap();
    let stop = CancellationToken::new();
    let now = office.now();
    let failed = muster::mail::deliver(&office.config, &move || now, &stop).await;
    let said = failed.unwrap_err().to_string();
    assert!(said.contains("it is a link"), "{said}");
    assert!(!elsewhere.exists());
    std::fs::remove_file(&lock).unwrap();
    assert_eq!(office.deliver().await.accepted, 1);
}

#[tokio::test]
async fn a_folder_that_cannot_be_is_told_and_tried_again() {
    let office = Office::new("file: outbox").await;
    let folder = office.path("outbox");
    std::fs::write(&folder, "a file").unwrap();
    office.put(&[mail("managers", MORNING, MANAGER)]).await;
    let trouble = office.deliver().await.trouble.unwrap();
    assert!(
        trouble.contains("cannot be written to the folder"),
        "{trouble}"
    );
    std::fs::remove_file(&folder).unwrap();
    office.later(1);
    assert_eq!(office.deliver().await.accepted, 1);
}

#[tokio::test]
async fn what_config_no_longer_wants_goes_nowhere() {
    let mut office = Office::new("file: outbox").await;
    let held = NewDelivery {
        held: Some("too many moved".into()),
        ..mail("managers", MORNING, "gone@example.com")
    };
    office
        .put(&[
            held,
            mail("nobody", MORNING, MANAGER),
            mail("managers", MORNING, OTHER),
            mail("second", MORNING, MANAGER),
            NewDelivery {
                kind: DeliveryKind::Test,
                ..mail("second", MORNING, "me@elsewhere.example")
            },
            NewDelivery {
                kind: DeliveryKind::Notice,
                ..mail("held:a", MORNING, "me@elsewhere.example")
            },
        ])
        .await;
    office.reconfigure("file: outbox, allow: [manager@EXAMPLE.com, \"@elsewhere.example\"]");
    assert_eq!(office.deliver().await.cancelled, 4);
    let statuses = office.statuses().await;
    assert_eq!(
        statuses,
        [
            Cancelled, Cancelled, Cancelled, Accepted, Accepted, Cancelled
        ]
    );
    let reasons: Vec<Option<String>> = office.mails().await.into_iter().map(|m| m.reason).collect();
    assert_eq!(
        reasons[0].as_deref(),
        Some("its recipient is no longer in config")
    );
    assert_eq!(
        reasons[1].as_deref(),
        Some("its report is no longer in config")
    );
    assert_eq!(
        reasons[2].as_deref(),
        Some("`mail: allow:` does not name its recipient")
    );
    assert_eq!(reasons[5].as_deref(), Some("the owner is another now"));
    assert_eq!(names(&office.path("outbox")).len(), 2);
}

#[tokio::test]
async fn what_is_held_waits_for_the_owner_who_is_told_why() {
    let office = Office::new("file: outbox").await;
    let held = |to| NewDelivery {
        held: Some("`regulars` moved from 300 to 20".into()),
        ..mail("managers", MORNING, to)
    };
    office.put(&[held(MANAGER), held(OTHER)]).await;
    assert_eq!(office.deliver().await.accepted, 1);
    assert_eq!(office.statuses().await, [Held, Held, Accepted]);
    let folder = office.path("outbox");
    let notice = std::fs::read_to_string(folder.join(&names(&folder)[0])).unwrap();
    assert!(
        notice.contains("`regulars` moved from 300 to 20"),
        "{notice}"
    );
    assert!(
        notice.contains("muster outbox --release managers"),
        "{notice}"
    );
    // It does not get too old while it waits.
    office.later(72 * 60);
    assert_eq!(office.deliver().await, Default::default());
    let mut store = office.store().await;
    store
        .decide(muster::store::Choice::Release, "managers", office.now())
        .await
        .unwrap();
    store.close().await.unwrap();
    assert_eq!(office.deliver().await.accepted, 2);
}

#[tokio::test]
async fn texts_go_a_week_after_their_end() {
    let office = Office::new("file: outbox").await;
    office.put(&[mail("managers", MORNING, MANAGER)]).await;
    office.deliver().await;
    let id = office.mails().await[0].id;
    office.later(7 * 24 * 60 - 1);
    office.deliver().await;
    assert!(office.store().await.body(id).await.unwrap().is_some());
    office.later(1);
    office.deliver().await;
    assert!(office.store().await.body(id).await.unwrap().is_none());
}

#[tokio::test]
async fn one_process_at_a_time_delivers() {
    let office = Office::new("file: outbox").await;
    office.put(&[mail("managers", MORNING, MANAGER)]).await;
    let mut path = office.results().into_os_string();
    path.push("-mail-lock");
    let other = std::fs::File::create(path).unwrap();
    other.lock().unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    let now = || MORNING;
    let waiting = muster::mail::deliver(&office.config, &now, &stop);
    let (delivered, statuses) = tokio::join!(waiting, async {
        let statuses = office.statuses().await;
        drop(other);
        statuses
    });
    assert_eq!(statuses, [Pending]);
    assert_eq!(delivered.unwrap().accepted, 1);
}

#[test]
fn a_copy_of_production_writes_to_nobody() {
    let folder = Scratch::new();
    let smtp = "smtp: { host: mail.example.com }";
    let copy = config(&folder, smtp, Some("file")).unwrap();
    let outbox = folder.path("outbox");
    assert_eq!(copy.mail.unwrap().transport, MailTransport::File(outbox));
    let plain = config(&folder, smtp, Some("")).unwrap();
    assert!(matches!(
        plain.mail.unwrap().transport,
        MailTransport::Smtp(_)
    ));
    let own = config(&folder, "file: own", Some("file")).unwrap();
    assert_eq!(
        own.mail.unwrap().transport,
        MailTransport::File(folder.path("own"))
    );
    let wrong = config(&folder, smtp, Some("fiel")).unwrap_err();
    assert!(wrong.contains("`MUSTER_MAIL` cannot be `fiel`"), "{wrong}");
}

#[test]
fn a_login_is_whole_and_travels_protected() {
    let folder = Scratch::new();
    let found = |smtp: &str| config(&folder, &format!("smtp: {{ {smtp} }}"), None);
    let half = found("host: mail.example.com, username: amy").unwrap_err();
    assert!(
        half.contains("a `username` and no `password_file`"),
        "{half}"
    );
    let half = found("host: mail.example.com, password_file: p").unwrap_err();
    assert!(
        half.contains("a `password_file` and no `username`"),
        "{half}"
    );
    let open = found("host: mail.example.com, tls: none, username: amy, password_file: p");
    assert!(open.unwrap_err().contains("could be read on its way"));
    assert!(found("host: localhost, tls: none, username: amy, password_file: p").is_ok());
    assert!(found("host: \"::1\", tls: none, username: amy, password_file: p").is_ok());
}

#[tokio::test]
async fn the_owner_is_told_once_that_a_schedule_is_overdue_and_once_that_it_is_not() {
    let office = Office::new("file: outbox").await;
    office.put(&[]).await;
    let stands = |overdue_since| {
        [Punctuality {
            schedule: "nightly".into(),
            overdue_since,
        }]
    };
    let late = |since| stands(Some(since));
    let on_time = stands(None);
    let tell = async |schedules: &[Punctuality]| {
        notify_of_schedules(&office.config, schedules, office.now())
            .await
            .unwrap();
        office.deliver().await.accepted
    };
    assert_eq!(tell(&on_time).await, 0);
    assert_eq!(tell(&late(MORNING)).await, 1);
    office.later(5);
    assert_eq!(tell(&late(MORNING)).await, 0);
    // It is being made up for: nobody knows yet.
    assert_eq!(tell(&[]).await, 0);
    assert_eq!(tell(&on_time).await, 1);
    assert_eq!(tell(&on_time).await, 0);
    assert_eq!(tell(&late(MORNING + HOUR)).await, 1);
    let names: Vec<String> = office
        .mails()
        .await
        .into_iter()
        .map(|mail| mail.report)
        .collect();
    assert_eq!(
        names,
        ["overdue:nightly", "on_time:nightly", "overdue:nightly"]
    );
    assert_eq!(tell(&on_time).await, 1);
    // What is over before the word of it went out is not worth a mail.
    let now = office.now();
    notify_of_schedules(&office.config, &late(MORNING + 2 * HOUR), now)
        .await
        .unwrap();
    assert_eq!(tell(&on_time).await, 0);
    assert_eq!(tell(&on_time).await, 0);
    assert_eq!(office.statuses().await.last(), Some(&Cancelled));
    let folder = office.path("outbox");
    let written = names_of(&folder, "overdue");
    let notice = std::fs::read_to_string(folder.join(&written[0])).unwrap();
    assert!(
        notice.contains("was due at 01/15/2027 03:00 EST"),
        "{notice}"
    );
}
