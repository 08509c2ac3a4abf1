//! One client: what makes up the score, why the client is in each segment, the history of moves, and forgetting.

mod forget;
mod reasons;
mod why;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use super::Web;
use super::clients::{Tile, tiles};
use super::list::{self, Membership};
use super::refusal::Refusal;
use super::results::Results;
use super::who::{Role, Visitor};
use crate::engine::Key;
use crate::explain::why_moved;
use crate::store::{Among, Client, Direction, Moving};
use crate::time::format_instant;
use crate::value::capitalised;

pub(super) use forget::{ask, forget};
pub(super) use reasons::why;

/// The maximum number of moves shown.
const MOVES: usize = 100;

#[derive(Serialize)]
struct Filled {
    run: i64,
    plural: String,
    subject: String,
    subject_lower: String,
    id: String,
    label: String,
    key: String,
    rank: String,
    of: String,
    as_of: String,
    notes: Vec<String>,
    score: String,
    tiles: Vec<Weight>,
    scored: bool,
    health: Option<String>,
    reasons: Option<String>,
    moves: Vec<Move>,
    more_moves: Option<String>,
    /// The hand-maintained lists; empty if the visitor may not change them.
    lists: Vec<Membership>,
    may_forget: bool,
}

/// A segment, and what it adds to the score.
#[derive(Serialize)]
struct Weight {
    #[serde(flatten)]
    tile: Tile,
    /// `None` if it adds nothing.
    weight: Option<String>,
    since: Option<String>,
}

/// A segment entry or exit, with its time.
#[derive(Serialize)]
struct Move {
    datetime: String,
    when: String,
    entered: bool,
    /// Whether the segment is still defined.
    known: bool,
    id: String,
    name: String,
    why: &'static str,
    run: i64,
}

/// Shows everything that is stored about a client.
pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let mut results = web.results().await?;
    let client = found(&web, &mut results, &id).await?;
    let key = &client.score.subject;
    let moves = results.store.movements_of(key).await?;
    let since = results.store.memberships_of(key).await?;
    let of = results.count(&Among::default()).await?;
    let (config, marks) = (&results.files.config, results.marks());
    let tiles = tiles(&results.segments, &client.segments);
    let tiles = tiles.into_iter().map(|tile| {
        let weight = results
            .segment(&tile.id)
            .map_or(0.0, |segment| segment.weight);
        let since = since.iter().find(|(id, _)| *id == tile.id);
        Weight {
            weight: (weight > 0.0).then(|| marks.number(weight, 4)),
            since: since.map(|(_, at)| marks.moment(*at, config.timezone)),
            tile,
        }
    });
    let more = moves.len().saturating_sub(MOVES);
    let filled = Filled {
        run: results.run.id,
        plural: capitalised(&config.subject.plural),
        subject: capitalised(&config.subject.name.value),
        subject_lower: config.subject.name.value.clone(),
        id,
        label: client.score.label.clone(),
        key: key.to_string(),
        rank: marks.whole(client.score.rank),
        of: marks.whole(of),
        as_of: results.as_of(),
        notes: results.notes(),
        score: match client.score.score > 0.0 {
            true => marks.number(client.score.score, 4),
            false => marks.whole(0),
        },
        tiles: tiles.collect(),
        scored: config.health.is_some(),
        health: client.health.health.map(|health| marks.number(health, 1)),
        reasons: client.health.reasons.clone(),
        moves: moves
            .iter()
            .take(MOVES)
            .map(|moved| told(moved, &results))
            .collect(),
        more_moves: (more > 0).then(|| format!("{} earlier ones are stored.", marks.whole(more))),
        lists: match visitor.may(Role::Edit) {
            true => list::memberships(config, &key.to_string()),
            false => Vec::new(),
        },
        may_forget: visitor.may(Role::Operate),
    };
    web.page(
        &visitor,
        "/clients",
        &client.score.label,
        "client.html",
        filled,
    )
}

fn told(moved: &Moving, results: &Results) -> Move {
    let zone = results.files.config.timezone;
    Move {
        datetime: format_instant(moved.at, zone),
        when: results.marks().moment(moved.at, zone),
        entered: moved.direction == Direction::Entered,
        known: results.segment(&moved.segment).is_ok(),
        id: moved.segment.clone(),
        name: results.name(&moved.segment),
        why: why_moved(moved.cause, moved.direction),
        run: moved.run,
    }
}

/// Finds the client that an id in an address stands for.
///
/// # Errors
/// The id stands for no client in the list.
async fn found(web: &Web, results: &mut Results, id: &str) -> Result<Client, Refusal> {
    let key = web.desk().key(&mut results.store, id).await?;
    let keys: Vec<Key> = Key::meant_by(&key).collect();
    let clients = results.store.clients_of(&keys).await?;
    clients.into_iter().next().ok_or_else(Refusal::nobody)
}
