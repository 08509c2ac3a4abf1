//! `muster report`

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::Common;
use super::exit::{Exit, Failure};
use super::outbox;
use super::results::{near, nothing_yet, now};
use super::watch::Terminal;
use crate::connector::connect;
use crate::diagnostic::TerminalText;
use crate::mail::{Letters, deliver, masked};
use crate::project::Project;
use crate::run::notify::{Notification, Told, notify_published, tell_published};

/// A report, as mail about the last published run.
#[derive(Args, Debug)]
pub(super) struct Report {
    /// The report's id
    id: String,
    /// Only to this address, marked [Test]: changes nothing for the recipients
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
    /// Print the text, write and send nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn report(command: &Report, common: &Common) -> Result<Exit, Failure> {
    let project = crate::mail::load(&common.config, connect).await?;
    super::findings::tell(&project.sources, &project.findings);
    may_go(command, &project)?;
    let mut letters = Letters::new(&project, &[&command.id], now());
    if let Some(address) = &command.to {
        letters = letters.as_test_to(address);
    }
    let watch = Terminal::new();
    let connector = connect(&project.config);
    let told = if command.dry_run {
        tell_published(&project, &*connector, &letters.for_show(), &watch).await
    } else {
        notify_published(
            &project,
            &*connector,
            &letters,
            super::clock::given(),
            &watch,
        )
        .await
    };
    watch.finish();
    let told = told?.ok_or_else(nothing_yet)?;
    if command.dry_run {
        return show(&told);
    }
    let exit = summary(&told.notification);
    if told.new < told.notification.letters.len() {
        note!(
            "attention: `{}` was written within this very second already, so that no other one goes out; \
             try again in a moment",
            command.id
        );
    }
    let delivered = deliver(&project.config, &now, &CancellationToken::new()).await?;
    outbox::told(&delivered);
    let complete = delivered.went_out() && told.new == told.notification.letters.len();
    Ok(if complete { exit } else { Exit::Attention })
}

/// Whether there is such a report, and whether mail may go to the tester.
fn may_go(command: &Report, project: &Project) -> Result<(), Failure> {
    let id = &command.id;
    let reports = || {
        project
            .config
            .reports
            .iter()
            .map(|report| report.id.value.as_str())
    };
    if !reports().any(|known| known == id) {
        let help = match reports().next() {
            Some(_) => near(id, reports()),
            None => "config has no `reports:`".to_owned(),
        };
        return Err(Failure::input(format!("there is no report `{id}`; {help}")));
    }
    let Some(address) = &command.to else {
        return Ok(());
    };
    if !crate::mail::is_address(address) {
        return Err(Failure::input(format!("`{address}` is no mail address")));
    }
    let allowed = project.config.mail.iter().all(|mail| mail.allows(address));
    if !allowed {
        return Err(Failure::input(format!(
            "`{address}` is none of those who may be written to: see `allow:` under `mail:`"
        )));
    }
    Ok(())
}

/// Prints what would be written, to the first of those who would get it.
fn show(told: &Told) -> Result<Exit, Failure> {
    let letters = told
        .notification
        .letters
        .iter()
        .zip(&told.notification.texts);
    if let Some((letter, text)) = letters.clone().next() {
        super::say::try_out(&TerminalText::lines(text))?;
        if let Some(reason) = &letter.held {
            note!("it would be held back: {reason}");
        }
        let others = letters.count() - 1;
        if others > 0 {
            note!(
                "this is what {} would get; {others} more would be written to",
                masked(&letter.recipient)
            );
        }
    }
    let exit = summary(&told.notification);
    note!("dry run: nothing was written");
    Ok(exit)
}

/// Says what became of the report.
pub(super) fn summary(notification: &Notification) -> Exit {
    for (report, recipient) in &notification.quiet {
        note!(
            "`{report}`: nothing changed for {}, so nothing is sent (`when_empty: skip`)",
            masked(recipient)
        );
    }
    for letter in notification
        .letters
        .iter()
        .filter_map(|l| Some((l, l.held.as_ref()?)))
    {
        note!("`{}` is held back: {}", letter.0.report, letter.1);
    }
    match notification.failure_words() {
        Some(words) => {
            note!("attention: {words}");
            Exit::Attention
        }
        None if notification
            .letters
            .iter()
            .any(|letter| letter.held.is_some()) =>
        {
            Exit::Attention
        }
        None => Exit::Done,
    }
}
