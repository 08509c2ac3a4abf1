//! The long form: twenty times the visits, and what a larger machine would take for ten times more.

use crate::figures::Figures;
use crate::report::{plain, seconds};

/// How many times the rows and the clients.
const LARGER: f64 = 10.0;
/// How many cores.
const CORES: f64 = 16.0;

/// Prints seconds and memory, and the projection with its reasons.
pub fn report(figures: &Figures) {
    println!("\n{}", figures.size);
    seconds(figures, "floor", "floor", "the bare loop");
    for (phase, what) in [
        ("one_thread", "scan and evaluation, one thread"),
        ("two_threads", "scan and evaluation, two threads"),
    ] {
        seconds(figures, phase, "evaluate", what);
        let memory = figures.get(phase, "peak_memory");
        plain("  peak memory", memory / 1e6, "MB");
    }
    let [one, two] = ["one_thread", "two_threads"].map(|phase| figures.get(phase, "evaluate"));
    let [memory_of_one, memory_of_two] =
        ["one_thread", "two_threads"].map(|phase| figures.get(phase, "peak_memory"));
    plain("  ÷ the bare loop", two / figures.get("floor", "floor"), "");
    let events = figures.size.events() as f64;
    plain("  millions of events a second", events / two / 1e6, "");

    // Amdahl: two = one × (1 − shared + shared / 2).
    let shared = (2.0 * (1.0 - two / one)).clamp(0.0, 1.0);
    let larger = one * LARGER * (1.0 - shared + shared / CORES);
    let a_further_core = (memory_of_two - memory_of_one).max(0.0);
    let memory = memory_of_one * LARGER + a_further_core * (CORES - 1.0);
    let size = figures.size;
    println!(
        "\n{LARGER} times that ({} clients, {} visits) on {CORES} cores like these, by these figures:",
        size.clients * LARGER as u64,
        size.visits * LARGER as u64,
    );
    plain("scan and evaluation", larger, "s");
    plain("peak memory", memory / 1e9, "GB");
    println!(
        "    Seconds: time is linear in rows; by Amdahl's law two threads take {:.2} of one's time where {:.0} % of the work
    is shared, and 16 share as much. That the disk and the memory keep up with 16 cores is assumed, not measured.
    Memory: one thread's is taken to be linear in clients, which counts the program itself {LARGER} times; each further
    core takes what the second does here, {:.0} MB.\n",
        two / one,
        100.0 * shared,
        a_further_core / 1e6,
    );
}
