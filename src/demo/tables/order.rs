//! Keys in order of time, as a database that grew would have given them.

use chrono::NaiveDateTime;

use super::cells::client_key;
use crate::demo::events::Life;
use crate::demo::people::Person;
use crate::engine::OwnedCell;

/// The order in which things of all clients happened, and the key that each gets.
pub struct Places {
    /// The client's place and the thing's place in that client's life, in order of keys.
    order: Vec<(usize, usize)>,
    /// By client and place in the client's life.
    keys: Vec<Vec<i64>>,
}

impl Places {
    /// The order of the things whose times in a client's life `times` tells.
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

    /// The key of a client's thing.
    pub fn key(&self, client: usize, own: Option<usize>) -> OwnedCell {
        own.and_then(|own| self.keys.get(client)?.get(own))
            .map_or(OwnedCell::Null, |key| OwnedCell::Integer(*key))
    }

    /// The rows of a table in the order of keys: the key, the client's key, then what `row` says.
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
