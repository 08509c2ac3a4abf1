//! Clocks, memory, medians, and the figures that phases hand over as lines of text.

use std::collections::BTreeMap;
use std::time::Instant;

/// Hands a figure to the parent.
pub fn tell(name: &str, figure: f64) {
    println!("{name} {figure}");
}

/// What was measured round after round, by name.
#[derive(Default)]
pub struct Rounds(BTreeMap<String, Vec<f64>>);

impl Rounds {
    pub fn add(&mut self, name: impl Into<String>, figure: f64) {
        self.0.entry(name.into()).or_default().push(figure);
    }

    /// Tells the median of each.
    pub fn tell(self) {
        for (name, figures) in self.0 {
            tell(&name, median(figures));
        }
    }
}

/// The one in the middle; of an even number the lower of two.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[(figures.len() - 1) / 2]
}

/// Does the work `times` times and tells the median wall and processor seconds; the last result.
pub fn median_of<T>(times: usize, name: &str, mut work: impl FnMut() -> T) -> T {
    let mut rounds = Rounds::default();
    let mut result = None;
    for _ in 0..times {
        // Two results at a time would count as memory.
        drop(result.take());
        let (processor, wall) = (processor_of("self"), Instant::now());
        result = Some(work());
        rounds.add(
            format!("{name}_processor"),
            processor_of("self") - processor,
        );
        rounds.add(name, wall.elapsed().as_secs_f64());
    }
    rounds.tell();
    result.unwrap()
}

/// Processor seconds of a process, all threads, to a hundredth: `utime` and `stime` of proc(5). NaN where there is no such process.
pub fn processor_of(process: &str) -> f64 {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{process}/stat")) else {
        return f64::NAN;
    };
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let ticks: f64 = fields
        .skip(11)
        .take(2)
        .filter_map(|n| n.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}

/// The most memory this process ever had, in bytes.
pub fn peak_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    kilobytes.unwrap_or(f64::NAN) * 1024.0
}
