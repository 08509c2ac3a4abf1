//! One connection to the mail server. Each step is driven and bounded separately, so that it is known how far a mail
//! got when something fails.

mod abilities;
mod fault;
mod login;
mod open;
mod reply;
mod talk;
mod tls;

use std::future::Future;
use std::time::Duration;

use lettre::Address;
use tokio::time::timeout;

use super::crlf::Crlf;
use abilities::Abilities;
pub(super) use fault::Fault;
use fault::{broken, judged, shown, unexpected};
pub(super) use login::{is_open, password};
use reply::Reply;
use talk::{Broken, Talk};
pub(super) use tls::authority;

/// How many bytes of text are sent within one step's time limit.
const PORTION: usize = 256 * 1024;
/// The time limit for the answer to a text, in steps' time limits. The server inspects a mail before it accepts it: RFC
/// 5321, 4.5.3.2.6, allows it ten minutes, where a step has one.
const LAST_ANSWER: u32 = 10;
/// The longest wait for QUIT, which is a courtesy, and for the last words of a server that closed the connection.
const LEAVE: Duration = Duration::from_secs(5);

/// A connection that can transfer one mail after the other.
pub(super) struct Session {
    talk: Talk,
    can: Abilities,
    limit: Duration,
    secrets: Vec<String>,
    over: bool,
}

/// The envelope of a mail: its sender and recipient.
#[derive(Debug, Clone)]
pub(super) struct Envelope {
    /// The sender, to whom undeliverable mail is returned.
    pub(super) from: Address,
    /// The recipient.
    pub(super) to: Address,
}

impl Session {
    /// True if no other mail can be transferred.
    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// Announces a mail: MAIL and RCPT. If it is refused, either the server is ready for the next one, or the session
    /// is over.
    pub(super) async fn announce(
        &mut self,
        envelope: &Envelope,
        message: &Crlf,
    ) -> Result<(), Fault> {
        let parameters = self.parameters(envelope, message)?;
        let mail = format!("MAIL FROM:<{}>{parameters}", envelope.from);
        let rcpt = format!("RCPT TO:<{}>", envelope.to);
        let mut announced = self.done("MAIL", &mail, true).await;
        if announced.is_ok() {
            announced = self.done("RCPT", &rcpt, false).await;
        }
        if announced.is_err() {
            self.forget().await;
        }
        announced
    }

    /// Asks to send the text: DATA. If this fails, nothing of the text has been sent.
    pub(super) async fn ask(&mut self) -> Result<(), Fault> {
        let asked = match self.tell("DATA", "DATA", false).await {
            Ok(reply) if reply.asks() => Ok(()),
            Ok(reply) => Err(self.given_up(unexpected("DATA", &reply, &self.secrets))),
            Err(fault) => Err(fault),
        };
        if asked.is_err() {
            self.forget().await;
        }
        asked
    }

    /// Sends the text and returns the server's answer. On [`Fault::Lost`], the mail may have arrived.
    pub(super) async fn text(&mut self, message: &Crlf) -> Result<String, Fault> {
        let what = "the text";
        let text = message.as_text();
        let portions = u32::try_from(text.len() / PORTION).unwrap_or(u32::MAX);
        let limit = self.limit.saturating_mul(portions.saturating_add(1));
        let sent = bounded(what, limit, &self.secrets, self.talk.say(&text)).await;
        if let Err(fault) = sent {
            // A server that closes the connection may have said why.
            self.over = true;
            let said = timeout(self.limit.min(LEAVE), self.talk.listen()).await;
            return match said {
                Ok(Ok(reply)) if reply.code >= 400 => {
                    Err(self.judged(reply, false).err().unwrap_or(fault))
                }
                _ => Err(fault),
            };
        }
        let limit = self.limit.saturating_mul(LAST_ANSWER);
        let heard = bounded(what, limit, &self.secrets, self.talk.listen()).await;
        match self.heard(heard, false) {
            Ok(reply) if reply.is_done() => Ok(shown(&reply, &self.secrets)),
            Ok(reply) => Err(self.given_up(unexpected(what, &reply, &self.secrets))),
            Err(fault) => Err(fault),
        }
    }

