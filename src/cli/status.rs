//! `muster status`

use chrono_tz::Tz;
use clap::Args;

use super::columns::Columns;
use super::exit::{Exit, Failure};
use super::extent::{Extent, tell_part};
use super::output::{print_json, print_list, print_part};
use super::results::{Seen, now, reader, reader_at, seen, wrong_rules};
use super::{Common, Format};
use crate::config::{Locale, Place};
use crate::publish::standing;
use crate::store::{Overview, Store};
use crate::view::{Marks, StatusView, as_last_seen, marks, of_config, schedules_table};

/// The last runs, newest first, how the schedules stand, undelivered mail, and what needs attention.
#[derive(Args, Debug)]
pub(super) struct Status {
    #[command(flatten)]
    extent: Extent,
    #[command(flatten)]
    columns: Columns,
}

/// The number of runs in a table.
const USUAL: u32 = 10;

/// The time zone and format for times.
fn clock(place: &Place) -> (Tz, Marks) {
    (place.timezone, marks(place.locale))
}

pub(super) async fn status(command: &Status, common: &Common) -> Result<Exit, Failure> {
    if command.columns.is_given() && common.format == Format::Json {
        return Err(Failure::input(
            "`--columns` chooses columns of the runs, and JSON has more than those: `--format jsonl` has them alone",
        ));
    }
    let most = command.extent.most(USUAL, common.format);
    let (place, view) = match seen(common)? {
        Seen::Whole(config) => {
            let place = config.place();
            let stored = stored(reader(&config).await?, most).await?;
            let wrong = wrong_rules(common).await;
            let expected = of_config(&config)?;
            let mut view = StatusView::new(wrong, stored, expected, clock(&place), now());
            view.publication = standing(&config).await?;
            (place, view)
        }
        Seen::Wrong(wrong) => {
            let place = wrong.place;
            // If not even the database can be read, the error in config has to be fixed first.
            let Ok(store) = reader_at(&place).await else {
                return Err(wrong.failure);
            };
            let stored = stored(store, most).await?;
            let expected = as_last_seen(&stored.timetable);
            let words = Some(wrong.words);
            let view = StatusView::new(words, stored, expected, clock(&place), now());
            (place, view)
        }
    };
    let attention = view.attention();
    match common.format {
        Format::Json => print_json(&view.to_json())?,
        Format::Table => tell(&view, &command.columns, &attention, place.locale)?,
        Format::Csv | Format::Jsonl | Format::Markdown => {
            let runs = command.columns.of(view.runs(), None, common.format)?;
            print_list(&runs, common.format, place.locale)?;
            for line in &attention {
                note!("attention: {}", line.replace(['\n'], ""));
            }
        }
    }
    let (listed, of) = (view.stored.runs.len(), view.stored.runs_kept);
    let others = ["`--all` shows all".to_owned()];
    tell_part(
        (0, listed),
        of,
        ["run", "runs"],
        &others,
        &marks(place.locale),
    );
    Ok(match (view.wrong, attention.is_empty()) {
        (Some(_), _) => Exit::Input,
        (None, false) => Exit::Attention,
        (None, true) => Exit::Done,
    })
}

async fn stored(store: Option<Store>, most: Option<u32>) -> Result<Overview, Failure> {
    let Some(mut store) = store else {
        return Ok(Overview::default());
    };
    let overview = store.overview(most).await?;
    store.close().await?;
    Ok(overview)
}

fn tell(
    view: &StatusView,
    columns: &Columns,
    attention: &[String],
    locale: Locale,
) -> Result<(), Failure> {
    if !view.schedules.is_empty() {
        print_part(&schedules_table(&view.schedules), locale)?;
        say!();
    }
    let runs = columns.of(view.runs(), Some(view.runs_for_people()), Format::Table)?;
    print_list(&runs, Format::Table, locale)?;
    if view.stored.runs_kept == 0 {
        note!("no run yet");
    }
    for line in view.remarks() {
        say!("{line}");
    }
    for line in attention {
        let mut lines = line.lines();
        say!("attention: {}", lines.next().unwrap_or_default());
        for further in lines {
            say!("{further}");
        }
    }
    Ok(())
}
