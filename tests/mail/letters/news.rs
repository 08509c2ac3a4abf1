//! What a reader is told: net, since the last report that they accepted.

use super::studio::{RULES, Studio};
use crate::support::clock::NOON;

fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.is_empty()).collect()
}

#[tokio::test]
async fn the_first_report_shows_what_there_is_and_nobody_entered() {
    let studio = Studio::new("name: Studio");
    let text = studio.told(0).await;
    assert_eq!(
        lines(&text)[..7],
        [
            "As it stands: 3 clients in 2 segments.",
            "This is your first report; the next ones tell what changed.",
            "SEGMENTS",
            "Red ones: 2 clients",
            "  Share of blue    50.0%",
            "Blue ones: 2 clients",
            "  Share of blue   100.0%",
        ]
    );
    assert!(!text.contains(" in:"), "{text}");
    assert_eq!(
        studio.query("select coalesce(baseline_run_id, 'none') from muster_deliveries"),
        ["none"]
    );
}

#[tokio::test]
async fn where_nothing_changed_nothing_is_sent_unless_config_asks_for_it() {
    let studio = Studio::new("");
    studio.told(0).await;
    let outcome = studio.day(1).await;
    let notification = outcome.notification.unwrap();
    assert_eq!(
        notification.quiet,
        [("daily".to_string(), "ann@example.com".to_string())]
    );
    assert!(notification.deliveries.is_empty());
    studio.report("when_empty: send", "");
    let text = studio.told(2).await;
    assert_eq!(
        lines(&text)[0],
        "Nothing changed since 06/01/2025 08:00 EDT."
    );
    assert!(text.contains("Red ones: 2 clients (no change)"), "{text}");
    assert_eq!(
        studio.mails()[1].header("Subject").unwrap(),
        "daily: nothing changed"
    );
}

#[tokio::test]
async fn several_runs_are_told_net_and_against_the_last_accepted_report() {
    let studio = Studio::new("");
    studio.told(0).await;
    studio.sql("update clients set a = 0 where id = 1; update clients set a = 1 where id = 3;");
    studio.day(1).await;
    studio.sql("update clients set a = 1 where id in (1, 5);");
    studio.day(2).await;
    assert_eq!(
        studio.query("select status || ' ' || run_id || '/' || coalesce(baseline_run_id, '-') from muster_deliveries order by id"),
        ["accepted 1/-", "superseded 2/1", "pending 3/1"]
    );
    studio.deliver().await;
    let mails = studio.mails();
    assert_eq!(mails.len(), 2);
    let text = mails[1].text();
    assert_eq!(
        lines(text)[..11],
        [
            "2 clients entered 1 of 2 segments since 06/01/2025 08:00 EDT.",
            "WHAT CHANGED",
            "Red ones",
            "  2 in: Cy and Ed",
            "  1 came and went in between",
            "No movements in Blue ones.",
            "MOVED MOST IN THE LIST",
            "The list is ordered by a score: the sum of the weights of the segments that a",
            "client is in.",
            "Cy: up from 0.00 to 0.75, now number 3 of 5: entered Red ones (+0.75)",
            "Ed: up from 0.00 to 0.75, now number 4 of 5: entered Red ones (+0.75)",
        ]
    );
    assert!(
        text.contains(
            "Red ones: 4 clients (▲ up 2)\n  Share of blue    25.0%   (▼ down 25.0 points)"
        ),
        "{text}"
    );
    assert_eq!(mails[1].header("Subject").unwrap(), "daily: 2 in, 0 out");
}

#[tokio::test]
async fn a_changed_rule_is_one_line_without_names() {
    let studio = Studio::new("");
    studio.told(0).await;
    studio.rules(&RULES.replace("a = 1", "a = 0"));
    let text = studio.told(1).await;
    let told = lines(&text);
    assert_eq!(
        told[..4],
        [
            "Nobody has moved since 06/01/2025 08:00 EDT; 1 rule changed.",
            "WHAT CHANGED",
            "Red ones",
            "  the rule changed: 3 in, 2 out",
        ]
    );
    for name in ["Ann", "Bo", "Cy", "Di", "Ed"] {
        assert!(!text.contains(name), "{name} in {text}");
    }
    assert!(text.contains("Red ones: 3 clients (▲ up 1)"));
}

