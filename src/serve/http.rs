//! The HTTP answers of a process: `/healthz` and `/metrics` for monitoring, and the page for people.

mod connections;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tracing::error;

use super::metrics::render;
use super::scheduler::Scheduler;
pub use connections::{Bounds, Connections, Peer};

/// A planner that has not run for this long hangs.
const HANGS: Duration = Duration::from_secs(90);
/// The content type of `/metrics`: OpenMetrics 1.0.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Binds the address given under a key of config.
///
/// # Errors
/// In words: the address is in use, or may not be bound by this process.
pub async fn bind(address: SocketAddr, key: &str) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| {
        let reason = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                "another program has it, perhaps another `muster`".to_owned()
            }
            std::io::ErrorKind::PermissionDenied => "the permission for it is missing".to_owned(),
            _ => error.to_string(),
        };
        format!("cannot listen on `{address}`: {reason}; name another address with {key}")
    })
}

/// Serves requests until it is told to stop.
pub async fn answer(
    listener: TcpListener,
    bounds: Bounds,
    router: Router,
    stop: CancellationToken,
) {
    let connections = Connections::at(listener, bounds);
    let service = router.into_make_service_with_connect_info::<Peer>();
    let served = axum::serve(connections, service).with_graceful_shutdown(stop.cancelled_owned());
    if let Err(error) = served.await {
        error!(%error, "an address is no longer answered");
    }
}

/// The routes `/healthz` and `/metrics`.
pub(super) fn watched(scheduler: Arc<Scheduler>) -> Router {
    let state = AppState {
        scheduler,
        reading: Arc::new(Mutex::new(())),
    };
    Router::new()
        .route("/healthz", get(healthz))
        .route("/metrics", get(metrics))
        .with_state(state)
}

/// The state behind the handlers.
#[derive(Clone)]
struct AppState {
    scheduler: Arc<Scheduler>,
    /// Held while the database is read: concurrent requests open it one at a time.
    reading: Arc<Mutex<()>>,
}

impl FromRef<AppState> for Arc<Scheduler> {
    fn from_ref(state: &AppState) -> Self {
        Self::clone(&state.scheduler)
    }
}

async fn healthz(State(scheduler): State<Arc<Scheduler>>) -> impl IntoResponse {
    let asleep = scheduler.counters.asleep();
    match asleep < HANGS {
        true => (StatusCode::OK, "ok\n".to_owned()),
        false => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!(
                "the planner has not come round for {} seconds\n",
                asleep.as_secs()
            ),
        ),
    }
}

async fn metrics(State(state): State<AppState>) -> impl IntoResponse {
    let _reading = state.reading.lock().await;
    match render(&state.scheduler).await {
        Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
