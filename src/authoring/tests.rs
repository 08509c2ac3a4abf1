//! Properties for any wish: the file says it afterwards, and every unrelated line stays as it is.

#![allow(clippy::unwrap_used, clippy::string_slice, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;

const FILE: &str = r#"# Who is in danger of leaving.
buckets: [At-risk, "New: ones"]

segments:
  # Written by Ana.
  - id: lapsing
    name: Lapsing
    description: >-
      Came often,
      and no longer
    bucket: At-risk          # see the handbook
    importance: 3
    filter:
      city: Berlin           # the capital
      kind: [a, "b: c"]
    when: |
      visits_30d < 3     # few
      and visits_ever > 10

  - id: 'new_ones'
    # A sign may follow.
    name: "New \"ones\""
    when: visits_ever = 1   # exactly

  - { id: short, when: yes }
# The end.
"#;

fn wish(id: &str) -> Wish {
    let tree = same::parsed(FILE).unwrap();
    let node = same::segment_at(&tree, id).unwrap();
    let says = |key| {
        same::get(node, key)
            .and_then(same::text_of)
            .map(str::to_owned)
    };
    Wish {
        name: says("name").unwrap_or_else(|| id.to_owned()),
        description: says("description"),
        bucket: says("bucket"),
        importance: says("importance").map(|text| text.parse().unwrap()),
        when: says("when"),
        filters: same::filters_of(same::get(node, "filter")),
    }
}

/// The lines that only one of two texts has.
fn differing(old: &str, new: &str) -> (Vec<String>, Vec<String>) {
    let only = |one: &str, other: &str| {
        let lines = one
            .lines()
            .filter(|line| !other.lines().any(|known| known == *line));
        lines.map(str::to_owned).collect()
    };
    (only(old, new), only(new, old))
}

#[test]
fn what_is_as_wished_already_stays_byte_for_byte() {
    for id in ["lapsing", "new_ones", "short"] {
        assert_eq!(changed(FILE, id, &wish(id)).unwrap(), FILE);
    }
}

#[test]
fn one_value_changes_its_own_line() {
    let renamed = Wish {
        name: "Slipping away".into(),
        ..wish("lapsing")
    };
    let (gone, come) = differing(FILE, &changed(FILE, "lapsing", &renamed).unwrap());
    assert_eq!(
        (gone, come),
        (
            vec!["    name: Lapsing".into()],
            vec!["    name: Slipping away".into()]
        )
    );
    let moved = Wish {
        bucket: Some("New: ones".into()),
        ..wish("lapsing")
    };
    let (_, come) = differing(FILE, &changed(FILE, "lapsing", &moved).unwrap());
    assert_eq!(
        come,
        ["    bucket: \"New: ones\"          # see the handbook"]
    );
    let other = Wish {
        when: Some("visits_ever = 2".into()),
        ..wish("new_ones")
    };
    let (_, come) = differing(FILE, &changed(FILE, "new_ones", &other).unwrap());
    assert_eq!(come, ["    when: visits_ever = 2   # exactly"]);
}

