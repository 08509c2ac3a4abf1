//! Opening a session: connect, encrypt, log in. A password is sent only over an encrypted connection, or to this
//! machine itself.

use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::abilities::Abilities;
use super::login::login;
use super::talk::{Stream, Talk};
use super::tls::Protection;
use super::{Fault, Session, bounded, unexpected};
use crate::config::{Smtp, Tls};

impl Session {
    /// Connects to the server as config says.
    pub(in crate::mail) async fn open(smtp: &Smtp) -> Result<Self, Fault> {
        let login = login(smtp)?;
        // An internationalised name is looked up in ASCII, and certificates contain it in ASCII.
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

    /// The same server over an encrypted connection. Nothing that it said in the clear counts any more.
    async fn protected(mut self, protection: Protection) -> Result<Self, Fault> {
        let what = "STARTTLS";
        if !self.can.protection {
            return Err(Fault::Lost(
                "the server does not offer STARTTLS, and nothing is sent without it; \
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

/// Our name for EHLO: this machine's name, or a placeholder if it has none that a server could know.
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
