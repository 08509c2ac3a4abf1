//! The mail of a run: its recipients and its content.

use super::address::mailbox;
use super::files::{self, File};
use super::message::{EncodedMessage, Head, encode, least_size};
use super::render::{Body, body};
use super::subject::{Facts, subject};
use super::{hold, kept};
use crate::config::{Attach, Mail, Report};
use crate::export::stale_columns;
use crate::project::Project;
use crate::project::columns::ColumnSource;
use crate::project::reports::PlannedReport;
use crate::run::notify::{Notification, Notifier, RunReport, WrittenMail};
use crate::store::{Baselines, DeliveryKind, NewDelivery, ReportFile};
use crate::view::marks;
use crate::view::report::{News, Since, Slice, listed, news, one_line};

/// Writes some reports about a run. A project that was not loaded by [`super::load`] has no planned reports: each of
/// them then fails with that reason.
pub struct ReportWriter<'a> {
    reports: Vec<(&'a Report, Option<&'a PlannedReport>)>,
    period: i64,
    audience: Audience,
    keeps_files: bool,
    /// Whether to write also to readers for whom nothing changed.
    in_any_case: bool,
}

/// The recipients of reports.
enum Audience {
    /// The recipients that config lists.
    Recipients,
    /// The address that requested a test.
    Tester(String),
}

impl<'a> ReportWriter<'a> {
    /// Writes reports, given by id, to their recipients; `period` is the due instant of the reports, in microseconds
    /// UTC.
    pub fn new(project: &'a Project, ids: &[&str], period: i64) -> Self {
        let planned = project.reports.iter().map(Some);
        let planned = planned.chain(std::iter::repeat(None));
        let reports = project.config.reports.iter().zip(planned);
        let reports = reports.filter(|(report, _)| ids.contains(&report.id.value.as_str()));
        Self {
            reports: reports.collect(),
            period,
            audience: Audience::Recipients,
            keeps_files: true,
            in_any_case: false,
        }
    }

    /// The same to one address only, marked as tests: they do not affect the recipients.
    #[must_use]
    pub fn as_test_to(mut self, address: &str) -> Self {
        self.audience = Audience::Tester(address.to_owned());
        self
    }

    /// The same, without writing files that are too large for a mail.
    #[must_use]
    pub fn for_show(mut self) -> Self {
        self.keeps_files = false;
        self
    }

    /// The same, and also to readers for whom nothing changed.
    #[must_use]
    pub fn in_any_case(mut self) -> Self {
        self.in_any_case = true;
        self
    }
}

impl Notifier for ReportWriter<'_> {
    fn reports(&self) -> Vec<String> {
        let ids = self
            .reports
            .iter()
            .map(|(report, _)| report.id.value.clone());
        ids.collect()
    }

    fn asks_for_outputs(&self) -> bool {
        let mut reports = self.reports.iter();
        reports.any(|(_, planned)| planned.is_some_and(PlannedReport::asks_for_outputs))
    }

    fn asks_since_when(&self) -> bool {
        let mut columns = self
            .reports
            .iter()
            .flat_map(|(_, planned)| planned.iter().flat_map(|planned| &planned.columns));
        columns.any(|column| column.source == ColumnSource::EnteredAt)
    }

    fn write(&self, run_report: &RunReport<'_>) -> Notification {
        let mut notification = Notification::default();
        for (report, planned) in &self.reports {
            let planned = planned.ok_or_else(|| "it was loaded without what it needs".to_owned());
            let written = planned
                .and_then(|planned| self.report(run_report, report, planned, &mut notification));
            if let Err(why) = written {
                notification.failures.push((report.id.value.clone(), why));
            }
        }
        notification
    }
}

impl ReportWriter<'_> {
    fn report(
        &self,
        run_report: &RunReport<'_>,
        report: &Report,
        planned: &PlannedReport,
        notification: &mut Notification,
    ) -> Result<(), String> {
        let mail = run_report.project.config.mail.as_ref();
        let mail = mail.ok_or_else(|| "config has no `mail:`".to_owned())?;
        let slice = Slice::of(run_report, report, planned)?;
        let mut composer = Composer {
            writer: self,
            slice: &slice,
            planned,
            mail,
            files: files::files(&slice, &planned.columns)?,
            kept: None,
        };
        let before = notification.deliveries.len();
        match &self.audience {
            Audience::Tester(address) => notification.add(composer.test(address)?),
            Audience::Recipients => {
                for recipient in &report.to {
                    match composer.report(&recipient.value)? {
                        Some(message) => notification.add(message),
                        None => notification
                            .quiet
                            .push((report.id.value.clone(), recipient.value.clone())),
                    }
                }
                if notification.deliveries.len() > before {
                    notification.states.push(slice.state());
                }
            }
        }
        match composer.kept {
            Some(Ok(files)) => notification.files.extend(files),
            Some(Err(why)) => notification.failures.push((report.id.value.clone(), why)),
            None => {}
        }
        Ok(())
    }
}

/// Composes the messages of one report.
struct Composer<'a> {
    writer: &'a ReportWriter<'a>,
    slice: &'a Slice<'a>,
    planned: &'a PlannedReport,
    mail: &'a Mail,
    files: Vec<File>,
    /// Whether the files were kept beside config because they were too large to attach.
    kept: Option<Result<Vec<ReportFile>, String>>,
}

