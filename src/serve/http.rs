//! What a process answers: `/healthz` and `/metrics` for machines that watch, and the page for people.

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

/// A planner that has not come round for so long hangs.
const HANGS: Duration = Duration::from_secs(90);
/// The type of what `/metrics` answers: OpenMetrics 1.0.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Takes the address that stands under a key of config.
///
/// # Errors
/// In words: it is taken, or not ours to take.
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

/// Answers until it is told to stop.
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

/// `/healthz` and `/metrics`.
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

/// What the answers come from.
#[derive(Clone)]
struct AppState {
    scheduler: Arc<Scheduler>,
    /// Held while the database is read: however many ask, they open it once at a time.
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
