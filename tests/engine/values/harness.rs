//! Rules and columns in, values out.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use muster::catalog::{Catalog, Collection, ColumnRef, ColumnState, Entity};
use muster::config::{self, Config};
use muster::engine::{
    Column, Evaluation, Gathered, Keep, Keys, RowEvaluator, Stale, Subjects, TextColumn, evaluate,
};
use muster::ir::{Ir, Request, lower};
use muster::language::check::check;
use muster::rules::{Ladder, Metric, RuleSet, Segment};
use muster::source::{Scalar, Sources};
use muster::time::{Clock, parse_instant, read_date};
use muster::value::{ColumnType, Money, Truth, Type, Value};

/// Noon of a Sunday in New York.
pub fn clock() -> Clock {
    let zone = chrono_tz::America::New_York;
    Clock {
        now: parse_instant("2025-06-15T12:00:00", zone).unwrap(),
        zone,
    }
}

/// The subjects' table: columns with a value for each subject.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub columns: Vec<(String, ColumnType, Vec<Value>)>,
    pub scopes: Vec<&'static str>,
}

impl Table {
    /// Adds a column whose cells are written as text; `-` is missing.
    pub fn with(mut self, name: &str, ty: ColumnType, cells: &[&str]) -> Self {
        let cells = cells.iter().map(|cell| read(cell, ty)).collect();
        self.columns.push((name.to_owned(), ty, cells));
        self
    }

    /// Adds a column of numbers; NaN is missing.
    pub fn numbers(mut self, name: &str, cells: &[f64]) -> Self {
        let cells = cells.iter().map(|x| match x.is_nan() {
            true => Value::Missing,
            false => Value::Number(*x),
        });
        let column = (name.to_owned(), ColumnType::Number, cells.collect());
        self.columns.push(column);
        self
    }

    /// A column can be named after `within`.
    pub fn scope(mut self, column: &'static str) -> Self {
        self.scopes.push(column);
        self
    }

    pub fn len(&self) -> usize {
        self.columns.first().map_or(1, |(_, _, cells)| cells.len())
    }

    pub fn catalog(&self) -> Catalog {
        let columns = self
            .columns
            .iter()
            .map(|(name, ty, _)| (name.clone(), ColumnState::Present(*ty)));
        let mut columns: BTreeMap<_, _> = columns.collect();
        columns.insert("id".into(), ColumnState::Present(ColumnType::Number));
        Catalog {
            subject_name: "client".into(),
            subject: Entity {
                table: "clients".into(),
                columns,
                ..Entity::default()
            },
            key: "id".into(),
            collections: [visits()].into_iter().collect(),
            scopes: self
                .scopes
                .iter()
                .map(|column| ((*column).to_owned(), vec![(*column).to_owned()]))
                .collect(),
            ..Catalog::default()
        }
    }

    /// The plan's subject columns.
    pub fn inputs(&self, ir: &Ir) -> Vec<Column> {
        let of = |name: &str| self.columns.iter().find(|(n, ..)| n == name).unwrap();
        ir.subject
            .inputs
            .iter()
            .map(|input| column(input.ty.value_type(), &of(&input.column).2))
            .collect()
    }

    /// Every metric's value for every subject.
    pub fn metrics(&self, metrics: &[(&str, &str)]) -> Vec<Vec<Value>> {
        self.metrics_of(&ir(&rules(metrics, &[]), &self.catalog()))
    }

    /// The same for a plan that is there already.
    pub fn metrics_of(&self, ir: &Ir) -> Vec<Vec<Value>> {
        let answers = self.answers(ir, Vec::new());
        ir.metrics
            .iter()
            .map(|metric| {
                let column = answers.kept[&metric.node.unwrap()].as_ref().unwrap();
                (0..self.len()).map(|row| column.value(row)).collect()
            })
            .collect()
    }

    /// One expression's value for every subject.
    pub fn values(&self, expression: &str) -> Vec<Value> {
        self.metrics(&[("m", expression)]).remove(0)
    }

    /// One expression's value for every subject, as text.
    pub fn texts(&self, expression: &str) -> Vec<String> {
        let values = self.values(expression);
        values.iter().map(ToString::to_string).collect()
    }

    /// The same, evaluated over rows as inside `where`.
    pub fn texts_of_rows(&self, expression: &str) -> Vec<String> {
        let ir = ir(&rules(&[("m", expression)], &[]), &self.catalog());
        let inputs = self.inputs(&ir);
        let clock = clock();
        let mut rows = RowEvaluator::new(&ir.program, &clock);
        rows.evaluate(&inputs, &mut |_| unreachable!());
        let column = rows.column(ir.metrics.as_slice()[0].node.unwrap(), &inputs);
        (0..self.len())
            .map(|row| column.value(row).to_string())
            .collect()
    }

    pub fn answers(&self, ir: &Ir, aggregates: Vec<Result<Column, Stale>>) -> Evaluation {
        let gathered = Gathered {
            subjects: subjects(self.len()),
            inputs: self.inputs(ir).into_iter().map(Ok).collect(),
            aggregates: aggregates.into(),
            problems: Vec::new(),
            rows: std::collections::BTreeMap::new(),
            by_rows: Vec::new(),
            time: Duration::ZERO,
        };
        evaluate(ir, gathered, &clock(), Keep::Everything)
    }
}

