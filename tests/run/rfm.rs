//! The shipped ladder over small businesses: who stands on which rung, worked out by hand.

use std::collections::{BTreeMap, BTreeSet};

use crate::studio::Studio;
use crate::support::clock::NOON;
use crate::support::library::at;

/// A studio with the shipped ladder, nobody in it.
fn empty() -> Studio {
    let studio = Studio::new();
    studio.rules(include_str!("../../rules/rfm.yaml"));
    studio.config("active: closed = 0");
    studio.sql("delete from clients; delete from visits; delete from payments;");
    studio
}

/// A client, still here, with purchases so many days before [`NOON`].
fn client(id: u32, paid: &[(u32, i32)]) -> String {
    let mut sql = format!("insert into clients values ({id}, 'Client {id}', 0);");
    for (days, amount) in paid {
        sql.push_str(&format!(
            "insert into payments (client_id, paid_at, amount) values
             ({id}, datetime('2025-06-01 12:00:00', '-{days} days', '-1 hour'), {amount});"
        ));
    }
    sql
}

fn people(clients: impl IntoIterator<Item = String>) -> Studio {
    let studio = empty();
    let all: String = clients.into_iter().collect();
    studio.sql(&format!("begin; {all} commit;"));
    studio
}

/// The clients on each rung that has any.
async fn rungs(studio: &Studio) -> BTreeMap<String, Vec<u32>> {
    studio.run(&at(NOON)).await;
    let mut rungs: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for membership in studio.memberships() {
        let (rung, client) = membership.split_once('/').unwrap();
        rungs
            .entry(rung.to_owned())
            .or_default()
            .push(client.parse().unwrap());
    }
    for clients in rungs.values_mut() {
        clients.sort_unstable();
    }
    rungs
}

fn only(rung: &str, clients: impl IntoIterator<Item = u32>) -> BTreeMap<String, Vec<u32>> {
    BTreeMap::from([(rung.to_owned(), clients.into_iter().collect())])
}

#[tokio::test]
async fn one_client_is_judged_alone() {
    // Within 30 days, once.
    let studio = people([client(1, &[(10, 80)])]);
    assert_eq!(rungs(&studio).await, only("new", [1]));
    // Within 30 days, ten times, 2,500 in all: 5, 4, 4.
    let paid: Vec<(u32, i32)> = (1..=10).map(|day| (day, 250)).collect();
    let studio = people([client(1, &paid)]);
    assert_eq!(rungs(&studio).await, only("champion", [1]));
    // Over a year ago, once.
    let studio = people([client(1, &[(500, 80)])]);
    assert_eq!(rungs(&studio).await, only("lost", [1]));
}

#[tokio::test]
async fn whoever_bought_once_today_is_new() {
    let studio = people((1..=5).map(|id| client(id, &[(0, 20 * id as i32)])));
    assert_eq!(rungs(&studio).await, only("new", 1..=5));
    // A crowd of them: still New.
    let studio = people((1..=60).map(|id| client(id, &[(0, 20 * id as i32)])));
    assert_eq!(rungs(&studio).await, only("new", 1..=60));
}

#[tokio::test]
async fn all_who_are_alike_stand_on_one_rung() {
    // 40 days ago is a 4, three purchases a 3, 240 a 2.
    let paid = [(40, 80), (50, 80), (60, 80)];
    let studio = people((1..=60).map(|id| client(id, &paid)));
    assert_eq!(rungs(&studio).await, only("potential_loyalist", 1..=60));
    let studio = people((1..=60).map(|id| client(id, &[(400, 80)])));
    assert_eq!(rungs(&studio).await, only("lost", 1..=60));
}

/// What a buyer of some kind of business paid: so many days ago, so much.
type Bought = fn(u32) -> Vec<(u32, i32)>;

/// One more buyer, or one less, moves none of the others, however many there are and whatever they bought; and a
/// Champion, who has bought often, has bought ten times.
#[tokio::test]
async fn a_buyer_moves_nobody_else() {
    let kinds: [Bought; 5] = [
        |_| vec![(40, 80)],
        |id| vec![(400 + id, 80)],
        |id| (0..=id % 3).map(|time| (id % 7 * 40 + time, 300)).collect(),
        |id| {
            (0..id * id % 40)
                .map(|time| (id % 11 + time * 9, 30))
                .collect()
        },
        |id| {
            (0..12)
                .map(|month| (id % 2 * 200 + month * 30, 25))
                .collect()
        },
    ];
    for bought in kinds {
        for number in [1, 2, 9, 10, 19, 20, 49, 50, 60, 100] {
            let before = people((1..=number).map(|id| client(id, &bought(id))));
            before.run(&at(NOON)).await;
            let stood = before.memberships();
            let more = number + 1;
            let paid: Vec<(u32, i32)> = (1..=10).map(|day| (day, 5_000)).collect();
            before.sql(&client(more, &paid));
            before.run(&at(NOON + 1_000_000)).await;
            let stand = before.memberships();
            let others = stand
                .iter()
                .filter(|one| !one.ends_with(&format!("/{more}")));
            assert_eq!(
                others.cloned().collect::<Vec<_>>(),
                stood,
                "{number} buyers and one"
            );
            assert!(stand.contains(&format!("champion/{more}")));
            for champion in stand.iter().filter_map(|one| one.strip_prefix("champion/")) {
                let purchases = bought(champion.parse().unwrap()).len();
                assert!(purchases >= 10 || champion == more.to_string());
            }
        }
    }
}

#[tokio::test]
async fn whoever_has_no_purchase_or_is_no_longer_here_stands_on_none() {
    let studio = people([
        client(1, &[(10, 80)]),
        client(2, &[(10, -80)]),
        client(3, &[(10, 0), (20, -5)]),
        client(4, &[]),
        client(5, &[(10, 80)]),
        // More was given back than paid: a purchase all the same.
        client(6, &[(10, 80), (5, -100)]),
    ]);
    studio.sql(
        "update clients set closed = 1 where id = 5;
         insert into payments (client_id, paid_at, amount) values
           (4, '2025-06-01 13:00:00', 80), (3, null, 80), (3, '2025-05-01 10:00:00', null);",
    );
    let found = rungs(&studio).await;
    assert_eq!(found, only("new", [1, 6]));
}

/// Many buyers of every kind, in several mixtures: one rung each, and most rungs are needed.
#[tokio::test]
async fn each_buyer_stands_on_exactly_one_rung() {
    for mixture in [1, 7, 23] {
        let bought = |id: u32| -> Vec<(u32, i32)> {
            let often = 1 + id * (mixture + 4) % 12;
            (0..often)
                .map(|time| {
                    let days = id * mixture * 13 % 500 + time * 9;
                    (days, 5 + (id * 37 % 300) as i32)
                })
                .collect()
        };
        let buyers = (1..=60).map(|id| client(id, &bought(id)));
        let others = (61..=70).map(|id| client(id, &[]));
        let refunded = (71..=80).map(|id| client(id, &[(3, -10)]));
        let studio = people(buyers.chain(others).chain(refunded));
        studio.sql("update clients set closed = 1 where id % 10 = 0");
        let found = rungs(&studio).await;
        let mut standing: Vec<u32> = found.values().flatten().copied().collect();
        standing.sort_unstable();
        let expected: Vec<u32> = (1..=60).filter(|id| id % 10 != 0).collect();
        assert_eq!(standing, expected, "mixture {mixture}");
        let used: BTreeSet<&String> = found.keys().collect();
        assert!(used.len() >= 6, "mixture {mixture}: {used:?}");
    }
}
