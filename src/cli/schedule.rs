//! `muster schedule`

use clap::Args;

use super::exit::{Exit, Failure};
use super::output::{print_json, print_part, print_table};
use super::results::{config, now, reader};
use super::{Common, Format};
use crate::config::{Config, marks};
use crate::serve::skip_missed;
use crate::view::ComingRuns;

/// The coming runs of each schedule, in its zone.
#[derive(Args, Debug)]
pub(super) struct Schedule {
    /// How many runs of each schedule
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    count: u16,
    /// After a backup was put back: everything due until now counts as done
    #[arg(long)]
    skip_missed: bool,
}

pub(super) async fn schedule(command: &Schedule, common: &Common) -> Result<Exit, Failure> {
    let config = config(common)?;
    if command.skip_missed {
        skip(&config).await?;
    }
    if config.schedules.is_empty() {
        note!("config names no `schedules:`; nothing runs by itself");
    }
    let coming = ComingRuns::new(&config, now(), usize::from(command.count))?;
    show(&coming, &config, common.format)?;
    Ok(Exit::Done)
}

/// Marks everything due until now as done, and reports what it was.
async fn skip(config: &Config) -> Result<(), Failure> {
    // A missing file is reported, not created.
    if let Some(store) = reader(config).await? {
        store.close().await?;
    }
    let skipped = skip_missed(config, now()).await?;
    for one in &skipped {
        let schedules = config.schedules.iter();
        let mut named = schedules.filter(|schedule| schedule.id.value == one.schedule);
        let zone = named.next().map_or(config.timezone, |s| s.timezone);
        note!(
            "`{}`: all that was due until {} counts as done",
            one.schedule,
            marks(config.locale).moment(one.due, zone)
        );
    }
    if skipped.is_empty() {
        note!("nothing that was due until now is open");
    }
    Ok(())
}

fn show(coming: &ComingRuns, config: &Config, format: Format) -> Result<(), Failure> {
    let has_changes = !coming.clock_changes.rows.is_empty();
    match format {
        Format::Json => print_json(&coming.to_json())?,
        Format::Table => {
            print_part(&coming.for_people(), config.locale)?;
            if has_changes {
                say!();
                print_part(&coming.clock_changes, config.locale)?;
            }
        }
        Format::Csv | Format::Jsonl | Format::Markdown => {
            print_table(&coming.coming, format, config.locale)?;
            if has_changes {
                note!("clock changes are left out; `--format json` has them");
            }
        }
    }
    Ok(())
}
