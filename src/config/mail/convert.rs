//! Converts the shape of the mail keys to the types that other modules use.

use std::path::Path;
use std::time::Duration;

use super::wire::{HoldFile, MailFile, ReportFile, SmtpFile, Unknown, ValuesFile};
use super::{Hold, Mail, MailTransport, NamedFile, Report, ReportValues, Smtp, Tls};
use crate::config::value::{Chosen, OneFile, WhenEmpty};
use crate::decode::{Environment, Reader, Several, Text};
use crate::diagnostic::{Code, Finding};
use crate::source::{Location, Scalar};

/// The default number of names per segment in the body.
const NAMES: u32 = 10;
/// The default size of the largest message: what most servers accept.
const MAX_SIZE: u64 = 10_000_000;
/// By default, changes by fewer members than this are never held.
const AT_LEAST: u32 = 20;
/// By default, how long sending is retried.
const EXPIRE: Duration = Duration::from_secs(24 * 3_600);
/// The default time that a server may take for a step.
const TIMEOUT: Duration = Duration::from_secs(60);

impl ReportFile {
    pub(in crate::config) fn into_report(self) -> Report {
        let id = self.id.0;
        Report {
            name: self
                .name
                .map_or_else(|| id.value.clone(), |name| name.scalar.value),
            id,
            to: self.to.0.into_iter().map(|to| to.0).collect(),
            segments: match self.segments {
                None | Some(Chosen::All) => None,
                Some(Chosen::These(ids)) => Some(ids.0.into_iter().map(|id| id.0).collect()),
            },
            filter: self.r#where.and_then(|condition| condition.0),
            subject: self.subject.map(|subject| subject.scalar),
            values: match self.values {
                None => ReportValues::Usual,
                Some(ValuesFile::All) => ReportValues::All,
                Some(ValuesFile::None) => ReportValues::These(Vec::new()),
                Some(ValuesFile::These(ids)) => {
                    ReportValues::These(ids.0.into_iter().map(|id| id.0).collect())
                }
            },
            names: self.names.map_or(NAMES, |names| names.0),
            columns: self.columns.map(texts),
            attach: self.attach.unwrap_or_default(),
            max_size: self.max_size.map_or(MAX_SIZE, |size| size.0),
            send_empty: matches!(self.when_empty, Some(WhenEmpty::Send)),
            reply_to: self.reply_to.map(|address| address.0),
            hold: self.hold.map(HoldFile::into_hold),
        }
    }
}

fn texts(list: Several<Text>) -> Vec<Scalar> {
    list.0.into_iter().map(|text| text.scalar).collect()
}

impl HoldFile {
    fn into_hold(self) -> Hold {
        let ages = self.data_older_than.into_iter().flat_map(|ages| ages.0);
        let except = self.except.into_iter().flat_map(|ids| ids.0);
        Hold {
            size_change: self.size_change.map(|change| change.0),
            at_least: self.at_least.map_or(AT_LEAST, |count| count.0),
            stale: self.stale.is_none_or(|stale| stale.0),
            data_older_than: ages.map(|(name, age)| (name.0, age.0)).collect(),
            except: except.map(|id| id.0).collect(),
        }
    }
}

impl MailFile {
    /// Mail goes either to a folder or to a server.
    pub(in crate::config) fn checked(self, folder: &Path, reader: &mut Reader<'_>) -> Option<Mail> {
        let at = self.from.0.location;
        let transport = match (self.file, self.smtp) {
            (Some(file), None) => MailTransport::File(folder.join(file.0)),
            (None, Some(smtp)) => MailTransport::Smtp(smtp.checked(folder, at, reader)?),
            // A key that is there but could not be read has been reported.
            (None, None) if reader.is_unread("smtp") || reader.is_unread("file") => return None,
            (None, None) => return ambiguous(at, Code::MissingKey, "says neither", reader),
            (Some(_), Some(_)) => return ambiguous(at, Code::InvalidValue, "says both", reader),
        };
        Some(Mail {
            from: self.from.0,
            transport,
            bounces_to: self.bounces_to.map(|address| address.0),
            allow: self
                .allow
                .map(|list| list.0.into_iter().map(|one| one.0).collect()),
            expire: self.expire.map_or(EXPIRE, |expire| expire.0),
            unknown_again: matches!(self.unknown, Some(Unknown::SendAgain)),
        })
    }
}

