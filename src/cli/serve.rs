//! `muster serve`, and the part of `muster run` that follows the timetable.

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::Common;
use super::clock::clock;
use super::exit::{Exit, Failure};
use super::logs::{self, LogFormat};
use super::watch::Signals;
use crate::connector::connect;
use crate::serve::{Order, run_due, serve};

/// Runs the schedules of config until it is told to stop.
#[derive(Args, Debug)]
pub(super) struct Serve {
    /// How log lines on stderr are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = LogFormat::Text)]
    log_format: LogFormat,
}

pub(super) async fn serve_on(command: &Serve, common: &Common) -> Result<Exit, Failure> {
    let order = order(common);
    logs::start(command.log_format);
    serve(order).await?;
    Ok(Exit::Done)
}

/// `muster run --due`
pub(super) async fn due(format: LogFormat, common: &Common) -> Result<Exit, Failure> {
    let order = order(common);
    logs::start(format);
    let summary = run_due(order).await?;
    if let Some(busy) = &summary.busy {
        note!("{busy}");
    }
    if let Some(reason) = summary.failed.last() {
        return Err(Failure::world(reason.clone()));
    }
    Ok(match summary.attention || summary.busy.is_some() {
        true => Exit::Attention,
        false => Exit::Done,
    })
}

/// What is to be done, and the ears for who says that it shall end: these come first, so that a request to
/// stop does not meet a process that knows nothing of it yet.
fn order(common: &Common) -> Order {
    let signals = Signals::listen();
    let order = Order {
        connect,
        config: common.config.clone(),
        clock: clock(),
        stop: CancellationToken::new(),
        halt: CancellationToken::new(),
    };
    tokio::spawn(pass_on(signals, order.stop.clone(), order.halt.clone()));
    order
}

/// The first signal asks for an end, the second for one at once.
async fn pass_on(mut signals: Signals, stop: CancellationToken, halt: CancellationToken) {
    signals.told_to_stop().await;
    stop.cancel();
    signals.told_to_stop().await;
    halt.cancel();
}
