//! Sizes and movements add up, whatever happens between two accepted reports.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::studio::{RULES, Studio};

const SEGMENTS: [(&str, &str); 2] = [("red", "Red ones"), ("blue", "Blue ones")];

/// Something that happens in the studio.
#[derive(Debug, Clone)]
enum Event {
    Turn { client: u8, column: u8 },
    Move { client: u8 },
    Leave { client: u8 },
    Join { client: u8 },
    Rule,
}

fn event() -> impl Strategy<Value = Event> {
    let client = || 1..9_u8;
    prop_oneof![
        6 => (client(), 0..2_u8).prop_map(|(client, column)| Event::Turn { client, column }),
        2 => client().prop_map(|client| Event::Move { client }),
        1 => client().prop_map(|client| Event::Leave { client }),
        2 => client().prop_map(|client| Event::Join { client }),
        1 => Just(Event::Rule),
    ]
}

fn happen(studio: &Studio, event: &Event, flipped: &mut bool) {
    match event {
        Event::Turn { client, column } => {
            let column = ["a", "b"][usize::from(*column)];
            studio.sql(&format!(
                "update clients set {column} = 1 - {column} where id = {client}"
            ));
        }
        Event::Move { client } => studio.sql(&format!(
            "update clients set studio = iif(studio = 'Soho', 'Harlem', 'Soho') where id = {client}"
        )),
        Event::Leave { client } => studio.sql(&format!("delete from clients where id = {client}")),
        Event::Join { client } => studio.sql(&format!(
            "insert or ignore into clients values ({client}, 'N{client}', 'Soho', 1, 0, 0)"
        )),
        Event::Rule => {
            *flipped = !*flipped;
            let rule = if *flipped { "a = 0" } else { "a = 1" };
            studio.rules(&RULES.replace("a = 1", rule));
        }
    }
}

/// Who is in a segment and in the report, as the tables say.
fn members(studio: &Studio, segment: &str, by_where: bool) -> BTreeSet<String> {
    let within = if by_where {
        "and c.studio = 'Soho'"
    } else {
        ""
    };
    let sql = format!(
        "select subject_key || '' from muster_memberships
         join clients c on c.id = subject_key where segment_id = '{segment}' {within}"
    );
    studio.query(&sql).into_iter().collect()
}

/// The first number of a line that begins so, in the part of a segment.
fn told(text: &str, name: &str, what: &str) -> usize {
    let part = text.split("WHAT CHANGED").nth(1).unwrap_or("");
    let part = part.split("\nSEGMENTS").next().unwrap_or("");
    let mut lines = part.lines().skip_while(|line| *line != name).skip(1);
    let lines = lines.by_ref().take_while(|line| line.starts_with("  "));
    for line in lines {
        let line = line.trim();
        if let Some(rule) = line.strip_prefix("the rule changed: ") {
            let (entered, left) = rule.split_once(", ").unwrap();
            match what {
                "rule in" => return entered.strip_suffix(" in").unwrap().parse().unwrap(),
                "rule out" => return left.strip_suffix(" out").unwrap().parse().unwrap(),
                _ => continue,
            }
        }
        if let Some(count) = line.strip_suffix(&format!(" {what}")) {
            return count.parse().unwrap();
        }
    }
    0
}

async fn adds_up(steps: Vec<(Vec<Event>, bool)>, by_where: bool) {
    let filter = if by_where {
        "where: studio = \"Soho\""
    } else {
        ""
    };
    let studio = Studio::new(&format!(
        "names: 0\n    attach: none\n    when_empty: send\n    {filter}"
    ));
    studio.told(0).await;
    let now = |studio: &Studio| SEGMENTS.map(|(id, _)| members(studio, id, by_where));
    let mut known = now(&studio);
    let mut flipped = false;
    for ((events, accepted), day) in steps.iter().zip(1..) {
        for event in events {
            happen(&studio, event, &mut flipped);
        }
        let outcome = studio.day(day).await;
        let text = outcome.notification.unwrap().texts.concat();
        let found = now(&studio);
        for (((_, name), then), now) in SEGMENTS.iter().zip(&known).zip(&found) {
            let [entered, left, ruled_in, ruled_out] =
                ["in", "out", "rule in", "rule out"].map(|what| told(&text, name, what));
            assert_eq!(
                entered + ruled_in,
                now.difference(then).count(),
                "{name} in {text}"
            );
            assert_eq!(
                left + ruled_out,
                then.difference(now).count(),
                "{name} in {text}"
            );
            let change = match now.len() as i64 - then.len() as i64 {
                0 => "no change".to_string(),
                by if by < 0 => format!("▼ down {}", -by),
                by => format!("▲ up {by}"),
            };
            let plural = if now.len() == 1 { "" } else { "s" };
            let line = format!("\n{name}: {} client{plural} ({change})\n", now.len());
            assert!(text.contains(&line), "{line} in {text}");
        }
        if *accepted {
            studio.deliver().await;
            known = found;
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<(Vec<Event>, bool)>> {
    let events = proptest::collection::vec(event(), 0..5);
    proptest::collection::vec((events, any::<bool>()), 1..6)
}

fn wait(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn with_everyone(steps in steps()) {
        wait(adds_up(steps, false));
    }

    #[test]
    fn with_a_report_about_some(steps in steps()) {
        wait(adds_up(steps, true));
    }
}
