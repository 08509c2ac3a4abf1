//! `muster serve`, and the part of `muster run` that goes by the timetable.

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::Common;
use super::clock::clock;
use super::exit::{Exit, Failure};
use super::logs::{self, LogFormat};
use super::watch::told_to_stop;
use crate::serve::{Order, run_due, serve};

/// Runs the schedules of config until it is told to stop.
#[derive(Args, Debug)]
pub(super) struct Serve {
    /// How log lines on stderr are written
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
}

pub(super) async fn serve_on(command: &Serve, common: &Common) -> Result<Exit, Failure> {
    logs::start(command.log_format);
    serve(order(common)).await?;
    Ok(Exit::Done)
}

/// `muster run --due`
pub(super) async fn due(format: LogFormat, common: &Common) -> Result<Exit, Failure> {
    logs::start(format);
    let summary = run_due(order(common)).await?;
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

fn order(common: &Common) -> Order {
    let order = Order {
        config: common.config.clone(),
        clock: clock(),
        stop: CancellationToken::new(),
        halt: CancellationToken::new(),
    };
    tokio::spawn(listen(order.stop.clone(), order.halt.clone()));
    order
}

/// The first signal asks for an end, the second for one at once.
async fn listen(stop: CancellationToken, halt: CancellationToken) {
    told_to_stop().await;
    stop.cancel();
    told_to_stop().await;
    halt.cancel();
}