#[tokio::test]
async fn another_way_of_scoring_health_is_told_and_nobody_moved_by_it() {
    let studio = Studio::new("when_empty: send");
    let health = |zero: u32| {
        let factor = format!(
            "{{ id: recency, value: days_since(last(visits).at), zero: {zero}, full: 0, reason: away }}"
        );
        studio.report(
            "when_empty: send",
            &format!("health: {{ factors: [{factor}] }}"),
        );
    };
    studio.rules("segments: [{ id: poorly, when: health < 99 }]");
    health(60);
    assert!(
        !studio
            .told(0)
            .await
            .contains("The health score has been changed")
    );
    health(600);
    let text = studio.told(1).await;
    let words: Vec<&str> = text.split_whitespace().collect();
    let told = "Nobody has moved since 06/01/2025 08:00 EDT; 1 rule changed. \
                The health score has been changed since then: scores and their averages cannot be compared \
                with those of the last report. WHAT CHANGED poorly the rule changed: 0 in, 1 out";
    assert!(words.join(" ").starts_with(told), "{text}");
    assert!(
        !studio
            .told(2)
            .await
            .contains("The health score has been changed")
    );
}

#[tokio::test]
async fn a_report_about_some_is_about_them_alone_and_notices_who_moved() {
    let studio = Studio::new("where: studio = \"Soho\"");
    let first = studio.told(0).await;
    assert!(
        first.contains("As it stands: 2 clients in 2 segments."),
        "{first}"
    );
    assert!(
        first.contains("Red ones: 2 clients\n  Share of blue    50.0%"),
        "{first}"
    );
    assert!(first.contains("Blue ones: 1 client\n"), "{first}");
    assert_eq!(
        studio.query("select subject_key || '' from muster_report_subjects order by 1"),
        ["1", "2"]
    );
    // Bo stays red and moves to Harlem; Di, who is blue, comes from there; Ed enters by himself.
    studio.sql(
        "update clients set studio = 'Harlem' where id = 2; update clients set studio = 'Soho' where id = 4;
         update clients set a = 1 where id = 5; update clients set a = 1 where id = 3;",
    );
    let text = studio.told(1).await;
    assert_eq!(
        lines(&text)[..9],
        [
            "3 clients changed segments: 2 times in, 1 time out, in 2 of 2 segments since",
            "06/01/2025 08:00 EDT.",
            "This report covers only 3 of 5 clients.",
            "WHAT CHANGED",
            "Red ones",
            "  1 in: Ed",
            "  1 out: Bo (no longer one of those it is about)",
            "Blue ones",
            "  1 in: Di (now one of those it is about)",
        ]
    );
    assert!(text.contains("Red ones: 2 clients (no change)"), "{text}");
    assert!(text.contains("Blue ones: 2 clients (▲ up 1)"), "{text}");
    assert!(!text.contains("Cy"), "Cy is of Harlem: {text}");
    let files = studio.mails()[1].files();
    assert!(
        !files[0].2.contains("Cy") && !files[0].2.contains("Bo"),
        "{}",
        files[0].2
    );
}

#[tokio::test]
async fn a_new_segment_shows_its_state_and_a_removed_one_is_named() {
    let studio = Studio::new("");
    studio.told(0).await;
    studio.rules(
        "segments:\n  - { id: red, name: Red ones, when: 'a = 1' }\n  - { id: pale, name: Pale ones, when: 'a = 0' }\n",
    );
    let text = studio.told(1).await;
    assert_eq!(
        lines(&text)[..5],
        [
            "Nobody has moved since 06/01/2025 08:00 EDT; 1 segment is new here.",
            "No longer in this report: blue.",
            "WHAT CHANGED",
            "Pale ones",
            "  new in this report, with 3 clients",
        ]
    );
    assert!(
        text.contains("\nPale ones: 3 clients\n"),
        "no change is known: {text}"
    );
}

