//! Mail: reports and their recipients, previews, the outbox, and decisions about it.

mod decide;
mod framed;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use super::Web;
use super::refusal::Refusal;
use super::who::{Role, Visitor};
use crate::config::{Config, Report, marks};
use crate::mail::masked;
use crate::schedule::Calendar;
use crate::store::{Delivery, DeliveryStatus, Store};
use crate::view::undelivered_words;
pub(super) use decide::decide;
use decide::{Decision, decisions};
pub(super) use framed::{next, sent};

/// The maximum number of mails listed from the outbox.
const MAILS: u32 = 50;

#[derive(Serialize)]
struct Filled {
    attention: Vec<String>,
    reports: Vec<ReportView>,
    mails: Vec<MailView>,
    may_decide: bool,
    part: String,
}

#[derive(Serialize)]
struct ReportView {
    id: String,
    name: String,
    readers: Vec<String>,
    /// The next due times.
    next: Vec<String>,
    filter: Option<String>,
}

#[derive(Serialize)]
struct MailView {
    id: i64,
    report: String,
    to: String,
    period: String,
    status: &'static str,
    words: &'static str,
    reason: String,
    choices: Vec<Decision>,
}

/// Reports and the outbox.
pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Response, Refusal> {
    let files = web.files().await?;
    let config = &files.config;
    let sees_addresses = visitor.may(Role::Operate);
    let (mut mails, mut of, mut attention) = (Vec::new(), 0, Vec::new());
    if let Some(mut store) = Store::open_reader(config.results_path()).await? {
        mails = store.deliveries(MAILS).await?;
        of = store.count_deliveries().await?;
        let undelivered = store.undelivered().await?;
        attention.extend(undelivered_words(&undelivered));
        attention.extend(undelivered.login);
        attention.extend(undelivered.trouble);
    }
    let marks = marks(config.locale);
    let reports = config.reports.iter();
    let filled = Filled {
        attention,
        reports: reports
            .map(|report| report_view(report, config, sees_addresses, web.now()))
            .collect(),
        part: format!(
            "{} of {}, the newest first",
            marks.whole(mails.len()),
            marks.counted(usize::try_from(of).unwrap_or(usize::MAX), "mail")
        ),
        mails: mails
            .iter()
            .map(|mail| mail_view(mail, config, sees_addresses))
            .collect(),
        may_decide: visitor.may(Role::Operate),
    };
    web.page(&visitor, "/mail", "Mail", "mail.html", filled)
}

fn report_view(report: &Report, config: &Config, sees_addresses: bool, now: i64) -> ReportView {
    let id = &report.id.value;
    let schedules = config.schedules.iter();
    let sends = schedules.filter(|schedule| schedule.reports.iter().any(|sent| sent.value == *id));
    let next = sends.filter_map(|schedule| {
        let calendar = Calendar::new(&schedule.cron.value, schedule.timezone).ok()?;
        let due = calendar.coming(now, 1).into_iter().next()?;
        Some(marks(config.locale).moment(due.at, schedule.timezone))
    });
    ReportView {
        id: id.clone(),
        name: report.name.clone(),
        readers: readers(report, sees_addresses),
        next: next.collect(),
        filter: report.filter.as_ref().map(|filter| filter.value.clone()),
    }
}

fn readers(report: &Report, sees_addresses: bool) -> Vec<String> {
    let readers = report.to.iter();
    readers
        .map(|address| shown(&address.value, sees_addresses))
        .collect()
}

/// An address; visitors below the role `operate` see only its beginning and the domain.
fn shown(address: &str, sees_addresses: bool) -> String {
    match sees_addresses {
        true => address.to_owned(),
        false => masked(address),
    }
}

fn mail_view(mail: &Delivery, config: &Config, sees_addresses: bool) -> MailView {
    MailView {
        id: mail.id,
        report: mail.report.clone(),
        to: shown(&mail.recipient, sees_addresses),
        period: marks(config.locale).moment(mail.period, config.timezone),
        status: mail.status.name(),
        words: words(mail.status),
        reason: mail.reason.clone().unwrap_or_default(),
        choices: decisions(mail.status),
    }
}

/// The status of a mail, in words.
fn words(status: DeliveryStatus) -> &'static str {
    match status {
        DeliveryStatus::Pending => "waits for its next try",
        DeliveryStatus::Held => "held back",
        DeliveryStatus::Sending => "on its way",
        DeliveryStatus::Accepted => "accepted",
        DeliveryStatus::Refused => "refused",
        DeliveryStatus::Unknown => "perhaps arrived",
        DeliveryStatus::Expired => "not sent in time",
        DeliveryStatus::Superseded => "a newer one went instead",
        DeliveryStatus::Cancelled => "cancelled",
    }
}

#[derive(Serialize)]
struct ReportPage {
    id: String,
    name: String,
    readers: Vec<String>,
    last: Option<Last>,
}

/// The newest mail of a report.
#[derive(Serialize)]
struct Last {
    id: i64,
    words: &'static str,
    period: String,
    to: String,
    /// Whether its text is still stored.
    kept: bool,
}

/// A report, with its next and last mail.
pub(super) async fn report(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let files = web.files().await?;
    let config = &files.config;
    let mut reports = config.reports.iter();
    let report = reports.find(|report| report.id.value == id);
    let report = report.ok_or_else(no_report)?;
    let sees_addresses = visitor.may(Role::Operate);
    let mut last = None;
    if let Some(mut store) = Store::open_reader(config.results_path()).await?
        && let Some(mail) = store.last_mail_of(&id).await?
    {
        last = Some(Last {
            id: mail.id,
            words: words(mail.status),
            period: marks(config.locale).moment(mail.period, config.timezone),
            to: shown(&mail.recipient, sees_addresses),
            kept: store.body(mail.id).await?.is_some(),
        });
    }
    let filled = ReportPage {
        name: report.name.clone(),
        readers: readers(report, sees_addresses),
        last,
        id,
    };
    web.page(&visitor, "/mail", &report.name, "report.html", filled)
}

fn no_report() -> Refusal {
    Refusal::not_found("config has no report of this name")
}
