//! `muster clients`

use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use super::listing::{Listed, Listing, USUAL};
use super::members::{Members, Names};
use super::results::Results;
use crate::store::ClientQuery;
use crate::view::clients_table;

/// The client list: score, then alphabetical; segments by importance.
#[derive(Args, Debug)]
pub(super) struct Clients {
    #[command(flatten)]
    members: Members,
    #[command(flatten)]
    listing: Listing,
    #[command(flatten)]
    names: Names,
}

pub(super) async fn clients(command: &Clients, common: &Common) -> Result<Exit, Failure> {
    let mut results = Results::open(common).await?;
    command.members.check(&results)?;
    let part = command.listing.part(Some(USUAL), common.format);
    // If the selection depends on more than the store knows, it is made from all clients.
    let whole = command.listing.needs_all();
    let query = ClientQuery {
        among: command.members.among(),
        limit: part.most.filter(|_| !whole),
        offset: if whole { 0 } else { part.skipped },
    };
    let found = results.store.clients(&query).await?;
    let of = match whole {
        true => None,
        false => Some(results.store.count_clients(&query.among).await?),
    };
    let rows = results.rows(found);
    let config = &results.config;
    let subject = &config.subject.name.value;
    let table = clients_table(subject, config.health.is_some(), &rows);
    let listed = Listed {
        called: config.subject.called(),
        named: ["label", "key"],
        hidden: command.names.hidden(),
        usual: Some(USUAL),
        of,
        ..Listed::default()
    };
    command.listing.print(table, &listed, common, &results)
}
