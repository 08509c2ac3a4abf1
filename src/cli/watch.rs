//! A progress bar on a terminal, and Ctrl-C.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use crate::engine::Watch;

/// Shows how far a scan is, and stops it when asked to.
pub(super) struct Terminal {
    bar: Option<ProgressBar>,
    stop: Arc<AtomicBool>,
}

impl Terminal {
    /// Starts listening for Ctrl-C and for a request to terminate.
    pub(super) fn new() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        tokio::spawn(listen(Arc::clone(&stop)));
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) = ProgressStyle::with_template("{msg:14} {bar:30} {human_pos} rows") {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, stop }
    }

    /// Takes the bar off the screen.
    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

async fn listen(stop: Arc<AtomicBool>) {
    told_to_stop().await;
    stop.store(true, Ordering::Relaxed);
}

/// Ends on Ctrl-C and on a request to terminate.
pub(super) async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupted => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => {
                let _ = interrupted.await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupted.await;
    }
}

impl Watch for Terminal {
    fn progress(&self, table: &str, rows: u64, of: Option<u64>) {
        if let Some(bar) = &self.bar {
            bar.set_message(table.to_string());
            if let Some(of) = of {
                bar.set_length(of.max(rows));
            }
            bar.set_position(rows);
        }
    }

    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
