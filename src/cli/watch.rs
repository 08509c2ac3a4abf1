//! A progress bar on a terminal, and Ctrl-C.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use super::say;
use crate::diagnostic::TerminalText;
use crate::engine::Watch;

/// Shows the progress of a scan, and stops it on request. The bar disappears on drop.
pub(super) struct Terminal {
    bar: Option<ProgressBar>,
    stop: Arc<AtomicBool>,
}

impl Terminal {
    /// Starts listening for Ctrl-C and termination requests.
    pub(super) fn new() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        tokio::spawn(listen(Signals::listen(), Arc::clone(&stop)));
        let bar = say::err_is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) = ProgressStyle::with_template("{msg:14} {bar:30} {human_pos} rows") {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, stop }
    }

    /// Removes the bar for good; signals are still handled.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// Hides the bar while something else is printed.
    pub(super) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.reset();
            bar.suspend(|| ());
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.end();
    }
}

async fn listen(mut signals: Signals, stop: Arc<AtomicBool>) {
    signals.told_to_stop().await;
    stop.store(true, Ordering::Relaxed);
}

/// Ctrl-C and termination requests. After [`Signals::listen`] they no longer end the process by themselves, and none is
/// lost between two waits.
pub(super) struct Signals {
    #[cfg(unix)]
    told: Option<[tokio::signal::unix::Signal; 2]>,
}

impl Signals {
    /// Starts listening; call this before anything else.
    pub(super) fn listen() -> Self {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let interrupt = signal(SignalKind::interrupt());
            let terminate = signal(SignalKind::terminate());
            // If that fails, signals end the process as usual.
            let told = interrupt.ok().zip(terminate.ok());
            Self {
                told: told.map(|(interrupt, terminate)| [interrupt, terminate]),
            }
        }
        #[cfg(not(unix))]
        Self {}
    }

    /// Returns at the next signal.
    pub(super) async fn told_to_stop(&mut self) {
        #[cfg(unix)]
        match &mut self.told {
            Some([interrupt, terminate]) => {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
            }
            None => std::future::pending().await,
        }
        #[cfg(not(unix))]
        {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

impl Watch for Terminal {
    fn progress(&self, table: &str, rows: u64, of: Option<u64>) {
        if let Some(bar) = &self.bar {
            bar.set_message(TerminalText::words(table).to_string());
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