fn visits() -> Collection {
    let columns = [
        ("id", ColumnType::Number),
        ("client_id", ColumnType::Number),
        ("attended_at", ColumnType::Instant),
        ("price", ColumnType::Money),
        ("kind", ColumnType::Text),
    ];
    Collection {
        name: "visits".into(),
        entity: Entity {
            table: "visits".into(),
            columns: columns
                .into_iter()
                .map(|(name, ty)| (name.to_owned(), ColumnState::Present(ty)))
                .collect(),
            ..Entity::default()
        },
        subject: ColumnRef::own("client_id"),
        at: Some(ColumnRef::own("attended_at")),
        at_type: Some(ColumnType::Instant),
        key: Some("id".into()),
        primary_key: vec!["id".into()],
        changes: Vec::new(),
    }
}

pub fn subjects(count: usize) -> Subjects {
    let mut labels = TextColumn::default();
    (0..count).for_each(|place| labels.push(Some(&place.to_string())));
    Subjects {
        keys: Keys::Integer((0..count as i64).collect()),
        labels,
    }
}

pub fn rules(metrics: &[(&str, &str)], segments: &[(&str, &str)]) -> RuleSet {
    let metrics = metrics.iter().map(|(name, text)| Metric {
        name: Scalar::detached(*name),
        text: Scalar::detached(*text),
    });
    let segments = segments.iter().map(|(id, text)| Segment {
        id: Scalar::detached(*id),
        name: (*id).to_owned(),
        description: None,
        bucket: None,
        importance: None,
        weight: None,
        tags: Vec::new(),
        when: (*text != "rest").then(|| Scalar::detached(*text)),
        ladder: None,
        filter: Vec::new(),
        sign: None,
        was: None,
        place: Scalar::detached(*id).location,
    });
    RuleSet {
        metrics: metrics.collect(),
        segments: segments.collect(),
        ..RuleSet::default()
    }
}

/// All segments as the rungs of one ladder.
pub fn ladder(among: Option<&str>, segments: &[(&str, &str)]) -> RuleSet {
    let mut rules = rules(&[], segments);
    for segment in &mut rules.segments {
        segment.ladder = Some(rules.ladders.next_id());
    }
    rules.ladders.push(Ladder {
        id: Scalar::detached("ladder"),
        among: among.map(Scalar::detached),
        rungs: rules.segments.ids().collect(),
    });
    rules
}

/// A config that asks nothing of anybody.
pub fn config() -> Config {
    let text = "database: sqlite:none.db\ntimezone: UTC\nyear_begins: 04-06\nsubject: { name: client, table: clients, key: id }\n";
    let mut sources = Sources::in_memory([("config.yaml".into(), text.into())]);
    let (config, _) = config::read(Path::new("config.yaml"), &mut sources, &|_| None);
    Config {
        values: Vec::new(),
        ..config.unwrap()
    }
}

pub fn ir(rules: &RuleSet, catalog: &Catalog) -> Ir {
    ir_of(rules, &config(), catalog)
}

pub fn ir_of(rules: &RuleSet, config: &Config, catalog: &Catalog) -> Ir {
    let (checked, findings) = check(rules, config, catalog, &[], &Sources::default());
    let errors: Vec<_> = findings.iter().filter(|f| f.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{rules:#?}");
    lower(rules, &checked, catalog, &Request::rules())
}

fn read(cell: &str, ty: ColumnType) -> Value {
    if cell == "-" {
        return Value::Missing;
    }
    match ty.value_type() {
        Type::Number => Value::Number(cell.parse().unwrap()),
        Type::Money => Value::Money(Money::parse(cell).unwrap().amount),
        Type::Truth => Value::Truth(Truth::certain(cell == "yes")),
        Type::Date => Value::Date(read_date(cell.as_bytes()).unwrap()),
        Type::Instant => Value::Instant(parse_instant(cell, clock().zone).unwrap()),
        _ => Value::Text(cell.to_owned()),
    }
}

/// Values of one type as a column.
pub fn column(ty: Type, values: &[Value]) -> Column {
    let mut columns = values.iter().map(|value| Column::constant(value, ty));
    let Some(mut all) = columns.next() else {
        return match ty {
            Type::Text => Column::Text(TextColumn::default()),
            _ => Column::Number(Vec::new()),
        };
    };
    for (place, next) in columns.enumerate() {
        match (&mut all, next) {
            (Column::Number(all), Column::Number(next)) => all.extend(next),
            (Column::Money(all), Column::Money(next))
            | (Column::Instant(all), Column::Instant(next)) => all.extend(next),
            (Column::Date(all), Column::Date(next)) => all.extend(next),
            (Column::Truth(all), Column::Truth(next)) => all.extend(next),
            (Column::Text(all), Column::Text(next)) => all.push(next.get(0)),
            (all, next) => panic!("row {place}: {all:?} beside {next:?}"),
        }
    }
    all
}

/// Holds lines `expression => value` against a table of one row, of three like rows, and against the
/// evaluation over rows.
pub fn assert_values(one: &Table, lines: &str) {
    let mut three = one.clone();
    for (.., cells) in &mut three.columns {
        *cells = vec![cells[0].clone(); 3];
    }
    let mut wrong = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (expression, wanted) = line.rsplit_once("=>").unwrap();
        let (expression, wanted) = (expression.trim(), wanted.trim());
        let found = [
            one.texts(expression),
            three.texts(expression),
            one.texts_of_rows(expression),
            three.texts_of_rows(expression),
        ];
        if found.iter().flatten().any(|text| text != wanted) {
            wrong.push(format!("{expression}: wanted {wanted}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
