//! Signing in.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use tokio::sync::Semaphore;

use super::session::{CameBy, Session, Sessions, same, secret};
use super::slow::Slow;
use super::users::{Users, pretend};
use super::visitor::Visitor;
use crate::config::{Auth, Page, PageUrl, Proxy, Role};
use crate::web::refusal::Refusal;

/// The way visitors sign in.
#[derive(Debug, Default)]
enum Access {
    /// By an address that is printed once and works for one browser; on loopback only.
    #[default]
    Token,
    /// By name and password.
    Users(PathBuf),
    /// As a proxy reports.
    Proxy(Proxy),
}

/// The maximum number of concurrent password checks: each takes 19 MB and a core.
const AT_ONCE: usize = 2;
/// The maximum number of sign-ins waiting for a check.
const WAITING: usize = 30;

/// Guards the page.
#[derive(Debug)]
pub(in crate::web) struct Gate {
    access: Access,
    url: Option<PageUrl>,
    sessions: Sessions,
    /// The token in the printed address; `None` once it has been used.
    token: Mutex<Option<String>>,
    slow: Slow,
    checking: Arc<Semaphore>,
    waiting: Semaphore,
    /// The key for form tokens where there are no sessions.
    key: [u8; 32],
}

impl Gate {
    /// Makes the gate for a page.
    ///
    /// # Errors
    /// The machine has no random numbers.
    pub(in crate::web) fn new(page: Page) -> Result<Self, String> {
        Ok(Self {
            access: match page.auth {
                None => Access::Token,
                Some(Auth::Users(path)) => Access::Users(path),
                Some(Auth::Proxy(proxy)) => Access::Proxy(proxy),
            },
            url: page.url,
            sessions: Sessions::default(),
            token: Mutex::default(),
            slow: Slow::default(),
            checking: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Semaphore::new(AT_ONCE + WAITING),
            key: *blake3::hash(secret()?.as_bytes()).as_bytes(),
        })
    }

    /// The only host name, apart from this machine's own, that requests may use for us.
    pub(super) fn host(&self) -> Option<&str> {
        self.url.as_ref().map(|url| url.host.as_str())
    }

    /// Whether only a browser on this machine is expected.
    pub(super) fn is_local(&self) -> bool {
        matches!(self.access, Access::Token)
    }

    /// Whether visitors sign in by name and password.
    pub(in crate::web) fn asks_for_passwords(&self) -> bool {
        matches!(self.access, Access::Users(_))
    }

    /// A token with which one browser can sign in, if that is the way in; invalidates the previous one.
    ///
    /// # Errors
    /// The machine has no random numbers.
    pub(in crate::web) fn token(&self) -> Result<Option<String>, String> {
        if !self.is_local() {
            return Ok(None);
        }
        let token = secret()?;
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
        Ok(Some(token))
    }

    /// Signs in the bearer of the printed address, once; returns the cookie to set.
    pub(in crate::web) fn enter(&self, token: &str) -> Option<String> {
        let mut known = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.as_ref().is_some_and(|known| same(known, token)) {
            return None;
        }
        *known = None;
        let session = self.sessions.begin("local", CameBy::Address).ok()?;
        Some(self.cookie(&session, ""))
    }

