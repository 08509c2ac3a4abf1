//! What Muster answers about a data set.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use muster::engine::{Column, Evaluation};
use muster::project::Project;
use muster::rules::Segment;
use muster::run::{Options, Outcome, SegmentOutcome};
use muster::time::Clock;
use muster::value::Value;

use crate::support::data_set::DataSet;
use crate::support::library::{block_on, evaluate, metric, run};

/// One run, not published, with the value of every metric.
pub struct Answers {
    project: Project,
    outcome: Outcome,
    metrics: Evaluation,
}

impl Answers {
    /// The answers at a day's midnight.
    pub fn at(set: &DataSet, day: &str) -> Self {
        let project = block_on(set.folder.project());
        assert_eq!(project.findings, [], "the rules need no warning");
        let midnight = day
            .parse::<NaiveDate>()
            .unwrap()
            .and_time(chrono::NaiveTime::MIN);
        let now = midnight.and_utc().timestamp_micros();
        let options = Options {
            as_of: Some(now),
            dry_run: true,
            ..Options::default()
        };
        let outcome = block_on(run(&project, &options)).unwrap();
        assert_eq!(outcome.evaluation.problems, [], "the data is clean");
        let clock = Clock {
            now,
            zone: project.config.timezone,
        };
        let metrics = evaluate(&project, &clock).unwrap();
        Self {
            project,
            outcome,
            metrics,
        }
    }

    /// The places of a segment's members.
    pub fn members(&self, id: &str) -> &[u32] {
        &self.segment(id).members
    }

    /// The keys of a segment's members.
    pub fn keys(&self, id: &str) -> Vec<String> {
        self.members(id)
            .iter()
            .map(|place| self.key(*place))
            .collect()
    }

    /// The rung of a ladder on which each customer stands, by key: the segment's name.
    pub fn rungs(&self, ladder: &str) -> BTreeMap<String, &str> {
        let mut rungs = BTreeMap::new();
        for segment in self.ladder(ladder) {
            for key in self.keys(&segment.id.value) {
                let before = rungs.insert(key.clone(), segment.name.as_str());
                assert_eq!(before, None, "{key} stands on two rungs");
            }
        }
        rungs
    }

    /// A value of one rung, named as people read it, of a ladder.
    pub fn value(&self, ladder: &str, rung: &str, id: &str) -> Value {
        let segment = self
            .ladder(ladder)
            .find(|segment| segment.name == rung)
            .unwrap_or_else(|| panic!("no rung {rung}"));
        let values = &self.project.config.values;
        let place = values.iter().position(|value| value.id.value == id);
        let place = place.unwrap_or_else(|| panic!("no value {id}"));
        self.segment(&segment.id.value).values[place].value.clone()
    }

    /// The customers in the order of the list: label and score.
    pub fn list(&self) -> Vec<(String, f64)> {
        let ranking = self.outcome.ranking.iter();
        ranking
            .map(|ranked| (self.label(ranked.place), ranked.score))
            .collect()
    }

    /// What a metric comes to for each customer, by key; amounts in units of the currency.
    pub fn metric(&self, name: &str) -> BTreeMap<String, f64> {
        let values: Vec<f64> = match metric(&self.project, &self.metrics, name).unwrap() {
            Column::Number(values) => values.clone(),
            #[allow(clippy::cast_precision_loss)]
            Column::Money(values) => values
                .iter()
                .map(|value| *value as f64 / 10_000.0)
                .collect(),
            other => panic!("{name} is {other:?}"),
        };
        assert_eq!(values.len(), self.metrics.subjects.len());
        (0..)
            .zip(values)
            .map(|(place, value)| (self.key(place), value))
            .collect()
    }

    fn segment(&self, id: &str) -> &SegmentOutcome {
        let segments = &self.project.ir.segments;
        let place = segments.iter().position(|segment| segment.id == id);
        &self.outcome.segments.as_slice()[place.unwrap_or_else(|| panic!("no segment {id}"))]
    }

    /// The segments of a ladder's rungs, from the top.
    fn ladder(&self, id: &str) -> impl Iterator<Item = &Segment> {
        let rules = &self.project.rules;
        let ladder = rules.ladders.iter().find(|ladder| ladder.id.value == id);
        let rungs = &ladder.unwrap_or_else(|| panic!("no ladder {id}")).rungs;
        rungs.iter().map(|rung| rules.segments.get(*rung).unwrap())
    }

    fn key(&self, place: u32) -> String {
        self.outcome
            .evaluation
            .subjects
            .key(place as usize)
            .unwrap()
            .to_string()
    }

    fn label(&self, place: u32) -> String {
        let label = self.outcome.evaluation.subjects.labels.get(place as usize);
        label.map_or_else(|| self.key(place), str::to_owned)
    }
}

/// Customers, orders and amount of each rung, by name; amounts in cents, as they are exact.
pub fn summary(
    rungs: &BTreeMap<String, &str>,
    orders: &BTreeMap<String, f64>,
    amounts: &BTreeMap<String, f64>,
) -> BTreeMap<String, (u64, u64, i64)> {
    let mut summary = BTreeMap::new();
    for (key, rung) in rungs {
        let (size, count, cents) = summary.entry((*rung).to_owned()).or_insert((0, 0, 0));
        *size += 1;
        *count += orders[key] as u64;
        *cents += (amounts[key] * 100.0).round() as i64;
    }
    summary
}

/// The same of a table of reference with the columns `segment`, `size`, `orders`, `total_value`.
pub fn published(table: &[crate::support::data_set::Row]) -> BTreeMap<String, (u64, u64, i64)> {
    let cents = |text: &str| (text.parse::<f64>().unwrap() * 100.0).round() as i64;
    table
        .iter()
        .map(|row| {
            let size = row["size"].parse().unwrap();
            let orders = row["orders"].parse().unwrap();
            (
                row["segment"].clone(),
                (size, orders, cents(&row["total_value"])),
            )
        })
        .collect()
}
