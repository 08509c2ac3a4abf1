//! What a publication sends: only what the server lacks.

use super::publish::{may_write, project, versions};
use crate::support::postgres::Postgres;
use crate::support::publishing::{RULES, assert_equal, config};
use crate::support::relay::Relay;
use crate::support::scratch::Scratch;

/// So many runs of a history; in each some hundred people move.
const RUNS: u32 = 24;

/// A project whose results reach the server through a relay, with a history that the server has nothing of.
fn with_history(postgres: &Postgres) -> (Scratch, Relay) {
    let scratch = project(postgres);
    let whole = scratch.read("config.yaml");
    scratch.write("config.yaml", whole.replace("publish:", "# publish:"));
    for day in 0..RUNS {
        run_of_day(&scratch, day);
    }
    let relay = Relay::before(postgres.port());
    let url = postgres.url("quick");
    let url = url.replace(
        &format!("localhost:{}", postgres.port()),
        &format!("127.0.0.1:{}", relay.port),
    );
    config(&scratch, &format!("{{ to: \"{url}\", tls: off }}"));
    (scratch, relay)
}

/// Half of all people are rich, every day others.
fn run_of_day(scratch: &Scratch, day: u32) {
    scratch.sql(&format!(
        "update clients set spent = (id * 37 + {day} * 50) % 101"
    ));
    let (month, day) = (1 + day / 28, 1 + day % 28);
    scratch.put_clock(&format!("2026-{month:02}-{day:02}T10:00:00Z"));
    scratch.expect(0, &["run"]);
}

#[test]
fn only_what_the_server_lacks_is_sent() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    let (scratch, relay) = with_history(&postgres);
    scratch.expect(0, &["publish"]);
    let all = relay.sent();
    assert_equal(&scratch, &postgres);

    let before = versions(&postgres);
    scratch.expect(0, &["publish"]);
    let nothing = relay.sent();
    assert_eq!(before, versions(&postgres), "a repeat changes nothing");

    run_of_day(&scratch, RUNS);
    let one = relay.sent();
    assert_equal(&scratch, &postgres);
    // The history is some hundred rows a run; the memberships and scores of now are sent as well.
    assert!(all > 200_000, "{all}");
    assert!(one < all / 4, "{one} of {all}");
    assert!(nothing < 4_000, "{nothing}");

    // The length of the history does not matter.
    for day in RUNS + 1..RUNS + 9 {
        run_of_day(&scratch, day);
    }
    relay.sent();
    run_of_day(&scratch, RUNS + 9);
    let later = relay.sent();
    assert!(later < one + one / 10, "{later} after {one}");
    assert_equal(&scratch, &postgres);
}

#[test]
fn what_changes_in_the_past_is_sent_and_nothing_else() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    let (scratch, relay) = with_history(&postgres);
    scratch.expect(0, &["publish"]);
    let all = relay.sent();

    // Somebody who came once only concerns the runs that they moved in.
    scratch.sql("insert into clients values (1001, 'Somebody', 7)");
    scratch.put_clock("2026-02-20T10:00:00Z");
    scratch.expect(0, &["run"]);
    let there = "select count(*) from muster.movements where subject_key = 1001";
    assert_eq!(postgres.sql(there), "1");
    relay.sent();
    scratch.expect(0, &["forget", "1001"]);
    let forgotten = relay.sent();
    assert_eq!(postgres.sql(there), "0");
    assert!(forgotten < all / 4, "{forgotten} of {all}");
    assert_equal(&scratch, &postgres);

    // A segment whose history goes on under another id.
    scratch.sql("delete from clients where id = 1001");
    scratch.rules(&RULES.replace("id: rich,", "id: wealthy, was: rich,"));
    scratch.put_clock("2026-02-21T10:00:00Z");
    scratch.expect(0, &["run"]);
    assert_equal(&scratch, &postgres);
    let old = "select count(*) from muster.movements where segment_id = 'rich'";
    assert_eq!(postgres.sql(old), "0");
}

#[test]
fn what_others_take_away_or_add_there_is_put_right() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    let (scratch, _relay) = with_history(&postgres);
    scratch.expect(0, &["publish"]);
    for change in [
        "delete from muster.movements where run_id = 3 and subject_key < 9",
        "delete from muster.metrics where run_id = 4",
        "truncate muster.scores",
        "insert into muster.movements select 999, segment_id, subject_key, at, direction, cause from muster.movements where run_id = 1",
        "insert into muster.memberships select distinct on (subject_key) 'nobody', subject_key, entered_at, run_id from muster.memberships",
        "drop table muster.parts",
    ] {
        postgres.sql(change);
        scratch.expect(0, &["publish"]);
        assert_equal(&scratch, &postgres);
    }
}
