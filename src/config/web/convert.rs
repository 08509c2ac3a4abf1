//! Converts the page's keys to types, and checks them against each other.

use std::path::Path;

use super::wire::{AuthFile, PageFile, ProxyFile};
use super::{Auth, Page, Proxy};
use crate::decode::Reader;
use crate::diagnostic::{Code, Finding};
use crate::source::Location;

impl PageFile {
    /// Resolves relative paths from `folder`; `at` is where the page is configured.
    pub(in crate::config) fn checked(
        self,
        folder: &Path,
        at: Location,
        reader: &mut Reader<'_>,
    ) -> Option<Page> {
        let auth = match self.auth {
            Some(auth) => Some(auth.checked(folder, at, reader)?),
            None if reader.is_unread("auth") => return None,
            None => None,
        };
        let page = Page {
            listen: self.listen.map(|listen| listen.0),
            url: self.url.map(|url| url.0),
            auth,
        };
        if let Some((message, help)) = page.open_to_all(page.listen) {
            reader.report(Finding::new(Code::InvalidValue, message).at(at).help(help));
            return None;
        }
        Some(page)
    }
}

impl AuthFile {
    fn checked(self, folder: &Path, at: Location, reader: &mut Reader<'_>) -> Option<Auth> {
        match (self.users, self.proxy) {
            (Some(users), None) => Some(Auth::Users(folder.join(users.0.value))),
            (None, Some(proxy)) => Some(Auth::Proxy(proxy.into_proxy())),
            (None, None) if reader.is_unread("users") || reader.is_unread("proxy") => None,
            (users, _) => {
                let (code, says) = match users {
                    Some(_) => (Code::InvalidValue, "both"),
                    None => (Code::MissingKey, "neither"),
                };
                let message = format!("`auth` says {says}: `users:` (a file) and `proxy:`");
                reader.report(
                    Finding::new(code, message)
                        .at(at)
                        .help("give one of the two"),
                );
                None
            }
        }
    }
}

impl ProxyFile {
    fn into_proxy(self) -> Proxy {
        let roles = self.roles.into_iter().flat_map(|roles| roles.0);
        Proxy {
            header: self.header.0,
            groups: self.groups.map(|header| header.0),
            networks: self
                .networks
                .0
                .into_iter()
                .map(|network| network.0)
                .collect(),
            roles: roles.map(|(group, role)| (group.value, role)).collect(),
            default: self.default,
        }
    }
}
