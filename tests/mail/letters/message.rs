//! The message itself, as Python's parser reads it.

use super::studio::{RULES, Studio};

#[tokio::test]
async fn the_headers_are_those_of_mail_that_a_machine_sends_to_a_list() {
    let studio = Studio::new("reply_to: desk@example.com");
    studio.report("reply_to: desk@example.com", "owner: boss@example.com");
    studio.told(0).await;
    let mail = &studio.mails()[0];
    let header = |name: &str| mail.header(name).unwrap_or_default();
    assert_eq!(header("From"), "Segments <segments@example.com>");
    assert_eq!(header("To"), "ann@example.com");
    assert_eq!(header("Reply-To"), "desk@example.com");
    assert_eq!(header("Subject"), "daily: 3 clients in 2 segments");
    assert_eq!(header("List-Id"), "<daily.muster.example.com>");
    assert_eq!(
        header("List-Unsubscribe"),
        "<mailto:boss@example.com?subject=unsubscribe%20daily>"
    );
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(header("X-Auto-Response-Suppress"), "All");
    assert!(header("Message-ID").ends_with("@example.com>"));
    assert!(!header("Date").is_empty());
    assert_eq!(
        mail.0["types"],
        serde_json::json!([
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "text/csv"
        ])
    );
    assert_eq!(
        studio.query("select message_id from muster_deliveries"),
        [header("Message-ID")]
    );
    assert!(
        mail.text()
            .contains("boss@example.com looks after the report “daily”")
    );
    assert!(
        mail.text()
            .contains("As of 06/01/2025 08:00 EDT, run 1, rules ")
    );
}

#[tokio::test]
async fn a_sender_may_have_any_name() {
    for name in ["Größe GmbH", "Ann O'Hara", "株式会社"] {
        let studio = Studio::new("");
        let config = studio.read("config.yaml");
        let config = config.replace("Segments <", &format!("{name} <"));
        studio.write("config.yaml", config);
        studio.told(0).await;
        let from = studio.mails()[0].header("From").unwrap();
        assert_eq!(
            from.replace('"', ""),
            format!("{name} <segments@example.com>")
        );
    }
}

#[tokio::test]
async fn names_cannot_break_out_of_header_text_html_or_file() {
    let studio = Studio::new(
        "name: \"Größe & Umsatz <b>№ 1</b>\"\n    attach: per_segment\n    columns: [name, id]",
    );
    studio.report(
        "name: \"Größe & Umsatz <b>№ 1</b>\"\n    attach: per_segment\n    columns: [name, id]\n    \
         subject: \"{{ report }}\\r\\nBcc: all@example.com\\n{{ date }}\"",
        "",
    );
    studio.rules(&RULES.replace(
        "Red ones",
        "\"Röd/é\\r\\nBcc: x@example.com\\n<script>alert(1)</script>\"",
    ));
    studio.told(0).await;
    studio.sql(
        "insert into clients values (6, '=HYPERLINK(\"http://x\")', 'Soho', 1, 0, 0),
         (7, 'Eve' || char(13) || char(10) || 'Bcc: y@example.com', 'Soho', 1, 0, 0), (8, '<img src=x onerror=y>', 'Soho', 1, 0, 0);",
    );
    studio.told(1).await;
    for mail in &studio.mails() {
        assert_eq!(mail.header("Bcc"), None);
        let date = mail.header("Subject").unwrap();
        assert!(
            date.starts_with("Größe & Umsatz <b>№ 1</b> Bcc: all@example.com 06/0"),
            "{date}"
        );
        assert!(
            !mail.html().contains("<script") && !mail.html().contains("<img"),
            "{}",
            mail.html()
        );
        assert!(mail.html().contains("&lt;script&gt;"), "{}", mail.html());
        assert!(
            !mail.text().contains('\r') && !mail.text().contains("\nBcc"),
            "{}",
            mail.text()
        );
    }
    let files = studio.mails()[1].files();
    assert_eq!(
        files[0].0,
        "Röd-é Bcc- x@example.com -script-alert(1)--script- 2025-06-02.csv"
    );
    assert_eq!(files[0].1, "text/csv");
    assert!(
        files[0].2.contains("\"'=HYPERLINK(\"\"http://x\"\")\",6"),
        "{}",
        files[0].2
    );
    assert_eq!(files[1].0, "Blue ones 2025-06-02.csv");
}

