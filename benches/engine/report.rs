//! What was measured, each figure beside what it has to reach at the full size.

use crate::figures::Figures;
use crate::rules;

/// What is measured: a database, and one with a tenth of the visits.
pub struct Measured {
    pub whole: Figures,
    pub tenth: Figures,
}

/// A part: its name, its heading, what prints it.
type Section = (&'static str, &'static str, fn(&Measured));

/// The parts in the order in which they are printed.
const SECTIONS: [Section; 13] = [
    (
        "floor",
        "a bare loop on one thread that reads the same columns",
        floor,
    ),
    (
        "evaluate",
        "fourteen segments: scan and evaluation",
        evaluate,
    ),
    ("more", "140 segments: scan and evaluation", more),
    ("sql", "the fourteen as hand-written queries in SQLite", sql),
    (
        "run",
        "a run of the fourteen: comparing and writing",
        publish,
    ),
    (
        "compose",
        "a run of 22 segments, their values and health, with a report",
        compose,
    ),
    ("backtest", "the backtest of that health score", backtest),
    ("kept", "a kept snapshot of the fourteen's columns", kept),
    (
        "plan",
        "a plan of one edited condition of the fourteen",
        plan,
    ),
    (
        "memory",
        "peak memory of scan and evaluation, streamed",
        memory,
    ),
    (
        "duckdb",
        "DuckDB: the tables read from CSV files that the bench has written before, and the fourteen as SQL",
        duckdb,
    ),
    (
        "postgres",
        "the same tables on the PostgreSQL server of the tests (`sh tests/postgres/server.sh start`)",
        postgres,
    ),
    (
        "spark",
        "the same tables as Parquet files on a Spark server (`sh tests/spark/server.sh start`; `--features spark`)",
        spark,
    ),
];

/// Prints all sections, or those that `only` names, separated by commas.
pub fn report(measured: &Measured, only: Option<&str>) {
    let only: Option<Vec<&str>> = only.map(|names| names.split(',').collect());
    for name in only.iter().flatten() {
        let names = SECTIONS.map(|(name, ..)| name);
        assert!(names.contains(name), "--only takes some of {names:?}");
    }
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    println!(
        "\n{}; {processors} processors\nwhat is to be reached holds for the full size and two processors",
        measured.whole.size
    );
    for (name, heading, section) in SECTIONS {
        if only.as_ref().is_none_or(|only| only.contains(&name)) {
            println!("\n{name}: {heading}");
            section(measured);
        }
    }
    println!();
}

fn floor(measured: &Measured) {
    seconds(&measured.whole, "floor", "floor", "the loop");
}

fn evaluate(measured: &Measured) {
    let whole = &measured.whole;
    seconds(whole, "evaluate", "evaluate", "scan and evaluation");
    plain("  of that the scan", whole.get("evaluate", "scan"), "s");
    plain(
        "  of that the evaluation",
        whole.get("evaluate", "evaluation"),
        "s",
    );
    let loop_s_processor = whole.get("floor", "floor_processor");
    let processor = whole.get("evaluate", "evaluate_processor");
    judged(
        "÷ the loop",
        over_loop(whole, evaluated(whole)),
        "",
        "≤ 0.8",
    );
    judged(
        "its processor time ÷ the loop's",
        processor / loop_s_processor,
        "",
        "≤ 1.5",
    );
}

fn more(measured: &Measured) {
    let whole = &measured.whole;
    for (phase, to_reach) in [("thresholds", "≤ 1.05"), ("windows", "≤ 1.4")] {
        seconds(whole, phase, "evaluate", &format!("other {phase}"));
        let ratio = whole.get(phase, "evaluate") / evaluated(whole);
        judged("  ÷ fourteen", ratio, "", to_reach);
    }
}

fn sql(measured: &Measured) {
    let whole = &measured.whole;
    seconds(whole, "sql_indexed", "sql", "with indexes");
    seconds(whole, "sql_indexed", "indexes", "  making the indexes");
    seconds(whole, "sql_plain", "sql", "without indexes");
    let sooner = |phase: &str| whole.get(phase, "sql") / evaluated(whole);
    judged("with indexes ÷ Muster", sooner("sql_indexed"), "", "≥ 4");
    plain("without ÷ Muster", sooner("sql_plain"), "");
    same_members(whole, "sql_plain");
}

