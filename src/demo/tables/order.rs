//! Keys in order of time, as if the database had grown over the years.

use chrono::NaiveDateTime;

use super::cells::client_key;
use crate::demo::events::Life;
use crate::demo::people::Person;
use crate::engine::OwnedCell;

/// The chronological order of events over all clients, and the key of each.
pub struct Places {
    /// The index of the client and of the event in that client's history, in key order.
    order: Vec<(usize, usize)>,
    /// By client and index in the client's history.
    keys: Vec<Vec<i64>>,
}

impl Places {
    /// The order of the events whose times `times` returns for a client's history.
    pub fn new(people: &[(Person, Life)], times: impl Fn(&Life) -> Vec<NaiveDateTime>) -> Self {
        let mut order: Vec<(NaiveDateTime, usize, usize)> = Vec::new();
        let mut keys = Vec::new();
        for (client, (_, life)) in people.iter().enumerate() {
            let times = times(life);
            keys.push(vec![0; times.len()]);
            order.extend(
                times
                    .into_iter()
                    .enumerate()
                    .map(|(own, at)| (at, client, own)),
            );
        }
        order.sort_unstable();
        for (key, (_, client, own)) in (1..).zip(&order) {
            if let Some(slot) = keys
                .get_mut(*client)
                .and_then(|own_keys| own_keys.get_mut(*own))
            {
                *slot = key;
            }
        }
        Self {
            order: order
                .into_iter()
                .map(|(_, client, own)| (client, own))
                .collect(),
            keys,
        }
    }

    /// The key of a client's event.
    pub fn key(&self, client: usize, own: Option<usize>) -> OwnedCell {
        own.and_then(|own| self.keys.get(client)?.get(own))
            .map_or(OwnedCell::Null, |key| OwnedCell::Integer(*key))
    }

    /// The rows of a table in key order: the key, the client's key, then the values from `row`.
    pub fn rows(
        &self,
        people: &[(Person, Life)],
        row: impl Fn(usize, &Person, &Life, usize) -> Option<Vec<OwnedCell>>,
    ) -> Vec<Vec<OwnedCell>> {
        (1..)
            .zip(&self.order)
            .filter_map(|(key, (client, own))| {
                let (person, life) = people.get(*client)?;
                let mut cells = vec![OwnedCell::Integer(key), client_key(*client)];
                cells.extend(row(*client, person, life, *own)?);
                Some(cells)
            })
            .collect()
    }
}