    /// Signs in by name and password; returns the cookie to set.
    ///
    /// # Errors
    /// The visitor is refused, or has to wait.
    pub(in crate::web) async fn sign_in(
        &self,
        name: &str,
        password: String,
        peer: IpAddr,
    ) -> Result<String, Refusal> {
        let Access::Users(path) = &self.access else {
            return Err(Refusal::not_found("nobody signs in here"));
        };
        let Ok(_waiting) = self.waiting.try_acquire() else {
            return Err(Refusal::too_many(
                "too many sign in at this moment; try again",
            ));
        };
        self.may_try(name, peer)?;
        let users = Users::read(path).map_err(unreadable)?;
        let user = users.get(name).cloned();
        let hash = user.as_ref().map(|user| user.hash().into());
        let permit = Arc::clone(&self.checking).acquire_owned().await;
        // Attempts ahead in the queue may have failed meanwhile.
        self.may_try(name, peer)?;
        let checked = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            match user {
                Some(user) => user.has(&password),
                None => {
                    pretend(&password);
                    false
                }
            }
        });
        let is_right = checked.await.unwrap_or(false);
        let Some(hash) = hash.filter(|_| is_right) else {
            self.slow.failed(name, peer, Instant::now());
            return Err(Refusal::forbidden("the name or the password is wrong"));
        };
        self.slow.right(name);
        let session = self.sessions.begin(name, CameBy::Password(hash));
        let session = session.map_err(Refusal::broken)?;
        Ok(self.cookie(&session, ""))
    }

    fn may_try(&self, name: &str, peer: IpAddr) -> Result<(), Refusal> {
        let Some(wait) = self.slow.wait(name, peer, Instant::now()) else {
            return Ok(());
        };
        let seconds = wait.as_secs() + 1;
        Err(Refusal::too_many(format!(
            "there were wrong passwords; try again in {seconds} seconds"
        )))
    }

    /// Ends the session of a request; returns the cookie to set.
    pub(in crate::web) fn leave(&self, headers: &HeaderMap) -> String {
        if let Some(token) = self.sent(headers) {
            self.sessions.end(token);
        }
        self.cookie("", "; Max-Age=0")
    }

    /// The visitor of a request; `None` if they have not signed in. A request made by hand keeps the session alive.
    ///
    /// # Errors
    /// The visitor cannot be identified, or has no access.
    pub(super) fn visitor(
        &self,
        headers: &HeaderMap,
        peer: IpAddr,
        by_hand: bool,
    ) -> Result<Option<Visitor>, Refusal> {
        if let Access::Proxy(proxy) = &self.access {
            return self.brought(proxy, headers, peer).map(Some);
        }
        let of = |token: &str| self.sessions.of(token, Instant::now(), by_hand);
        let Some(session) = self.sent(headers).and_then(of) else {
            return Ok(None);
        };
        Ok(self.role(&session)?.map(|role| Visitor {
            name: session.name,
            role,
            csrf: session.csrf,
            may_leave: true,
        }))
    }

    /// The current role of a session's user; `None` if they were removed from the file or their password has changed.
    fn role(&self, session: &Session) -> Result<Option<Role>, Refusal> {
        match (&self.access, &session.came_by) {
            (Access::Token, CameBy::Address) => Ok(Some(Role::Operate)),
            (Access::Users(path), CameBy::Password(hash)) => {
                let users = Users::read(path).map_err(unreadable)?;
                let user = users.get(&session.name);
                let user = user.filter(|user| user.hash() == &**hash);
                Ok(user.map(|user| user.role))
            }
            _ => Ok(None),
        }
    }

    /// The visitor that a proxy reports.
    fn brought(
        &self,
        proxy: &Proxy,
        headers: &HeaderMap,
        peer: IpAddr,
    ) -> Result<Visitor, Refusal> {
        let peer = peer.to_canonical();
        if !proxy.networks.iter().any(|network| network.contains(&peer)) {
            return Err(Refusal::forbidden(
                "this page is reached through its proxy only, and this request did not come from there",
            ));
        }
        let name = only(headers, &proxy.header)?;
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            return Err(Refusal::forbidden("the proxy does not say who you are"));
        };
        let groups = match &proxy.groups {
            Some(header) => only(headers, header)?.unwrap_or_default(),
            None => String::new(),
        };
        let groups = groups.split([',', '|']).map(str::trim);
        let role = groups
            .filter_map(|group| proxy.roles.get(group).copied())
            .max();
        let Some(role) = role.max(proxy.default) else {
            return Err(Refusal::forbidden(
                "you are in no group that may see this page",
            ));
        };
        let csrf = blake3::keyed_hash(&self.key, name.as_bytes()).to_hex();
        Ok(Visitor {
            name: name.as_str().into(),
            role,
            csrf: csrf.as_str().into(),
            may_leave: false,
        })
    }

    /// With `https`, the browser sends the cookie only over TLS, and (by `__Host-`) accepts it from no other host.
    fn cookie(&self, value: &str, more: &str) -> String {
        let secure = if self.is_secure() { "; Secure" } else { "" };
        format!(
            "{}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{more}",
            self.cookie_name()
        )
    }

    fn is_secure(&self) -> bool {
        self.url.as_ref().is_some_and(|url| url.scheme == "https")
    }

    fn cookie_name(&self) -> &'static str {
        match self.is_secure() {
            true => "__Host-muster",
            false => "muster",
        }
    }

    /// The token that the browser sent.
    fn sent<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        let all = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let pairs = all.flat_map(|value| value.split(';'));
        let mut pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
        pairs
            .find(|(name, _)| *name == self.cookie_name())
            .map(|(_, value)| value)
    }
}

/// The single value of a header: if there are two, one may not come from the proxy.
fn only(headers: &HeaderMap, name: &str) -> Result<Option<String>, Refusal> {
    let mut values = headers.get_all(name).iter();
    let value = values.next();
    if values.next().is_some() {
        return Err(Refusal::forbidden(format!(
            "the header `{name}` came more than once; the proxy must replace what browsers send"
        )));
    }
    Ok(value.map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned()))
}

fn unreadable(reason: String) -> Refusal {
    Refusal::not_now(format!("who may see this page cannot be told: {reason}"))
}
