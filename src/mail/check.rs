//! What can be known of mail before any is written: addresses and subject lines.

use std::path::Path;

use super::message::mailbox;
use super::subject::{Facts, subject};
use crate::config::Config;
use crate::diagnostic::{Code, Finding, sort};
use crate::run::reports::load_with_reports;
use crate::run::{LoadError, Project};

/// Loads everything with what the reports need, and refuses what no mail can be written by.
///
/// # Errors
/// See [`LoadError`].
pub async fn load(config: &Path) -> Result<Project, LoadError> {
    let mut project = load_with_reports(config).await?;
    let found = findings(&project.config);
    if found.is_empty() {
        return Ok(project);
    }
    project.findings.extend(found);
    sort(&mut project.findings);
    Err(LoadError::Refused(project.sources, project.findings))
}

/// What is wrong with addresses and subject lines of config: errors all.
pub fn findings(config: &Config) -> Vec<Finding> {
    let reports = config.reports.iter();
    let mail = config.mail.iter();
    let addresses = reports
        .clone()
        .flat_map(|report| report.to.iter().chain(&report.reply_to))
        .chain(mail.flat_map(|mail| std::iter::once(&mail.from).chain(&mail.bounces_to)))
        .chain(&config.owner);
    let addresses = addresses.filter(|address| mailbox(&address.value, "it").is_err());
    let addresses = addresses.map(|address| {
        let message = format!(
            "`{}` is no mail address that can be written to",
            address.value
        );
        Finding::new(Code::InvalidValue, message).at(address.location)
    });
    let subjects = reports.filter_map(|report| {
        let template = report.subject.as_ref()?;
        let wrong = subject(report, &Facts::default()).err()?;
        let message = format!("this is no subject line: {wrong}");
        let finding = Finding::new(Code::InvalidValue, message).at(template.location);
        Some(finding.help("for example `\"{{ report }}: {{ entered }} in, {{ left }} out\"`"))
    });
    addresses.chain(subjects).collect()
}
