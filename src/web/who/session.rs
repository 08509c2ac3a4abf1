//! Sessions: who has come in, by what their browser sends along.
//!
//! They live in memory and end with the process. Only digests of their tokens are kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// A session that nobody used for so long has ended.
const IDLE: Duration = Duration::from_secs(8 * 3600);
/// However much it is used, it ends after so long.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);
/// So many at a time; the one that was not used for the longest time ends first.
const MOST: usize = 10_000;

/// The sessions of a process.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<HashMap<[u8; 32], Session>>);

/// What somebody came in by.
#[derive(Debug, Clone)]
pub(super) enum CameBy {
    /// The address that was printed.
    Address,
    /// The password that the file of users has under this hash: the session ends when it has another.
    Password(Arc<str>),
}

/// One of them.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) name: Arc<str>,
    pub(super) came_by: CameBy,
    pub(super) csrf: Arc<str>,
    began: Instant,
    used: Instant,
}

/// A text that nobody can guess: 256 bits.
///
/// # Errors
/// The machine has no random numbers.
pub(in crate::web) fn secret() -> Result<String, String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| format!("there are no random numbers: {error}"))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// Whether two secrets are the same, in a time that tells nothing of where they differ.
pub(super) fn same(one: &str, other: &str) -> bool {
    blake3::hash(one.as_bytes()) == blake3::hash(other.as_bytes())
}

impl Sessions {
    /// Begins one; what the browser has to send along.
    ///
    /// # Errors
    /// The machine has no random numbers.
    pub(super) fn begin(&self, name: &str, came_by: CameBy) -> Result<String, String> {
        let (token, csrf) = (secret()?, secret()?);
        let now = Instant::now();
        let session = Session {
            name: name.into(),
            came_by,
            csrf: csrf.into(),
            began: now,
            used: now,
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, session| session.is_alive(now));
        if all.len() >= MOST {
            let oldest = all.iter().min_by_key(|(_, session)| session.used);
            if let Some(key) = oldest.map(|(key, _)| *key) {
                all.remove(&key);
            }
        }
        all.insert(key(&token), session);
        Ok(token)
    }

    /// The session of a token, which is used by that where somebody does it by hand.
    pub(super) fn of(&self, token: &str, now: Instant, by_hand: bool) -> Option<Session> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = all.get_mut(&key(token))?;
        if !session.is_alive(now) {
            all.remove(&key(token));
            return None;
        }
        if by_hand {
            session.used = now;
        }
        Some(session.clone())
    }

    /// Ends one.
    pub(super) fn end(&self, token: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&key(token));
    }
}

impl Session {
    fn is_alive(&self, now: Instant) -> bool {
        now.duration_since(self.used) < IDLE && now.duration_since(self.began) < LONGEST
    }
}

fn key(token: &str) -> [u8; 32] {
    *blake3::hash(token.as_bytes()).as_bytes()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_uses_ends_and_a_script_uses_nothing() {
        let sessions = Sessions::default();
        let begin = || sessions.begin("ana", CameBy::Address).unwrap();
        let hour = |hour: u64| Instant::now() + Duration::from_secs(hour * 3_600);
        let (watched, used) = (begin(), begin());
        for now in (1..8).map(hour) {
            assert!(sessions.of(&watched, now, false).is_some());
            assert!(sessions.of(&used, now, true).is_some());
        }
        assert!(sessions.of(&watched, hour(9), true).is_none());
        assert!(sessions.of(&used, hour(9), true).is_some());
        // A week is the end, however much it is used.
        assert!((10..167).all(|at| sessions.of(&used, hour(at), true).is_some()));
        assert!(sessions.of(&used, hour(169), true).is_none());
    }
}
