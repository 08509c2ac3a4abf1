//! Parts of a compound `active:` that stand again in segments, metrics, filters, ladders and in what ranges over
//! many. Plain SQL takes the others out first, and must name the same members.

use muster::engine::Key;
use proptest::prelude::*;

use super::harness::Folder;
use super::oracle::{COLLECTIONS, Truth, Visit, both, comparison, tables, truth, visit};

/// How many parts everything here is made of.
const PARTS: usize = 3;

/// `active:`, or a condition of parts of it. A part's `side` is 1 where it is true and 0 where not.
#[derive(Debug, Clone)]
enum Made {
    Part(usize),
    /// The part by the name of a metric.
    Metric(usize),
    /// Something else of one client.
    Other(Box<Truth>),
    NotSide(usize),
    Not(Box<Made>),
    Both(&'static str, Box<Made>, Box<Made>),
    /// The age against those of all.
    Against(&'static str, &'static str),
    /// How many there are of the same age, or on one side in all.
    Size(Option<usize>, &'static str, u8),
    /// Among the oldest, with two years more for one side.
    Top(u8, usize),
}

impl Made {
    fn rule(&self, parts: &[Truth]) -> String {
        let part = |n: usize| parts[n].rule();
        match self {
            Self::Part(n) => part(*n),
            Self::Metric(n) => format!("part{n}"),
            Self::Other(of) => of.rule(),
            Self::NotSide(n) => format!("(if({}, 1, 0) = 0)", part(*n)),
            Self::Not(of) => format!("(not {})", of.rule(parts)),
            Self::Both(by, a, b) => format!("({} {by} {})", a.rule(parts), b.rule(parts)),
            Self::Against(by, of) => format!("(age {by} {of}(age))"),
            Self::Size(None, by, count) => format!("(size() within same_age {by} {count})"),
            Self::Size(Some(n), by, count) => {
                format!("(sum(if({}, 1, 0)) {by} {count})", part(*n))
            }
            Self::Top(percent, n) => {
                format!("(top {percent}% by (age + if({}, 2, 0)))", part(*n))
            }
        }
    }

    /// Over the rows `c` of the table `active`, which has the sides beside the clients' columns.
    fn sql(&self, parts: &[Truth]) -> String {
        match self {
            Self::Part(n) | Self::Metric(n) => parts[*n].sql(),
            Self::Other(of) => of.sql(),
            Self::NotSide(n) => format!("(c.side{n} = 0)"),
            Self::Not(of) => format!("(not {})", of.sql(parts)),
            Self::Both(by, a, b) => format!("({} {by} {})", a.sql(parts), b.sql(parts)),
            Self::Against(by, of) => {
                // A sum of nothing is 0.
                let of = match *of {
                    "sum" => "coalesce(sum(d.age), 0)".to_owned(),
                    of => format!("{of}(d.age)"),
                };
                format!("(round(c.age, 9) {by} round((select {of} from active d), 9))")
            }
            Self::Size(None, by, count) => format!(
                "(case when c.age is not null then
                    (select count(*) from active d where d.age = c.age) {by} {count} end)"
            ),
            Self::Size(Some(n), by, count) => {
                format!("((select sum(d.side{n}) from active d) {by} {count})")
            }
            Self::Top(percent, n) => format!(
                "(case when c.age is not null then
                    (select count(*) from active d where d.age + 2 * d.side{n} > c.age + 2 * c.side{n}) * 100
                      < {percent} * (select count(d.age) from active d) end)"
            ),
        }
    }
}

/// Who is active: parts joined in any way.
fn active() -> impl Strategy<Value = Made> {
    (0..PARTS).prop_map(Made::Part).prop_recursive(3, 6, 2, |of| {
        prop_oneof![
            1 => of.clone().prop_map(|of| Made::Not(Box::new(of))),
            4 => (both(), of.clone(), of).prop_map(|(by, a, b)| Made::Both(by, Box::new(a), Box::new(b))),
        ]
    })
}

/// What is asked of the active ones, most often what was asked to tell who they are.
fn asked() -> impl Strategy<Value = Made> {
    let whole = prop::sample::select(vec!["avg", "min", "max", "sum"]);
    let leaf = prop_oneof![
        4 => (0..PARTS).prop_map(Made::Part),
        2 => (0..PARTS).prop_map(Made::Metric),
        1 => (0..PARTS).prop_map(Made::NotSide),
        1 => truth().prop_map(|of| Made::Other(Box::new(of.placed(0)))),
        2 => (comparison(), whole).prop_map(|(by, of)| Made::Against(by, of)),
        2 => (prop::option::of(0..PARTS), comparison(), 0..5_u8).prop_map(|(n, by, count)| Made::Size(n, by, count)),
        1 => (1..9_u8, 0..PARTS).prop_map(|(tenths, n)| Made::Top(tenths * 10, n)),
    ];
    leaf.prop_recursive(2, 4, 2, |of| {
        prop_oneof![
            1 => of.clone().prop_map(|of| Made::Not(Box::new(of))),
            2 => (both(), of.clone(), of).prop_map(|(by, a, b)| Made::Both(by, Box::new(a), Box::new(b))),
        ]
    })
}

