//! Who is in a segment, and who entered or left.

use serde::Serialize;

use crate::explain::why_moved;
use crate::store::{Among, ClientQuery, Direction};
use crate::value::capitalised;
use crate::web::Web;
use crate::web::clients::{PER_PAGE, Pager, Row, Rows};
use crate::web::people::PersonIds;
use crate::web::refusal::Refusal;
use crate::web::results::Results;

/// The maximum number of moves listed.
const MOVES: u32 = 50;

/// Reads the people of one segment.
pub(super) struct Members<'r> {
    results: &'r mut Results,
    ids: PersonIds,
    id: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Move {
    when: String,
    run: i64,
    /// `None` if they are no longer in the list.
    href: Option<String>,
    /// The name; if the person is no longer in the list, the key and what it is a key of.
    label: String,
    entered: bool,
    why: &'static str,
}

impl<'r> Members<'r> {
    pub(super) async fn new(
        web: &Web,
        results: &'r mut Results,
        id: &str,
    ) -> Result<Self, Refusal> {
        let ids = web.desk().ids(&mut results.store).await?;
        let id = id.to_owned();
        Ok(Self { results, ids, id })
    }

    /// One page of the list, from 1.
    pub(super) async fn page(&mut self, page: u32) -> Result<(Vec<Row>, Option<Pager>), Refusal> {
        let query = ClientQuery {
            among: Among::one(Some(&self.id)),
            limit: Some(PER_PAGE),
            offset: (page - 1).saturating_mul(PER_PAGE),
        };
        let clients = self.results.clients(&query).await?;
        let of = self.results.count(&query.among).await?;
        if clients.is_empty() && page > 1 {
            return Err(Refusal::not_found("the list does not have that many pages"));
        }
        let (marks, zone) = (self.results.marks(), self.results.files.config.timezone);
        let pager = Pager::new((page, clients.len(), of), &marks, |page| {
            format!("/segments/{}?page={page}#members", self.id)
        });
        let rows = Rows {
            segments: &self.results.segments,
            ids: &self.ids,
            marks,
            zone,
        };
        Ok((
            rows.of(&clients),
            (of > u64::from(PER_PAGE)).then_some(pager),
        ))
    }

    /// Who entered or left most recently.
    pub(super) async fn moves(&mut self) -> Result<Vec<Move>, Refusal> {
        let movers = self.results.movers(&self.id, MOVES).await?;
        let config = &self.results.files.config;
        let (zone, subject) = (config.timezone, capitalised(&config.subject.name.value));
        let moves = movers.iter().map(|mover| Move {
            when: self.results.marks().moment(mover.at, zone),
            run: mover.run,
            href: mover
                .label
                .as_ref()
                .map(|_| format!("/clients/{}", self.ids.id(&mover.subject))),
            entered: mover.direction == Direction::Entered,
            why: why_moved(mover.cause, mover.direction),
            label: mover
                .label
                .clone()
                .unwrap_or_else(|| format!("{subject} {}", mover.subject)),
        });
        Ok(moves.collect())
    }
}
