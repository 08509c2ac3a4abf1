//! Runs work on several threads.

use std::panic::resume_unwind;
use std::thread;

/// Runs `mine` on this thread and each of `others` on its own thread. Returns the results, or the first error. If the
/// system cannot start a thread, the existing threads have to do its work.
pub(super) fn together<M, O: Send, E: Send>(
    mine: impl FnOnce() -> Result<M, E>,
    others: Vec<impl FnOnce() -> Result<O, E> + Send>,
) -> Result<(M, Vec<O>), E> {
    thread::scope(|scope| {
        let others = others.into_iter();
        let others =
            others.filter_map(|work| thread::Builder::new().spawn_scoped(scope, work).ok());
        let others: Vec<_> = others.collect();
        let mine = mine();
        let others = others.into_iter();
        let others = others.map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        // All of them are joined, whatever the result of this thread.
        let others: Vec<Result<O, E>> = others.collect();
        Ok((mine?, others.into_iter().collect::<Result<_, E>>()?))
    })
}