fn publish(measured: &Measured) {
    let run = |figure: &str| measured.whole.get("run", figure);
    for name in ["first", "unchanged"] {
        for step in ["compare", "write"] {
            let figure = run(&format!("{name}_{step}"));
            plain(&format!("{name} run: {step}"), figure, "s");
        }
    }
    let added = run("unchanged_compare") + run("unchanged_write");
    judged(
        "an unchanged run adds",
        100.0 * added / run("unchanged_evaluation"),
        "%",
        "≤ 10",
    );
    plain("peak memory", run("peak_memory") / 1e6, "MB");
}

fn compose(measured: &Measured) {
    let compose = |figure: &str| measured.whole.get("compose", figure);
    let what = "scan and evaluation of all these";
    seconds(&measured.whole, "compose", "evaluate", what);
    for (run, to_reach) in [("first", "≤ 0.7"), ("next", "≤ 0.5")] {
        let told = compose(&format!("{run}_told"));
        plain(
            &format!("{run} run: comparing, writing, a report"),
            told,
            "s",
        );
        let letter = compose(&format!("{run}_letter"));
        let write = compose(&format!("{run}_write")) - letter;
        plain(
            "  of that comparing",
            compose(&format!("{run}_compare")),
            "s",
        );
        plain("  of that the letter", letter, "s");
        plain("  of that writing without it", write, "s");
        let rows = compose(&format!("{run}_rows"));
        plain("  changing the same rows by a bare loop", rows, "s");
        let bytes = compose(&format!("{run}_bytes"));
        plain("  its size", bytes / 1e6, "MB");
        judged(
            "  ÷ the loop",
            over_loop(&measured.whole, told),
            "",
            to_reach,
        );
    }
}

fn backtest(measured: &Measured) {
    let whole = &measured.whole;
    for (name, heading, to_reach) in [("one", "one date", None), ("six", "six dates", Some("≤ 4"))]
    {
        seconds(whole, "backtest", name, heading);
        let customers = whole.get("backtest", &format!("{name}_customers"));
        plain("  how many times a client", customers, "");
        let ratio = over_loop(whole, whole.get("backtest", name));
        match to_reach {
            Some(to_reach) => judged("  ÷ the loop", ratio, "", to_reach),
            None => plain("  ÷ the loop", ratio, ""),
        }
    }
    plain(
        "peak memory",
        whole.get("backtest", "peak_memory") / 1e6,
        "MB",
    );
}

fn kept(measured: &Measured) {
    let kept = |figure: &str| measured.whole.get("kept", figure);
    plain("filling it", kept("fill"), "s");
    plain("the fourteen again", kept("again"), "s");
    judged(
        "a new condition with two aggregates over visits",
        kept("question") * 1e3,
        "ms",
        "≤ 100",
    );
    let streamed = measured.whole.get("drafts", "question");
    plain("  the same, streamed", streamed * 1e3, "ms");
    judged("an event takes", kept("bytes_an_event"), "bytes", "≤ 20");
    plain("peak memory", kept("peak_memory") / 1e6, "MB");
}

fn plan(measured: &Measured) {
    let plan = |figure: &str| measured.whole.get("plan", figure);
    plain("a run", plan("run"), "s");
    plain("the plan", plan("plan"), "s");
    judged("  ÷ the run", plan("plan") / plan("run"), "", "≤ 1.3");
    plain("  movers", plan("movers"), "");
    plain("peak memory", plan("peak_memory") / 1e6, "MB");
}

fn memory(measured: &Measured) {
    for (visits, figures) in [("all", &measured.whole), ("a tenth", &measured.tenth)] {
        let peak = |phase: &str| figures.get(phase, "peak_memory") / 1e6;
        let (one, two) = (peak("one_thread"), peak("two_threads"));
        judged(
            &format!("{visits} of the visits, one thread"),
            one,
            "MB",
            "≤ 50",
        );
        plain(&format!("{visits} of the visits, two threads"), two, "MB");
        judged("  more than one", two - one, "MB", "≤ 16");
    }
}

fn duckdb(measured: &Measured) {
    let whole = &measured.whole;
    let duckdb = |figure: &str| whole.get("duckdb", figure);
    if duckdb("import").is_nan() {
        println!("    SKIPPED: DuckDB cannot be had");
        return;
    }
    seconds(whole, "duckdb", "import", "import into memory");
    seconds(whole, "duckdb", "sql", "the fourteen as SQL");
    judged(
        "Muster's scan and evaluation ÷ (import + SQL)",
        evaluated(whole) / (duckdb("import") + duckdb("sql")),
        "",
        "≤ 1",
    );
    let question = duckdb("question");
    plain(
        "a condition with two aggregates over visits",
        question * 1e3,
        "ms",
    );
    let kept = whole.get("kept", "question");
    judged(
        "  Muster's kept snapshot ÷ that",
        kept / question,
        "",
        "≤ 1",
    );
    plain("peak memory", duckdb("peak_memory") / 1e6, "MB");
    same_members(whole, "duckdb");
    for n in 1..=rules::DRAFTS {
        let draft = format!("draft_{n}");
        assert_eq!(whole.get("drafts", &draft), duckdb(&draft), "{draft}");
    }
}

