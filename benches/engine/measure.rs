//! Clocks, memory, and the figures that phases hand over as lines of text.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Instant;

/// Hands a figure to the parent.
pub fn tell(name: &str, figure: f64) {
    println!("{name} {figure}");
}

/// Does the work `times` times and tells the best wall and processor seconds; the last result.
pub fn best_of<T>(times: usize, name: &str, mut work: impl FnMut() -> T) -> T {
    let (mut best, mut best_wall) = (f64::MAX, f64::MAX);
    let mut result = None;
    for _ in 0..times {
        let (processor, wall) = (processor_seconds(), Instant::now());
        result = Some(work());
        best = best.min(processor_seconds() - processor);
        best_wall = best_wall.min(wall.elapsed().as_secs_f64());
    }
    tell(name, best_wall);
    tell(&format!("{name}_processor"), best);
    result.unwrap()
}

/// Processor seconds of this process, all threads, to a hundredth: `utime` and `stime` of proc(5).
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
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

/// The figures of phases, each run when it is first asked for.
pub struct Figures<F> {
    run: F,
    known: RefCell<HashMap<String, HashMap<String, f64>>>,
}

impl<F: Fn(&str) -> HashMap<String, f64>> Figures<F> {
    pub fn new(run: F) -> Self {
        Self {
            run,
            known: RefCell::default(),
        }
    }

    pub fn get(&self, phase: &str, figure: &str) -> f64 {
        let mut known = self.known.borrow_mut();
        let figures = known
            .entry(phase.to_owned())
            .or_insert_with(|| (self.run)(phase));
        figures.get(figure).copied().unwrap_or(f64::NAN)
    }
}