/// A folder in which `active:` is made of the parts, and fields stand on them.
fn folder(ages: &[Option<i8>], visits: &[Visit], parts: &[Truth], active: &Made) -> Folder {
    let mut config = format!("{COLLECTIONS}active: '{}'\n", active.rule(parts));
    config += "scopes: { same_age: age }\nfields:\n";
    for (n, part) in parts.iter().enumerate() {
        let side = format!("'if({}, \"yes\", \"no\")'", part.rule());
        config += &format!("  of_side{n}: {{ one: {side} }}\n");
    }
    Folder::new(&tables(ages, visits), &config, &[])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn parts_of_active_mean_the_same_wherever_they_stand(
        ages in prop::collection::vec(prop::option::weighted(0.8, 0..6_i8), 8),
        visits in prop::collection::vec(visit(), 0..60),
        parts in prop::collection::vec(truth(), PARTS),
        active in active(),
        asked in prop::collection::vec(asked(), 6),
        rungs in prop::collection::vec(asked(), 3),
        (among, side) in (0..PARTS, 0..PARTS),
    ) {
        let parts: Vec<Truth> = parts.into_iter().map(|part| part.placed(0)).collect();
        let folder = folder(&ages, &visits, &parts, &active);
        let mut rules = "metrics:\n".to_owned();
        for (n, part) in parts.iter().enumerate() {
            rules += &format!("  part{n}: '{}'\n", part.rule());
        }
        rules += "segments:\n";
        // What each segment is, as SQL over the active ones.
        let mut wanted = Vec::new();
        let mut segment = |id: String, rule: String, sql: String| {
            wanted.push((id.clone(), sql));
            format!("  - id: {id}\n{rule}")
        };
        for (n, made) in [active.clone()].iter().chain(&asked).enumerate() {
            let rule = format!("    when: '{}'\n", made.rule(&parts));
            rules += &segment(format!("s{n}"), rule, made.sql(&parts));
        }
        for (value, answer) in [("yes", 1), ("no", 0)] {
            let rule = format!("    filter: {{ of_side{side}: \"{value}\" }}\n");
            rules += &segment(format!("filtered_{value}"), rule, format!("(c.side{side} = {answer})"));
        }
        let seen = "    when: in segment s1\n".to_owned();
        rules += &segment("seen".to_owned(), seen, "exists (select 1 from s1 where s1.id = c.id)".to_owned());
        let mut ladder = format!("ladder: steps\namong: '{}'\nsegments:\n", parts[among].rule());
        let mut before = String::new();
        for (n, rung) in rungs.iter().enumerate() {
            let rule = format!("    when: '{}'\n", rung.rule(&parts));
            ladder += &segment(format!("rung{n}"), rule, format!("({} and {}{before})", parts[among].sql(), rung.sql(&parts)));
            before += &format!(" and not exists (select 1 from rung{n} r where r.id = c.id)");
        }
        folder.rules(&rules);
        folder.more_rules("ladder", &ladder);
        let found = folder.evaluate();

        let database = folder.connection();
        let sides: String = parts.iter().enumerate().map(|(n, part)| format!(", case when {} then 1 else 0 end as side{n}", part.sql())).collect();
        database.execute_batch(&format!("create temp table active as select c.*{sides} from clients c where {}", active.sql(&parts))).unwrap();
        let ids = |sql: &str| -> Vec<Key> {
            let mut rows = database.prepare(sql).unwrap();
            let rows = rows.query_map([], |row| row.get(0)).unwrap();
            rows.map(|id| Key::Integer(id.unwrap())).collect()
        };
        prop_assert_eq!(found.keys(), ids("select id from active order by id"), "{}", active.rule(&parts));
        for (id, sql) in &wanted {
            database.execute_batch(&format!("create temp table {id} as select c.id from active c where {sql}")).unwrap();
            let place = found.project.ir.segments.iter().position(|segment| segment.id == *id).unwrap();
            let members = found.evaluation.segments.as_slice()[place].as_ref().unwrap();
            let members: Vec<Key> = members.iter().map(|place| found.evaluation.subjects.key(*place as usize).unwrap()).collect();
            let told = format!("{id}\n{rules}\n{ladder}\nactive: {}\n{sql}", active.rule(&parts));
            prop_assert_eq!(members, ids(&format!("select id from {id} order by id")), "{}", told);
        }
        for (n, part) in parts.iter().enumerate() {
            let held = ids(&format!("select c.id from active c where {}", part.sql()));
            let values = found.metric(&format!("part{n}"));
            prop_assert_eq!(values.split(" | ").filter(|value| *value == "yes").count(), held.len());
        }
    }
}
