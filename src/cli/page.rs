//! `muster page`

use std::net::SocketAddr;

use clap::Args;
use tokio::net::TcpListener;

use super::Common;
use super::clock::clock;
use super::exit::{Exit, Failure};
use super::watch::Signals;
use crate::connector::connect;
use crate::web::{Access, Order, Web, router};

/// Shows the segments and clients in the browser until told to stop.
#[derive(Args, Debug)]
pub(super) struct Page {
    /// The address to listen on; a port of 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
}

pub(super) async fn page(command: &Page, common: &Common) -> Result<Exit, Failure> {
    let mut signals = Signals::listen();
    let web = Web::new(Order {
        config: common.config.clone(),
        connect,
        clock: clock(),
        access: Access::Token,
    });
    let web = web.map_err(Failure::world)?;
    let listener = TcpListener::bind(command.listen).await;
    let listener = listener.map_err(|error| {
        Failure::world(format!("cannot listen on `{}`: {error}", command.listen))
    })?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::world(error.to_string()))?;
    let token = web.token().map_err(Failure::world)?;
    say!("http://{address}/enter?token={token}");
    note!("open this address in a browser; it is good for one. Ctrl-C ends the page");
    let served = axum::serve(listener, router(web)).with_graceful_shutdown(async move {
        signals.told_to_stop().await;
    });
    served
        .await
        .map_err(|error| Failure::world(error.to_string()))?;
    Ok(Exit::Done)
}
