//! Rules, config and data by chance, and what somebody might edit in them.

use std::fmt::Write;

use crate::random::Random;
use crate::support::clock::NOON;

const TIERS: [&str; 3] = ["gold", "silver", "bronze"];
const KINDS: [&str; 2] = ["class", "open"];
const STUDIOS: [&str; 2] = ["north", "south"];
const ZONES: [&str; 3] = ["UTC", "America/New_York", "Asia/Tokyo"];

#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    name: String,
    /// What is measured, by its number.
    shape: usize,
    days: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    Least(usize, usize),
    Less(usize, usize),
    Top(usize, usize, bool),
    AboveAverage(usize),
    Tier(&'static str),
    In(usize),
    NotIn(usize),
    Healthy(usize),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    id: String,
    clauses: Vec<Clause>,
    joint: &'static str,
    filter: Option<&'static str>,
    importance: usize,
    /// It went by the letter `s` before.
    renamed: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    metrics: Vec<Metric>,
    segments: Vec<Segment>,
    /// The thresholds of a ladder's rungs over the first metric, top first.
    rungs: Vec<(String, usize)>,
    among: Option<usize>,
    active: Option<usize>,
    /// Only visits of this kind are any.
    kind: Option<&'static str>,
    label: usize,
    zone: &'static str,
    health: usize,
    /// How it is laid out: changes nothing.
    layout: usize,
}

impl Rules {
    pub fn random(random: &mut Random) -> Self {
        let metrics: Vec<Metric> = (0..random.between(2, 4))
            .map(|place| Metric {
                name: format!("m{place}"),
                shape: random.below(5),
                days: random.between(3, 40),
            })
            .collect();
        let mut segments = Vec::new();
        for place in 0..random.between(2, 5) {
            segments.push(Segment {
                id: format!("s{place}"),
                clauses: (0..random.between(1, 2))
                    .map(|_| Clause::random(random, metrics.len(), place))
                    .collect(),
                joint: random.of(&["and", "or"]),
                filter: random.once_in(4).then(|| random.of(&["Often", "Rare"])),
                importance: random.between(1, 9),
                renamed: false,
            });
        }
        let top = random.between(2, 6);
        Self {
            rungs: [("high", top + 3), ("middle", top), ("low", 0)]
                .map(|(id, least)| (id.to_owned(), least))
                .to_vec(),
            among: random.once_in(2).then(|| random.between(0, 3)),
            active: random.once_in(3).then(|| random.between(20, 60)),
            kind: random.once_in(4).then(|| random.of(&KINDS)),
            label: random.between(1, 5),
            zone: random.of(&ZONES),
            health: random.between(10, 60),
            layout: 0,
            metrics,
            segments,
        }
    }

    /// One edit of it by chance. Says which in the words of a test that failed.
    pub fn edit(&mut self, random: &mut Random) -> String {
        let metrics = self.metrics.len();
        match random.below(19) {
            0..=3 => {
                let place = random.below(self.segments.len());
                let segment = &mut self.segments[place];
                let clause = random.below(segment.clauses.len());
                segment.clauses[clause] = Clause::random(random, metrics, place);
                format!("clause of {}", segment.id)
            }
            4 | 5 => {
                let metric = random.below(metrics);
                self.metrics[metric].days = random.between(3, 40);
                format!("window of metric {metric}")
            }
            6 => {
                let metric = random.below(metrics);
                self.metrics[metric].shape = random.below(5);
                format!("shape of metric {metric}")
            }
            7 => {
                let place = random.below(self.segments.len());
                self.segments[place].joint = "or";
                format!("joint of {}", self.segments[place].id)
            }
            8 => {
                let place = random.below(self.segments.len());
                self.segments[place].filter = Some("Often");
                format!("filter of {}", self.segments[place].id)
            }
            9 => {
                let place = random.below(self.segments.len());
                self.segments[place].importance = random.between(1, 9);
                format!("importance of {}", self.segments[place].id)
            }
            10 => {
                self.rungs[0].1 = random.between(3, 9);
                "a rung".into()
            }
            11 => {
                self.among = Some(random.between(0, 4));
                "among".into()
            }
            12 => {
                self.active = Some(random.between(20, 60));
                "active".into()
            }
            13 => {
                self.zone = random.of(&ZONES);
                "zone".into()
            }
            14 => {
                self.label = random.between(1, 5);
                "field".into()
            }
            15 => {
                self.kind = Some(random.of(&KINDS));
                "where of the collection".into()
            }
            16 => {
                self.health = random.between(10, 60);
                "factor".into()
            }
            17 => {
                let place = self.segments.len();
                self.segments.push(Segment {
                    id: format!("s{place}"),
                    clauses: vec![Clause::random(random, metrics, place)],
                    joint: "and",
                    filter: None,
                    importance: 1,
                    renamed: false,
                });
                "a new segment".into()
            }
            // Nothing names the last one.
            _ if self.segments.len() > 1 => {
                self.segments.pop();
                "a segment gone".into()
            }
            _ => "nothing".into(),
        }
    }

