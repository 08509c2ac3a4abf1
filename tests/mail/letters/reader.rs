//! A reader who only ever sees the mail: plain words, the values that were chosen, reasons, no mix-ups.

use super::studio::{RULES, Studio};

/// Config whose values are those of a preset, and one of its own.
fn with_preset(studio: &Studio, report: &str) {
    studio.sql(
        "create table payments (id integer primary key, client_id integer, paid_at datetime, amount decimal(9, 2));
         insert into payments values (1, 1, '2025-05-01 10:00:00', 40), (2, 2, '2025-05-02 10:00:00', 20);",
    );
    studio.report(report, "");
    let path = studio.path("config.yaml");
    let config = std::fs::read_to_string(&path).unwrap();
    let config = config
        .replace(
            "collections:",
            "collections:\n  payments: { table: payments, subject: client_id, at: paid_at, types: { amount: money } }",
        )
        .replace(
            "values:\n  add:",
            "values:\n  preset: orders\n  money: { from: payments, amount: amount }\n  add:",
        );
    std::fs::write(path, config).unwrap();
}

/// The lines of a text that stand below a heading, up to the next empty line.
fn below<'t>(text: &'t str, heading: &str) -> Vec<&'t str> {
    let lines = text.lines().skip_while(|line| *line != heading).skip(1);
    lines.take_while(|line| !line.is_empty()).collect()
}

#[tokio::test]
async fn values_are_told_in_full_words_and_explained_once() {
    let studio = Studio::new("");
    with_preset(&studio, "");
    let text = studio.told(0).await;
    assert_eq!(
        below(&text, "Red ones: 2 clients"),
        [
            "  Expected revenue a year (USD)    60.00",
            "  Share of blue                    50.0%",
        ]
    );
    for (part, times) in [
        ("how many are blue", 1),
        ("Expected revenue a year: what", 1),
        ("ARR", 0),
    ] {
        assert_eq!(text.matches(part).count(), times, "{part} in {text}");
    }
    let html = studio.mails()[0].html().to_owned();
    assert!(
        html.contains("<b>Share of blue</b>: how many are blue"),
        "{html}"
    );
}

#[tokio::test]
async fn a_report_tells_the_values_that_it_chooses_in_its_order() {
    let studio = Studio::new("");
    let labels = |text: &str| -> Vec<String> {
        let lines = below(text, "Red ones: 2 clients").into_iter();
        let words = lines.map(|line| line.trim().split("  ").next().unwrap().to_owned());
        words.collect()
    };
    let mut first = true;
    for (values, wanted) in [
        ("values: none", &[][..]),
        (
            "values: [share, size, aov]",
            &["Share of blue", "Average order value (USD)"][..],
        ),
        (
            "values: all",
            &["Expected revenue a year (USD)", "Average order frequency"][..],
        ),
    ] {
        if first {
            with_preset(&studio, values);
            studio.day(0).await;
            first = false;
        } else {
            let path = studio.path("config.yaml");
            let config = std::fs::read_to_string(&path).unwrap();
            let at = config.find("values: ").unwrap();
            let end = at + config[at..].find('\n').unwrap();
            std::fs::write(path, config.replace(&config[at..end], values)).unwrap();
        }
        let text = studio.shown().await.texts.concat();
        assert_eq!(labels(&text), wanted, "{text}");
        let explained = text.contains("WHAT THE NUMBERS MEAN");
        assert_eq!(explained, !wanted.is_empty(), "{text}");
    }
    // Where something happened, the others are told too.
    studio.deliver().await;
    studio.sql("update clients set a = 1 where id = 3;");
    let text = studio.told(1).await;
    let happened = below(&text, "Red ones").into_iter().skip(1);
    let labels: Vec<&str> = happened
        .map(|line| line.trim().split("  ").next().unwrap())
        .collect();
    let others = [
        "Average order value (USD)",
        "Average customer value (USD)",
        "Total value (USD)",
        "Share of blue",
    ];
    assert_eq!(labels, others, "{text}");
}

#[tokio::test]
async fn a_first_mail_tells_what_segments_are_for_and_how_large_they_are_side_by_side() {
    let studio = Studio::new("");
    studio.rules(&RULES.replace(
        "name: Red ones,",
        "name: Red ones, description: Who likes red,",
    ));
    studio.sql("update clients set b = 0 where id = 4;");
    let text = studio.told(0).await;
    assert_eq!(below(&text, "Red ones: 2 clients")[0], "  Who likes red");
    let html = studio.mails()[0].html().to_owned();
    let widths: Vec<&str> = html
        .split("<td width=\"")
        .skip(1)
        .filter_map(|cell| cell.split_once("%\" bgcolor").map(|(width, _)| width))
        .collect();
    assert_eq!(widths, ["100", "50"], "{html}");
    studio.sql("update clients set b = 0;");
    let text = studio.told(1).await;
    assert!(!text.contains("Who likes red"), "{text}");
    let html = studio.mails()[1].html().to_owned();
    assert_eq!(html.matches("bgcolor").count(), 1, "{html}");
    assert!(html.contains(">▼ down 1</span>"), "{html}");
}

#[tokio::test]
async fn a_value_that_was_not_told_before_has_its_change_all_the_same() {
    let studio = Studio::new("values: none\n    when_empty: send");
    studio.told(0).await;
    studio.sql("update clients set a = 1 where id = 3;");
    studio.report("", "");
    let text = studio.told(1).await;
    assert!(
        text.contains("  Share of blue    33.3%   (▼ down 16.7 points)"),
        "{text}"
    );
}

