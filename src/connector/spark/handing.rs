//! Passes pieces of an answer to a reader, which may be slower than the server.

use std::sync::mpsc::{SyncSender, TrySendError};
use std::time::Duration;

use tokio::time::sleep;

/// How long to wait before checking again whether there is room for a piece.
const PAUSE: Duration = Duration::from_millis(1);

/// Passes a piece on once there is room for it, and keeps the connection alive meanwhile; false where the reader is
/// gone.
pub(super) async fn handed_on<T>(answer: &SyncSender<T>, mut piece: T) -> bool {
    loop {
        match answer.try_send(piece) {
            Ok(()) => return true,
            Err(TrySendError::Disconnected(_)) => return false,
            Err(TrySendError::Full(back)) => piece = back,
        }
        sleep(PAUSE).await;
    }
}
