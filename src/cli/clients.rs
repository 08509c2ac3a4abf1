//! `muster clients`

use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use super::extent::{Extent, tell_left_out};
use super::output::print_table;
use super::results::Results;
use crate::store::ClientQuery;
use crate::view::{clients_table, marks};

/// The client list: score, then alphabetical; tiles by importance.
#[derive(Args, Debug)]
pub(super) struct Clients {
    /// Only members of this segment
    #[arg(long, value_name = "ID")]
    segment: Option<String>,
    #[command(flatten)]
    extent: Extent,
}

/// So many in a table.
const USUAL: u32 = 25;

pub(super) async fn clients(command: &Clients, common: &Common) -> Result<Exit, Failure> {
    let mut results = Results::open(common).await?;
    if let Some(id) = &command.segment {
        results.segment(id)?;
    }
    let query = ClientQuery {
        segment: command.segment.clone(),
        limit: command.extent.most(USUAL, common.format),
        offset: 0,
    };
    let found = results.store.clients(&query).await?;
    let listed = found.len();
    let of = results.store.count_clients(&query).await?;
    let rows = results.rows(found);
    let config = &results.config;
    let scored = config.health.is_some();
    let table = clients_table(&config.subject.name.value, scored, &rows);
    print_table(&table, common.format, config.locale)?;
    let subject = &config.subject.name.value;
    tell_left_out(listed, of, subject, "--all", &marks(config.locale));
    Ok(results.tell())
}
