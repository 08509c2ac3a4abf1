//! Logs on stderr.

use clap::ValueEnum;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::say;
use crate::diagnostic::Paint;
use crate::store::STATEMENTS;

/// How log lines are written.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LogFormat {
    /// For people
    Text,
    /// For programs: one object a line
    Json,
}

/// Begins to write what happens to stderr: of ours everything, of others what is wrong.
pub(super) fn start(format: LogFormat) {
    let filter = Targets::new()
        .with_default(LevelFilter::WARN)
        // What takes long is no fault, and statements may hold values of the data.
        .with_target(STATEMENTS, LevelFilter::ERROR)
        .with_target("muster", LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer().with_target(false);
    let lines = match format {
        LogFormat::Text => {
            let paint = say::err_paint();
            let lines = lines.with_ansi(paint == Paint::Coloured);
            lines.with_writer(move || say::log(paint)).boxed()
        }
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_writer(say::json_log)
            .boxed(),
    };
    // A second subscriber would be refused; there is one per process.
    let _ = tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .try_init();
}
