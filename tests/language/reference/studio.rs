//! The document's own studio: its config and tables, loaded and evaluated at its instant.

use std::collections::BTreeMap;

use muster::diagnostic::Finding;
use muster::engine::{Column, Evaluation};
use muster::language::check::check;
use muster::project::Project;
use muster::rules::{Metric, RuleSet};
use muster::source::Scalar;
use muster::time::{Clock, date_of_days, format_instant};
use muster::value::{Truth, Value};

use crate::support::library::{block_on, evaluate, findings, metric};
use crate::support::scratch::Scratch;

use super::document::{Block, Document, Example, Table};

/// Tuesday 2025-06-10, noon in New York.
const NOW: i64 = 1_749_571_200_000_000;

/// The rule file whose metrics are the document's examples.
const EXAMPLES: &str = "rules/examples.yaml";

pub struct Studio {
    project: Project,
    evaluation: Evaluation,
    names: Vec<String>,
}

/// The name of the metric that stands for an example.
fn metric_name(example: &Example) -> String {
    format!("example_{}", example.end)
}

impl Studio {
    /// The studio whose tables the document has.
    pub fn build(document: &Document) -> Self {
        Self::evaluated(&folder(document, None))
    }

    /// What a folder holds, evaluated.
    pub fn evaluated(folder: &Scratch) -> Self {
        let project = block_on(folder.project());
        let clock = Clock {
            now: NOW,
            zone: project.config.timezone,
        };
        let evaluation = evaluate(&project, &clock).unwrap();
        let count = evaluation.subjects.len();
        let names = (0..count).map(|place| evaluation.subjects.label(place));
        Self {
            names: names.collect(),
            project,
            evaluation,
        }
    }

    /// What all examples and segments of the document answer, by the line that says it.
    pub fn answers(&self, document: &Document) -> BTreeMap<usize, String> {
        let examples: Vec<Example> = document.examples().collect();
        let lines = examples.iter().map(|example| example.end);
        let mut answers = self.segments(document);
        answers.extend(lines.zip(self.values(&examples)));
        answers
    }

    /// What each example answers.
    fn values(&self, examples: &[Example]) -> Vec<String> {
        let answer = |example: &Example| {
            let name = metric_name(example);
            self.told(metric(&self.project, &self.evaluation, &name).unwrap())
        };
        examples.iter().map(answer).collect()
    }

    /// Who is in each segment of the rule files, by the line that names it.
    pub fn segments(&self, document: &Document) -> BTreeMap<usize, String> {
        let lines = document
            .tagged("yaml,rules")
            .flat_map(|b| document.segment_lines(b));
        let answer = |(line, id): (usize, String)| {
            let place = self
                .project
                .ir
                .segments
                .iter()
                .position(|s| s.id == id)
                .unwrap();
            let members = self.evaluation.segments.as_slice()[place].as_ref().unwrap();
            (line, self.listed(|place| members.contains(&(place as u32))))
        };
        lines.map(answer).collect()
    }

    /// What is found wrong with a block that is a rule file beside the others.
    pub fn file_findings(document: &Document, block: &Block) -> Vec<Finding> {
        findings(block_on(folder(document, Some(block)).load()))
    }

    /// What is found wrong with a text as a metric; as a condition, where the block says `when`.
    pub fn findings(&self, block: &Block, text: &str) -> Vec<Finding> {
        let mut rules: RuleSet = self.project.rules.clone();
        let metrics = rules.metrics.into_iter();
        rules.metrics = metrics
            .filter(|m| !m.name.value.starts_with("example_"))
            .collect();
        let scalar = Scalar::detached(text);
        let place = scalar.location.file;
        if block.words().contains(&"when") {
            let mut segment = rules.segments.as_slice()[0].clone();
            segment.id = Scalar::detached("example");
            segment.when = Some(scalar);
            rules.segments.push(segment);
        } else {
            rules.metrics.push(Metric {
                name: Scalar::detached("example"),
                text: scalar,
            });
        }
        let (_, found) = check(
            &rules,
            &self.project.config,
            &self.project.catalog,
            &[],
            &self.project.sources,
        );
        let is_here = |f: &Finding| f.location.is_some_and(|l| l.file == place);
        found.into_iter().filter(is_here).collect()
    }

