//! Runs of the timetable that are held: who is told, what waits, and how it goes on.

use crate::studio::{Studio, page};

const RUNS: &str = "select id || ' ' || as_of || ' ' || status from muster_runs order by id";
const NOTICES: &str =
    "select report || ' ' || status from muster_deliveries where kind = 'notice' order by id";
const MAILS: &str = "select report || ' ' || period || ' run ' || run_id from muster_deliveries
                     where kind = 'report' order by id";

const FIRST: &str = "2025-06-02T04:00:00Z";
const SECOND: &str = "2025-06-03T04:00:00Z";
const THIRD: &str = "2025-06-04T04:00:00Z";

fn timetable(retries: u32) -> String {
    format!(
        "schedules:
  - {{ id: nightly, cron: '0 6 * * *', retries: {retries}, reports: [managers] }}
  - {{ id: noon, cron: '0 12 * * *', run: none, reports: [desk] }}
reports:
  - {{ id: managers, to: [managers@example.com], when_empty: send }}
  - {{ id: desk, to: [desk@example.com], when_empty: send }}
owner: owner@example.com
mail: {{ from: Segments <segments@example.com>, file: outbox }}"
    )
}

/// A hundred clients who came, published and mailed at the first due time.
fn studio(retries: u32) -> Studio {
    let studio = Studio::known(&timetable(retries));
    studio.sql(
        "with recursive n(i) as (select 100 union all select i + 1 from n where i < 199)
         insert into clients select i, 'Client ' || i from n;
         insert into visits select id, id, '2025-06-01 10:00:00' from clients where id >= 100",
    );
    studio.rules("segments:\n  - { id: active, when: 'exists(visits in last 30 days)' }\n");
    studio.put_clock(FIRST);
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.query(RUNS), [format!("1 {FIRST} published")]);
    studio.put_clock("2025-06-02T10:00:00Z");
    assert_eq!(studio.due(), 0);
    studio.sql("create table aside as select * from visits");
    studio
}

fn lose_visits(studio: &Studio) {
    studio.sql("delete from visits where id >= 110");
}

fn find_visits(studio: &Studio) {
    studio.sql("delete from visits; insert into visits select * from aside");
}

/// The texts of mails in the outbox whose names contain a word.
fn letters(studio: &Studio, word: &str) -> Vec<String> {
    let files = std::fs::read_dir(studio.path("outbox")).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let texts = files.iter().filter(|file| {
        let name = file.file_name().unwrap().to_string_lossy();
        name.contains(word)
    });
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        // Soft line ends of quoted-printable text.
        text.replace("=\r\n", "").replace("\r\n", " ")
    };
    texts.map(read).collect()
}

fn said(studio: &Studio, arguments: &[&str]) -> (i32, String) {
    let output = studio.said(arguments);
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(text).unwrap(),
    )
}

