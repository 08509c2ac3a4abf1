//! The engine against plain SQL: random conditions over random rows, each written twice, as a rule and as a SQLite
//! query that is slow and obviously right. Both must name the same members.

use muster::language::functions::{Dialect, Function};
use proptest::prelude::*;

use super::harness::{Folder, NOW};

/// Clients and their visits, and notes that lead to a client and a time through the visit that they are about.
pub const COLLECTIONS: &str = "
subject: { name: client, table: clients, key: id, label: name }
collections:
  visits: { table: visits, subject: client_id, at: at }
  notes: { table: notes, subject: visit.client_id, at: visit.at, lookups: { visit: { table: visits, key: no, by: visit_no } } }
";

/// Which rows by time.
#[derive(Debug, Clone, Copy)]
pub enum Span {
    Past,
    Last(u8),
    Previous(u8),
    Next(u8),
    Between(u8, u8),
}

/// What is asked of a row: like [`Truth`], but of the row's own columns.
#[derive(Debug, Clone)]
pub enum Row {
    Grade(&'static str, i8),
    Class(&'static str, u8),
    AnyClass(u8, u8),
    Age(&'static str),
    Without(&'static str),
    /// The grade against a number of the row's client.
    Against(&'static str, Box<Number>),
    Not(Box<Row>),
    Both(&'static str, Box<Row>, Box<Row>),
}

/// What is worked out for a row, beginning with its grade.
#[derive(Debug, Clone)]
pub struct Work(Vec<(&'static str, Operand)>);

/// What stands behind an operator there.
#[derive(Debug, Clone, Copy)]
enum Operand {
    Known(i8),
    Grade,
    Age,
}

/// Rows of a client: a window and, maybe, a condition.
pub type Rows = (Span, Option<Row>);

/// A number of a client.
#[derive(Debug, Clone)]
pub enum Number {
    Known(i8),
    Age,
    Count(Rows),
    Distinct(Rows),
    /// `sum`, `avg`, `min`, `max` or `median` of the grades.
    Of(&'static str, Rows),
    /// The same, or `count(distinct …)`, of what is worked out for each row.
    Worked(&'static str, Work, Rows),
    /// The same of the notes about visits, by the grade of each.
    Notes(&'static str, Work, Rows),
    /// The grade of the first or the last row.
    End(&'static str, Rows),
    Made(&'static str, Box<Number>, Box<Number>),
    Call(Function, Vec<Number>),
    If(Box<Truth>, Box<Number>, Box<Number>),
}

/// A condition on a client.
#[derive(Debug, Clone)]
pub enum Truth {
    Compare(&'static str, Number, Number),
    In(Number, Vec<i8>),
    Exists(Rows),
    ClassOfEnd(&'static str, Rows, &'static str, u8),
    Missing(Number, bool),
    /// Membership of a segment before this one; its number counts down from here.
    Segment(usize),
    Not(Box<Truth>),
    Both(&'static str, Box<Truth>, Box<Truth>),
}

impl Span {
    fn rule(self) -> String {
        match self {
            Self::Past => String::new(),
            Self::Last(n) => format!(" in last {n} days"),
            Self::Previous(n) => format!(" in previous {n} days"),
            Self::Next(n) => format!(" in next {n} days"),
            Self::Between(far, near) => format!(" from {far} days ago to {near} days ago"),
        }
    }

    fn sql(self) -> String {
        let between = |from: i32, until: i32| {
            format!(
                "v.at >= datetime('{NOW}', '{from} days') and v.at < datetime('{NOW}', '{until} days')"
            )
        };
        match self {
            Self::Past => format!("v.at < datetime('{NOW}')"),
            Self::Last(n) => between(-i32::from(n), 0),
            Self::Previous(n) => between(-2 * i32::from(n), -i32::from(n)),
            Self::Next(n) => between(0, i32::from(n)),
            Self::Between(far, near) => between(-i32::from(far), -i32::from(near)),
        }
    }
}

impl Row {
    /// `owner` is the lookup of a rule through which the row is reached.
    fn write(&self, sql: bool, owner: &str) -> String {
        let class = |n: u8| {
            if sql {
                format!("'{}'", text(n))
            } else {
                format!("\"{}\"", text(n))
            }
        };
        let (row, client) = if sql {
            ("v.", "c.")
        } else {
            (owner, "client.")
        };
        match self {
            Self::Grade(by, n) => format!("({row}grade {by} {n})"),
            Self::Class(by, n) => format!("({row}class {by} {})", class(*n)),
            Self::AnyClass(a, b) if sql => {
                format!(
                    "(instr({row}class, {}) > 0 or instr({row}class, {}) > 0)",
                    class(*a),
                    class(*b)
                )
            }
            Self::AnyClass(a, b) => {
                format!(
                    "({row}class contains any of ({}, {}))",
                    class(*a),
                    class(*b)
                )
            }
            Self::Age(by) => format!("({row}grade {by} {client}age)"),
            Self::Without(column) if sql => format!("(v.{column} is null)"),
            Self::Without(column) => format!("({row}{column} is missing)"),
            Self::Against(by, number) if sql => {
                format!("(round(v.grade, 9) {by} round({}, 9))", number.sql())
            }
            Self::Against(by, number) => format!("({row}grade {by} {})", number.rule()),
            Self::Not(of) => format!("(not {})", of.write(sql, owner)),
            Self::Both(by, a, b) => {
                format!("({} {by} {})", a.write(sql, owner), b.write(sql, owner))
            }
        }
    }
}

impl Work {
    /// From the left, each step in parentheses.
    fn write(&self, grade: &str, client: &str) -> String {
        self.0.iter().fold(grade.to_owned(), |left, (by, operand)| {
            let right = match operand {
                Operand::Known(n) => n.to_string(),
                Operand::Grade => grade.to_owned(),
                Operand::Age => format!("{client}age"),
            };
            format!("({left} {by} {right})")
        })
    }
}

/// `visits.grade in last 30 days where …`, after `of`; `owner` is the lookup through which the visit is reached.
fn rule_of(of: &str, (span, filter): &Rows, owner: &str) -> String {
    let filter = filter
        .as_ref()
        .map(|row| format!(" where {}", row.write(false, owner)));
    format!("{of}{}{}", span.rule(), filter.unwrap_or_default())
}

/// A measure of what is worked out for each row.
fn worked_rule(measure: &str, of: &str, rows: &Rows, owner: &str) -> String {
    match measure {
        "distinct" => format!("count({})", rule_of(&format!("distinct {of}"), rows, owner)),
        measure => format!("{measure}({})", rule_of(of, rows, owner)),
    }
}

/// A subquery over the rows of the client `c`.
fn sql_of(what: &str, rows: &Rows, order: &str) -> String {
    sql_from("visits v", what, rows, order)
}

fn sql_from(from: &str, what: &str, (span, filter): &Rows, order: &str) -> String {
    let filter = filter
        .as_ref()
        .map(|row| format!(" and {}", row.write(true, "")));
    format!(
        "(select {what} from {from} where v.client_id = c.id and {}{}{order})",
        span.sql(),
        filter.unwrap_or_default()
    )
}

/// A measure in SQL, in which a sum of nothing is nothing.
fn measured(measure: &str, of: &str) -> String {
    match measure {
        "sum" => format!("coalesce(sum({of}), 0)"),
        "distinct" => format!("count(distinct {of})"),
        measure => format!("{measure}({of})"),
    }
}

/// The first or the last row; of equal times the one with the lower or the higher key.
fn end(which: &str, column: &str, rows: &Rows) -> String {
    let way = if which == "first" { "asc" } else { "desc" };
    sql_of(
        &format!("v.{column}"),
        rows,
        &format!(" order by v.at {way}, v.no {way} limit 1"),
    )
}

/// The mean of the one or two values in the middle.
fn median(rows: &Rows) -> String {
    let numbered = sql_of(
        "v.grade, row_number() over (order by v.grade) place, count(*) over () n",
        rows,
        " and v.grade is not null",
    );
    format!("(select avg(grade) from {numbered} where place in ((n + 1) / 2, (n + 2) / 2))")
}

impl Number {
    pub fn rule(&self) -> String {
        match self {
            Self::Known(n) => n.to_string(),
            Self::Age => "client.age".to_owned(),
            Self::Count(rows) => format!("count({})", rule_of("visits", rows, "")),
            Self::Distinct(rows) => worked_rule("distinct", "visits.class", rows, ""),
            Self::Of(measure, rows) => worked_rule(measure, "visits.grade", rows, ""),
            Self::Worked(measure, work, rows) => {
                worked_rule(measure, &work.write("visits.grade", "client."), rows, "")
            }
            Self::Notes(measure, work, rows) => {
                let of = work.write("notes.visit.grade", "client.");
                worked_rule(measure, &format!("notes.points + {of}"), rows, "visit.")
            }
            Self::End(which, rows) => format!("{which}({}).grade", rule_of("visits", rows, "")),
            Self::Made(by, a, b) => format!("({} {by} {})", a.rule(), b.rule()),
            Self::Call(function, args) => {
                let args: Vec<String> = args.iter().map(Self::rule).collect();
                format!("{}({})", function.name(), args.join(", "))
            }
            Self::If(when, a, b) => format!("if({}, {}, {})", when.rule(), a.rule(), b.rule()),
        }
    }

    pub fn sql(&self) -> String {
        match self {
            Self::Known(n) => format!("({n})"),
            Self::Age => "c.age".to_owned(),
            Self::Count(rows) => sql_of("count(*)", rows, ""),
            Self::Distinct(rows) => sql_of("count(distinct v.class)", rows, ""),
            Self::Of("median", rows) => median(rows),
            Self::Of(measure, rows) => sql_of(&measured(measure, "v.grade"), rows, ""),
            Self::Worked(measure, work, rows) => {
                sql_of(&measured(measure, &work.write("v.grade", "c.")), rows, "")
            }
            Self::Notes(measure, work, rows) => {
                let of = format!("n.points + {}", work.write("v.grade", "c."));
                let from = "notes n join visits v on v.no = n.visit_no";
                sql_from(from, &measured(measure, &of), rows, "")
            }
            Self::End(which, rows) => end(which, "grade", rows),
            Self::Made("/", a, b) => format!("(cast({} as real) / {})", a.sql(), b.sql()),
            Self::Made(by, a, b) => format!("({} {by} {})", a.sql(), b.sql()),
            Self::Call(function, args) => {
                let args: Vec<String> = args.iter().map(Self::sql).collect();
                call(*function, &args)
            }
            Self::If(when, a, b) => call(Function::If, &[when.sql(), a.sql(), b.sql()]),
        }
    }
}

/// The functions of numbers that the registry spells in SQL, with how many arguments they are called.
const FUNCTIONS: [(Function, usize); 5] = [
    (Function::Default, 2),
    (Function::Abs, 1),
    (Function::Least, 3),
    (Function::Greatest, 2),
    (Function::Scale, 3),
];

/// A call as the registry spells it.
fn call(function: Function, args: &[String]) -> String {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    function.sql(Dialect::Sqlite, &args).unwrap()
}

/// A comparison of numbers, which are equal up to nine decimals: divisions are the only ones with any.
fn compared(by: &str, a: &Number, b: &Number) -> String {
    format!("(round({}, 9) {by} round({}, 9))", a.sql(), b.sql())
}

/// A segment's number as a rule and as SQL, as seen from segment `here`; the first segment refers to nothing.
fn segment(back: usize, here: usize) -> Option<usize> {
    here.checked_sub(1 + back % here.max(1))
}

impl Truth {
    /// Puts numbers of segments for the ways back to them.
    pub fn placed(self, here: usize) -> Self {
        match self {
            Self::Segment(back) => match segment(back, here) {
                Some(there) => Self::Segment(there),
                None => Self::Exists((Span::Past, None)),
            },
            Self::Not(of) => Self::Not(Box::new(of.placed(here))),
            Self::Both(by, a, b) => {
                Self::Both(by, Box::new(a.placed(here)), Box::new(b.placed(here)))
            }
            other => other,
        }
    }

    pub fn rule(&self) -> String {
        match self {
            Self::Compare(by, a, b) => format!("({} {by} {})", a.rule(), b.rule()),
            Self::In(x, list) => format!("({} in {})", x.rule(), listed(list)),
            Self::Exists(rows) => format!("exists({})", rule_of("visits", rows, "")),
            Self::ClassOfEnd(which, rows, by, n) => {
                format!(
                    "({which}({}).class {by} \"{}\")",
                    rule_of("visits", rows, ""),
                    text(*n)
                )
            }
            Self::Missing(x, true) => format!("({} is missing)", x.rule()),
            Self::Missing(x, false) => format!("({} is present)", x.rule()),
            Self::Segment(n) => format!("in segment s{n}"),
            Self::Not(of) => format!("(not {})", of.rule()),
            Self::Both(by, a, b) => format!("({} {by} {})", a.rule(), b.rule()),
        }
    }

    /// Of a segment it asks whether it has the client: yes or no, never unknown.
    pub fn sql(&self) -> String {
        match self {
            Self::Compare(by, a, b) => compared(by, a, b),
            Self::In(x, list) => format!("(round({}, 9) in {})", x.sql(), listed(list)),
            Self::Exists(rows) => format!("exists {}", sql_of("1", rows, "")),
            Self::ClassOfEnd(which, rows, by, n) => {
                format!("({} {by} '{}')", end(which, "class", rows), text(*n))
            }
            Self::Missing(x, true) => format!("({} is null)", x.sql()),
            Self::Missing(x, false) => format!("({} is not null)", x.sql()),
            Self::Segment(n) => {
                format!("exists (select 1 from members m where m.segment = {n} and m.id = c.id)")
            }
            Self::Not(of) => format!("(not {})", of.sql()),
            Self::Both(by, a, b) => format!("({} {by} {})", a.sql(), b.sql()),
        }
    }
}

fn text(n: u8) -> char {
    char::from(b'a' + n % 3)
}

fn listed(list: &[i8]) -> String {
    let list: Vec<String> = list.iter().map(i8::to_string).collect();
    format!("({})", list.join(", "))
}

pub fn comparison() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["=", "!=", "<", "<=", ">", ">="])
}

pub fn both() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["and", "or"])
}

fn which() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["first", "last"])
}

/// Rows, some of them compared with numbers that are made of further rows, so many levels deep.
fn rows(levels: usize) -> BoxedStrategy<Rows> {
    let span = prop_oneof![
        3 => Just(Span::Past),
        3 => (1..60_u8).prop_map(Span::Last),
        2 => (1..40_u8).prop_map(Span::Previous),
        1 => (1..20_u8).prop_map(Span::Next),
        1 => (1..40_u8, 1..40_u8).prop_map(|(a, b)| Span::Between(a + b, b)),
    ];
    let leaf = prop_oneof![
        (comparison(), 0..6_i8).prop_map(|(by, n)| Row::Grade(by, n)),
        (prop::sample::select(vec!["=", "!="]), any::<u8>()).prop_map(|(by, n)| Row::Class(by, n)),
        (any::<u8>(), any::<u8>()).prop_map(|(a, b)| Row::AnyClass(a, b)),
        comparison().prop_map(Row::Age),
        prop::sample::select(vec!["grade", "class"]).prop_map(Row::Without),
    ]
    .boxed();
    let leaf = match levels.checked_sub(1) {
        None => leaf,
        Some(levels) => {
            let against = (comparison(), aggregate(levels));
            let against = against.prop_map(|(by, number)| Row::Against(by, Box::new(number)));
            prop_oneof![4 => leaf, 2 => against].boxed()
        }
    };
    let row = leaf.prop_recursive(2, 4, 2, |row| {
        prop_oneof![
            row.clone().prop_map(|of| Row::Not(Box::new(of))),
            (both(), row.clone(), row).prop_map(|(by, a, b)| Row::Both(
                by,
                Box::new(a),
                Box::new(b)
            )),
        ]
    });
    (span, prop::option::of(row)).boxed()
}

fn work() -> impl Strategy<Value = Work> {
    let operand = prop_oneof![
        (-3..4_i8).prop_map(Operand::Known),
        Just(Operand::Grade),
        Just(Operand::Age)
    ];
    let operator = prop::sample::select(vec!["+", "-", "*"]);
    prop::collection::vec((operator, operand), 1..4).prop_map(Work)
}

/// A number that is not made of others.
fn aggregate(levels: usize) -> BoxedStrategy<Number> {
    let rows = || rows(levels);
    let measure = prop::sample::select(vec!["sum", "avg", "min", "max", "median"]);
    let any_measure = || prop::sample::select(vec!["sum", "avg", "min", "max", "distinct"]);
    prop_oneof![
        2 => (-3..9_i8).prop_map(Number::Known),
        2 => Just(Number::Age),
        3 => rows().prop_map(Number::Count),
        1 => rows().prop_map(Number::Distinct),
        4 => (measure, rows()).prop_map(|(measure, rows)| Number::Of(measure, rows)),
        2 => (any_measure(), work(), rows())
            .prop_map(|(measure, work, rows)| Number::Worked(measure, work, rows)),
        2 => (any_measure(), work(), rows())
            .prop_map(|(measure, work, rows)| Number::Notes(measure, work, rows)),
        2 => (which(), rows()).prop_map(|(which, rows)| Number::End(which, rows)),
    ]
    .boxed()
}

fn number() -> impl Strategy<Value = Number> {
    aggregate(2).prop_recursive(2, 6, 2, |x| {
        let operator = prop::sample::select(vec!["+", "-", "*", "/"]);
        let when = (comparison(), x.clone(), x.clone())
            .prop_map(|(by, a, b)| Box::new(Truth::Compare(by, a, b)));
        prop_oneof![
            3 => (operator, x.clone(), x.clone())
                .prop_map(|(by, a, b)| Number::Made(by, Box::new(a), Box::new(b))),
            2 => (prop::sample::select(&FUNCTIONS[..]), prop::collection::vec(x.clone(), 3)).prop_map(
                |((function, arity), mut args)| {
                    args.truncate(arity);
                    Number::Call(function, args)
                }
            ),
            1 => (when, x.clone(), x)
                .prop_map(|(when, a, b)| Number::If(when, Box::new(a), Box::new(b))),
        ]
    })
}

pub fn truth() -> impl Strategy<Value = Truth> {
    let rows = || rows(2);
    let leaf = prop_oneof![
        5 => (comparison(), number(), number()).prop_map(|(by, a, b)| Truth::Compare(by, a, b)),
        1 => (number(), prop::collection::vec(0..6_i8, 1..4)).prop_map(|(x, list)| Truth::In(x, list)),
        2 => rows().prop_map(Truth::Exists),
        1 => (which(), rows(), prop::sample::select(vec!["=", "!="]), any::<u8>())
            .prop_map(|(which, rows, by, n)| Truth::ClassOfEnd(which, rows, by, n)),
        1 => (number(), any::<bool>()).prop_map(|(x, missing)| Truth::Missing(x, missing)),
        2 => any::<usize>().prop_map(|back| Truth::Segment(back % 8)),
    ];
    leaf.prop_recursive(3, 8, 2, |of| {
        prop_oneof![
            1 => of.clone().prop_map(|of| Truth::Not(Box::new(of))),
            3 => (both(), of.clone(), of)
                .prop_map(|(by, a, b)| Truth::Both(by, Box::new(a), Box::new(b))),
        ]
    })
}

/// A client, hours from `NOW`, a grade, a class; some of each missing.
pub type Visit = (u8, i16, Option<i8>, Option<u8>);

pub fn visit() -> impl Strategy<Value = Visit> {
    let grade = prop::option::weighted(0.8, -2..6_i8);
    // In steps of twelve hours, so that rows lie on the ends of windows, and at the same time as others.
    let time = (-160..40_i16).prop_map(|halves| halves * 12);
    (
        0..7_u8,
        time,
        grade,
        prop::option::weighted(0.8, any::<u8>()),
    )
}

pub fn tables(ages: &[Option<i8>], visits: &[Visit]) -> String {
    let or_null = |x: Option<String>| x.unwrap_or_else(|| "null".to_owned());
    let mut sql = "begin;
        create table clients (id integer primary key, name text, age integer);
        create table visits (no integer primary key, client_id integer, at datetime, grade integer, class text);
        create index visits_of on visits (client_id);
        create table notes (id integer primary key, visit_no integer, points integer);"
        .to_owned();
    for (id, age) in ages.iter().enumerate() {
        let age = or_null(age.map(|age| age.to_string()));
        sql += &format!("insert into clients values ({id}, 'Client {id}', {age});");
    }
    for (place, (client, hours, grade, class)) in visits.iter().enumerate() {
        // Keys that do not ascend with the rows' order of being written.
        let no = (place * 37) % 101;
        let grade = or_null(grade.map(|grade| grade.to_string()));
        let class = or_null(class.map(|class| format!("'{}'", text(class))));
        sql += &format!(
            "insert into visits values ({no}, {client}, datetime('{NOW}', '{hours} hours'), {grade}, {class});"
        );
    }
    for place in 0..visits.len() {
        // Some about one visit, some about none.
        let (visit, points) = ((place * 53 + 7) % 101, (place * 7) % 9);
        let points = or_null((place % 5 > 0).then(|| format!("{points} - 3")));
        sql += &format!("insert into notes values ({place}, {visit}, {points});");
    }
    sql + "commit;"
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) })]

    #[test]
    fn the_engine_names_whom_plain_sql_names(
        ages in prop::collection::vec(prop::option::weighted(0.8, 0..6_i8), 6),
        visits in prop::collection::vec(visit(), 0..60),
        conditions in prop::collection::vec(truth(), 12),
    ) {
        let placed = conditions.into_iter().enumerate();
        let conditions: Vec<Truth> = placed.map(|(here, truth)| truth.placed(here)).collect();
        let folder = Folder::new(&tables(&ages, &visits), COLLECTIONS, &[]);
        let rules = conditions.iter().enumerate();
        let rules = rules.map(|(n, truth)| format!("  - id: s{n}\n    when: '{}'\n", truth.rule()));
        folder.rules(&format!("segments:\n{}", rules.collect::<String>()));
        let found = folder.evaluate().evaluation.segments;

        let database = folder.connection();
        database.execute_batch("create temp table members (segment integer, id integer)").unwrap();
        for (n, truth) in conditions.iter().enumerate() {
            let sql = format!("insert into members select {n}, c.id from clients c where {}", truth.sql());
            database.execute(&sql, []).unwrap();
            let mut members = database.prepare("select id from members where segment = ? order by id").unwrap();
            let members = members.query_map([n as i64], |row| row.get(0)).unwrap();
            let wanted: Vec<u32> = members.map(Result::unwrap).collect();
            prop_assert_eq!(found.as_slice()[n].as_ref().unwrap(), &wanted, "{}\n{}", truth.rule(), sql);
        }
    }
}