    /// What changes nobody: names of metrics and segments, layout.
    pub fn write_otherwise(&mut self, random: &mut Random) {
        self.layout = 1;
        let metric = random.below(self.metrics.len());
        self.metrics[metric].name = format!("renamed_{metric}");
        let segment = random.below(self.segments.len());
        self.segments[segment].renamed = true;
    }

    /// `config.yaml`, with the file that the database is in.
    pub fn config(&self) -> String {
        let active = self.active.map_or_else(String::new, |days| {
            format!("active: exists(visits in last {days} days)\n")
        });
        let kind = self
            .kind
            .map_or_else(String::new, |kind| format!(", where: 'kind = \"{kind}\"'"));
        format!(
            "database: sqlite:studio.db\ntimezone: {zone}\n\
             subject: {{ name: client, table: clients, key: id, label: name }}\n\
             scopes: {{ studio: studio }}\n\
             collections:\n  visits: {{ table: visits, subject: client_id, at: at{kind} }}\n{active}\
             fields:\n  often: {{ label: Often, one: 'if(count(visits in last 30 days) >= {label}, \"Often\", \"Rare\")', values: [Often, Rare] }}\n\
             health:\n  factors:\n    - {{ id: recency, value: days_since(last(visits).at), zero: {health}, full: 2, weight: 1, reason: 'last visit {{value}} days ago' }}\n",
            zone = self.zone,
            label = self.label,
            health = self.health,
        )
    }