    fn listed(&self, is_in: impl Fn(usize) -> bool) -> String {
        let names = self.names.iter().enumerate();
        let names: Vec<_> = names
            .filter(|(at, _)| is_in(*at))
            .map(|(_, n)| n.as_str())
            .collect();
        match names.len() {
            0 => "nobody".to_string(),
            n if n == self.names.len() => "everyone".to_string(),
            _ => names.join(", "),
        }
    }

    fn told(&self, column: &Column) -> String {
        if let Column::Truth(_) = column {
            let is = |truth: Truth| move |at: usize| column.value(at) == Value::Truth(truth);
            let who = self.listed(is(Truth::Yes));
            return match self.listed(is(Truth::Unknown)).as_str() {
                "nobody" => who,
                unknown => format!("{who}; unknown: {unknown}"),
            };
        }
        let values: Vec<String> = (0..self.names.len())
            .map(|at| self.shown(&column.value(at)))
            .collect();
        if values.iter().all(|v| *v == values[0]) {
            return values[0].clone();
        }
        let named = self
            .names
            .iter()
            .zip(&values)
            .map(|(name, value)| format!("{name} {value}"));
        named.collect::<Vec<_>>().join(", ")
    }

    fn shown(&self, value: &Value) -> String {
        match value {
            Value::Missing => "missing".to_string(),
            Value::Number(x) => format!("{}", (x * 10_000.0).round() / 10_000.0),
            Value::Money(money) => {
                let text = format!("{:.4}", money.to_f64());
                text.strip_suffix("00").unwrap_or(&text).to_string()
            }
            Value::Text(text) => format!("\"{text}\""),
            Value::Truth(truth) => format!("{truth:?}").to_lowercase(),
            Value::Date(days) => date_of_days(*days).to_string(),
            Value::Instant(micros) => {
                let text = format_instant(*micros, self.evaluation.clock.zone);
                text.replace('T', " ")
                    .chars()
                    .take("2025-06-10 12:00".len())
                    .collect()
            }
        }
    }
}

/// The document's files and tables, with one more rule file in place of the examples.
fn folder(document: &Document, more: Option<&Block>) -> Scratch {
    let folder = Scratch::new();
    write(document, &folder);
    fill(&document.tables(), &folder);
    if let Some(block) = more {
        folder.write(EXAMPLES, &block.body);
    }
    folder
}

/// Writes the document's config, list and rule files, with every example as a metric.
pub fn write(document: &Document, folder: &Scratch) {
    let config = document.tagged("yaml,config").next().unwrap();
    folder.write("config.yaml", &config.body);
    for list in document.tagged("csv,file") {
        folder.write("lists/vip.csv", &list.body);
    }
    for (at, block) in document.tagged("yaml,rules").enumerate() {
        folder.write(&format!("rules/{at}.yaml"), &block.body);
    }
    let mut examples = "metrics:\n".to_string();
    for example in document.examples() {
        let text = serde_json::to_string(&example.text).unwrap();
        examples += &format!("  {}: {text}\n", metric_name(&example));
    }
    folder.write(EXAMPLES, &examples);
}

/// Makes the document's tables: a header is `column TYPE`, `–` is nothing.
fn fill(tables: &[Table], folder: &Scratch) {
    let connection = folder.connection();
    for table in tables {
        let columns: Vec<String> = table.columns.iter().map(|c| column(c)).collect();
        let create = format!("CREATE TABLE {} ({})", table.name, columns.join(", "));
        connection.execute(&create, []).unwrap();
        for row in &table.rows {
            let holes = vec!["?"; row.len()].join(", ");
            let insert = format!("INSERT INTO {} VALUES ({holes})", table.name);
            let cells = row
                .iter()
                .map(|cell| (cell != "–").then_some(cell.as_str()));
            connection
                .execute(&insert, rusqlite::params_from_iter(cells))
                .unwrap();
        }
    }
}

fn column(header: &str) -> String {
    let (name, ty) = header.rsplit_once(' ').unwrap();
    let key = if name == "id" { " PRIMARY KEY" } else { "" };
    format!("\"{name}\" {ty}{key}")
}