#[tokio::test]
async fn who_moved_most_is_told_with_what_each_segment_did() {
    let studio = Studio::new("segments: [red, blue]");
    studio.rules(&format!(
        "{RULES}  - {{ id: pale, name: Pale ones, importance: 2, when: 'closed = 1' }}\n"
    ));
    let text = studio.told_of("update clients set a = 0, b = 0, closed = 1 where id = 1; update clients set b = 1 where id = 3;").await;
    let told: Vec<&str> = text
        .split("client is in.\n\n")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap()
        .lines()
        .collect();
    let told = told.join("\n");
    // Weights 3, 1 and 2 of 6 in all.
    let words: Vec<&str> = told.split_whitespace().collect();
    assert_eq!(
        words.join(" "),
        "Ann: down from 0.67 to 0.33, now number 2 of 5: left Red ones (−0.50) and Blue ones (−0.17); \
         1 segment not in this report (+0.33) Cy: up from 0.00 to 0.17, now number 3 of 5: entered Blue ones (+0.17)"
    );
}

#[tokio::test]
async fn a_name_has_its_key_where_only_somebody_outside_the_mail_shares_it() {
    let studio = Studio::new("");
    studio.told(0).await;
    studio.sql(
        "update clients set name = 'Cy' where id = 5; update clients set a = 1 where id in (3, 4);",
    );
    let text = studio.told(1).await;
    assert!(text.contains("  2 in: Di and Cy (client 3)\n"), "{text}");
}

#[tokio::test]
async fn a_value_has_as_many_decimals_in_every_segment() {
    let studio = Studio::new("");
    let config = std::fs::read_to_string(studio.path("config.yaml")).unwrap();
    studio.write(
        "config.yaml",
        config.replace("format: percent", "format: number"),
    );
    let text = studio.told(0).await;
    let values: Vec<&str> = text
        .lines()
        .filter(|l| l.contains("Share of blue "))
        .collect();
    assert!(
        values[0].ends_with(" 0.50") && values[1].ends_with(" 1.00"),
        "{text}"
    );
}

#[tokio::test]
async fn people_of_one_name_are_told_apart_and_others_left_alone() {
    let studio = Studio::new("");
    studio.told(0).await;
    studio.sql(
        "update clients set name = 'Cy' where id = 5; update clients set a = 1 where id in (3, 4, 5);
         update clients set b = 1 where id = 3;",
    );
    let text = studio.told(1).await;
    assert!(
        text.contains("  3 in: Cy (client 3), Di and Cy (client 5)\n"),
        "{text}"
    );
    assert!(text.contains("  1 in: Cy (client 3)\n"), "{text}");
    assert!(
        text.contains("\nCy (client 3): up from 0.00 to 1.00"),
        "{text}"
    );
    let html = studio.mails()[1].html().to_owned();
    assert!(
        html.contains("Cy (client 3), Di and Cy (client 5)"),
        "{html}"
    );
}

#[tokio::test]
async fn a_subject_line_says_what_there_is_to_say() {
    let studio = Studio::new("name: Our segments\n    when_empty: send");
    let subject = |at: usize| studio.mails()[at].header("Subject").unwrap();
    studio.told(0).await;
    assert_eq!(subject(0), "Our segments: 3 clients in 2 segments");
    studio.told(1).await;
    assert_eq!(subject(1), "Our segments: nothing changed");
    studio.rules(&RULES.replace("a = 1", "a = 0"));
    studio.told(2).await;
    assert_eq!(subject(2), "Our segments: 1 rule changed");
    studio.rules("segments:\n  - { id: red, name: Red ones, importance: 3, when: 'a = 0' }\n");
    studio.told(3).await;
    assert_eq!(subject(3), "Our segments: fewer segments");
    studio.rules(&RULES.replace("a = 1", "a = 0"));
    studio.told(4).await;
    assert_eq!(subject(4), "Our segments: 1 new segment");
}

#[tokio::test]
async fn no_line_of_the_text_is_longer_than_mail_programs_show() {
    let studio = Studio::new("names: 50");
    let name = "Clients who come more often than they used to before the summer ".repeat(2);
    studio.rules(&RULES.replace("Red ones", &name));
    studio.told(0).await;
    studio.sql(
        "update clients set a = 1 - a, name = 'Zoë ' || name || ' of the Überlingen am Bodensee';",
    );
    studio.told(1).await;
    for mail in studio.mails() {
        let longest = mail.text().lines().map(|line| line.chars().count()).max();
        assert!(longest.unwrap() <= 78, "{}", mail.text());
    }
}

#[tokio::test]
async fn an_average_of_a_few_says_of_how_many() {
    let studio = Studio::new("values: [share]");
    studio.sql("update clients set b = null where id <> 1");
    studio.told(0).await;
    let [first] = studio.mails().try_into().ok().unwrap();
    let text = first.text();
    assert!(text.contains("  Share of blue   100.0% (1 of 2)"), "{text}");
    assert!(
        text.contains("\n(1 of 2): an average over only so many members"),
        "{text}"
    );
    assert!(
        first.html().contains(">100.0% (1 of 2)</span>"),
        "{}",
        first.html()
    );
    // Then of one, now of all: the two are not of one kind.
    studio.sql("update clients set b = 0 where id <> 1; insert into clients values (9, 'New', 'Soho', 1, 0, 0)");
    studio.told(1).await;
    let mails = studio.mails();
    let text = mails.last().unwrap().text();
    assert!(
        text.contains("  Share of blue    33.3%   (▼ down 66.7 points; then 1 of 2)"),
        "{text}"
    );
    assert!(!text.contains("so many members only"), "{text}");
    assert_eq!(
        studio.query(
            "select group_concat(run_id || ' ' || segment_id || ' ' || coalesce(counted, '-'), ', ')
             from muster_metrics where metric = 'share' and segment_id = 'red'"
        ),
        ["1 red 1, 2 red 3"]
    );
}