impl Composer<'_> {
    /// A recipient's message; `None` if nothing changed and that is not to be reported.
    fn report(&mut self, recipient: &str) -> Result<Option<WrittenMail>, String> {
        let known = self.known();
        let baseline = known.and_then(|known| known.get(recipient)).copied();
        let news = news(self.slice, baseline);
        let is_wanted = self.slice.report.send_empty || self.writer.in_any_case;
        if news.is_nothing() && !is_wanted {
            return Ok(None);
        }
        let held = hold::reason(self.slice, &news, self.planned);
        let mut written = self.write(DeliveryKind::Report, recipient, &news)?;
        written.delivery.held = held;
        if let Since::Run(run, _) = news.since {
            written.delivery.baseline = Some(run);
        }
        Ok(Some(written))
    }

    /// A test: what the tester would be told or, if the tester is no reader, what the reader who knows most would be
    /// told.
    fn test(&mut self, tester: &str) -> Result<WrittenMail, String> {
        let known = self.known();
        let own = known.and_then(|known| known.get(tester));
        let newest = || known.and_then(|known| known.values().max());
        let news = news(self.slice, own.or_else(newest).copied());
        self.write(DeliveryKind::Test, tester, &news)
    }

    /// The baselines of the report's readers.
    fn known(&self) -> Option<&Baselines> {
        let past = self.slice.run_report.past;
        past.baselines.get(&self.slice.report.id.value)
    }

    fn write(&mut self, kind: DeliveryKind, to: &str, news: &News) -> Result<WrittenMail, String> {
        let test = kind == DeliveryKind::Test;
        let largest = self.slice.report.max_size;
        let mut body = self.body(news, test, self.attached())?;
        // Files that cannot fit are not encoded just to find that out. The message is composed anyway, so that errors
        // in it are reported before any file is kept.
        let may_fit = least_size(&self.files) <= largest;
        let files = if may_fit { &*self.files } else { &[] };
        let mut message = self.encode(to, news, test, &body, files)?;
        let is_larger = message.bytes.len() as u64 > largest && !self.files.is_empty();
        if !may_fit || is_larger {
            let note = self.too_large();
            body = self.body(news, test, Some(note))?;
            message = self.encode(to, news, test, &body, &[])?;
        }
        let delivery = NewDelivery {
            report: self.slice.report.id.value.clone(),
            kind,
            period: self.writer.period,
            recipient: to.to_owned(),
            baseline: None,
            message_id: message.id,
            message: message.bytes,
            held: None,
        };
        let Body { text, html } = body;
        Ok(WrittenMail {
            delivery,
            text,
            html,
        })
    }

    fn encode(
        &self,
        to: &str,
        news: &News,
        test: bool,
        body: &Body,
        files: &[File],
    ) -> Result<EncodedMessage, String> {
        let (slice, config) = (self.slice, self.slice.config());
        let report = slice.report;
        let line = subject(report, &Facts::of(slice, news))?;
        let line = if test { format!("[Test] {line}") } else { line };
        let sender = self.mail.from.value.as_str();
        let leave = match &config.owner {
            Some(owner) => mailbox(&owner.value, "`owner:`")?,
            None => mailbox(sender, "the sender, `from:` under `mail:`,")?,
        };
        let head = Head {
            from: sender,
            to,
            reply_to: report
                .reply_to
                .as_ref()
                .map(|address| address.value.as_str()),
            leave: &leave.email,
            subject: &line,
            report: &report.id.value,
            period: self.writer.period,
            written_at: slice.run_report.written_at,
        };
        encode(&head, body, files)
    }

    fn body(&self, news: &News, test: bool, files: Option<String>) -> Result<Body, String> {
        let files = files.map(|words| words + &self.empty_columns());
        body(self.slice, news, files, test)
    }

    /// Names the columns of the files that are empty because they could not be evaluated. The database's reasons are
    /// left out: they are for the person who maintains it.
    fn empty_columns(&self) -> String {
        let stale = stale_columns(&self.planned.columns, self.slice.run_report.evaluation);
        let quoted = |(name, _): &(String, String)| format!("“{}”", one_line(name));
        let names: Vec<String> = stale.iter().map(quoted).collect();
        match names.as_slice() {
            [] => String::new(),
            [name] => format!(" The column {name} is empty: it could not be evaluated this time."),
            names => format!(
                " The columns {} are empty: they could not be evaluated this time.",
                listed(names, 0, &marks(self.slice.config().locale))
            ),
        }
    }

    fn attached(&self) -> Option<String> {
        let marks = marks(self.slice.config().locale);
        let number = self.files.len();
        match self.slice.report.attach {
            Attach::None => None,
            _ if number == 0 => None,
            Attach::One => {
                Some("Attached: everyone in these segments, as a file for a spreadsheet.".into())
            }
            Attach::PerSegment => Some(format!(
                "Attached: {}, one for each segment.",
                marks.counted(number, "file")
            )),
        }
    }

    /// The text that replaces attachments that are too large. It names only files that exist.
    fn too_large(&mut self) -> String {
        let too_large = "The files are too large for a mail";
        let id = &self.slice.report.id.value;
        let config = &self.slice.config().folder;
        let folder = kept::folder(config, id);
        if !self.writer.keeps_files {
            return format!(
                "{too_large}; they would be written to “{}”.",
                folder.display()
            );
        }
        let files = &self.files;
        let kept = self
            .kept
            .get_or_insert_with(|| kept::keep(files, config, id));
        if kept.is_err() {
            return format!(
                "{too_large}; whoever looks after this report can export them for you."
            );
        }
        let names: Vec<String> = files.iter().map(|file| one_line(&file.name)).collect();
        let marks = marks(self.slice.config().locale);
        let shown = names.get(..3).unwrap_or(&names);
        let names = listed(shown, names.len() - shown.len(), &marks);
        let folder = std::path::absolute(&folder).unwrap_or(folder);
        format!(
            "{too_large}; where Muster runs, they are in the folder “{}”: {names}.",
            folder.display()
        )
    }
}