fn postgres(measured: &Measured) {
    let whole = &measured.whole;
    if !whole.has_server() {
        println!("    SKIPPED: no PostgreSQL server was started");
        return;
    }
    let queries = |figure: &str| whole.get("postgres_queries", figure);
    // The queries fill the database first.
    plain("a bare COPY of the same columns", queries("copy"), "s");
    let muster = whole.get("postgres", "evaluate");
    plain("the fourteen as SQL, with indexes", queries("sql"), "s");
    seconds(whole, "postgres", "evaluate", "scan and evaluation");
    judged("  ÷ the COPY", muster / queries("copy"), "", "≤ 1.3");
    judged("the queries ÷ Muster", queries("sql") / muster, "", "≥ 5");
    plain("÷ the SQLite file", muster / evaluated(whole), "");
    plain(
        "peak memory",
        whole.get("postgres", "peak_memory") / 1e6,
        "MB",
    );
    same_members(whole, "postgres_queries");
    same_members(whole, "postgres");
}

fn spark(measured: &Measured) {
    let whole = &measured.whole;
    if !whole.has_spark() {
        println!("    SKIPPED: no Spark server was started, or the bench lacks `--features spark`");
        return;
    }
    // The queries write the files first.
    let queries = whole.get("spark_queries", "sql");
    if queries.is_nan() {
        println!("    SKIPPED: there is no Python client of Spark");
        return;
    }
    plain("the fourteen as Spark SQL", queries, "s");
    seconds(whole, "spark", "evaluate", "scan and evaluation");
    let muster = whole.get("spark", "evaluate");
    judged("  ÷ the queries", muster / queries, "", "≤ 1");
    let of_queries = whole.get("spark_queries", "sql_processor");
    let of_muster = whole.get("spark", "server_processor");
    plain("processor of the server for the SQL", of_queries, "s");
    plain(
        "processor of the server for what Muster asks",
        of_muster,
        "s",
    );
    judged("  ÷ the queries", of_muster / of_queries, "", "≤ 1");
    plain("peak memory", whole.get("spark", "peak_memory") / 1e6, "MB");
    same_members(whole, "spark_queries");
    same_members(whole, "spark");
}

/// Prints how many members each segment has by Muster and by the queries of a phase.
///
/// # Panics
/// They are not the same.
fn same_members(figures: &Figures, phase: &str) {
    let counts = rules::SEGMENTS.map(|segment| {
        let muster = figures.get("evaluate", segment);
        (segment, muster, figures.get(phase, segment))
    });
    println!("    members by Muster and by these queries");
    for (segment, muster, queried) in counts {
        println!("      {segment:32} {muster:8} {queried:8}");
    }
    for (segment, muster, queried) in counts {
        assert_eq!(muster, queried, "{segment}");
    }
}

/// Seconds of scan and evaluation.
fn evaluated(figures: &Figures) -> f64 {
    figures.get("evaluate", "evaluate")
}

fn over_loop(figures: &Figures, seconds: f64) -> f64 {
    seconds / figures.get("floor", "floor")
}

/// Prints seconds of the wall, and those of the processor.
pub fn seconds(figures: &Figures, phase: &str, figure: &str, what: &str) {
    let wall = figures.get(phase, figure);
    let processor = figures.get(phase, &format!("{figure}_processor"));
    line(what, wall, &format!("s      ({processor:.2} of processor)"));
}

/// Prints a figure.
pub fn plain(what: &str, figure: f64, unit: &str) {
    line(what, figure, unit);
}

/// Prints a figure beside what it has to reach.
fn judged(what: &str, figure: f64, unit: &str, to_reach: &str) {
    line(what, figure, &format!("{unit:6} (to reach: {to_reach})"));
}

/// A figure that no phase told is a dash.
fn line(what: &str, figure: f64, rest: &str) {
    let figure = match figure {
        figure if figure.is_nan() => "–".to_owned(),
        figure if figure.fract() == 0.0 => figure.to_string(),
        figure if figure.abs() < 1.0 => format!("{figure:.3}"),
        figure => format!("{figure:.2}"),
    };
    println!("    {what:58} {figure:>10} {rest}");
}
