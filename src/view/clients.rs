//! Subjects in lists: by score, and by health.

use super::table::{Cell, Heading, Table};
use super::values::health_cell;
use crate::engine::Key;
use crate::store::Client;
use crate::value::capitalised;

/// One subject as a row of the client list.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientRow {
    /// The position in the list, from 1.
    pub rank: u32,
    /// The key of the subject.
    pub key: Key,
    /// The name of the subject.
    pub label: String,
    /// The sum of the weights of the subject's segments.
    pub score: f64,
    /// The health score, from 0 to 100; `None` if there is none.
    pub health: Option<f64>,
    /// What reduces the health score, in words.
    pub reasons: Option<String>,
    /// The names of the subject's segments, most important first.
    pub tiles: Vec<String>,
}

impl ClientRow {
    /// Makes a row from a stored subject; `name` maps a segment's id to its name.
    pub fn new(client: Client, name: impl Fn(&str) -> String) -> Self {
        Self {
            rank: client.score.rank,
            key: client.score.subject,
            label: client.score.label,
            score: client.score.score,
            health: client.health.health,
            reasons: client.health.reasons,
            tiles: client.segments.iter().map(|id| name(id)).collect(),
        }
    }
}

/// The client list; `subject` is config's word for one, and `scored` tells whether config defines a health score.
pub fn clients_table(subject: &str, scored: bool, rows: &[ClientRow]) -> Table {
    let health = Heading::right("health", "Health").spare(15);
    let segments = Heading::left("segments", "Segments, most important first").spare(30);
    let reasons = Heading::left("reasons", "Reasons").spare(40);
    Table::of(rows)
        .column(Heading::right("rank", "#").spare(60), |row| row.rank)
        .column(Heading::left("key", "Key").spare(10), |row| {
            Cell::from(&row.key)
        })
        .column(
            Heading::left("label", capitalised(subject)).names(),
            |row| row.label.clone(),
        )
        .column(Heading::right("score", "Score").spare(35), |row| {
            Cell::Number(row.score, 4)
        })
        .column_if(scored, health, |row| health_cell(row.health))
        .column(segments, |row| Cell::List(row.tiles.clone()))
        .column_if(scored, reasons, |row| row.reasons.clone())
        .done()
}

/// The subjects by risk, in the given order: the health of each, and why.
pub fn health_table(subject: &str, rows: &[ClientRow]) -> Table {
    Table::of(rows)
        .column(Heading::left("key", "Key").spare(10), |row| {
            Cell::from(&row.key)
        })
        .column(
            Heading::left("label", capitalised(subject)).names(),
            |row| row.label.clone(),
        )
        .column(Heading::right("health", "Health"), |row| {
            health_cell(row.health)
        })
        .column(Heading::left("reasons", "Reasons").spare(20), |row| {
            row.reasons.clone()
        })
        .done()
}