#[tokio::test]
async fn a_renamed_segment_keeps_its_news() {
    let studio = Studio::new("");
    studio.told(0).await;
    studio.sql("update clients set a = 1 where id = 3;");
    studio.rules(&RULES.replace("id: red,", "id: crimson, was: red,"));
    let text = studio.told(1).await;
    assert!(text.contains("Red ones\n  1 in: Cy\n"), "{text}");
    assert!(text.contains("Red ones: 3 clients (▲ up 1)"), "{text}");
}

#[tokio::test]
async fn who_left_the_database_is_still_named_once_and_then_by_nobody() {
    let studio = Studio::new("");
    let text = studio.told_of("delete from clients where id = 2;").await;
    assert!(text.contains("  1 out: Bo (no longer a client)"), "{text}");
    assert!(text.contains("Red ones: 1 client (▼ down 1)"), "{text}");
}

#[tokio::test]
async fn the_first_line_counts_people_and_not_their_memberships() {
    let studio = Studio::new("");
    let text = studio.told_of("update clients set a = 0, b = 0 where id = 1; update clients set a = 1, b = 1 where id = 3;").await;
    assert_eq!(
        lines(&text)[..2],
        [
            "2 clients changed segments: 2 times in, 2 times out, in 2 of 2 segments since",
            "06/01/2025 08:00 EDT."
        ]
    );
    assert_eq!(
        studio.mails()[1].header("Subject").unwrap(),
        "daily: 2 in, 2 out"
    );
}

/// Who is not active any more is in the list of no run since, but still in the database.
#[tokio::test]
async fn who_is_no_longer_active_is_named_however_many_runs_later_they_are_told_of() {
    let studio = Studio::new("");
    studio.edit(
        "config.yaml",
        "collections:",
        "active: closed = 0\ncollections:",
    );
    studio.told(0).await;
    studio.sql("update clients set closed = 1 where id in (1, 2);");
    let first = studio.day(1).await.notification.unwrap().texts.concat();
    let out = "  2 out: Ann (no longer a client) and Bo (no longer a client)";
    assert!(first.contains(out), "{first}");
    // The mail about that run went to nobody: the next one tells of it, and so does a later look.
    let second = studio.day(2).await.notification.unwrap().texts.concat();
    assert!(second.contains(out), "{second}");
    let shown = studio.shown().await.texts.concat();
    assert!(shown.contains(out), "{shown}");
}

#[tokio::test]
async fn whose_name_is_nowhere_any_more_is_told_in_words() {
    let studio = Studio::new("names: 1");
    studio.sql("update clients set a = 1;");
    studio.told(0).await;
    studio.sql("delete from clients where id = 2;");
    studio.day(1).await;
    let text = studio.shown().await.texts.concat();
    assert!(text.contains("  1 out: the name is not kept\n"), "{text}");
    studio.sql("delete from clients where id = 1;");
    studio.day(2).await;
    let text = studio.shown().await.texts.concat();
    assert!(
        text.contains("  2 out: their names are not kept\n"),
        "{text}"
    );
    studio.sql("update clients set a = 0 where id in (3, 4);");
    let text = studio.day(3).await.notification.unwrap().texts.concat();
    assert!(
        text.contains("  4 out: Di, 1 more and 2 whose names are not kept\n"),
        "{text}"
    );
}

#[tokio::test]
async fn with_no_names_asked_for_none_is_anywhere_in_the_body() {
    let studio = Studio::new("names: 0\n    attach: none");
    studio.told_of("update clients set a = 1 - a;").await;
    let mail = &studio.mails()[1];
    assert!(mail.text().contains("  3 in\n  2 out\n"), "{}", mail.text());
    for name in ["Ann", "Bo", "Cy", "Di", "Ed"] {
        let whole = serde_json::to_string(&mail.0).unwrap();
        assert!(
            !whole.contains(&format!("{name},")) && !whole.contains(&format!(" {name}")),
            "{whole}"
        );
    }
}