#[test]
fn a_held_run_mails_nobody_but_the_owner_once_and_is_made_up_for() {
    let studio = studio(1);
    let members = studio.memberships();
    let mails = studio.query(MAILS);
    lose_visits(&studio);
    studio.put_clock(SECOND);
    let (code, log) = studio.due_said();
    assert_eq!(code, 1, "{log}");
    assert!(log.contains("memberships would change"), "{log}");
    assert_eq!(studio.query(RUNS)[1], format!("2 {SECOND} held"));
    assert_eq!(studio.memberships(), members);
    assert_eq!(studio.query(MAILS), mails);
    assert_eq!(studio.query(NOTICES), ["run_held:results accepted"]);
    let notice = letters(&studio, "run_held").concat();
    assert!(notice.contains("muster run --accept"), "{notice}");
    assert!(!notice.contains("Client 1"), "{notice}");
    // It waits for its retry, and nobody is told again.
    assert_eq!(studio.due(), 0);
    assert_eq!(
        studio.query("select reason from muster_due where due = '2025-06-03T04:00:00Z'"),
        ["its run is held"]
    );
    studio.put_clock("2025-06-03T04:01:00Z");
    assert_eq!(studio.due(), 1);
    assert_eq!(studio.query(RUNS)[2], format!("3 {SECOND} held"));
    assert_eq!(studio.query(NOTICES).len(), 1);
    assert_eq!(
        studio.query("select state from muster_due where due = '2025-06-03T04:00:00Z'"),
        ["failed"]
    );
    // What is mailed of the last published run says that a newer one is held.
    studio.put_clock("2025-06-03T10:00:00Z");
    studio.due();
    assert_eq!(
        studio.query(MAILS).last().unwrap(),
        "desk 2025-06-03T10:00:00Z run 1"
    );
    let desk = letters(&studio, "desk").concat();
    assert!(
        desk.contains("Held for review and not published: the run of 06/03/2025 06:00 CEST. This is how things stood"),
        "{desk}"
    );
    // The next due run looks anew, and its report says what became of the one before.
    find_visits(&studio);
    studio.put_clock(THIRD);
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.query(RUNS)[3], format!("4 {THIRD} published"));
    assert_eq!(
        studio.query(MAILS).last().unwrap(),
        "managers 2025-06-04T04:00:00Z run 4"
    );
    let managers = letters(&studio, "managers");
    let told =
        "Held for review and not published: the run of 06/03/2025 06:00 CEST. This report covers";
    assert!(managers.last().unwrap().contains(told), "{managers:?}");
    assert!(!managers[0].contains("Held for review"), "{managers:?}");
    assert_eq!(
        studio.query(NOTICES),
        [
            "run_held:results accepted",
            "run_published:results accepted"
        ]
    );
    assert_eq!(studio.said(&["status"]).status.code(), Some(0));
}

/// Each run that is held is told of by itself, wherever the clock stood at the one before.
#[test]
fn a_clock_that_was_ahead_hides_no_later_run() {
    let studio = studio(1);
    for (due, ahead) in [(SECOND, 2040), (THIRD, 2041)] {
        lose_visits(&studio);
        studio.put_clock(due);
        assert_eq!(studio.due(), 1);
        let told = studio.query(NOTICES);
        assert!(told.last().unwrap().starts_with("run_held"), "{told:?}");
        studio.sql(&format!(
            "update muster_deliveries set period = '{ahead}-01-01T00:00:00Z'
             where kind = 'notice' and period < '2030'"
        ));
        find_visits(&studio);
        studio.put_clock(&due.replace("04:00", "04:01"));
        assert_eq!(studio.due(), 0);
        let told = studio.query(NOTICES);
        assert!(
            told.last().unwrap().starts_with("run_published"),
            "{told:?}"
        );
    }
    assert_eq!(studio.query(NOTICES).len(), 4);
}

#[test]
fn a_retry_that_finds_the_data_mended_is_published_with_its_reports() {
    let studio = studio(3);
    lose_visits(&studio);
    studio.put_clock(SECOND);
    assert_eq!(studio.due(), 1);
    find_visits(&studio);
    studio.put_clock("2025-06-03T04:01:00Z");
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.query(RUNS)[2], format!("3 {SECOND} published"));
    assert_eq!(
        studio.query(MAILS).last().unwrap(),
        "managers 2025-06-03T04:00:00Z run 3"
    );
}

