//! `muster serve`, and the part of `muster run` that follows the schedules.

use std::net::SocketAddr;

use clap::Args;
use tokio_util::sync::CancellationToken;
use tracing::info;

use super::Common;
use super::clock::clock;
use super::exit::{Exit, Failure};
use super::logs::{self, LogFormat};
use super::say::err_is_terminal;
use super::watch::Signals;
use crate::config::Config;
use crate::connector::connect;
use crate::disk::{self, Access, folder_of};
use crate::serve::{Order, Router, run_due, serve};
use crate::web::router;

/// The file next to the results that receives the page's address.
const ENTRANCE: &str = "page-address";

/// Runs the schedules of config until it is told to stop.
#[derive(Args, Debug)]
pub(super) struct Serve {
    /// How log lines on stderr are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = LogFormat::Text)]
    log_format: LogFormat,
}

pub(super) async fn serve_on(command: &Serve, common: &Common) -> Result<Exit, Failure> {
    let mut order = order(common);
    logs::start(command.log_format);
    order.page = page(common)?;
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

/// The page, if config enables it. Errors in config are left to whoever needs it.
fn page(common: &Common) -> Result<Option<(SocketAddr, Router)>, Failure> {
    let Ok(config) = super::results::config(common) else {
        return Ok(None);
    };
    let Some(address) = config.page.as_ref().and_then(|page| page.listen) else {
        return Ok(None);
    };
    let web = super::page::web(&config, common).map_err(Failure::world)?;
    let entrance = web.entrance().map_err(Failure::world)?;
    let entrance = format!("http://{address}{entrance}");
    if config.page.as_ref().is_none_or(|page| page.auth.is_none()) {
        tell(&entrance, &config).map_err(Failure::world)?;
    }
    Ok(Some((address, router(web))))
}

/// Reports the address. Whoever opens it may do everything, so it is printed only on a terminal, and otherwise written
/// to a file that only its owner can read, because others can read logs.
fn tell(entrance: &str, config: &Config) -> Result<(), String> {
    if err_is_terminal() {
        info!("the page: {entrance}, good for one browser");
        return Ok(());
    }
    let path = folder_of(config.results_path()).join(ENTRANCE);
    let place = path.display();
    disk::write(&path, format!("{entrance}\n").as_bytes(), Access::Owner)
        .map_err(|error| format!("`{place}` cannot be written: {error}"))?;
    info!("the page: its address, good for one browser, is in `{place}`");
    Ok(())
}

/// The work to do, with signal handlers installed first, so that a request to stop during startup is not missed.
fn order(common: &Common) -> Order {
    let signals = Signals::listen();
    let order = Order {
        connect,
        config: common.config.clone(),
        clock: clock(),
        page: None,
        stop: CancellationToken::new(),
        halt: CancellationToken::new(),
    };
    tokio::spawn(pass_on(signals, order.stop.clone(), order.halt.clone()));
    order
}

/// The first signal requests a graceful stop, the second an immediate one.
async fn pass_on(mut signals: Signals, stop: CancellationToken, halt: CancellationToken) {
    signals.told_to_stop().await;
    stop.cancel();
    signals.told_to_stop().await;
    halt.cancel();
}
