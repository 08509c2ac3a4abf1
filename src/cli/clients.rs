//! `muster clients`

use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use super::output::print_table;
use super::results::Results;
use crate::report::{ClientRow, clients_table};
use crate::store::ClientQuery;

/// The client list: score, then alphabetical; tiles by importance.
#[derive(Args, Debug)]
pub(super) struct Clients {
    /// Only members of this segment
    #[arg(long, value_name = "ID")]
    segment: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 25)]
    limit: u32,
}

pub(super) async fn clients(command: &Clients, common: &Common) -> Result<Exit, Failure> {
    let mut results = Results::open(common).await?;
    if let Some(id) = &command.segment {
        results.segment(id)?;
    }
    let query = ClientQuery {
        segment: command.segment.clone(),
        limit: Some(command.limit),
        offset: 0,
    };
    let found = results.store.clients(&query).await?;
    let rows: Vec<ClientRow> = found
        .into_iter()
        .map(|client| ClientRow {
            rank: i64::from(client.score.rank),
            key: client.score.subject,
            label: client.score.label,
            score: client.score.score,
            tiles: client.segments.iter().map(|id| results.name(id)).collect(),
        })
        .collect();
    let config = &results.config;
    let table = clients_table(&config.subject.name.value, &rows);
    print_table(&table, common.format, config.locale)?;
    Ok(results.tell())
}
