//! `muster outbox`

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::columns::Columns;
use super::exit::{Exit, Failure};
use super::extent::{Extent, tell_part};
use super::output::print_list;
use super::results::{Seen, now, reader, reader_at, seen};
use super::{Common, Format};
use crate::config::{Config, Place};
use crate::mail::{Delivered, deliver, open_outbox, open_password};
use crate::store::{Choice, Undelivered};
use crate::view::{counts_in_words, mails_table, marks};

/// The number of mails in a table, newest first.
const USUAL: u32 = 20;

/// The mail that is to go out, and what became of it; the newest first.
#[derive(Args, Debug)]
pub(super) struct Outbox {
    #[command(flatten)]
    extent: Extent,
    #[command(flatten)]
    columns: Columns,
    /// Try now whatever waits
    #[arg(long)]
    send: bool,
    #[command(flatten)]
    decision: Decision,
}

/// What is decided about a mail, by its number, or about all of a report, by its id.
#[derive(Args, Debug)]
#[group(multiple = false)]
struct Decision {
    /// Send what is held back: a mail's number, or a report's id
    #[arg(long, value_name = "MAIL")]
    release: Option<String>,
    /// Send once more what was refused or not sent in time, or may not have arrived
    #[arg(long, value_name = "MAIL")]
    send_again: Option<String>,
    /// Record that a mail of unknown fate did arrive
    #[arg(long, value_name = "MAIL")]
    arrived: Option<String>,
    /// Never send a mail, or give up one that did not arrive
    #[arg(long, value_name = "MAIL")]
    cancel: Option<String>,
}

impl Decision {
    fn made(&self) -> Option<(Choice, &str)> {
        let choices = [
            (Choice::Release, &self.release),
            (Choice::SendAgain, &self.send_again),
            (Choice::Arrived, &self.arrived),
            (Choice::Cancel, &self.cancel),
        ];
        let mut made = choices.into_iter();
        made.find_map(|(choice, whose)| Some((choice, whose.as_deref()?)))
    }
}

pub(super) async fn outbox(command: &Outbox, common: &Common) -> Result<Exit, Failure> {
    let decision = command.decision.made();
    let config = match seen(common)? {
        Seen::Whole(config) => *config,
        Seen::Wrong(wrong) if command.send || decision.is_some() => return Err(wrong.failure),
        Seen::Wrong(wrong) => {
            // If not even the database can be read, the error in config has to be fixed first.
            if list(command, common, &wrong.place).await.is_err() {
                return Err(wrong.failure);
            }
            note!("attention: {}", wrong.words);
            return Ok(Exit::Input);
        }
    };
    if let Some((choice, whose)) = decision {
        decide(&config, choice, whose).await?;
    }
    let goes_out = matches!(decision, Some((Choice::Release | Choice::SendAgain, _)));
    if command.send {
        is_there(&config).await?;
        open_outbox(&config, now()).await?.retry().await?;
    }
    if let Some(path) = open_password(&config) {
        note!(
            "warning: everybody on this machine can read `{}`; `chmod 600` it",
            path.display()
        );
    }
    let goes_out = command.send || goes_out;
    let mut in_vain = false;
    if goes_out {
        let delivered = deliver(&config, &now, &CancellationToken::new()).await?;
        told(&delivered);
        in_vain = !delivered.went_out();
    }
    let undelivered = list(command, common, &config.place()).await?;
    if common.format == Format::Table {
        choices(&undelivered);
    }
    if goes_out {
        // Already reported.
    } else if let Some(words) = &undelivered.login {
        note!("attention: the mail server does not accept the login: {words}");
    } else if let Some(words) = &undelivered.trouble {
        note!("attention: mail waits: {words}");
    }
    Ok(if in_vain || undelivered.needs_attention() {
        Exit::Attention
    } else {
        Exit::Done
    })
}

/// Prints the possible decisions about mail that waits for one.
fn choices(mail: &Undelivered) {
    if mail.held > 0 {
        note!("`--release REPORT` sends what is held, `--cancel REPORT` discards it");
    }
    if mail.unknown > 0 {
        note!(
            "what is unknown may have arrived: `--arrived REPORT` says so, `--send-again REPORT` \
             sends it once more"
        );
    }
    if mail.refused + mail.expired > 0 {
        note!(
            "`--send-again REPORT` sends what was refused or not sent in time, `--cancel REPORT` gives it up"
        );
    }
}

/// Prints the newest mails, and returns all undelivered mail.
async fn list(command: &Outbox, common: &Common, place: &Place) -> Result<Undelivered, Failure> {
    let Some(mut store) = reader_at(place).await? else {
        note!("no mail yet");
        return Ok(Undelivered::default());
    };
    let most = command.extent.most(USUAL, common.format);
    let mails = store.deliveries(most).await?;
    let of = store.count_deliveries().await?;
    let undelivered = store.undelivered().await?;
    store.close().await?;
    let all = mails_table(&mails, place.timezone);
    let told = all.clone().without_empty("next_attempt_at");
    let told = told.without_empty("reason");
    let listed = command.columns.of(all, Some(told), common.format)?;
    print_list(&listed, common.format, place.locale)?;
    let others = ["`--all` shows all".to_owned()];
    let marks = marks(place.locale);
    tell_part((0, mails.len()), of, ["mail", "mails"], &others, &marks);
    if of == 0 {
        note!("no mail yet");
    }
    Ok(undelivered)
}

/// Reports the result of a delivery on stderr; prints nothing if there was nothing to deliver.
pub(super) fn told(delivered: &Delivered) {
    let counts = counts_in_words(&[
        (delivered.accepted, "accepted"),
        (delivered.refused, "refused"),
        (delivered.unknown, "perhaps arrived"),
        (delivered.put_off, "waiting"),
        (delivered.expired, "not sent in time"),
        (delivered.cancelled, "cancelled"),
    ]);
    if !counts.is_empty() {
        note!("mail: {}", counts.join(", "));
    }
    if let Some(trouble) = &delivered.trouble {
        note!("attention: mail waits: {trouble}");
    }
    if delivered.refused + delivered.unknown > 0 {
        note!("`muster outbox` says why");
    }
}

async fn decide(config: &Config, choice: Choice, whose: &str) -> Result<(), Failure> {
    is_there(config).await?;
    if crate::mail::decide(config, choice, whose, now()).await? > 0 {
        return Ok(());
    }
    let state = match choice {
        Choice::Release => "is held back",
        Choice::SendAgain => "was refused, has expired or is unknown, and still has its text",
        Choice::Arrived => "is unknown",
        Choice::Cancel => "waits or did not arrive",
    };
    Err(Failure::input(format!(
        "neither a mail `{whose}` nor a mail of a report `{whose}` {state}; `muster outbox` lists them"
    )))
}

/// Fails if there is no outbox yet.
async fn is_there(config: &Config) -> Result<(), Failure> {
    match reader(config).await? {
        Some(store) => Ok(store.close().await?),
        None => Err(Failure::input("there is no mail yet")),
    }
}
