//! What the list of clients displays.

use std::collections::HashMap;

use chrono_tz::Tz;
use serde::Serialize;

use crate::config::{Config, Marks};
use crate::store::{Client, StoredSegment};
use crate::web::people::PersonIds;

/// The number of people on one page of a list.
pub const PER_PAGE: u32 = 50;

/// A segment that a person is in.
#[derive(Debug, Clone, Serialize)]
pub struct Tile {
    pub id: String,
    pub name: String,
    pub sign: Option<String>,
}

impl Tile {
    pub fn new(segment: &StoredSegment) -> Self {
        Self {
            id: segment.id.clone(),
            name: segment.name.clone(),
            sign: segment.sign.clone(),
        }
    }
}

/// One row of a list of people.
#[derive(Debug, Serialize)]
pub struct Row {
    rank: String,
    /// The id used in addresses.
    id: String,
    label: String,
    /// The key, if others in the list have the same name.
    key: Option<String>,
    score: String,
    health: String,
    reasons: Option<String>,
    tiles: Vec<Tile>,
    /// The date since when the person has been in the listed segment.
    since: Option<String>,
}

/// What is needed to make rows.
pub struct Rows<'a> {
    pub segments: &'a [StoredSegment],
    pub ids: &'a PersonIds,
    pub marks: Marks,
    pub zone: Tz,
}

impl Rows<'_> {
    pub fn of(&self, clients: &[Client]) -> Vec<Row> {
        let mut named: HashMap<&str, usize> = HashMap::new();
        for client in clients {
            *named.entry(&client.score.label).or_default() += 1;
        }
        let is_shared = |label: &str| named.get(label).is_some_and(|times| *times > 1);
        let rows = clients
            .iter()
            .map(|client| self.row(client, is_shared(&client.score.label)));
        rows.collect()
    }

    fn row(&self, client: &Client, has_namesakes: bool) -> Row {
        let health = client.health.health;
        Row {
            rank: self.marks.whole(client.score.rank),
            id: self.ids.id(&client.score.subject),
            score: self.marks.number(client.score.score, 4),
            health: health.map_or_else(String::new, |health| self.marks.number(health, 1)),
            reasons: client.health.reasons.clone(),
            tiles: tiles(self.segments, &client.segments),
            key: has_namesakes.then(|| client.score.subject.to_string()),
            since: client.entered_at.map(|at| self.marks.moment(at, self.zone)),
            label: client.score.label.clone(),
        }
    }
}

/// The segments with these ids, in the order of the ids.
pub fn tiles(segments: &[StoredSegment], ids: &[String]) -> Vec<Tile> {
    let found = ids
        .iter()
        .filter_map(|id| segments.iter().find(|segment| segment.id == *id));
    found.map(Tile::new).collect()
}

/// The range of the list on a page, and links to the other pages.
#[derive(Debug, Serialize)]
pub struct Pager {
    pub previous: Option<String>,
    pub next: Option<String>,
    /// `51 to 100 of 1,236`.
    pub part: String,
}

impl Pager {
    /// Page `page` (from 1), with `shown` rows of a list of `of` rows; `href` returns the address of another page.
    pub fn new(
        (page, shown, of): (u32, usize, u64),
        marks: &Marks,
        href: impl Fn(u32) -> String,
    ) -> Self {
        let before = u64::from(page - 1) * u64::from(PER_PAGE);
        let last = before + shown as u64;
        Self {
            previous: (page > 1).then(|| href(page - 1)),
            next: (last < of && shown > 0).then(|| href(page + 1)),
            part: format!(
                "{} to {} of {}",
                marks.whole(before + 1),
                marks.whole(last),
                marks.whole(of)
            ),
        }
    }
}

/// The count in words: `1,236 clients`.
pub fn counted(config: &Config, of: u64, marks: &Marks) -> String {
    config
        .subject
        .counted(usize::try_from(of).unwrap_or(usize::MAX), marks)
}
