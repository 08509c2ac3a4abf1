//! Killed while it delivers, and delivering twice at once: no mail is doubled, and none is lost without
//! being listed.

use std::collections::HashMap;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use muster::store::{DeliveryKind, DeliveryStatus, NewDelivery};
use serde_json::json;

use crate::office::Office;
use crate::outbox::{MORNING, mail};
use crate::support::mail_server::Server;

/// How often delivery is killed, unless `MUSTER_KILL_ROUNDS` says otherwise.
const ROUNDS: u64 = 12;
/// So many mails more in each round.
const MAILS: u64 = 4;

/// Mails that no newer one takes the place of, each to somebody else.
fn mails(round: u64, count: u64) -> Vec<NewDelivery> {
    let one = |place| NewDelivery {
        kind: DeliveryKind::Test,
        message: format!("Message-ID: <{round}.{place}@example.com>\r\n\r\nhello\r\n").into_bytes(),
        ..mail("managers", MORNING, &format!("{round}.{place}@example.com"))
    };
    (0..count).map(one).collect()
}

fn delivering(office: &Office) -> Child {
    office
        .outbox_command(&["--send", "--limit", "1"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What was accepted arrived, what waits did not, nothing did twice; gives how many of each status
/// there are, and how many mails of which nobody knows did arrive.
async fn balance(office: &Office, server: &Server) -> (HashMap<&'static str, usize>, usize) {
    let mut copies: HashMap<String, usize> = HashMap::new();
    for (envelope, text) in server.arrived() {
        let to = envelope["to"][0].as_str().unwrap().to_owned();
        let id = format!("Message-ID: <{to}>");
        assert!(String::from_utf8(text).unwrap().starts_with(&id), "{to}");
        *copies.entry(to).or_default() += 1;
    }
    let (mut counts, mut arrived_all_the_same) = (HashMap::new(), 0);
    for mail in office.mails().await {
        let copies = copies.remove(&mail.recipient).unwrap_or_default();
        let right = match mail.status {
            DeliveryStatus::Accepted => copies == 1,
            DeliveryStatus::Unknown | DeliveryStatus::Sending => {
                arrived_all_the_same += copies;
                copies <= 1
            }
            _ => copies == 0,
        };
        let (status, to) = (mail.status.name(), &mail.recipient);
        assert!(right, "{to} is {status} and arrived {copies} times");
        *counts.entry(status).or_default() += 1;
    }
    assert_eq!(copies, HashMap::new(), "mails that are in no outbox");
    (counts, arrived_all_the_same)
}

#[tokio::test]
async fn killed_in_many_rounds() {
    let rounds = std::env::var("MUSTER_KILL_ROUNDS");
    let rounds = rounds.map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let Some(server) = Server::start(&json!({ "slow": 0.01 })) else {
        return;
    };
    let office = Office::with(&server, "tls: none").await;
    let steps = server.folder.path().join("steps.jsonl");
    let said = || std::fs::metadata(&steps).map_or(0, |meta| meta.len());
    let (mut killed, mut sending, mut round) = (0, Duration::ZERO, 0);
    // Where the first one was much slower than all others, further ones are killed as early as can be.
    while round <= rounds || killed == 0 {
        assert!(round <= 20 * rounds, "nothing was killed in {round} rounds");
        office.put(&mails(round, MAILS)).await;
        let before = said();
        let mut child = delivering(&office);
        while said() == before && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        if round == 0 {
            // One that is left alone tells how long the others may be.
            let began = Instant::now();
            assert!(child.wait().unwrap().success());
            sending = began.elapsed();
        } else {
            if round <= rounds {
                std::thread::sleep(sending.mul_f64(1.2 * round as f64 / rounds as f64));
            }
            child.kill().unwrap();
            killed += u32::from(child.wait().unwrap().signal().is_some());
        }
        balance(&office, &server).await;
        round += 1;
    }
    // What the last kill has left is told to whoever delivers next, and only then.
    delivering(&office).wait().unwrap();
    let last = delivering(&office).wait().unwrap();
    let (counts, arrived_all_the_same) = balance(&office, &server).await;
    println!(
        "{killed} of {} rounds killed; {} mails: {counts:?}; of the unknown {arrived_all_the_same} \
         had arrived",
        round - 1,
        round * MAILS
    );
    let of = |status| counts.get(status).copied().unwrap_or_default();
    assert_eq!((of("accepted") + of("unknown")) as u64, round * MAILS);
    // These were tests: whoever asked for them was told, and a monitor is not.
    assert_eq!(last.code(), Some(0));
}

#[tokio::test]
async fn two_processes_on_one_outbox() {
    let Some(server) = Server::start(&json!({ "slow": 0.005 })) else {
        return;
    };
    let office = Office::with(&server, "tls: none").await;
    for round in 0..3 {
        office.put(&mails(round, 10)).await;
        let mut both = [delivering(&office), delivering(&office)];
        // More comes while they are at it.
        office.put(&mails(100 + round, 5)).await;
        for child in &mut both {
            assert!(child.wait().unwrap().success());
        }
    }
    assert!(delivering(&office).wait().unwrap().success());
    let (counts, _) = balance(&office, &server).await;
    assert_eq!(counts, HashMap::from([("accepted", 45)]));
}
