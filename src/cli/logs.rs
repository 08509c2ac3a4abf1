//! Log output on stderr.

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

/// Starts logging to stderr: all messages of ours, and errors of others.
pub(super) fn start(format: LogFormat) {
    let filter = Targets::new()
        .with_default(LevelFilter::WARN)
        // Slow statements are no error, and statements may contain values from the data.
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
    // Fails only if there is a subscriber already; there is one per process.
    let _ = tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .try_init();
}
