//! The lines of a mail are its own, whatever the data and config hold.

use muster::store::Store;

use super::studio::{RULES, Studio};

const EXPORT: &str = "export: { columns: [id, name], bom: no }";

/// Names that have ended mails early, in SQL.
const NAMES: [&str; 10] = [
    "'A' || char(10) || '.' || char(10) || 'MAIL FROM:<x@example.com>' || char(10) || '.' || char(10)",
    "'A' || char(13) || '.' || char(13) || 'DATA'",
    "char(13, 10) || '.' || char(13, 10) || 'QUIT' || char(13, 10)",
    "'.' || char(10, 13) || '.'",
    "'A' || char(0) || 'B' || char(10) || '.'",
    "'A' || char(8232) || '.' || char(8233) || '.' || char(133)",
    "printf('%.*c', 1200, 'x') || char(10) || '.'",
    "char(10) || '--mixed' || char(10) || 'From: x'",
    "'.'",
    "'Ω' || char(10) || '.' || char(13)",
];

fn insert(studio: &Studio, names: &[&str]) {
    for (place, name) in names.iter().enumerate() {
        let id = 10 + place;
        studio.sql(&format!(
            "insert into clients values ({id}, {name}, 'Soho', 1, 1, 0)"
        ));
    }
}

/// What `muster export` writes of a segment.
fn exported(studio: &Studio, segment: &str) -> String {
    studio
        .expect(0, &["export", segment, "--format", "csv"])
        .out
}

#[tokio::test]
async fn attached_files_are_those_of_export_byte_for_byte() {
    // All in one, and those alone that make a file of ASCII in short lines.
    for names in [&NAMES[..], &NAMES[..4], &NAMES[8..9]] {
        let studio = Studio::new("");
        studio.report("attach: per_segment", EXPORT);
        insert(&studio, names);
        studio.told(0).await;
        // Every mail is also held against bare line ends and long lines where it is read.
        let files = studio.mails()[0].files();
        for (file, segment) in files.iter().zip(["red", "blue"]) {
            assert_eq!(file.2, exported(&studio, segment), "{segment}");
        }
        assert_eq!(files.len(), 2);
    }
}

#[tokio::test]
async fn a_file_has_the_columns_of_export_in_any_order() {
    for columns in [
        "entered_at, id, name",
        "id, entered_at, name",
        "name, id, entered_at",
        "entered_at",
        "name",
    ] {
        let studio = Studio::new("");
        let export = format!("export: {{ columns: [{columns}], bom: no }}");
        studio.report("attach: per_segment", &export);
        // Without a name, and with one that needs quotes.
        insert(&studio, &["null", "'a, \"b\"'"]);
        studio.told(0).await;
        let files = studio.mails()[0].files();
        assert_eq!(files.len(), 2);
        for (file, segment) in files.iter().zip(["red", "blue"]) {
            assert_eq!(file.2, exported(&studio, segment), "{columns}: {segment}");
        }
    }
}

#[tokio::test]
async fn what_lies_in_the_outbox_has_the_line_ends_of_a_mail() {
    let studio = Studio::new("");
    let long = "x".repeat(1_200);
    let evil = format!("\"Ω\\n.\\r.\\r\\n.\\n\\0{long}\"");
    let subject = evil.replace(&long, &"x".repeat(900));
    studio.report(
        &format!("name: {evil}\n    attach: per_segment\n    subject: {subject}\n    values: all"),
        &format!("{EXPORT}\nowner: boss@bücher.example"),
    );
    let path = studio.path("config.yaml");
    let config = std::fs::read_to_string(&path).unwrap();
    let config = config
        .replace("how many are blue", "\"how\\n.\\nmany\\r.\"")
        .replace("Share of blue", "\"Share\\n.\\r\\n.\"")
        .replace("Segments <", &format!("{long} <"));
    std::fs::write(&path, config).unwrap();
    studio.rules(&RULES.replace("Red ones", &evil));
    insert(&studio, &NAMES);
    studio.day(0).await;
    let mut store = Store::open_writer(&studio.path("studio.db"), false)
        .await
        .unwrap();
    let body = store.body(1).await.unwrap().unwrap();
    let lines: Vec<&[u8]> = body.split(|byte| *byte == b'\n').collect();
    let (last, whole) = lines.split_last().unwrap();
    assert!(last.is_empty());
    for line in whole {
        let line = line.strip_suffix(b"\r").expect("a line ends with CRLF");
        assert!(!line.contains(&b'\r') && !line.contains(&0) && line.len() <= 998);
    }
    assert!(body.is_ascii());
    store.close().await.unwrap();
    studio.deliver().await;
    let mail = &studio.mails()[0];
    let leave = mail.header("List-Unsubscribe").unwrap();
    assert!(
        leave.starts_with("<mailto:boss@xn--bcher-kva.example"),
        "{leave}"
    );
}

#[tokio::test]
async fn addresses_stand_in_headers_as_every_server_takes_them() {
    let studio = Studio::new("");
    studio.report("reply_to: desk@bücher.example", "");
    let path = studio.path("config.yaml");
    let config = std::fs::read_to_string(&path).unwrap();
    let config = config
        .replace("ann@example.com", "ann@παράδειγμα.example")
        .replace("segments@example.com", "segments@MÜLLER.example");
    std::fs::write(&path, config).unwrap();
    studio.told(0).await;
    let mail = &studio.mails()[0];
    let header = |name: &str| mail.header(name).unwrap();
    assert_eq!(header("From"), "Segments <segments@xn--mller-kva.example>");
    assert_eq!(header("To"), "ann@xn--hxajbheg2az3al.example");
    assert_eq!(header("Reply-To"), "desk@xn--bcher-kva.example");
    assert!(header("Message-ID").ends_with("@xn--mller-kva.example>"));
    let config = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, config.replace("παράδειγμα", "xn--\u{2260}")).unwrap();
    let refused = studio.refused().await.concat();
    assert!(refused.contains("is not a mail address"), "{refused}");
}
