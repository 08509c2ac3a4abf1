//! What comes after scan and evaluation: composing a report, and the backtest of the health score.

use std::sync::Mutex;
use std::time::Instant;

use muster::backtest::{Asked, backtest};
use muster::connector::connect;
use muster::engine::Unwatched;
use muster::mail::{self, ReportWriter};
use muster::project::Project;
use muster::run::notify::{Notification, Notifier, RunReport};
use muster::run::{Options, run_and_notify};
use muster::time::parse_instant;
use tokio_util::sync::CancellationToken;

use crate::data::NOW;
use crate::measure::{Rounds, median_of, tell};
use crate::phases::{FEWER_TIMES, evaluate, forget_results, runtime};
use crate::rows::Before;

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// ReportWriter with a watch in their hand.
struct Timed<'a> {
    writer: ReportWriter<'a>,
    seconds: Mutex<f64>,
}

impl Notifier for Timed<'_> {
    fn reports(&self) -> Vec<String> {
        self.writer.reports()
    }

    fn asks_for_outputs(&self) -> bool {
        self.writer.asks_for_outputs()
    }

    fn asks_since_when(&self) -> bool {
        self.writer.asks_since_when()
    }

    fn write(&self, run_report: &RunReport<'_>) -> Notification {
        let began = Instant::now();
        let notification = self.writer.write(run_report);
        *self.seconds.lock().unwrap() += began.elapsed().as_secs_f64();
        notification
    }
}

/// A run with a report on every segment for one reader, and one a day later that tells the difference; each
/// tells how long it took apart from evaluation, what of that was comparing, writing (with the letter) and the letter, and
/// how long a bare loop takes to change the same rows.
pub fn compose(project: &Project) {
    evaluate(project);
    let mut rounds = Rounds::default();
    for _ in 0..FEWER_TIMES {
        forget_results(project);
        let results = project.config.results.as_ref().unwrap();
        for (day, run) in (0..).zip(["first", "next"]) {
            let before = match run {
                "first" => Before::none(results),
                _ => Before::of(results),
            };
            report(project, day, run, &mut rounds);
            rounds.add(format!("{run}_rows"), before.write(results));
        }
    }
    rounds.tell();
}

/// One run, its report delivered.
fn report(project: &Project, day: i64, run: &str, rounds: &mut Rounds) {
    let now = parse_instant(NOW, project.config.timezone).unwrap();
    let as_of = now + day * DAY;
    let timed = Timed {
        writer: ReportWriter::new(project, &["managers"], as_of),
        seconds: Mutex::new(0.0),
    };
    let options = Options {
        as_of: Some(as_of),
        trigger: "bench".to_owned(),
        ..Options::default()
    };
    let began = Instant::now();
    let outcome = runtime().block_on(run_and_notify(
        project,
        &*connect(&project.config),
        &options,
        Some(&timed),
        &Unwatched,
    ));
    let took = began.elapsed();
    let outcome = outcome.unwrap();
    let evaluation = outcome.evaluation.scan_time + outcome.evaluation.evaluation_time;
    let notification = outcome.notification.unwrap();
    assert_eq!(
        (notification.failures.len(), notification.deliveries.len()),
        (0, 1)
    );
    let bytes = notification.deliveries[0].message.len() as f64;
    let told = took.saturating_sub(evaluation).as_secs_f64();
    for (figure, value) in [
        ("told", told),
        ("compare", outcome.compare_time.as_secs_f64()),
        ("write", outcome.write_time.as_secs_f64()),
        ("bytes", bytes),
        ("letter", *timed.seconds.lock().unwrap()),
    ] {
        rounds.add(format!("{run}_{figure}"), value);
    }
    deliver(project);
}

fn deliver(project: &Project) {
    let now = || chrono::Utc::now().timestamp_micros();
    let stop = CancellationToken::new();
    let delivered = runtime().block_on(mail::deliver(&project.config, &now, &stop));
    assert_eq!(delivered.unwrap().trouble, None);
}

/// The backtest on the latest date that the data allows, and on six.
pub fn past(project: &Project) {
    let now = parse_instant(NOW, project.config.timezone).unwrap();
    let prove = |name: &str, as_of: Vec<i64>| {
        let asked = Asked {
            as_of,
            suggest: false,
        };
        let found = median_of(FEWER_TIMES, name, || {
            runtime().block_on(async {
                backtest(project, &*connect(&project.config), &asked, now, &Unwatched)
            })
        });
        let found = found.unwrap();
        tell(&format!("{name}_dates"), found.dates.len() as f64);
        let customers: usize = found
            .pasts
            .iter()
            .map(muster::validation::Past::customers)
            .sum();
        tell(&format!("{name}_customers"), customers as f64);
        found.dates
    };
    let dates = prove("six", Vec::new());
    prove("one", dates.last().copied().into_iter().collect());
}
