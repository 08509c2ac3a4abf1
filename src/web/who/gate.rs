//! How people come in.

use std::sync::Mutex;
use std::sync::PoisonError;

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

use super::role::Role;
use super::session::{Session, Sessions, same};
use super::visitor::Visitor;

/// How people come in.
#[derive(Debug, Default)]
pub enum Access {
    /// By an address that is printed once and is good for one browser: on loopback only.
    #[default]
    Token,
}

/// What keeps the page.
#[derive(Debug)]
pub(in crate::web) struct Gate {
    access: Access,
    sessions: Sessions,
    /// What the printed address ends in; none once somebody came by it.
    token: Mutex<Option<String>>,
}

/// The cookie of a session.
const COOKIE_NAME: &str = "muster";

impl Gate {
    pub(in crate::web) fn new(access: Access) -> Self {
        Self {
            access,
            sessions: Sessions::default(),
            token: Mutex::default(),
        }
    }

    /// A token that one browser can come in by; the one before it is good no longer.
    ///
    /// # Errors
    /// The machine has no random numbers.
    pub(in crate::web) fn token(&self) -> Result<String, String> {
        let token = super::session::secret()?;
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
        Ok(token)
    }

    /// Lets the bearer of the printed address in, once: the cookie to be set.
    pub(in crate::web) fn enter(&self, token: &str) -> Option<String> {
        let mut known = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.as_ref().is_some_and(|known| same(known, token)) {
            return None;
        }
        *known = None;
        let session = self.sessions.begin("local", Some(Role::Operate)).ok()?;
        Some(format!(
            "{COOKIE_NAME}={session}; HttpOnly; SameSite=Strict; Path=/"
        ))
    }

    /// Ends the session of a request.
    pub(in crate::web) fn leave(&self, headers: &HeaderMap) -> String {
        if let Some(token) = cookie(headers) {
            self.sessions.end(token);
        }
        format!("{COOKIE_NAME}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0")
    }

    /// Who asks; nobody where they have not come in.
    pub(super) fn visitor(&self, headers: &HeaderMap) -> Option<Visitor> {
        let session = self.sessions.of(cookie(headers)?)?;
        let role = self.role(&session)?;
        Some(Visitor {
            name: session.name,
            role,
            csrf: session.csrf,
            may_leave: true,
        })
    }

    fn role(&self, session: &Session) -> Option<Role> {
        match self.access {
            Access::Token => session.role,
        }
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = all
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == COOKIE_NAME)
        .map(|(_, value)| value)
}
