//! A demo database of a fitness studio: five studios in two networks, over three years, generated from nothing but a
//! date. Nobody in it exists.

mod calendar;
mod events;
mod life;
mod names;
mod people;
mod products;
mod project;
mod random;
mod tables;

pub use project::PROJECT;

use std::path::Path;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::store::{StoreError, TableData, create_database, mark_of};
use calendar::Timetable;
use events::Life;
use people::Person;
use random::Random;

/// The number of clients.
const CLIENTS: u64 = 2_000;

/// The seed of all random streams. Another seed gives another city.
const SEED: u64 = 0x6d75_7374_6572;

/// Incremented whenever a date would yield different data than before, so that older files are rewritten.
const VERSION: u32 = 2;

/// The studio on the morning of `date`: everything up to the midnight before it, in the business zone, and what is
/// still to come then (reservations, and the expiry of packages). The same date and zone give the same tables on every
/// machine.
pub fn studio(date: NaiveDate, zone: Tz) -> Vec<TableData> {
    let homes = tables::homes();
    let timetable = Timetable::new(&homes, &mut Random::new(SEED, 0));
    let mut people: Vec<(Person, Life)> = (1..=CLIENTS)
        .map(|index| {
            let person = Person::new(index, date, &homes, &mut Random::new(SEED, index));
            let mut random = Random::new(SEED, CLIENTS + index);
            let life = life::live(&person, date, &timetable, &mut random);
            (person, life)
        })
        .collect();
    people.sort_by_key(|(person, _)| person.known);
    tables::tables(&people, &timetable, zone)
}

/// The result of [`write`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The file is new, or was the demo of another day.
    Made,
    /// The file was already this demo, and was left as it is.
    AlreadyThere,
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The path is taken by another file.
    #[error(
        "`{0}` is there already and is not a Muster demo, so it was left alone; \
         move it away, or let `database:` in config.yaml name another file"
    )]
    Taken(String),
    /// The file cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes the demo of `date` to `path`. A demo of another day or version is replaced, this very demo is left as it is,
/// and a file that is not a demo is never touched.
///
/// # Errors
/// The path is taken, or cannot be written.
pub async fn write(path: &Path, date: NaiveDate, zone: Tz) -> Result<Written, DemoError> {
    let mark = format!("demo {VERSION} of {date} in {zone}");
    if path.exists() {
        match mark_of(path).await {
            Some(found) if found == mark => return Ok(Written::AlreadyThere),
            Some(found) if found.starts_with("demo ") => {}
            _ => return Err(DemoError::Taken(path.display().to_string())),
        }
    }
    create_database(path, &studio(date, zone), &mark).await?;
    Ok(Written::Made)
}