    /// The rule files: paths and texts.
    pub fn files(&self) -> [(&'static str, String); 2] {
        let mut text = String::new();
        if self.layout > 0 {
            text += "# Written otherwise.\n";
        }
        text += "metrics:\n";
        for metric in &self.metrics {
            writeln!(text, "  {}: {}", metric.name, metric.text()).unwrap();
        }
        text += "segments:\n";
        for segment in &self.segments {
            let clauses: Vec<String> = segment.clauses.iter().map(|c| self.clause(c)).collect();
            let joint = match self.layout {
                0 => format!(" {} ", segment.joint),
                _ => format!("  {}   ", segment.joint),
            };
            writeln!(text, "  - id: {}", segment.present()).unwrap();
            if segment.renamed {
                writeln!(text, "    was: {}", segment.id).unwrap();
            }
            writeln!(text, "    importance: {}", segment.importance).unwrap();
            if let Some(filter) = segment.filter {
                writeln!(text, "    filter: {{ often: {filter} }}").unwrap();
            }
            writeln!(text, "    when: {}", clauses.join(&joint)).unwrap();
        }
        let mut ladder = String::from("ladder: tiers\n");
        if let Some(least) = self.among {
            writeln!(ladder, "among: {} >= {least}", self.metrics[0].name).unwrap();
        }
        ladder += "segments:\n";
        for (place, (id, least)) in self.rungs.iter().enumerate() {
            writeln!(ladder, "  - id: {id}").unwrap();
            if place + 1 < self.rungs.len() {
                writeln!(ladder, "    when: {} >= {least}", self.metrics[0].name).unwrap();
            }
        }
        [("rules/a.yaml", text), ("rules/b.yaml", ladder)]
    }

    fn clause(&self, clause: &Clause) -> String {
        let name = |metric: &usize| &self.metrics[*metric].name;
        let segment = |place: &usize| self.segments[*place].present();
        match clause {
            Clause::Least(metric, least) => format!("{} >= {least}", name(metric)),
            Clause::Less(metric, most) => format!("{} < {most}", name(metric)),
            Clause::Top(metric, share, scoped) => {
                let within = if *scoped { " within studio" } else { "" };
                format!("top {share}% by {}{within}", name(metric))
            }
            Clause::AboveAverage(metric) => format!("{0} > avg({0})", name(metric)),
            Clause::Tier(tier) => format!("tier = \"{tier}\""),
            Clause::In(place) => format!("in segment {}", segment(place)),
            Clause::NotIn(place) => format!("not in segment {}", segment(place)),
            Clause::Healthy(least) => format!("health >= {least}"),
        }
    }
}

impl Segment {
    /// The id that it has now.
    fn present(&self) -> String {
        match self.renamed {
            true => self.id.replace('s', "t"),
            false => self.id.clone(),
        }
    }
}

/// The id that a segment of [`Rules`] had at first.
pub fn first_id(id: &str) -> String {
    match id.strip_prefix('t') {
        Some(number) => format!("s{number}"),
        None => id.to_owned(),
    }
}

impl Metric {
    fn text(&self) -> String {
        let days = self.days;
        match self.shape {
            0 => format!("count(visits in last {days} days)"),
            1 => format!("count(visits in last {days} days where kind = \"class\")"),
            2 => format!("sum(visits.value in last {days} days)"),
            3 => format!("count(visits in previous {days} days)"),
            _ => format!("count(visits from {} days ago to 2 days ago)", days + 2),
        }
    }
}

impl Clause {
    /// May name segments before this place.
    fn random(random: &mut Random, metrics: usize, place: usize) -> Self {
        let metric = random.below(metrics);
        match random.below(9) {
            0 | 1 => Self::Least(metric, random.between(1, 6)),
            2 => Self::Less(metric, random.between(1, 6)),
            3 => Self::Top(metric, random.between(1, 9) * 10, random.once_in(2)),
            4 => Self::AboveAverage(metric),
            5 => Self::Tier(random.of(&TIERS)),
            6 if place > 0 => Self::In(random.below(place)),
            7 if place > 0 => Self::NotIn(random.below(place)),
            8 => Self::Healthy(random.between(1, 9) * 10),
            _ => Self::Least(metric, random.between(1, 6)),
        }
    }
}

/// The statements that make the data.
pub fn data(random: &mut Random) -> String {
    let mut sql = String::from(
        "begin;
         create table clients (id integer primary key, name text, tier text, studio text);
         create table visits (id integer primary key, client_id integer, at text, kind text, value integer);",
    );
    for id in 0..random.between(12, 30) {
        let (tier, studio) = (random.of(&TIERS), random.of(&STUDIOS));
        write!(
            sql,
            "insert into clients values ({id}, 'Client {id}', '{tier}', '{studio}');"
        )
        .unwrap();
        for _ in 0..random.below(9) {
            sql += &visit(random, id);
        }
    }
    sql + "commit;"
}

/// Statements by which the data becomes other than it was.
pub fn news(random: &mut Random) -> String {
    let mut sql = String::from("begin;");
    for _ in 0..random.between(1, 4) {
        let client = random.below(14);
        sql += &match random.below(5) {
            0 => format!("delete from visits where client_id = {client};"),
            1 => format!("delete from clients where id = {client};"),
            2 => format!(
                "update clients set tier = '{}' where id = {client};",
                random.of(&TIERS)
            ),
            _ => visit(random, client),
        };
    }
    sql + "commit;"
}

/// A visit at any time of the last two months.
fn visit(random: &mut Random, client: usize) -> String {
    let minutes = random.below(60 * 24 * 60) as i64;
    let at = chrono::DateTime::from_timestamp_micros(NOON - minutes * 60_000_000).unwrap();
    format!(
        "insert into visits (client_id, at, kind, value) values ({client}, '{}', '{}', {});",
        at.format("%Y-%m-%d %H:%M:%S"),
        random.of(&KINDS),
        random.between(0, 3),
    )
}
