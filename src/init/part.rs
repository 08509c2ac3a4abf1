//! Tables that refer to the people, or have a time, only through another table: the items of an order, the refunds of
//! a payment, the attendees of an event.

use super::collection::{Beside, Collection, collection};
use super::currency::Currency;
use super::exclude::of_events;
use super::lexicon::amounts::COUNTS;
use super::lookup::{leads, lookups};
use super::names::Names;
use super::tables::Seen;
use super::text::can_be_written;
use super::time::Times;
use super::words::words;

/// The collection of a table that has a lookup into one of the collections. None where it has none, and for views,
/// which repeat what tables have.
pub(super) fn part(
    seen: &Seen<'_>,
    collections: &[Collection],
    names: &mut Names,
    beside: &Beside<'_>,
) -> Option<Collection> {
    if seen.profile.view.is_some() {
        return None;
    }
    let found = lookups(beside.data, seen, beside.tables, beside.people, beside.who);
    let (lookup, whole) = found.iter().find_map(|lookup| {
        let mut collections = collections.iter();
        let whole = collections.find(|whole| whole.table == lookup.table)?;
        leads(beside.data, seen, &lookup.by, (&lookup.table, &lookup.key))
            .then_some((lookup, whole))
    })?;
    let through = |column: &String| {
        let fits = can_be_written(column);
        fits.then(|| format!("{}.{column}", lookup.name))
    };
    let whose = through(&whole.subject)?;
    let own = beside.times(seen);
    let at = whole.times.at.as_ref().and_then(through);
    let is_own = own.is_sure && own.at.is_some() || at.is_none();
    let times = match is_own {
        true => own,
        false => Times {
            at,
            also: own.at.into_iter().chain(own.also).collect(),
            ..Times::default()
        },
    };
    let mut part = collection(seen, whose, times, names, beside);
    part.is_part = true;
    let is_count = |name: &String| words(name).iter().any(|word| COUNTS.has(word));
    let mut columns = seen.table.columns.iter();
    if !is_own || columns.any(|column| is_count(&column.name)) {
        part.amount = None;
    }
    // Rows with a time of their own count whatever the status of the parent: the refund of a cancelled order.
    let mut tables = beside.tables.iter().filter(|_| !is_own);
    let excluded = tables.find(|of| of.name == whole.table).map(|of| {
        of_events(
            of,
            whole.amount.as_deref(),
            Some(&lookup.name),
            &whole.types,
        )
    });
    part.excluded.extend(excluded.unwrap_or_default().excluded);
    // A price is in the currency of its order.
    if part.currency == Currency::Unknown {
        part.currency = whole.currency.through(&lookup.name);
    }
    Some(part)
}

/// Gives rows without a time of their own the time of their parent: the attendees of an event, by when it took place.
pub(super) fn place_by_lookup(of: &mut Collection, beside: &Beside<'_>) {
    if of.is_part || of.times.at.is_some() {
        return;
    }
    let table = |name: &String| beside.tables.iter().find(|seen| seen.name == *name);
    let at = of.lookups.iter().find_map(|lookup| {
        let times = beside.times(table(&lookup.table)?);
        let is_when = |at: &String| times.is_of_happening && can_be_written(at);
        let at = times.at.as_ref().filter(|at| is_when(at))?;
        let to = (lookup.table.as_str(), lookup.key.as_str());
        let is_found = leads(beside.data, table(&of.table)?, &lookup.by, to);
        is_found.then(|| format!("{}.{at}", lookup.name))
    });
    if at.is_some() {
        of.times.at = at;
        of.times.is_sure = true;
        of.times.unread = None;
    }
}
