//! How fast and how big: `cargo bench --bench engine`, or with `-- --small` a fiftieth of it.
//!
//! Generates a studio chain of 100,000 clients and 5,000,000 visits, then measures on that one file a
//! bare loop over the same columns (the floor), fourteen hand-written SQL queries with and without
//! indexes, and Muster. Each phase is a process of its own, so that its peak of memory is its own.
//! Seconds are of the wall, the best of three (of SQL the only ones); those of the processor, all
//! threads together, stand beside them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "engine/beyond.rs"]
mod beyond;
#[path = "engine/data.rs"]
mod data;
#[path = "engine/kept.rs"]
mod kept;
#[path = "engine/measure.rs"]
mod measure;
#[path = "engine/phases.rs"]
mod phases;
#[path = "engine/rules.rs"]
mod rules;
#[path = "engine/sql.rs"]
mod sql;

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use data::Size;
use measure::Figures;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1)
    };
    if let (Some(phase), Some(folder)) = (value("--phase"), value("--folder")) {
        phases::run(phase, Path::new(folder));
        measure::tell("peak_memory", measure::peak_memory());
        return;
    }
    let small = arguments.iter().any(|argument| argument == "--small");
    let size = if small { Size::small() } else { Size::full() };
    let folder = tempfile::tempdir().unwrap();
    let big = folder.path().join("big");
    prepare(&big, &size);
    let figures = Figures::new(|phase| child(phase, &big));
    report(&size, &figures);
    drop(figures);
    let fewer = folder.path().join("fewer");
    prepare(&fewer, &size.with_fewer_visits());
    let evaluate = child("evaluate", &fewer);
    println!(
        "peak memory with a tenth of the visits: {:.1} MB",
        evaluate["peak_memory"] / 1e6
    );
}

/// The database, the config and the rules.
fn prepare(folder: &Path, size: &Size) {
    std::fs::create_dir_all(folder).unwrap();
    data::write(&folder.join("studio.db"), size);
    rules::write(folder);
}

/// Runs one phase in a process of its own and reads its figures.
fn child(phase: &str, folder: &Path) -> HashMap<String, f64> {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--phase", phase, "--folder"])
        .arg(folder)
        .stderr(std::process::Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "phase {phase} failed");
    let text = String::from_utf8(output.stdout).unwrap();
    let pair = |line: &str| {
        let (name, figure) = line.rsplit_once(' ').unwrap();
        (name.to_owned(), figure.parse().unwrap())
    };
    text.lines().map(pair).collect()
}

fn report<F: Fn(&str) -> HashMap<String, f64>>(size: &Size, figures: &Figures<F>) {
    let of = |phase: &str, figure: &str| figures.get(phase, figure);
    let seconds = |phase: &str, figure: &str| {
        let processor = of(phase, &format!("{figure}_processor"));
        format!(
            "{:8.2} s  ({processor:.2} s of processor)",
            of(phase, figure)
        )
    };
    println!("\n{size}");
    println!(
        "(a) the floor                        {}",
        seconds("floor", "floor")
    );
    println!(
        "(b) fourteen queries, with indexes   {}",
        seconds("sql_indexed", "sql")
    );
    println!(
        "    making the indexes               {}",
        seconds("sql_indexed", "indexes")
    );
    println!(
        "    fourteen queries, without        {}",
        seconds("sql_plain", "sql")
    );
    println!(
        "(c) Muster: scan and evaluation      {}",
        seconds("evaluate", "evaluate")
    );
    println!(
        "      of that the scan                  {:.2} s",
        of("evaluate", "scan")
    );
    println!(
        "      of that the evaluation            {:.2} s",
        of("evaluate", "evaluation")
    );
    println!(
        "    140 segments, other thresholds   {}",
        seconds("thresholds", "evaluate")
    );
    println!(
        "    140 segments, other windows      {}",
        seconds("windows", "evaluate")
    );
    for run in ["first", "unchanged"] {
        let of = |figure: &str| of("run", &format!("{run}_{figure}"));
        println!(
            "    {run} run: evaluation {:.2} s, comparing {:.2} s, writing {:.2} s",
            of("evaluation"),
            of("compare"),
            of("write")
        );
    }
    beyond_evaluation(&of);
    let evaluate = of("evaluate", "evaluate");
    let clients = size.clients as f64;
    let allowed = 64e6 + 400.0 * clients;
    println!(
        "\nscan + evaluation / floor            {:8.2}  (to reach: 1.5)",
        evaluate / of("floor", "floor")
    );
    println!(
        "queries with indexes / Muster        {:8.2}  (to reach: 4)",
        of("sql_indexed", "sql") / evaluate
    );
    println!(
        "queries without / Muster             {:8.2}",
        of("sql_plain", "sql") / evaluate
    );
    println!(
        "140 segments / 14                    {:8.2}  (to reach: 1.3)",
        of("thresholds", "evaluate") / evaluate
    );
    println!(
        "140 with other windows / 14          {:8.2}",
        of("windows", "evaluate") / evaluate
    );
    let unchanged = of("run", "unchanged_compare") + of("run", "unchanged_write");
    println!(
        "unchanged run adds                   {:7.0}%  (to reach: 10%)",
        100.0 * unchanged / of("run", "unchanged_evaluation")
    );
    for phase in ["evaluate", "run"] {
        println!(
            "peak memory, {phase:9}               {:8.1} MB (to reach: {:.1})",
            of(phase, "peak_memory") / 1e6,
            allowed / 1e6
        );
    }
    println!("\nmembers by Muster and by SQL:");
    for segment in rules::SEGMENTS {
        println!(
            "  {segment:32} {:8} {:8}",
            of("evaluate", segment),
            of("sql_plain", segment)
        );
    }
    println!();
}

/// A report and the backtest, each beside a scan and evaluation of the same rules in the same process.
fn beyond_evaluation(of: &dyn Fn(&str, &str) -> f64) {
    let compose = |figure: &str| of("compose", figure);
    let evaluate = compose("evaluate");
    println!(
        "(d) {} segments, values and health   {evaluate:8.2} s",
        compose("segments")
    );
    for run in ["first", "next"] {
        let figure = |of: &str| compose(&format!("{run}_{of}"));
        let (told, letter) = (figure("told"), figure("letter"));
        println!(
            "    {run} run with a report, apart from evaluation {told:.2} s ({:.2} of it), of that the letter of {:.1} MB {letter:.2} s ({:.2} of it)",
            told / evaluate,
            figure("bytes") / 1e6,
            letter / evaluate,
        );
    }
    let past = |figure: &str| of("backtest", figure);
    let evaluate = past("evaluate");
    for name in ["one", "six"] {
        let figure = |of: &str| past(&format!("{name}_{of}"));
        println!(
            "(e) backtest on {} dates, {} times a client: {:.2} s  ({:.2} s of processor), {:.2} × scan + evaluation",
            figure("dates"),
            figure("customers"),
            past(name),
            figure("processor"),
            past(name) / evaluate,
        );
    }
}