    /// Drops the announced mail, so that another one can be announced. A failure here has no consequences: the mail has
    /// its answer already, and the next one gets another connection.
    pub(super) async fn forget(&mut self) {
        if !self.over {
            let dropped = self.done("RSET", "RSET", false).await;
            self.over |= dropped.is_err();
        }
    }

    /// Closes the session.
    pub(super) async fn close(mut self) {
        let limit = self.limit.min(LEAVE);
        // The mail is settled, so a failed QUIT does not matter.
        let _ = timeout(limit, self.talk.ask("QUIT")).await;
    }

    /// A step that the server either does or refuses.
    async fn done(&mut self, what: &str, line: &str, everybody: bool) -> Result<(), Fault> {
        let reply = self.tell(what, line, everybody).await?;
        match reply.is_done() {
            true => Ok(()),
            false => Err(self.given_up(unexpected(what, &reply, &self.secrets))),
        }
    }

    /// A step before any mail is announced, and its answer.
    async fn say(&mut self, what: &str, line: &str) -> Result<Reply, Fault> {
        self.tell(what, line, true).await
    }

    /// A step and its answer; `everybody` if it does not concern one recipient alone.
    async fn tell(&mut self, what: &str, line: &str, everybody: bool) -> Result<Reply, Fault> {
        if line.contains(char::is_control) {
            let words = format!("{what} would be more than one line");
            return Err(Fault::Refused(words));
        }
        let heard = bounded(what, self.limit, &self.secrets, self.talk.ask(line)).await;
        self.heard(heard, everybody)
    }

    fn heard(&mut self, heard: Result<Reply, Fault>, everybody: bool) -> Result<Reply, Fault> {
        match heard {
            Ok(reply) => self.judged(reply, everybody),
            Err(fault) => Err(self.given_up(fault)),
        }
    }

    fn judged(&mut self, reply: Reply, everybody: bool) -> Result<Reply, Fault> {
        judged(reply, everybody, &self.secrets).map_err(|fault| self.given_up(fault))
    }

    /// Remembers whether a fault ends the session.
    fn given_up(&mut self, fault: Fault) -> Fault {
        self.over |= fault.is_end();
        fault
    }

    /// The MAIL parameters for this mail. Fails if the server lacks an ability that the mail needs.
    fn parameters(&self, envelope: &Envelope, message: &Crlf) -> Result<String, Fault> {
        let (headers, body) = message.parts();
        let mut parameters = String::new();
        let ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
        let beyond = match (ascii(&envelope.to), ascii(&envelope.from)) {
            (false, _) => Some("the recipient's address has"),
            (_, false) => Some("the sender's address (`from:` or `bounces_to:`) has"),
            _ => (!headers.is_ascii()).then_some("an address among its headers has"),
        };
        if let Some(whose) = beyond {
            if !self.can.utf8_addresses {
                return Err(Fault::Refused(format!(
                    "{whose} letters beyond ASCII, which this server does not take (it offers no SMTPUTF8)"
                )));
            }
            parameters += " SMTPUTF8";
        }
        if !body.is_ascii() {
            if !self.can.eight_bits {
                let words = "the server takes no text beyond ASCII (8BITMIME)";
                return Err(Fault::Refused(words.to_owned()));
            }
            parameters += " BODY=8BITMIME";
        }
        Ok(parameters)
    }
}

/// Waits for a step within its time limit, and names the step if it fails.
async fn bounded<T>(
    what: &str,
    limit: Duration,
    secrets: &[String],
    step: impl Future<Output = Result<T, Broken>>,
) -> Result<T, Fault> {
    match timeout(limit, step).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(broken(what, error, secrets)),
        Err(_) => Err(Fault::Lost(format!(
            "the server said nothing for {} s after {what}",
            limit.as_secs_f64()
        ))),
    }
}
