//! The picture is well-formed whatever the data.

use muster::chart::Captions;
use muster::diagnostic::is_unprintable;
use muster::validation::{Past, draw, prove};

use crate::statistics::past;

fn captions(finding: &str) -> Captions {
    Captions {
        title: "Does health tell who leaves?".to_owned(),
        subjects: "clients".into(),
        finding: vec![finding.into()],
        foot: vec!["2 dates".into()],
        decimal: ',',
        group: '.',
        least_grouped: 4,
    }
}

fn pictured(dates: &[Past]) -> String {
    draw(
        &prove(dates, &[1.0]),
        &captions("a < b & \"c\" \u{7}\n\u{202e}"),
    )
}

/// Every tag that is opened is closed, in order, and no number is NaN.
fn assert_well_formed(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in svg.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').unwrap();
        assert!(!text.contains('>'), "{tag}");
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if tag.ends_with('/') => {}
            None => open.push(tag.split([' ', '\n']).next().unwrap()),
        }
    }
    assert!(open.is_empty(), "{open:?}");
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    assert!(svg.chars().all(|c| c == '\n' || !is_unprintable(c)));
}

#[test]
fn bars_and_points_are_those_of_the_proof() {
    let customers: Vec<(f64, bool)> = (0..100).map(|n| (f64::from(n), n < 20)).collect();
    let svg = pictured(&[past("a", 0, &customers)]);
    assert_well_formed(&svg);
    assert_eq!(svg.matches("class=\"bar\"").count(), 10);
    assert_eq!(svg.matches("class=\"dot\"").count(), 10);
    assert!(svg.contains(">100%<") && svg.contains("everybody: 20%"));
    // What is hidden is seen, as on a terminal.
    assert!(svg.contains("a &lt; b &amp; &quot;c&quot; \u{fffd}\u{fffd}\u{fffd}"));
}

#[test]
fn an_empty_proof_is_a_picture_too() {
    for dates in [
        vec![],
        vec![past("a", 0, &[])],
        vec![past("a", 0, &[(50.0, false)])],
    ] {
        let svg = pictured(&dates);
        assert_well_formed(&svg);
    }
}

#[test]
fn small_shares_keep_their_decimal_in_the_marks_of_the_country() {
    let customers: Vec<(f64, bool)> = (0..1000).map(|n| (f64::from(n) / 10.0, n == 3)).collect();
    let svg = pictured(&[past("a", 0, &customers)]);
    assert!(
        svg.contains(">1,0%<") && svg.contains("everybody: 0,1%"),
        "{svg}"
    );
}
