//! `muster demo`

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;
use tokio_util::sync::CancellationToken;

use super::exit::{Exit, Failure};
use super::{Common, DEFAULT_CONFIG, outbox, results, run};
use crate::config::MailTransport;
use crate::connector::connect;
use crate::demo::PROJECT;
use crate::disk::{is_taken, write_new};
use crate::mail::{ReportWriter, deliver};
use crate::run::Options;
use crate::time::{Clock, date_of_days, days_of_date};

/// The demo studio's database, and a run over it; where there is no config, its project as well.
#[derive(Args, Debug)]
pub(super) struct Demo {
    /// The day that the studio's data end with; default: today
    #[arg(long, value_name = "DATE")]
    date: Option<NaiveDate>,
}

pub(super) async fn demo(command: &Demo, common: &Common) -> Result<Exit, Failure> {
    if common.config == Path::new(DEFAULT_CONFIG) && !is_taken(&common.config) {
        write_project()?;
    }
    let config = results::config(common)?;
    let clock = Clock {
        now: results::now(),
        zone: config.timezone,
    };
    let today = date_of_days(clock.today());
    let date = command.date.unwrap_or(today);
    if date > today {
        return Err(Failure::input(format!(
            "{date} is still to come; it is {today}"
        )));
    }
    let Some(file) = config.database.file() else {
        let words = "the demo studio is a SQLite file, and `database:` names a server";
        return Err(Failure::input(words));
    };
    crate::demo::write(file, date, config.timezone).await?;
    note!("the demo studio as of {date}: {}", file.display());
    let project = crate::mail::load(&common.config, connect).await?;
    // Runs as of the morning of its day, so that the result is always the same.
    let morning = clock.midnight(days_of_date(date));
    let options = Options {
        as_of: Some(morning),
        trigger: "demo".to_string(),
        present: super::clock::given(),
        ..Options::default()
    };
    let Some(MailTransport::File(folder)) = project.config.mail.as_ref().map(|m| &m.transport)
    else {
        // A demo sends no mail.
        return run::execute(&project, &options, None, common).await;
    };
    let reports = project.config.reports.iter();
    let reports: Vec<&str> = reports.map(|report| report.id.value.as_str()).collect();
    let writer = ReportWriter::new(&project, &reports, morning);
    let exit = run::execute(&project, &options, Some(&writer), common).await?;
    let delivered = deliver(&project.config, &results::now, &CancellationToken::new()).await?;
    if delivered.accepted > 0 {
        note!(
            "a report about it lies in {}; a mail program shows it",
            folder.display()
        );
    } else {
        outbox::told(&delivered);
    }
    note!("`muster page` shows it all in the browser");
    Ok(exit)
}

/// Writes config, rules, tests and their schemas into this folder, unless it contains others. Files left by an
/// interrupted demo are kept.
fn write_project() -> Result<(), Failure> {
    let schemas = [
        ("schema/config.schema.json", crate::config::schema()),
        ("schema/rules.schema.json", crate::rules::schema()),
        ("schema/tests.schema.json", crate::testing::schema()),
    ];
    let schemas = schemas.iter().map(|(path, text)| (*path, text.as_str()));
    let files: Vec<(&Path, &str)> = schemas
        .chain(PROJECT)
        .map(|(path, text)| (Path::new(path), text))
        .collect();
    let is_whole = |(path, text): &&(&Path, &str)| {
        std::fs::read(path).is_ok_and(|found| found == text.as_bytes())
    };
    let (whole, missing): (Vec<_>, Vec<_>) = files.iter().partition(is_whole);
    let is_ours = |path: &Path| whole.iter().any(|(ours, _)| *ours == path);
    let rules = std::fs::read_dir("rules").into_iter().flatten().flatten();
    let rules = rules.map(|entry| Path::new("rules").join(entry.file_name()));
    let others = rules.filter(|path| path.is_file() && !is_ours(path));
    let taken = missing.iter().map(|(path, _)| path.to_path_buf());
    let mut in_the_way = taken.filter(|path| is_taken(path)).chain(others);
    if let Some(path) = in_the_way.next() {
        return Err(Failure::input(format!(
            "there is no {DEFAULT_CONFIG} here, and {} is not the demo's: run `muster demo` in an empty folder, \
             which it fills, or in one with a {DEFAULT_CONFIG}",
            path.display()
        )));
    }
    for (path, text) in missing {
        write_new(path, text.as_bytes())
            .map_err(|error| Failure::world(format!("cannot write {}: {error}", path.display())))?;
        note!("wrote {}", path.display());
    }
    Ok(())
}
