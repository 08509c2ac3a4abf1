//! The login: PLAIN, or LOGIN where a server has nothing else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::fault::unexpected;
use super::{Fault, Session};
use crate::mail::mask::secrets;

/// What is waited for while it lasts, in words.
const WHAT: &str = "the login";

impl Session {
    /// Logs in. A server that says no does not accept the login, whatever its words.
    pub(super) async fn log_in(&mut self, username: &str, password: &str) -> Result<(), Fault> {
        self.secrets = secrets(username, password);
        let (question, parts) = if self.can.log_in_plainly {
            let whole = format!("\0{username}\0{password}");
            (format!("AUTH PLAIN {}", STANDARD.encode(whole)), vec![])
        } else if self.can.log_in {
            ("AUTH LOGIN".to_owned(), vec![username, password])
        } else {
            let words = "the server offers no login by PLAIN or LOGIN; \
                         some offer it only on a protected connection (`tls:`)";
            return Err(Fault::Lost(words.to_owned()));
        };
        let mut said = self.say(WHAT, &question).await;
        for part in parts {
            // The server asks for a name and then a password, in words of its own.
            match &said {
                Ok(reply) if reply.asks() => {
                    said = self.say(WHAT, &STANDARD.encode(part)).await;
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
