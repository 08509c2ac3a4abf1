//! `muster demo`

use chrono::NaiveDate;
use clap::Args;

use super::exit::{Exit, Failure};
use super::{Common, results, run};
use crate::run::Options;
use crate::time::{Clock, date_of_days, days_of_date};

/// The demo database, and a run over it.
#[derive(Args, Debug)]
pub(super) struct Demo {
    /// The day that the studio's data end with; default: today
    #[arg(long, value_name = "DATE")]
    date: Option<NaiveDate>,
}

pub(super) async fn demo(command: &Demo, common: &Common) -> Result<Exit, Failure> {
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
    crate::demo::write(&config.database, date, config.timezone).await?;
    eprintln!(
        "the demo studio as of {date}: {}",
        config.database.display()
    );
    let project = crate::run::load(&common.config).await?;
    let options = Options {
        // The morning of its day: the same result whenever it is made.
        as_of: Some(clock.midnight(days_of_date(date))),
        trigger: "demo".to_string(),
        ..Options::default()
    };
    run::execute(&project, &options, common).await
}