#[tokio::test]
async fn more_names_than_asked_for_are_counted() {
    let studio = Studio::new("names: 2");
    let text = studio.told_of("update clients set b = 1;").await;
    assert!(text.contains("  3 in: Bo, Cy and 1 more"), "{text}");
}

#[tokio::test]
async fn a_new_recipient_is_shown_what_there_is_while_others_are_told_what_changed() {
    let studio = Studio::new("");
    studio.told(0).await;
    studio.sql("update clients set a = 1 where id = 3;");
    studio.report("", "");
    studio.edit(
        "config.yaml",
        "[ann@example.com]",
        "[ann@example.com, new@example.com]",
    );
    let outcome = studio.day(1).await;
    let notification = outcome.notification.unwrap();
    assert!(
        notification.texts[0].starts_with("1 client entered 1 of 2"),
        "{}",
        notification.texts[0]
    );
    assert!(
        notification.texts[1].starts_with("As it stands"),
        "{}",
        notification.texts[1]
    );
    assert_eq!(notification.deliveries[0].baseline, Some(1));
    assert_eq!(notification.deliveries[1].baseline, None);
}

#[tokio::test]
async fn the_published_run_tells_the_same_as_the_run_itself_did() {
    let studio = Studio::new(
        "where: studio = \"Soho\"\n    attach: per_segment\n    columns: [id, name, studio, segments, entered_at, score, rank]",
    );
    studio.told(0).await;
    studio.sql("update clients set a = 1 - a, b = 1 where id in (1, 3, 5);");
    let outcome = studio.day(1).await;
    let shown = studio.shown().await;
    let notification = outcome.notification.unwrap();
    assert_eq!(notification.texts, shown.texts);
    assert_eq!(notification.states, shown.states);
    // Only date and period differ, and what hangs on them.
    let body = |message: &[u8]| {
        let text = String::from_utf8(message.to_vec()).unwrap();
        let start = text.find("text/csv").unwrap();
        text[start..]
            .lines()
            .filter(|l| !l.starts_with("--mixed"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        body(&notification.deliveries[0].message),
        body(&shown.deliveries[0].message)
    );
}

#[tokio::test]
async fn a_test_is_marked_and_moves_no_baseline() {
    let studio = Studio::new("");
    studio.told(0).await;
    studio.sql("update clients set a = 1 where id = 3;");
    studio.day(1).await;
    assert_eq!(studio.test_to("me@example.com", NOON + 1_000_000).await, 1);
    assert_eq!(studio.test_to("me@example.com", NOON + 2_000_000).await, 1);
    assert_eq!(studio.test_to("ann@example.com", NOON + 3_000_000).await, 1);
    studio.deliver().await;
    let mails = studio.mails();
    let test = mails
        .iter()
        .find(|m| m.header("To").unwrap() == "me@example.com")
        .unwrap();
    assert_eq!(test.header("Subject").unwrap(), "[Test] daily: 1 in, 0 out");
    assert!(
        test.text().starts_with("[Test] Only you get this one"),
        "{}",
        test.text()
    );
    assert!(test.text().contains("  1 in: Cy"), "{}", test.text());
    assert_eq!(
        studio.query(
            "select kind || ' ' || recipient || ' ' || status from muster_deliveries order by id"
        ),
        [
            "report ann@example.com accepted",
            "report ann@example.com accepted",
            "test me@example.com accepted",
            "test me@example.com accepted",
            "test ann@example.com accepted"
        ]
    );
    // The next report is compared with the last real one, not with a test.
    studio.sql("update clients set a = 0 where id = 3;");
    let text = studio.told(2).await;
    assert!(text.contains("  1 out: Cy"), "{text}");
}