#[tokio::test]
async fn a_file_for_each_segment_holds_its_members_and_the_table_counts_them() {
    let studio = Studio::new("attach: per_segment\n    columns: [id, name, entered_at]");
    studio
        .told_of("update clients set a = 1 where id = 3;")
        .await;
    let mail = &studio.mails()[1];
    assert!(
        mail.text()
            .contains("Attached: 2 files, one for each segment.")
    );
    for (file, (id, name)) in mail
        .files()
        .iter()
        .zip([("red", "Red ones"), ("blue", "Blue ones")])
    {
        let body = file.2.strip_prefix('\u{feff}').unwrap_or(&file.2);
        let rows: Vec<&str> = body.lines().skip(1).collect();
        let mut members: Vec<&str> = rows
            .iter()
            .map(|row| row.split(',').next().unwrap())
            .collect();
        members.sort_unstable();
        let stored = studio.query(&format!(
            "select subject_key || '' from muster_memberships where segment_id = '{id}' order by subject_key"
        ));
        assert_eq!(members, stored, "{id}");
        assert!(
            mail.text()
                .contains(&format!("{name}: {} clients", members.len())),
            "{}",
            mail.text()
        );
    }
    let red = &mail.files()[0].2;
    assert!(
        red.contains("3,Cy,06/02/2025 08:00") && red.contains("1,Ann,06/01/2025 08:00"),
        "{red}"
    );
}

#[tokio::test]
async fn a_mail_that_is_too_large_goes_without_its_files_and_says_where_they_are() {
    let studio = Studio::new("max_size: 8 kB\n    columns: [id, name]");
    studio.told(0).await;
    assert_eq!(studio.mails()[0].files().len(), 1);
    studio.sql(
        "with recursive n(i) as (select 100 union all select i + 1 from n where i < 900)
         insert into clients select i, 'Client ' || i, 'Soho', 1, 0, 0 from n;",
    );
    studio.told(1).await;
    let mail = &studio.mails()[1];
    assert_eq!(mail.files().len(), 0);
    let folder = studio.path("reports/daily");
    let note = format!(
        "The files are too large for a mail; where Muster runs, they are in the folder “{}”: daily 2025-06-02.csv.",
        folder.display()
    );
    assert!(mail.text().contains(&note), "{}", mail.text());
    let kept = std::fs::read_to_string(folder.join("daily 2025-06-02.csv")).unwrap();
    assert_eq!(kept.lines().count(), 1 + 803 + 2, "heading, red and blue");
    assert!(kept.contains("Red ones,900,Client 900"));
}

#[tokio::test]
async fn many_segments_and_long_names_stay_within_what_mail_programs_show() {
    let studio = Studio::new("names: 1000");
    let long = "An extraordinarily long segment name without end ".repeat(3);
    let mut rules = String::from("segments:\n");
    for i in 0..300 {
        rules += &format!("  - {{ id: s{i}, name: \"{long}{i}\", when: 'a = 1' }}\n");
    }
    studio.rules(&rules);
    studio
        .told_of("update clients set a = 1, name = name || printf('%.*c', 1500, 'x');")
        .await;
    for mail in studio.mails() {
        assert!(mail.html().len() <= 60_000, "{}", mail.html().len());
        assert!(
            mail.text()
                .contains("more segments would make this mail too long"),
            "{}",
            mail.text()
        );
    }
}

#[tokio::test]
async fn html_brings_nothing_from_elsewhere_and_is_legible_everywhere() {
    let studio = Studio::new("");
    studio.told(0).await;
    let html = studio.mails()[0].html().to_owned();
    for remote in [
        "http:", "https:", "src=", "url(", "@import", "<script", "<link",
    ] {
        assert!(!html.contains(remote), "{remote}");
    }
    assert!(html.contains("<meta name=\"color-scheme\" content=\"light dark\">"));
    let sizes = html.match_indices("font-size:").map(|(at, word)| {
        let digits: String = html[at + word.len()..]
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse::<u32>().unwrap()
    });
    assert!(sizes.min().unwrap() >= 14);
}

#[tokio::test]
async fn names_link_to_the_page_where_config_says_how_it_is_reached() {
    let studio = Studio::new("");
    let page = "page: { url: https://segments.example.com, auth: { users: page-users } }";
    studio.report("", page);
    studio.told(0).await;
    let mail = &studio.mails()[0];
    let html = mail.html().replace("&#x2f;", "/");
    let link = "<a href=\"https://segments.example.com/segments/red\"";
    assert!(html.contains(link), "{html}");
    let text = mail.text();
    assert!(text.contains("https://segments.example.com/\n"), "{text}");
}
