//! The page in the browser, as config defines it.

mod convert;
pub(super) mod wire;

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::decode::choice;

/// The page in the browser.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// The address at which `muster serve` shows it; `None` for nowhere.
    pub listen: Option<SocketAddr>,
    /// The URL at which readers reach it; `None` for the address that it listens on.
    pub url: Option<PageUrl>,
    /// Who may see it; `None` for anyone on this machine who has the printed address.
    pub auth: Option<Auth>,
}

/// The URL at which readers reach the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageUrl {
    /// `https` or, on this machine, `http`.
    pub scheme: String,
    /// The name and optional port, as a browser sends them.
    pub host: String,
}

impl Page {
    /// Why the page must not be shown at an address, and what to do; `None` if it may. A page that only this machine
    /// can reach needs just an address that nobody can guess.
    pub fn open_to_all(&self, listen: Option<SocketAddr>) -> Option<(&'static str, &'static str)> {
        let is_here = listen.is_none_or(|address| address.ip().is_loopback());
        match (&self.url, &self.auth) {
            (None, None) if !is_here => Some((
                "everybody who reaches this address would see the page, as there is no `auth:`",
                "say who may see it under `page: auth:`, or listen on `127.0.0.1`",
            )),
            (Some(_), None) => Some((
                "a page with `url:` is reached by others, and there is no `auth:`",
                "say who may see it under `page: auth:`, or leave out `url:`",
            )),
            (None, Some(_)) if !is_here => Some((
                "the page is reached from other machines, and nothing says by which name",
                "write it under `page: url:`, such as `https://segments.example.com`",
            )),
            (Some(url), Some(_)) if url.scheme == "http" && !is_loopback(&url.host) => Some((
                "with `http://`, anyone along the way can read what the page shows, passwords included",
                "put a proxy with a certificate in front and write `https://`; `deploy/` has examples",
            )),
            _ => None,
        }
    }
}

/// Whether a host, as a browser sends it, is this machine.
pub fn is_loopback(host: &str) -> bool {
    let port = host
        .rsplit_once(':')
        .filter(|(_, port)| port.parse::<u16>().is_ok());
    let name = port.map_or(host, |(name, _)| name);
    let address = name
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let address = address.unwrap_or(name).parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for PageUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}", self.scheme, self.host)
    }
}

/// Who may see the page.
#[derive(Debug, Clone, PartialEq)]
pub enum Auth {
    /// The users in this file, which `muster page user` writes.
    Users(PathBuf),
    /// The users that a proxy names.
    Proxy(Proxy),
}

/// A proxy in front of the page that authenticates users.
#[derive(Debug, Clone, PartialEq)]
pub struct Proxy {
    /// The header with the user's name, in lower case.
    pub header: String,
    /// The header with the groups, separated by commas or `|`; in lower case.
    pub groups: Option<String>,
    /// The networks of the proxy. A request from anywhere else has no user.
    pub networks: Vec<IpNet>,
    /// The role of each group.
    pub roles: BTreeMap<String, Role>,
    /// The role of users who are in none of the groups; `None` for no access.
    pub default: Option<Role>,
}

/// What somebody may on the page; each may all that stands before it, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sizes and values, and no people.
    Counts,
    /// People, too, and their export.
    View,
    /// Write rules, and ask for counts that are not published.
    Edit,
    /// Run, accept, release mail, forget.
    Operate,
}

choice!(Role);

impl Role {
    /// All roles, the least powerful first.
    pub const ALL: [Self; 4] = [Self::Counts, Self::View, Self::Edit, Self::Operate];

    /// Its name in a file and on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::View => "view",
            Self::Edit => "edit",
            Self::Operate => "operate",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|role| role.name() == text);
        found.ok_or_else(|| {
            format!("`{text}` is not a role; the roles are counts, view, edit and operate")
        })
    }
}