#[test]
fn a_key_that_was_not_there_stands_where_people_write_it() {
    let more = Wish {
        description: Some("Came once".into()),
        importance: Some(7),
        filters: vec![("city".into(), vec!["Köln".into(), "Bonn, West".into()])],
        ..wish("new_ones")
    };
    let new = changed(FILE, "new_ones", &more).unwrap();
    let segment = new
        .split("- id: 'new_ones'")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap();
    let expected = "
    # A sign may follow.
    name: \"New \\\"ones\\\"\"
    description: Came once
    importance: 7
    filter:
      city: [Köln, \"Bonn, West\"]
    when: visits_ever = 1   # exactly";
    assert_eq!(segment, expected);
    let flow = Wish {
        name: "Short".into(),
        ..wish("short")
    };
    let new = changed(FILE, "short", &flow).unwrap();
    assert!(
        new.contains("  - { id: short, name: Short, when: yes }")
            || new.contains("when: yes, name: Short }"),
        "{new}"
    );
}

#[test]
fn filters_change_field_by_field() {
    let mut other = wish("lapsing");
    other.filters = vec![
        ("kind".into(), vec!["a".into()]),
        ("size".into(), vec!["7".into()]),
    ];
    let (gone, come) = differing(FILE, &changed(FILE, "lapsing", &other).unwrap());
    assert_eq!(
        gone,
        [
            "      city: Berlin           # the capital",
            "      kind: [a, \"b: c\"]"
        ]
    );
    assert_eq!(come, ["      kind: a", "      size: \"7\""]);
    // The order of a filter's fields has no meaning, and a form uses that of config.
    other.filters = vec![
        ("age".into(), vec!["9".into()]),
        ("kind".into(), vec!["a".into(), "b: c".into()]),
        ("city".into(), vec!["Berlin".into()]),
    ];
    let (gone, come) = differing(FILE, &changed(FILE, "lapsing", &other).unwrap());
    assert_eq!(
        (gone, come),
        (Vec::new(), vec!["      age: \"9\"".to_owned()])
    );
    other.filters.clear();
    let (gone, come) = differing(FILE, &changed(FILE, "lapsing", &other).unwrap());
    assert_eq!((gone.len(), come.len()), (3, 0), "{gone:?}");
}

#[test]
fn a_segment_is_added_behind_the_others() {
    let new = Wish {
        name: "Regulars: all".into(),
        when: Some("visits_30d >= 4".into()),
        ..Wish::default()
    };
    let text = added(Some(FILE), "regulars_all", &new).unwrap();
    let expected = FILE.replace(
        "# The end.\n",
        "\n  - id: regulars_all\n    name: \"Regulars: all\"\n    when: visits_30d >= 4\n# The end.\n",
    );
    assert_eq!(text, expected);
    assert!(added(Some(FILE), "short", &new).is_err());
    let text = added(Some("metrics: { a: count(b) }\n"), "x", &new).unwrap();
    assert!(text.contains("}\n\nsegments:\n  - id: x\n"), "{text}");
}

#[test]
fn what_cannot_be_changed_in_its_place_is_refused() {
    let anchored = "segments:\n  - id: a\n    name: &n One\n    when: yes\n  - id: b\n    name: *n\n    when: yes\n";
    let other = Wish {
        name: "Two".into(),
        when: Some("yes".into()),
        ..Wish::default()
    };
    assert!(changed(anchored, "a", &other).is_err());
    assert!(changed(anchored, "b", &other).is_err());
    assert!(changed("segments: [", "a", &other).is_err());
    assert!(changed(FILE, "nobody", &other).is_err());
    assert!(added(Some("segments: []\n"), "a", &other).is_err());
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}( [a-z0-9]{1,6}){0,3}",
        "\\PC{1,20}",
        "[-:#{}\\[\\]&*!|>'\"%@`, ]{1,8}"
    ]
    .prop_filter("a name that can be seen", |text| !text.trim().is_empty())
    .prop_map(|text| text.trim().to_owned())
}

fn wishes() -> impl Strategy<Value = Wish> {
    let condition = prop_oneof![
        Just("visits_30d >= 4".to_owned()),
        Just("city = \"Köln: # West\"".to_owned()),
        Just("a > 1\nand b < 2  # so\n\nand c".to_owned()),
        words(),
    ];
    let filters = proptest::collection::btree_map(
        "[a-z]{1,6}",
        proptest::collection::vec(words(), 1..3),
        0..3,
    );
    let optional = proptest::option::of::<BoxedStrategy<String>>;
    (
        words(),
        optional(words().boxed()),
        optional(words().boxed()),
        proptest::option::of(0u32..99),
        optional(condition.boxed()),
        filters,
    )
        .prop_map(
            |(name, description, bucket, importance, when, filters)| Wish {
                name,
                description,
                bucket,
                importance,
                when,
                filters: filters.into_iter().collect(),
            },
        )
}

proptest! {
    #[test]
    fn whatever_is_wished_is_said_and_nothing_else_changes(first in wishes(), second in wishes(), crlf: bool) {
        let file = if crlf { FILE.replace('\n', "\r\n") } else { FILE.to_owned() };
        for id in ["lapsing", "new_ones"] {
            let one = changed(&file, id, &first).unwrap();
            // A second wish after the first, and the first again.
            let two = changed(&one, id, &second).unwrap();
            let back = changed(&two, id, &first).unwrap();
            prop_assert_eq!(changed(&back, id, &first).unwrap(), back.clone());
            prop_assert!(!crlf || !back.replace("\r\n", "").contains('\n'));
            // The bytes before and after the segment are unchanged.
            let around = |text: &str| {
                let at = text.find(&format!("- id: {}", if id == "lapsing" { "lapsing" } else { "'new_ones'" })).unwrap();
                let next = if id == "lapsing" { "- id: 'new_ones'" } else { "- { id: short" };
                let next = text.find(next).unwrap();
                (text[..at].to_owned(), text[next..].to_owned())
            };
            prop_assert_eq!(around(&back), around(&file));
        }
        let more = added(Some(&file), "made", &first).unwrap();
        prop_assert!(changed(&more, "made", &second).is_ok());
    }
}
