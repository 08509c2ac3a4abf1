use super::{Stands, cursor};

/// The keys and the context of the `¦` in a text.
fn at(text: &str) -> (String, String) {
    let byte = text.find('¦').unwrap_or(text.len());
    let text = text.replace('¦', "");
    let found = cursor(&text, byte);
    let stands = match found.stands {
        Stands::Key(typed) => format!("key {typed}"),
        Stands::Value(typed) => format!("value {}", typed.trim_start()),
        Stands::Behind => "behind".to_owned(),
        Stands::Comment => "comment".to_owned(),
    };
    (found.keys.join("."), stands)
}

#[test]
fn the_keys_and_the_beginning_are_found() {
    for (text, keys, stands) in [
        ("seg¦", "", "key seg"),
        ("metrics:\n  a: count(vi¦", "metrics.a", "value count(vi"),
        ("segments:\n  - id: a\n    wh¦", "segments", "key wh"),
        ("segments:\n- id: a\n  wh¦", "segments", "key wh"),
        ("segments:\n  - i¦", "segments", "key i"),
        (
            "segments:\n  - id: a\n    when: x > 1 and ¦\n  - id: b",
            "segments.when",
            "value x > 1 and ",
        ),
        (
            "segments:\n  - id: a\n    when: |\n      x > 1\n      and y¦",
            "segments.when",
            "value x > 1\n      and y",
        ),
        (
            "segments:\n  - id: a\n    when: |\n      x > 1\n      ¦",
            "segments.when",
            "value x > 1\n      ",
        ),
        (
            "segments:\n  - id: a\n    when: x > 1\n      and y¦",
            "segments.when",
            "value x > 1\n      and y",
        ),
        (
            "segments:\n  - { id: a, when: x > ¦",
            "segments.when",
            "value x > ",
        ),
        ("segments:\n  - { id: a, wh¦", "segments", "key wh"),
        (
            "segments:\n  - id: a\n    filter: { plan: [a, ¦",
            "segments.filter.plan",
            "value ",
        ),
        (
            "segments:\n  - id: a\n    filter: { plan: [a,\n      ¦",
            "segments.filter.plan",
            "value ",
        ),
        (
            "segments:\n  - {\n      id: a,\n      wh¦",
            "segments",
            "key wh",
        ),
        (
            "segments:\n  - id: a\n    filter: { plan: [a] ¦",
            "segments.filter.plan",
            "behind",
        ),
        (
            "segments:\n  - { id: a, bucket: \"Big\" ¦",
            "segments.bucket",
            "behind",
        ),
        (
            "segments:\n  - { id: a, bucket: 'it''s ¦",
            "segments.bucket",
            "value 'it''s ",
        ),
        (
            "segments:\n  - { id: a, bucket: \"a \\\" ¦",
            "segments.bucket",
            "value \"a \\\" ",
        ),
        ("segments:\n  - { id: \"a\", wh¦", "segments", "key wh"),
        (
            "segments:\n  - { \"filter\": { \"plan\": ¦",
            "segments.\"filter\".\"plan\"",
            "value ",
        ),
        (
            "segments:\n  - { id: a\n  - id: b\n    wh¦",
            "segments",
            "key wh",
        ),
        (
            "segments:\n  - id: a\n    filter:\n      pl¦",
            "segments.filter",
            "key pl",
        ),
        (
            "collections:\n  visits: { table: visits, at: ¦",
            "collections.visits.at",
            "value ",
        ),
        (
            "collections:\n  visits:\n    where: a = \"¦",
            "collections.visits.where",
            "value a = \"",
        ),
        ("a: 1\nb: ¦", "b", "value "),
        ("a:\n  b: 1\n\n# remark\nc¦", "", "key c"),
        ("# remark ¦", "", "comment"),
        ("segments:\n  - id: a\n    # this is ¦", "", "comment"),
        ("segments:\n  - id: a # this ¦", "", "comment"),
        (
            "segments:\n  - { id: a, name: 'b # c¦",
            "segments.name",
            "value 'b # c",
        ),
        (
            "segments:\n  - id: a\n    when: name = \"it's # 1¦",
            "",
            "comment",
        ),
        ("segments:\n  - id: a#1¦", "segments.id", "value a#1"),
    ] {
        assert_eq!(at(text), (keys.to_owned(), stands.to_owned()), "{text}");
    }
}

#[test]
fn the_other_entries_of_a_mapping_are_found() {
    for (text, beside, in_item) in [
        (
            "metrics:\n  a: 1\n¦\nsegments: []",
            "metrics=, segments=[]",
            false,
        ),
        ("segments:\n  ¦", "", false),
        ("segments:\n  - ¦\n    when: x", "when=x", true),
        (
            "segments:\n  - id: a # one\n    filter:\n      plan: b\n    ¦\n    when: x\n  - id: b\n    name: c",
            "filter=, id=a, when=x",
            true,
        ),
        (
            "segments:\n  - { id: a, ¦, when: [b, c], name: d }",
            "id=a, when=[b, c], name=d",
            true,
        ),
        (
            "x: { table: visits, changes: [a, ¦], key: id }",
            "table=visits, key=id",
            true,
        ),
        (
            "x:\n  table: 'visits'\n  at: ¦\ny: 1",
            "table=visits",
            false,
        ),
    ] {
        let byte = text.find('¦').unwrap_or(text.len());
        let text = text.replace('¦', "");
        let found = cursor(&text, byte);
        let entries = found.beside.iter();
        let entries: Vec<_> = entries.map(|e| format!("{}={}", e.key, e.value)).collect();
        assert_eq!(
            (entries.join(", ").as_str(), found.in_item),
            (beside, in_item),
            "{text}"
        );
    }
}
