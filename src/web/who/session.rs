//! Sessions of signed-in visitors, by the token in their cookie.
//!
//! They live in memory and end with the process. Only digests of their tokens are stored.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// The idle time after which a session ends.
const IDLE: Duration = Duration::from_secs(8 * 3600);
/// The maximum lifetime of a session, however much it is used.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);
/// The maximum number of sessions; the least recently used one ends first.
const MOST: usize = 10_000;

/// The sessions of a process.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<HashMap<[u8; 32], Session>>);

/// How a visitor signed in.
#[derive(Debug, Clone)]
pub(super) enum CameBy {
    /// By the printed address.
    Address,
    /// By the password with this hash in the file of users; the session ends when the hash changes.
    Password(Arc<str>),
}

/// One session.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) name: Arc<str>,
    pub(super) came_by: CameBy,
    pub(super) csrf: Arc<str>,
    began: Instant,
    used: Instant,
}

/// A text that cannot be guessed: 256 random bits.
///
/// # Errors
/// The machine has no random numbers.
pub(in crate::web) fn secret() -> Result<String, String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| format!("the system provides no random numbers: {error}"))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// Compares two secrets in constant time.
pub(super) fn same(one: &str, other: &str) -> bool {
    blake3::hash(one.as_bytes()) == blake3::hash(other.as_bytes())
}

impl Sessions {
    /// Begins a session; returns the token for the cookie.
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

    /// The session of a token; a request made by hand counts as use.
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

    /// Ends a session.
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
        // A session ends after a week, however much it is used.
        assert!((10..167).all(|at| sessions.of(&used, hour(at), true).is_some()));
        assert!(sessions.of(&used, hour(169), true).is_none());
    }
}
