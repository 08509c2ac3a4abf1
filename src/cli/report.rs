//! `muster report`

use std::path::{Path, PathBuf};

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::Common;
use super::exit::{Exit, Failure};
use super::outbox;
use super::results::{near, nothing_yet, now};
use super::watch::Terminal;
use crate::connector::connect;
use crate::diagnostic::TerminalText;
use crate::disk::{Access, refuse_special, write};
use crate::mail::{ReportWriter, deliver, masked};
use crate::project::Project;
use crate::run::notify::{Notification, Notified, notify_published, preview_published};

/// A report, as mail about the last published run.
#[derive(Args, Debug)]
pub(super) struct Report {
    /// The report's id; left out: those that config has are named
    id: Option<String>,
    /// Only to this address, marked [Test]: changes nothing for the recipients
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
    /// Print the text, write and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Write the mail as a page for the browser into this file, and send nothing
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    html: Option<PathBuf>,
}

pub(super) async fn report(command: &Report, common: &Common) -> Result<Exit, Failure> {
    let project = crate::mail::load(&common.config, connect).await?;
    super::findings::tell(&project.sources, &project.findings);
    let id = meant(command, &project)?;
    may_go(command, &project)?;
    let mut writer = ReportWriter::new(&project, &[id], now());
    if let Some(address) = &command.to {
        writer = writer.as_test_to(address);
    }
    let watch = Terminal::new();
    let connector = connect(&project.config);
    let told = if command.dry_run || command.html.is_some() {
        writer = writer.for_show();
        if command.html.is_some() {
            writer = writer.in_any_case();
        }
        preview_published(&project, &*connector, &writer, &watch).await
    } else {
        notify_published(
            &project,
            &*connector,
            &writer,
            super::clock::given(),
            &watch,
        )
        .await
    };
    drop(watch);
    let told = told?.ok_or_else(nothing_yet)?;
    match &command.html {
        Some(file) => return page(&told, file),
        None if command.dry_run => return show(&told),
        None => {}
    }
    let exit = summary(&told.notification);
    if told.new < told.notification.deliveries.len() {
        note!(
            "attention: `{id}` was already written in this second, so no second one goes out; \
             try again in a moment"
        );
    }
    let delivered = deliver(&project.config, &now, &CancellationToken::new()).await?;
    outbox::told(&delivered);
    let complete = delivered.went_out() && told.new == told.notification.deliveries.len();
    Ok(if complete { exit } else { Exit::Attention })
}

/// The id of the requested report.
fn meant<'c>(command: &'c Report, project: &Project) -> Result<&'c str, Failure> {
    let reports = || {
        let reports = project.config.reports.iter();
        reports.map(|report| report.id.value.as_str())
    };
    let none = "config has no `reports:`";
    let Some(id) = &command.id else {
        let known: Vec<String> = reports().map(|id| format!("`{id}`")).collect();
        return Err(Failure::input(match known.as_slice() {
            [] => none.to_owned(),
            known => format!(
                "say which report is meant: config has {}; write `muster report {}{}`",
                known.join(", "),
                reports().next().unwrap_or("<id>"),
                if command.dry_run { " --dry-run" } else { "" }
            ),
        }));
    };
    if !reports().any(|known| known == id) {
        let help = match reports().next() {
            Some(_) => near(id, reports()),
            None => none.to_owned(),
        };
        return Err(Failure::input(format!("there is no report `{id}`; {help}")));
    }
    Ok(id)
}

/// Checks whether mail may be sent to the tester.
fn may_go(command: &Report, project: &Project) -> Result<(), Failure> {
    let Some(address) = &command.to else {
        return Ok(());
    };
    if !crate::mail::is_address(address) {
        return Err(Failure::input(format!("`{address}` is not a mail address")));
    }
    let allowed = project.config.mail.iter().all(|mail| mail.allows(address));
    if !allowed {
        return Err(Failure::input(format!(
            "`{address}` is not an allowed recipient: see `allow:` under `mail:`"
        )));
    }
    Ok(())
}

/// Prints the mail as the first recipient would get it.
fn show(told: &Notified) -> Result<Exit, Failure> {
    let notification = &told.notification;
    let messages = notification.deliveries.iter().zip(&notification.texts);
    if let Some((delivery, text)) = messages.clone().next() {
        super::say::try_out(&TerminalText::lines(text))?;
        if let Some(reason) = &delivery.held {
            note!("it would be held back: {reason}");
        }
        let others = messages.count() - 1;
        if others > 0 {
            note!(
                "this is what {} would get; {others} more would be written to",
                masked(&delivery.recipient)
            );
        }
    }
    let exit = summary(&told.notification);
    note!("dry run: nothing was written");
    Ok(exit)
}

/// Writes the mail as the first recipient would see it.
fn page(told: &Notified, file: &Path) -> Result<Exit, Failure> {
    if let Some(page) = told.notification.pages.first() {
        refuse_special(file)
            .and_then(|()| write(file, page.as_bytes(), Access::Owner))
            .map_err(|error| {
                Failure::world(format!("cannot write `{}`: {error}", file.display()))
            })?;
        note!("wrote {}", file.display());
    }
    let exit = summary(&told.notification);
    note!("nothing was sent");
    Ok(exit)
}

/// Reports the result of a report.
pub(super) fn summary(notification: &Notification) -> Exit {
    for (report, recipient) in &notification.quiet {
        note!(
            "`{report}`: nothing changed for {}, so nothing is sent (`when_empty: skip`)",
            masked(recipient)
        );
    }
    let held = notification
        .deliveries
        .iter()
        .filter_map(|delivery| Some((&delivery.report, delivery.held.as_ref()?)));
    let mut attention = false;
    for (report, reason) in held {
        attention = true;
        note!("`{report}` is held back: {reason}");
    }
    match notification.failure_words() {
        Some(words) => {
            note!("attention: {words}");
            Exit::Attention
        }
        None if attention => Exit::Attention,
        None => Exit::Done,
    }
}
