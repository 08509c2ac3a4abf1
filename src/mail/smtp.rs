//! One connection to the mail server: each step is driven and bounded by itself, so that it is known
//! how far a mail got when something goes wrong.

mod fault;
mod open;

use std::future::Future;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::{Response, Severity};
use tokio::time::timeout;

pub(super) use fault::Fault;
use fault::{answered, classify};
pub(super) use open::{authority, is_open, password};

/// So many bytes of text are given one step's time.
const PORTION: usize = 256 * 1024;
/// The server looks into a mail before it takes it: RFC 5321, 4.5.3.2.6, grants it ten minutes, where a
/// step has one.
const LAST_ANSWER: u32 = 10;
/// Taking leave is a courtesy, and not waited for longer than this.
const LEAVE: Duration = Duration::from_secs(5);

/// A connection that mail can be handed to, mail after mail.
pub(super) struct Session {
    connection: AsyncSmtpConnection,
    limit: Duration,
    secrets: Vec<String>,
}

/// Who a mail is from and to, as the server is told.
#[derive(Debug, Clone)]
pub(super) struct Envelope {
    /// The sender, which undeliverable mail comes back to.
    pub(super) from: Address,
    /// The recipient.
    pub(super) to: Address,
}

impl Session {
    /// Announces a mail: MAIL and RCPT. Where the recipient is not taken, the server is ready for the
    /// next mail.
    pub(super) async fn announce(
        &mut self,
        envelope: &Envelope,
        message: &[u8],
    ) -> Result<(), Fault> {
        let parameters = self.parameters(envelope, message)?;
        let mail = Mail::new(Some(envelope.from.clone()), parameters);
        let announced = self.say("MAIL", mail.to_string()).await;
        let announced = match announced {
            Ok(_) => {
                let rcpt = Rcpt::new(envelope.to.clone(), Vec::new());
                self.say("RCPT", rcpt.to_string()).await
            }
            refused => refused,
        };
        match announced {
            Ok(response) if is_done(&response) => Ok(()),
            Ok(response) => Err(Fault::Lost(unexpected("RCPT", &answered(&response, &[])))),
            Err(Fault::Lost(words)) => Err(Fault::Lost(words)),
            Err(fault) => {
                self.forget().await?;
                Err(fault)
            }
        }
    }

    /// Asks to send the text: DATA. Nothing of the text has been sent when it fails.
    pub(super) async fn ask(&mut self) -> Result<(), Fault> {
        let response = self.say("DATA", Data.to_string()).await?;
        if response.has_code(354) {
            return Ok(());
        }
        Err(Fault::Lost(unexpected("DATA", &answered(&response, &[]))))
    }

    /// Sends the text and gives the server's answer. Where it fails with [`Fault::Lost`], the mail may
    /// have arrived.
    pub(super) async fn text(&mut self, message: &[u8]) -> Result<String, Fault> {
        // What ends the text brings the last line's end with it.
        let text = message.strip_suffix(b"\r\n").unwrap_or(message);
        let portions = u32::try_from(text.len() / PORTION).unwrap_or(u32::MAX);
        let limit = self
            .limit
            .saturating_mul(portions.saturating_add(LAST_ANSWER));
        let sent = self.connection.message(text);
        let response = bounded("the text", limit, &self.secrets, sent).await?;
        if is_done(&response) {
            return Ok(answered(&response, &self.secrets));
        }
        Err(Fault::Lost(unexpected(
            "the text",
            &answered(&response, &[]),
        )))
    }

    /// Drops what was announced, so that another mail can be.
    pub(super) async fn forget(&mut self) -> Result<(), Fault> {
        self.say("RSET", Rset.to_string()).await.map(drop)
    }

    /// Takes leave.
    pub(super) async fn close(mut self) {
        let limit = self.limit.min(LEAVE);
        // The mail is over and done with; there is nothing to be said about a bad goodbye.
        let _ = timeout(limit, self.connection.quit()).await;
    }

    async fn say(&mut self, what: &str, command: String) -> Result<Response, Fault> {
        let said = self.connection.command(command);
        bounded(what, self.limit, &self.secrets, said).await
    }

    /// What the server must be able to for this mail, which it is refused otherwise.
    fn parameters(&self, envelope: &Envelope, message: &[u8]) -> Result<Vec<MailParameter>, Fault> {
        let can = |extension| self.connection.server_info().supports_feature(extension);
        let mut parameters = Vec::new();
        let addresses: [&str; 2] = [envelope.from.as_ref(), envelope.to.as_ref()];
        if !addresses.iter().all(|address| address.is_ascii()) {
            if !can(Extension::SmtpUtfEight) {
                let words = "the server takes no addresses with letters beyond ASCII (SMTPUTF8)";
                return Err(Fault::Refused(words.to_owned()));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !message.is_ascii() {
            if !can(Extension::EightBitMime) {
                let words = "the server takes no text beyond ASCII (8BITMIME)";
                return Err(Fault::Refused(words.to_owned()));
            }
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        Ok(parameters)
    }
}

fn is_done(response: &Response) -> bool {
    response.code().severity == Severity::PositiveCompletion
}

fn unexpected(what: &str, answer: &str) -> String {
    format!("the server answered {what} with `{answer}`, which means nothing here")
}

/// Waits for a step no longer than it may take, and says what it was where it fails.
async fn bounded<T>(
    what: &str,
    limit: Duration,
    secrets: &[String],
    step: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
) -> Result<T, Fault> {
    match timeout(limit, step).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(classify(what, &error, secrets)),
        Err(_) => Err(Fault::Lost(format!(
            "the server said nothing for {} s after {what}",
            limit.as_secs_f64()
        ))),
    }
}
