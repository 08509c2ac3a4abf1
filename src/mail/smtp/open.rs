//! To the point where the server takes mail: connected, protected, logged in. A password goes over a
//! protected connection, or to this very machine.

use std::path::Path;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use super::reply::Reply;
use super::talk::{Stream, Talk};
use super::tls::Protection;
use super::{Fault, Session, bounded, unexpected};
use crate::config::{Smtp, Tls};
use crate::disk::{line, read};
use crate::view::BYTE_ORDER_MARK;

/// The largest file of certificates, in bytes: far beyond what one authority needs.
const AUTHORITY: u64 = 4 * 1024 * 1024;

/// What a server says that it can do: RFC 5321, 4.1.1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Abilities {
    /// It can be protected: STARTTLS.
    pub protection: bool,
    /// It takes bodies beyond ASCII: 8BITMIME.
    pub eight_bits: bool,
    /// It takes addresses beyond ASCII: SMTPUTF8.
    pub utf8_addresses: bool,
    /// It takes a login in one go: PLAIN.
    pub log_in_plainly: bool,
    /// It asks for a login part by part: LOGIN.
    pub log_in: bool,
}

impl Abilities {
    fn of(reply: &Reply) -> Self {
        let mut can = Self::default();
        for line in &reply.lines {
            let line = line.to_ascii_uppercase();
            // Some old servers write `AUTH=` for `AUTH `.
            let mut words = line.split([' ', '\t', '=']).filter(|word| !word.is_empty());
            match words.next() {
                Some("STARTTLS") => can.protection = true,
                Some("8BITMIME") => can.eight_bits = true,
                Some("SMTPUTF8") => can.utf8_addresses = true,
                Some("AUTH") => {
                    for word in words {
                        can.log_in_plainly |= word == "PLAIN";
                        can.log_in |= word == "LOGIN";
                    }
                }
                _ => {}
            }
        }
        can
    }
}

impl Session {
    /// Connects to the server as config says.
    pub(in crate::mail) async fn open(smtp: &Smtp) -> Result<Self, Fault> {
        let login = login(smtp)?;
        // A name in another script is looked up, and stands in certificates, in ASCII.
        let host = match smtp.host.is_ascii() {
            true => smtp.host.clone(),
            false => idna::domain_to_ascii(&smtp.host).map_err(|_| {
                Fault::Lost(format!("`{}` (`host:`) is not a host name", smtp.host))
            })?,
        };
        let mut stream: Box<dyn Stream> = Box::new(connect(smtp, &host).await?);
        if smtp.tls == Tls::Implicit {
            let protected = Protection::of(smtp, &host)?.over(stream);
            stream = bounded("connecting", smtp.timeout, &[], protected).await?;
        }
        let mut session = Self::over(stream, smtp.timeout);
        session.greet().await?;
        if smtp.tls == Tls::Starttls {
            session = session.protected(Protection::of(smtp, &host)?).await?;
        }
        if let Some((username, password)) = login {
            session.log_in(&username, &password).await?;
        }
        Ok(session)
    }

    fn over(stream: Box<dyn Stream>, limit: Duration) -> Self {
        Self {
            talk: Talk::over(stream),
            can: Abilities::default(),
            limit,
            secrets: Vec::new(),
            over: false,
        }
    }

    async fn greet(&mut self) -> Result<(), Fault> {
        let what = "connecting";
        let heard = bounded(what, self.limit, &[], self.talk.listen()).await;
        let greeting = self.heard(heard, true)?;
        if !greeting.is_done() {
            return Err(unexpected(what, &greeting, &[]));
        }
        self.introduce().await
    }

    async fn introduce(&mut self) -> Result<(), Fault> {
        let reply = self.say("EHLO", &format!("EHLO {}", own_name())).await?;
        if !reply.is_done() {
            return Err(unexpected("EHLO", &reply, &[]));
        }
        self.can = Abilities::of(&reply);
        Ok(())
    }

    /// The same server behind a protected connection. Nothing that it has said in the clear counts any more.
    async fn protected(mut self, protection: Protection) -> Result<Self, Fault> {
        let what = "STARTTLS";
        if !self.can.protection {
            return Err(Fault::Lost(
                "the server does not offer STARTTLS, and nothing is sent without; \
                 `tls: implicit` is for a server that is protected from the first byte"
                    .to_owned(),
            ));
        }
        let reply = self.say(what, what).await?;
        if !reply.is_done() {
            return Err(unexpected(what, &reply, &[]));
        }
        let Self { talk, limit, .. } = self;
        let upgraded = async { protection.over(talk.into_stream()?).await };
        let stream = bounded(what, limit, &[], upgraded).await?;
        let mut session = Self::over(stream, limit);
        session.introduce().await?;
        Ok(session)
    }
}

/// What we call ourselves: this machine's name, or that we have none that a server could know.
fn own_name() -> String {
    let name = hostname::get()
        .ok()
        .and_then(|name| name.into_string().ok());
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    name.filter(|name| !name.is_empty() && name.len() < 256 && name.chars().all(plain))
        .unwrap_or_else(|| "[127.0.0.1]".to_owned())
}

/// Connects to the first of the server's addresses that answers.
async fn connect(smtp: &Smtp, host: &str) -> Result<TcpStream, Fault> {
    let place = format!("`{}:{}`", smtp.host, smtp.port);
    let found = tokio::net::lookup_host((host, smtp.port));
    let addresses = match timeout(smtp.timeout, found).await {
        Ok(Ok(addresses)) => addresses,
        Ok(Err(error)) => {
            let words = format!("{place} (`host:`) is not found: {error}");
            return Err(Fault::Lost(words));
        }
        Err(_) => return Err(silent(&place, smtp.timeout)),
    };
    let mut fault = Fault::Lost(format!("{place} has no address"));
    for address in addresses {
        match timeout(smtp.timeout, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => {
                fault = Fault::Lost(format!(
                    "{place} (`host:` and `port:`) cannot be reached: {error}"
                ));
            }
            Err(_) => fault = silent(&place, smtp.timeout),
        }
    }
    Err(fault)
}

fn silent(place: &str, limit: Duration) -> Fault {
    Fault::Lost(format!(
        "{place} cannot be reached: nothing came back for {} s",
        limit.as_secs_f64()
    ))
}

/// The certificates in `ca_file`.
///
/// # Errors
/// What is wrong with the file, in words.
pub(in crate::mail) fn authority(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let wrong = |why: String| format!("`ca_file` `{}` {why}", path.display());
    let pem = read(path, AUTHORITY).map_err(|error| wrong(error.to_string()))?;
    let pem = pem.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(&pem);
    if !pem
        .windows(27)
        .any(|part| part == b"-----BEGIN CERTIFICATE-----")
    {
        return Err(wrong("holds no certificate in PEM".to_owned()));
    }
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let read = read.ok().filter(|certificates| !certificates.is_empty());
    read.ok_or_else(|| wrong("holds no certificate that can be read".to_owned()))
}

/// User name and password, where config has them; the password is read anew each time.
fn login(smtp: &Smtp) -> Result<Option<(String, String)>, Fault> {
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

/// True for a file that everybody on this machine can read.
#[cfg(unix)]
pub(in crate::mail) fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o004 != 0)
}

/// True for a file that everybody on this machine can read: not known here.
#[cfg(not(unix))]
pub(in crate::mail) fn is_open(_: &Path) -> bool {
    false
}
