//! SMTP faults, and what they mean for the mail.

use std::io;

use tokio_rustls::rustls;

use super::reply::Reply;
use super::talk::Broken;
use crate::mail::mask::answer;

/// Why a step failed, with words for the owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::mail) enum Fault {
    /// A temporary refusal (4xx).
    Later(String),
    /// A temporary refusal, after which the server closes the connection (421).
    Closing(String),
    /// A permanent refusal (5xx).
    Refused(String),
    /// The server does not accept our login.
    Login(String),
    /// The server is unreachable, silent, broke off, or sends invalid answers.
    Lost(String),
}

impl Fault {
    pub(in crate::mail) fn words(&self) -> &str {
        match self {
            Self::Later(words)
            | Self::Closing(words)
            | Self::Refused(words)
            | Self::Login(words)
            | Self::Lost(words) => words,
        }
    }

    /// True if the connection cannot be used any more.
    pub(super) fn is_end(&self) -> bool {
        matches!(self, Self::Lost(_) | Self::Closing(_))
    }
}

/// Codes that concern the login, whatever command they answer: RFC 4954, section 6.
const LOGIN: [u16; 4] = [530, 534, 535, 538];

/// The answer as it is, or the fault that a refusal means. If a login is demanded at a step that concerns one mail
/// alone, and not `everybody`, only that mail waits.
pub(super) fn judged(reply: Reply, everybody: bool, secrets: &[String]) -> Result<Reply, Fault> {
    if reply.code < 400 {
        return Ok(reply);
    }
    let words = shown(&reply, secrets);
    Err(match reply.code {
        _ if reply.is_closing() => Fault::Closing(words),
        code if LOGIN.contains(&code) && everybody => Fault::Login(words),
        code if LOGIN.contains(&code) => Fault::Later(words),
        500.. => Fault::Refused(words),
        _ => Fault::Later(words),
    })
}

/// A valid answer that is unexpected at this step.
pub(super) fn unexpected(what: &str, reply: &Reply, secrets: &[String]) -> Fault {
    let reply = shown(reply, secrets);
    Fault::Lost(format!(
        "the server answered {what} with `{reply}`, which is not a valid answer to it"
    ))
}

/// A server's answer for display: its code and words.
pub(super) fn shown(reply: &Reply, secrets: &[String]) -> String {
    answer(&reply.words(), secrets)
}

/// The fault for a missing answer.
pub(super) fn broken(what: &str, broken: Broken, secrets: &[String]) -> Fault {
    Fault::Lost(match broken {
        Broken::Closed => format!("the server closed the connection after {what}"),
        Broken::Failed(error) => failed(what, &error),
        Broken::Nonsense(words) => {
            let words = answer(&words, secrets);
            format!("the server's answer to {what} makes no sense: {words}")
        }
    })
}

fn failed(what: &str, error: &io::Error) -> String {
    let protection = error
        .get_ref()
        .and_then(|error| error.downcast_ref::<rustls::Error>());
    match protection {
        Some(rustls::Error::InvalidCertificate(why)) => format!(
            "the server's certificate is not trusted ({why}); `ca_file:` names an authority of your own, \
             and `host:` must be the name in the certificate"
        ),
        Some(rustls::Error::InvalidMessage(_)) => format!(
            "the server does not speak TLS there ({error}); `tls: starttls` is for port 587, \
             `implicit` for port 465"
        ),
        _ => format!("the connection failed at {what}: {error}"),
    }
}
