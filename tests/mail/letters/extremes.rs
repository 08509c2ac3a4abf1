//! Mails at the edges of what a business has: no segments that moved and thousands of movers, many segments, names from
//! right to left, no values.

use super::studio::{Mail, Studio};

/// Elements that have no end tag.
const VOID: [&str; 4] = ["meta", "br", "hr", "img"];

/// So many segments of the same people, with names by their number.
fn rules(count: usize, name: impl Fn(usize) -> String) -> String {
    let segment = |i: usize| {
        let name = name(i);
        format!(
            "  - {{ id: s{i}, name: \"{name}\", when: 'a = 1 and b >= {}' }}\n",
            i % 2
        )
    };
    let segments: String = (0..count).map(segment).collect();
    format!("segments:\n{segments}")
}

/// That many clients come in.
fn comers(count: usize, name: &str) -> String {
    format!(
        "with recursive n(i) as (select 1001 union all select i + 1 from n where i < {})
         insert into clients select i, '{name} ' || i, 'Soho', 1, 1, 0 from n;",
        1000 + count
    )
}

/// Every element that begins ends, and none within another's middle; no text runs into a tag.
fn assert_well_formed(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in html.split('<').skip(1) {
        let (tag, _) = part.split_once('>').unwrap();
        if tag.starts_with('!') {
            continue;
        }
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "…<{part}");
            continue;
        }
        let element = tag.split([' ', '/', '\n']).next().unwrap();
        if !VOID.contains(&element) {
            open.push(element);
        }
        // Values of attributes stand in quotes, and none is left open.
        assert_eq!(tag.matches('"').count() % 2, 0, "<{tag}>");
    }
    assert_eq!(open, Vec::<&str>::new());
}

fn assert_mailable(mail: &Mail) {
    let html = mail.html();
    assert!(html.len() < 60_000, "{} bytes", html.len());
    assert_well_formed(html);
    assert!(html.contains("<html") && html.contains("</html>"));
    // The text part is no stump of it.
    assert!(mail.text().lines().count() > 3, "{}", mail.text());
    for line in mail.text().lines() {
        assert!(line.chars().count() <= 200, "{line}");
    }
}

#[tokio::test]
async fn many_segments_from_which_nobody_and_into_which_some_moved() {
    let studio = Studio::new("names: 10");
    studio.rules(&rules(150, |i| format!("Segment number {i}")));
    studio.told(0).await;
    let quiet = studio.told(1).await;
    assert!(
        !quiet.contains(" in:") && !quiet.contains(" out:"),
        "{quiet}"
    );
    studio.sql(&comers(20, "Client"));
    let busy = studio.told(2).await;
    assert!(busy.contains("20 in"), "{busy}");
    let mails = studio.mails();
    assert!(mails.len() > 1);
    mails.iter().for_each(assert_mailable);
}

#[tokio::test]
async fn thousands_who_moved_are_counted_and_some_of_them_named() {
    let studio = Studio::new("names: 10");
    studio.rules(&rules(2, |i| format!("Segment number {i}")));
    let text = studio.told_of(&comers(5_000, "Client")).await;
    assert!(text.contains("5,000 in"), "{text}");
    let named = text.matches("Client ").count();
    assert!((20..60).contains(&named), "{named} named:\n{text}");
    studio.mails().iter().for_each(assert_mailable);
}

#[tokio::test]
async fn names_from_right_to_left_stand_whole_and_pull_nothing_along() {
    let studio = Studio::new("");
    let hebrew = "לקוחות נאמנים (VIP) 2026";
    studio.rules(&rules(3, |i| format!("{hebrew} {i}")));
    studio.told(0).await;
    studio.sql("update clients set name = 'محمد عبد الله <b>', a = 1, b = 1 where id = 5");
    let text = studio.told(1).await;
    assert!(text.contains(&format!("{hebrew} 0")), "{text}");
    assert!(text.contains("محمد عبد الله"), "{text}");
    let mails = studio.mails();
    mails.iter().for_each(assert_mailable);
    let html = mails.last().unwrap().html();
    // A name's direction ends with the name.
    assert!(html.contains(&format!("<bdi>{hebrew} 0</bdi>")), "{html}");
    // What the data says is text.
    assert!(html.contains("محمد عبد الله &lt;b&gt;"), "{html}");
}

#[tokio::test]
async fn segments_without_values_and_without_members() {
    let studio = Studio::new("values: []");
    studio.rules("segments:\n  - { id: nobody, name: Nobody at all, when: 'a > 1000' }\n");
    studio.told(0).await;
    let mails = studio.mails();
    assert_eq!(mails.len(), 1);
    mails.iter().for_each(assert_mailable);
    assert!(
        mails[0].text().contains("Nobody at all"),
        "{}",
        mails[0].text()
    );
}
