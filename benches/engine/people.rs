//! Many people with small histories, from the tables to what is published: what grows with people, and not with events.

use crate::figures::Figures;
use crate::report::{plain, seconds};

/// So many people and events the design speaks of.
const PEOPLE: f64 = 100e6;
const EVENTS: f64 = 10e9;

/// Prints seconds and memory of a first run and of the next one, over each database that is there.
pub fn report(figures: &Figures) {
    println!("\n{}", figures.size);
    let mut last = None;
    for (phase, what, is_there) in [
        ("end_to_end", "a SQLite file", true),
        ("spark_end_to_end", "the Spark server", figures.has_spark()),
    ] {
        if !is_there {
            println!("  {what}: SKIPPED: none was started, or the bench lacks `--features spark`");
            continue;
        }
        println!("  {what}");
        seconds(figures, phase, "first", "a first run, all of it");
        plain(
            "  of that scan and evaluation",
            figures.get(phase, "first_evaluation"),
            "s",
        );
        seconds(figures, phase, "unchanged", "the next run, all of it");
        let memory = figures.get(phase, "peak_memory");
        plain("peak memory of the process", memory / 1e6, "MB");
        let people = figures.size.clients as f64;
        plain("  bytes a client", memory / people, "");
        last = Some((memory / people, figures.get(phase, "first") / people));
    }
    if let Some((bytes, seconds)) = last {
        println!(
            "  {} million people, {} thousand million events, by the last of these",
            PEOPLE / 1e6,
            EVENTS / 1e9
        );
        plain("peak memory", bytes * PEOPLE / 1e9, "GB");
        plain("a first run but for the events", seconds * PEOPLE, "s");
    }
    println!();
}
