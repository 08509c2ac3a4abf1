//! The login: PLAIN, or LOGIN if the server offers nothing else.

use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::fault::unexpected;
use super::{Fault, Session};
use crate::config::{Smtp, Tls};
use crate::disk::line;
use crate::mail::mask::secrets;

/// The name of the step, in words.
const WHAT: &str = "the login";

impl Session {
    /// Logs in. Any refusal means that the server does not accept the login, whatever its words.
    pub(super) async fn log_in(&mut self, username: &str, password: &str) -> Result<(), Fault> {
        self.secrets = secrets(username, password);
        let (question, parts) = if self.can.log_in_plainly {
            let whole = format!("\0{username}\0{password}");
            (
                format!("AUTH PLAIN {}", BASE64_STANDARD.encode(whole)),
                vec![],
            )
        } else if self.can.log_in {
            ("AUTH LOGIN".to_owned(), vec![username, password])
        } else {
            let words = "the server offers no login by PLAIN or LOGIN; \
                         some offer it only on a protected connection (`tls:`)";
            return Err(Fault::Lost(words.to_owned()));
        };
        let mut said = self.say(WHAT, &question).await;
        for part in parts {
            // The server asks for a name and then a password, in its own words.
            match &said {
                Ok(reply) if reply.asks() => {
                    said = self.say(WHAT, &BASE64_STANDARD.encode(part)).await;
                }
                _ => break,
            }
        }
        match said {
            Ok(reply) if reply.is_done() => Ok(()),
            Ok(reply) => Err(unexpected(WHAT, &reply, &self.secrets)),
            Err(Fault::Refused(words)) => Err(Fault::Login(words)),
            Err(fault) => Err(fault),
        }
    }
}

/// User name and password, if config has them; the password is read again each time.
pub(super) fn login(smtp: &Smtp) -> Result<Option<(String, String)>, Fault> {
    let (Some(username), Some(file)) = (&smtp.username, &smtp.password_file) else {
        return Ok(None);
    };
    if smtp.tls == Tls::None && !smtp.is_here() {
        return Err(Fault::Lost(
            "a password is not sent over an unprotected connection to another machine; \
             set `tls: starttls` or `implicit`"
                .to_owned(),
        ));
    }
    if is_open(&file.path) {
        tracing::warn!(
            file = %file.path.display(),
            "everybody on this machine can read the password file; `chmod 600` it"
        );
    }
    let password = password(&file.path).map_err(Fault::Lost)?;
    Ok(Some((username.clone(), password)))
}

/// The password in `password_file`.
///
/// # Errors
/// What is wrong with the file, in words.
pub(in crate::mail) fn password(path: &Path) -> Result<String, String> {
    let read = line(path);
    read.map_err(|why| format!("`password_file` `{}` {why}", path.display()))
}

/// True for a file that every user of this machine can read.
#[cfg(unix)]
pub(in crate::mail) fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o004 != 0)
}

/// True for a file that every user of this machine can read: not known on this system.
#[cfg(not(unix))]
pub(in crate::mail) fn is_open(_: &Path) -> bool {
    false
}
