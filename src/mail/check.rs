//! What can be checked about mail before any is written: addresses, subject lines and files.

use std::path::Path;

use super::address::mailbox;
use super::smtp::{authority, is_open, password};
use super::subject::faults;
use crate::config::{Config, MailTransport, Marks, NamedFile, Report, Smtp};
use crate::connector::{Connect, Connector};
use crate::diagnostic::{Code, Finding, Severity, sort};
use crate::engine::{EngineError, Watch};
use crate::lint::{self, Compiled, Effort, Look};
use crate::project::load_with_reports;
use crate::project::{LoadError, Project, blocking};
use crate::source::Sources;
use crate::time::Clock;
use crate::view::marks;

/// Loads the project with everything that its reports need, and refuses what no mail can be composed with.
///
/// # Errors
/// See [`LoadError`].
pub async fn load(config: &Path, connect: Connect) -> Result<Project, LoadError> {
    let mut project = load_with_reports(config, connect).await?;
    // Other files that mail needs are checked when it is sent: they may have appeared by then.
    let found = errors(&project.config, &project.sources);
    if found.is_empty() {
        return Ok(project);
    }
    project.findings.extend(found);
    sort(&mut project.findings);
    Err(LoadError::Refused(project.sources, project.findings))
}

/// Findings about a config alone, and about the files that connections to the server need.
pub fn findings(config: &Config, sources: &Sources) -> Vec<Finding> {
    let mut found = errors(config, sources);
    found.extend(of_files(config));
    found
}

/// Findings about the files that connections to the server need. Warnings only: the files are read at each connection,
/// and may appear later.
fn of_files(config: &Config) -> Vec<Finding> {
    let secrets = config.secret_files.iter();
    let open = secrets.filter_map(|secret| open_to_all(&secret.file, secret.what));
    let of_mail = match config.mail.as_ref().map(|mail| &mail.transport) {
        Some(MailTransport::Smtp(smtp)) => files(smtp),
        _ => Vec::new(),
    };
    open.chain(of_mail).collect()
}

/// The findings of `muster check` about the texts of a compiled project and the mail made from them. Reads nothing
/// else.
pub fn found_in_texts(project: &Project, effort: Effort) -> Vec<Finding> {
    let mut found = project.findings.clone();
    found.extend(lint::of_rules(
        &project.compiled(),
        &project.findings,
        effort,
    ));
    found.extend(errors(&project.config, &project.sources));
    found
}

/// The further findings, about the data and about the files that connections to the server need.
///
/// # Errors
/// The database cannot be read, or the look was told to stop.
pub fn found_beside(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    let mut found = lint::of_data(compiled, look)?;
    found.extend(of_files(compiled.config));
    Ok(found)
}

/// The findings to report: without those that are allowed, in the order of the files.
pub fn told(project: &Project, found: Vec<Finding>) -> Vec<Finding> {
    let mut told = lint::allowed(found, &project.allowing(), false);
    sort(&mut told);
    told
}

/// All warnings of `muster check` about a loaded project, as far as a quick look at the data can find them, in the
/// order of the files. Findings that refuse a run or make it stale are not included.
pub fn warnings(
    project: &Project,
    connector: &dyn Connector,
    clock: &Clock,
    watch: &dyn Watch,
) -> Vec<Finding> {
    let mut found = found_in_texts(project, Effort::Run);
    found.extend(of_files(&project.config));
    let look = Look {
        connector,
        clock,
        watch,
        beside_a_run: true,
    };
    let of_data = blocking(|| lint::of_data(&project.compiled(), &look));
    // If the data cannot be read, the code that needs it reports that.
    found.extend(of_data.unwrap_or_default());
    found.retain(|finding| finding.severity == Severity::Warning);
    told(project, found)
}

fn errors(config: &Config, sources: &Sources) -> Vec<Finding> {
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
            "`{}` is not a mail address that can be written to",
            address.value
        );
        Finding::new(Code::InvalidValue, message).at(address.location)
    });
    let marks = marks(config.locale);
    let subjects = reports.flat_map(|report| subject(report, sources, &marks));
    addresses.chain(subjects).collect()
}

fn subject(report: &Report, sources: &Sources, marks: &Marks) -> Vec<Finding> {
    let Some(template) = &report.subject else {
        return Vec::new();
    };
    let faults = faults(report, template, marks);
    let found = faults.into_iter().map(|fault| {
        let code = match fault.is_name {
            true => Code::UnknownName,
            false => Code::InvalidValue,
        };
        Finding::new(code, fault.message)
            .at(template.locate(fault.place, sources))
            .help(fault.help)
    });
    found.collect()
}

fn files(smtp: &Smtp) -> Vec<Finding> {
    let secret = smtp.password_file.as_ref();
    let secrets = secret.and_then(|file| {
        let wrong = password(&file.path).err();
        wrong.map_or_else(
            || open_to_all(file, "password"),
            |wrong| {
                Some(not_yet(
                    file,
                    wrong,
                    "write the password, and nothing else, into that file",
                ))
            },
        )
    });
    let authorities = smtp.ca_file.as_ref().and_then(|file| {
        let wrong = authority(&file.path).err()?;
        let what = "put the certificate of your own authority there, in PEM; without `ca_file:`, \
                    the system's authorities are trusted";
        Some(not_yet(file, wrong, what))
    });
    secrets.into_iter().chain(authorities).collect()
}

fn not_yet(file: &NamedFile, wrong: String, what: &str) -> Finding {
    let help = format!(
        "{what}. Until then no mail is sent; the file is read at each connection, by the user that \
         runs Muster, and its path starts in the folder of this config"
    );
    let finding = Finding::new(Code::FileUnreadable, wrong);
    Finding {
        severity: Severity::Warning,
        ..finding.at(file.at).help(help)
    }
}

fn open_to_all(file: &NamedFile, what: &str) -> Option<Finding> {
    let path = file.path.display();
    let message = format!("everybody on this machine can read the {what} in `{path}`");
    let finding = Finding::new(Code::OpenPassword, message).at(file.at);
    is_open(&file.path).then(|| {
        finding.help(format!(
            "let only the user that runs Muster read it: `chmod 600 {path}`"
        ))
    })
}