#[test]
fn every_command_says_that_a_run_is_held_until_it_is_accepted() {
    let studio = studio(0);
    lose_visits(&studio);
    studio.put_clock(SECOND);
    assert_eq!(studio.due(), 1);
    let (code, status) = said(&studio, &["status"]);
    assert_eq!(code, 1, "{status}");
    assert!(
        status.contains("attention: run 2, as of 06/03/2025 06:00 CEST, is held, and run 1 stays published: 91 memberships would change"),
        "{status}"
    );
    assert!(
        status.contains("`nightly` was given up (its run is held)"),
        "{status}"
    );
    let (_, json) = said(&studio, &["status", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["held"]["id"], 2);
    assert_eq!(json["last_published"]["id"], 1);
    for command in [
        &["segments"][..],
        &["clients"],
        &["clients", "--format", "json"],
    ] {
        let (code, text) = said(&studio, command);
        assert_eq!(code, 1, "{text}");
        assert!(
            text.contains("run 2, as of 06/03/2025 06:00 CEST, is held"),
            "{text}"
        );
        assert!(text.contains("run 1, as of"), "{text}");
    }
    let (code, text) = said(&studio, &["run", "--dry-run"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("a run would be held"), "{text}");
    studio.put_clock("2025-06-03T05:00:00Z");
    let (code, text) = said(&studio, &["run", "--accept"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("note: accepted: 91 memberships"), "{text}");
    assert_eq!(studio.memberships().len(), 12);
    let (_, status) = said(&studio, &["status"]);
    assert!(!status.contains("attention: run 2"), "{status}");
    let (_, text) = said(&studio, &["segments"]);
    assert!(!text.contains("is held"), "{text}");
    // A run by hand mails nobody; the next one of the timetable tells it all.
    studio.put_clock(THIRD);
    studio.due();
    let managers = letters(&studio, "managers");
    let told =
        "Held for review and not published: the run of 06/03/2025 06:00 CEST. This report covers";
    assert!(managers.last().unwrap().contains(told), "{managers:?}");
    assert!(managers.last().unwrap().contains("90 out"), "{managers:?}");
}

#[test]
fn whoever_dies_between_the_held_run_and_the_notice_leaves_it_to_the_next() {
    let studio = studio(0);
    lose_visits(&studio);
    studio.put_clock("2025-06-02T11:00:00Z");
    // By hand: the row is written, and no mail.
    let (code, text) = said(&studio, &["run"]);
    assert_eq!(code, 1, "{text}");
    assert!(studio.query(NOTICES).is_empty());
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.query(NOTICES), ["run_held:results accepted"]);
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.query(NOTICES).len(), 1);
    // Another streak is another notice.
    find_visits(&studio);
    studio.put_clock("2025-06-02T11:10:00Z");
    assert_eq!(said(&studio, &["run"]).0, 0);
    assert_eq!(studio.due(), 0);
    lose_visits(&studio);
    studio.put_clock("2025-06-02T11:20:00Z");
    assert_eq!(said(&studio, &["run"]).0, 1);
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.query(NOTICES).len(), 3);
}

#[test]
fn several_processes_hold_one_run_and_tell_the_owner_once() {
    let studio = studio(0);
    lose_visits(&studio);
    studio.put_clock(SECOND);
    let start = || studio.muster(&["run", "--due"]).spawn().unwrap();
    let mut processes = [start(), start(), start()];
    for process in &mut processes {
        process.wait().unwrap();
    }
    assert_eq!(
        studio.query(RUNS),
        [format!("1 {FIRST} published"), format!("2 {SECOND} held")]
    );
    assert_eq!(studio.query(NOTICES), ["run_held:results accepted"]);
    assert_eq!(letters(&studio, "run_held").len(), 1);
}

#[test]
fn a_process_that_serves_counts_it_and_is_killed_at_any_time() {
    let studio = studio(0);
    lose_visits(&studio);
    studio.config(&format!(
        "serve: {{ listen: '127.0.0.1:0' }}\n{}",
        timetable(0)
    ));
    let mut served = studio.serve();
    served.wait_for_log("\"serving\"");
    studio.put_clock(SECOND);
    // Killed about when it holds the run, and started again.
    for pause in [5, 20, 60] {
        std::thread::sleep(std::time::Duration::from_millis(pause));
        served.kill();
        served = studio.serve();
    }
    studio.wait_for(
        "select state from muster_due where due = '2025-06-03T04:00:00Z'",
        &["failed"],
    );
    studio.wait_for(NOTICES, &["run_held:results accepted"]);
    assert_eq!(
        studio.query(RUNS),
        [format!("1 {FIRST} published"), format!("2 {SECOND} held")]
    );
    let port = served.port();
    studio.wait("the metrics", || {
        page(port, "/metrics").contains("muster_run_held 1")
    });
    let metrics = page(port, "/metrics");
    assert!(
        metrics.contains("muster_runs_total{schedule=\"nightly\",status=\"held\"}"),
        "{metrics}"
    );
    served.stop();
}