/// The environment variable that keeps a copy of production from sending mail to people.
const INSTEAD: &str = "MUSTER_MAIL";

/// With `MUSTER_MAIL=file`, mail goes into the folder `outbox` next to config, whatever config says.
pub(in crate::config) fn instead(
    mail: &mut Mail,
    folder: &Path,
    env: Environment<'_>,
    reader: &mut Reader<'_>,
) {
    match env(INSTEAD).as_deref().map(str::trim) {
        None | Some("") => {}
        Some("file") => {
            if let MailTransport::Smtp(_) = mail.transport {
                mail.transport = MailTransport::File(folder.join("outbox"));
            }
        }
        Some(other) => {
            let message = format!("the environment variable `{INSTEAD}` cannot be `{other}`");
            let help = "`file` writes mail into the folder `outbox` beside this file instead of \
                        sending it; unset it to send";
            let finding = Finding::new(Code::InvalidValue, message).at(mail.from.location);
            reader.report(finding.help(help));
        }
    }
}

fn ambiguous(at: Location, code: Code, says: &str, reader: &mut Reader<'_>) -> Option<Mail> {
    let message = format!("`mail` {says}: `file:` (a folder) and `smtp:` (a server)");
    reader.report(
        Finding::new(code, message)
            .at(at)
            .help("give one of the two"),
    );
    None
}

impl OneFile {
    /// Resolves relative paths from `folder`.
    pub(in crate::config) fn named(&self, folder: &Path) -> NamedFile {
        NamedFile {
            path: folder.join(&self.0.value),
            at: self.0.location,
        }
    }
}

impl SmtpFile {
    /// Credentials must be complete or absent, and a password is never sent where others can read it.
    fn checked(self, folder: &Path, at: Location, reader: &mut Reader<'_>) -> Option<Smtp> {
        let user = self.username.as_ref();
        let user = user.map_or(at, |username| username.scalar.location);
        let half = match (&self.username, &self.password_file) {
            (Some(_), None) if reader.is_unread("password_file") => None,
            (Some(_), None) => Some(("username", "password_file")),
            (None, Some(_)) => Some(("password_file", "username")),
            _ => None,
        };
        let smtp = self.into_smtp(folder);
        if let Some((there, missing)) = half {
            let message = format!("`smtp` has a `{there}` and no `{missing}`");
            let help = "a server that asks for a login needs both; one that does not, neither";
            let finding = Finding::new(Code::MissingKey, message).at(user);
            reader.report(finding.help(help));
            return None;
        }
        if smtp.username.is_some() && smtp.tls == Tls::None && !smtp.is_here() {
            let message = "with `tls: none` the password could be read on its way to the server";
            let help = "set `tls: starttls` or `tls: implicit`, or leave out the login";
            let finding = Finding::new(Code::InvalidValue, message).at(user);
            reader.report(finding.help(help));
            return None;
        }
        Some(smtp)
    }

    fn into_smtp(self, folder: &Path) -> Smtp {
        let tls = self.tls.unwrap_or_default();
        let port = match tls {
            Tls::Starttls => 587,
            Tls::Implicit => 465,
            Tls::None => 25,
        };
        Smtp {
            host: self.host.0,
            port: self.port.map_or(port, |p| p.0),
            tls,
            username: self.username.map(|u| u.scalar.value),
            password_file: self.password_file.map(|file| file.named(folder)),
            ca_file: self.ca_file.map(|file| file.named(folder)),
            timeout: self.timeout.map_or(TIMEOUT, |timeout| timeout.0),
        }
    }
}
