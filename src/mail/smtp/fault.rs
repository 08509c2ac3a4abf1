//! What went wrong between us and the server, and what it means for the mail.

use std::error::Error as _;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::response::Response;

use crate::mail::mask::answer;

/// Why a step failed, with words for the owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::mail) enum Fault {
    /// The server says: not now (4xx).
    Later(String),
    /// The server says: never (5xx).
    Refused(String),
    /// The server does not accept our login.
    Login(String),
    /// There is no server, or none any more: it was silent, broke off or talks nonsense.
    Lost(String),
}

impl Fault {
    /// The words.
    pub(in crate::mail) fn words(&self) -> &str {
        match self {
            Self::Later(words) | Self::Refused(words) | Self::Login(words) | Self::Lost(words) => {
                words
            }
        }
    }
}

/// Answers that mean the login whatever they answer: RFC 4954, section 6.
const LOGIN: [u16; 4] = [530, 534, 535, 538];

pub(super) fn classify(what: &str, error: &Error, secrets: &[String]) -> Fault {
    let said = error.source().map(ToString::to_string).unwrap_or_default();
    let said = answer(&said, secrets);
    if let Some(code) = error.status() {
        let words = format!("{code} {said}").trim_end().to_owned();
        return if LOGIN.contains(&u16::from(code)) {
            Fault::Login(words)
        } else if error.is_permanent() {
            Fault::Refused(words)
        } else {
            Fault::Later(words)
        };
    }
    Fault::Lost(broken(what, &said, error))
}

fn broken(what: &str, said: &str, error: &Error) -> String {
    let said = said.trim_start_matches("Connection error: ");
    if said.contains("invalid peer certificate") {
        return format!(
            "the server's certificate is not trusted ({}); `ca_file:` names an authority of your own, \
             and `host:` must be the name in the certificate",
            said.trim_start_matches("invalid peer certificate: ")
        );
    }
    if said.contains("received corrupt message") {
        return format!(
            "the server does not speak TLS there ({said}); `tls: starttls` is for port 587, \
             `implicit` for port 465"
        );
    }
    if error.is_response() && said == "incomplete response" {
        return format!("the server closed the connection after {what}");
    }
    if error.is_response() {
        return format!("the server's answer to {what} makes no sense: {said}");
    }
    format!("the connection failed at {what}: {said}")
}

/// A server's answer: its code and words.
pub(super) fn answered(response: &Response, secrets: &[String]) -> String {
    let words: Vec<&str> = response.message().collect();
    answer(&format!("{} {}", response.code(), words.join(" ")), secrets)
}
