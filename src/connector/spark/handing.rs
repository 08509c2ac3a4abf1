//! Pieces of an answer go to whoever reads them, who may be slower than the server.

use std::sync::mpsc::{SyncSender, TrySendError};
use std::time::Duration;

use tokio::time::sleep;

/// So long is waited before it is looked again whether there is room for a piece.
const PAUSE: Duration = Duration::from_millis(1);

/// Hands a piece on once there is room for it, and lets the connection live meanwhile; false where nobody wants it.
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
