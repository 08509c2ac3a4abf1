//! Killed at random points over many rounds: no due time is run twice or never, and nothing is torn.
//!
//! `MUSTER_SOAK_ROUNDS=200 cargo nextest run --test serve soak --no-capture` is the long one;
//! `MUSTER_SOAK_SEED` repeats one.

use std::time::Instant;

use crate::studio::{NIGHTLY, Studio};
use crate::support::clock::utc;
use crate::support::database::query_so_far;

/// 2 June 2025, 06:00 in Berlin, in seconds.
const FIRST: i64 = 1_748_836_800;
const DAY: i64 = 86_400;
/// More than the longest wait after deaths.
const LATER: i64 = 11 * 60;

/// Numbers that look random: Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

fn number(variable: &str, default: u64) -> u64 {
    let text = std::env::var(variable).ok();
    text.map_or(default, |text| text.parse().unwrap())
}

/// Some 1,500 clients, of whom every day others come, so that every run moves many.
fn busy(results: &str) -> Studio {
    // From one day to the next nearly all of them move.
    let studio = Studio::new(&format!("{results}\nguard: off\n{NIGHTLY}"));
    studio.sql(
        "with recursive n(i) as (select 100 union all select i + 1 from n where i < 1600)
         insert into clients select i, 'Client ' || i from n;
         insert into visits select null, clients.id,
             datetime('2025-06-01 12:00:00', '+' || (clients.id % 7 + 7 * week.value) || ' days')
         from clients, json_each('[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]') week",
    );
    studio.rules(
        "segments:
  - { id: active, importance: 3, when: 'exists(visits in last 3 days)' }
  - { id: fresh, importance: 8, when: 'exists(visits in last 1 days)' }
  - { id: often, when: 'count(visits in last 30 days) >= 4' }
",
    );
    studio
}

/// Memberships are what the movements add up to, sizes agree, and the file is in order.
fn assert_whole(results: &std::path::Path) {
    let one = |sql: &str| query_so_far(results, sql);
    assert_eq!(one("pragma integrity_check"), ["ok"]);
    if one("select 1 from muster_runs limit 1").is_empty() {
        return;
    }
    let strays = "with last as (
            select segment_id, subject_key, direction, max(run_id) from muster_movements
            group by segment_id, subject_key),
        replayed as (select segment_id, subject_key from last where direction = 'entered'),
        stored as (select segment_id, subject_key from muster_memberships)
        select count(*) from (
            select * from (select * from replayed except select * from stored)
            union all select * from (select * from stored except select * from replayed))";
    assert_eq!(
        one(strays),
        ["0"],
        "memberships are not what the movements add up to"
    );
    let sizes = "select count(*) from muster_segments s where size <>
            (select count(*) from muster_memberships where segment_id = s.id)
         or size <> (select value from muster_metrics m where m.segment_id = s.id
                     and metric = 'size' and run_id = (select max(run_id) from muster_metrics))";
    assert_eq!(one(sizes), ["0"], "sizes do not agree");
    let marked = "select count(*) from muster_runs r left join muster_due d
                  on d.run_id = r.id and d.due = r.as_of and d.state = 'done'
                  where r.status = 'published' and d.due is null";
    assert_eq!(one(marked), ["0"], "a run whose due time is not marked");
}

struct Counts {
    killed: u64,
    before_claim: u64,
    at_work: u64,
    after: u64,
    takeovers: u64,
    due: usize,
}

fn soak(studio: &Studio, results: &std::path::Path, rounds: u64, seed: u64) -> Counts {
    let one = |sql: &str| query_so_far(results, sql);
    let mut random = Random(seed);
    assert_eq!(studio.due(), 0);
    let mut counts = Counts {
        killed: 0,
        before_claim: 0,
        at_work: 0,
        after: 0,
        takeovers: 0,
        due: 0,
    };
    let is_done = |due: i64| {
        let sql = format!("select state from muster_due where due = '{}'", utc(due));
        one(&sql).first().cloned().unwrap_or_default()
    };
    let (mut day, mut now, mut due) = (0, FIRST, Vec::new());
    // An undisturbed one tells how long the others may be left alone.
    studio.seconds(now);
    let began = Instant::now();
    let served = studio.serve();
    studio.wait("the first run", || is_done(FIRST) == "done");
    let undisturbed = began.elapsed();
    served.kill();
    for _ in 0..rounds {
        let state = is_done(FIRST + day * DAY);
        if state == "done" {
            due.push(utc(FIRST + day * DAY));
            day += 1;
            now = FIRST + day * DAY;
        } else {
            now += LATER;
        }
        studio.seconds(now);
        let served = studio.serve();
        let share = random.below(1_300) as f64 / 1_000.0;
        std::thread::sleep(undisturbed.mul_f64(share));
        served.kill();
        counts.killed += 1;
        match is_done(FIRST + day * DAY).as_str() {
            "done" => counts.after += 1,
            "claimed" => counts.at_work += 1,
            _ => counts.before_claim += 1,
        }
        assert_whole(results);
    }
    // Whoever comes last finds everything in order.
    let served = studio.serve();
    served.wait_for_log("serving");
    let last = utc(FIRST + day * DAY);
    while is_done(FIRST + day * DAY) != "done" {
        // After some deaths in a row the next process waits for a while, by the clock.
        now += LATER;
        studio.seconds(now);
        assert!(now < FIRST + (day + 1) * DAY, "{}", served.log());
        let put_off = format!(
            "select state = 'done' or coalesce(next_attempt_at, '') > '{}'
             from muster_due where due = '{last}'",
            utc(now)
        );
        studio.wait("the last run", || one(&put_off) == ["1"]);
    }
    served.stop();
    due.push(utc(FIRST + day * DAY));
    assert_whole(results);
    assert_eq!(
        one("select as_of from muster_runs where status in ('published', 'partial') order by id"),
        due,
        "each due time once, in order"
    );
    assert_eq!(
        one("select distinct status from muster_runs"),
        ["published"]
    );
    assert_eq!(
        one("select due from muster_due where state = 'done' order by due"),
        due
    );
    assert_eq!(
        one("select count(*) from muster_due"),
        [due.len().to_string()]
    );
    let takeovers = one("select coalesce(sum(deaths), 0) from muster_due");
    counts.takeovers = takeovers[0].parse().unwrap();
    counts.due = due.len();
    counts
}

#[test]
fn killed_at_random_points_no_due_time_is_run_twice_or_never() {
    let rounds = number("MUSTER_SOAK_ROUNDS", 40);
    let seed = number("MUSTER_SOAK_SEED", u64::from(std::process::id()));
    let began = Instant::now();
    for (results, file) in [
        ("", "studio.db"),
        ("results: sqlite:results.db", "results.db"),
    ] {
        let studio = busy(results);
        let path = studio.path(file);
        let counts = soak(&studio, &path, rounds / 2, seed);
        println!(
            "{file}, seed {seed}: {} killed, of them {} before the due time was claimed, {} at work on it, \
             {} after it was done; {} due times, each run once; {} taken over from the dead; {:.0} s",
            counts.killed,
            counts.before_claim,
            counts.at_work,
            counts.after,
            counts.due,
            counts.takeovers,
            began.elapsed().as_secs_f64(),
        );
        assert_eq!(counts.killed, rounds / 2);
    }
}
