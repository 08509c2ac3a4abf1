//! To the point where the server takes mail: connected, protected, logged in. A password goes over a
//! protected connection, or to this very machine.

use std::path::Path;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters,
};
use lettre::transport::smtp::extension::ClientId;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Fault, Session, bounded};
use crate::config::{Smtp, Tls};
use crate::disk::{line, read};
use crate::mail::mask::secrets;
use crate::report::BYTE_ORDER_MARK;

/// The largest file of certificates, in bytes: far beyond what one authority needs.
const AUTHORITY: u64 = 4 * 1024 * 1024;

impl Session {
    /// Connects to the server as config says.
    pub(in crate::mail) async fn open(smtp: &Smtp) -> Result<Self, Fault> {
        let hello = ClientId::default();
        let login = login(smtp)?;
        let mut connection = match smtp.tls {
            Tls::Implicit => {
                let connected = AsyncSmtpConnection::connect_tokio1(
                    (smtp.host.as_str(), smtp.port),
                    Some(smtp.timeout / 2),
                    &hello,
                    Some(tls(smtp)?),
                    None,
                );
                bounded("connecting", smtp.timeout, &[], connected).await?
            }
            Tls::None | Tls::Starttls => {
                let stream = Box::new(connect(smtp).await?);
                let greeted = AsyncSmtpConnection::connect_with_transport(stream, &hello);
                bounded("connecting", smtp.timeout, &[], greeted).await?
            }
        };
        if smtp.tls == Tls::Starttls {
            if !connection.can_starttls() {
                return Err(Fault::Lost(
                    "the server does not offer STARTTLS, and nothing is sent without; \
                     `tls: implicit` is for a server that is protected from the first byte"
                        .to_owned(),
                ));
            }
            let upgraded = connection.starttls(tls(smtp)?, &hello);
            bounded("STARTTLS", smtp.timeout, &[], upgraded).await?;
        }
        let mut session = Self {
            connection,
            limit: smtp.timeout,
            secrets: Vec::new(),
        };
        if let Some((username, password)) = login {
            session.log_in(username, password).await?;
        }
        Ok(session)
    }

    async fn log_in(&mut self, username: String, password: String) -> Result<(), Fault> {
        let mechanisms = [Mechanism::Plain, Mechanism::Login];
        let offered = self.connection.server_info();
        if offered.get_auth_mechanism(&mechanisms).is_none() {
            let words = "the server offers no login by PLAIN or LOGIN; \
                         some offer it only on a protected connection (`tls:`)";
            return Err(Fault::Lost(words.to_owned()));
        }
        self.secrets = secrets(&username, &password);
        let credentials = Credentials::new(username, password);
        let accepted = self.connection.auth(&mechanisms, &credentials);
        match bounded("the login", self.limit, &self.secrets, accepted).await {
            Err(Fault::Refused(words)) => Err(Fault::Login(words)),
            other => other.map(drop),
        }
    }
}

/// Connects to the first of the server's addresses that answers.
async fn connect(smtp: &Smtp) -> Result<TcpStream, Fault> {
    let place = format!("`{}:{}`", smtp.host, smtp.port);
    let found = tokio::net::lookup_host((smtp.host.as_str(), smtp.port));
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

fn tls(smtp: &Smtp) -> Result<TlsParameters, Fault> {
    let mut builder = TlsParameters::builder(smtp.host.clone());
    if let Some(file) = &smtp.ca_file {
        let authority = authority(&file.path).map_err(Fault::Lost)?;
        builder = builder
            .certificate_store(CertificateStore::None)
            .add_root_certificate(authority);
    }
    let built = builder.build();
    built.map_err(|error| Fault::Lost(format!("TLS cannot be prepared: {error}")))
}

/// The certificate in `ca_file`.
///
/// # Errors
/// What is wrong with the file, in words.
pub(in crate::mail) fn authority(path: &Path) -> Result<Certificate, String> {
    let wrong = |why: String| format!("`ca_file` `{}` {why}", path.display());
    let pem = read(path, AUTHORITY).map_err(|error| wrong(error.to_string()))?;
    let pem = pem.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(&pem);
    if !pem
        .windows(27)
        .any(|part| part == b"-----BEGIN CERTIFICATE-----")
    {
        return Err(wrong("holds no certificate in PEM".to_owned()));
    }
    Certificate::from_pem(pem)
        .map_err(|_| wrong("holds no certificate that can be read".to_owned()))
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
