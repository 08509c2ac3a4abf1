//! Net movements over several runs.

use std::collections::HashMap;

use super::{Cause, Direction, Movement};
use crate::engine::Key;

/// The net movement of one subject in one segment over several runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetMovement {
    first: Direction,
    last: Direction,
    /// True if any movement was news about the customer rather than about the rules.
    pub news: bool,
    /// True if any movement came with an upgrade of Muster.
    pub upgrade: bool,
}

impl NetMovement {
    /// Begins with one movement.
    pub fn begin(direction: Direction, cause: Cause) -> Self {
        Self {
            first: direction,
            last: direction,
            news: cause.is_of_customers(),
            upgrade: cause == Cause::Upgrade,
        }
    }

    /// Adds a later movement.
    pub fn go_on(&mut self, direction: Direction, cause: Cause) {
        self.last = direction;
        self.news |= cause.is_of_customers();
        self.upgrade |= cause == Cause::Upgrade;
    }

    /// Whether the subject was a member before all movements.
    pub fn was_in(self) -> bool {
        self.first == Direction::Left
    }

    /// Whether it is a member after them.
    pub fn is_in(self) -> bool {
        self.last == Direction::Entered
    }
}

/// Net movements by segment and subject.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NetMovements(HashMap<String, HashMap<Key, NetMovement>>);

impl NetMovements {
    /// Adds a later movement.
    pub fn add(&mut self, segment: &str, movement: &Movement) {
        let Movement {
            subject,
            direction,
            cause,
        } = movement;
        if !self.0.contains_key(segment) {
            self.0.insert(segment.to_owned(), HashMap::new());
        }
        if let Some(net_movements) = self.0.get_mut(segment) {
            net_movements
                .entry(subject.clone())
                .and_modify(|net_movement| net_movement.go_on(*direction, *cause))
                .or_insert_with(|| NetMovement::begin(*direction, *cause));
        }
    }

    /// The net movement of a subject in a segment; `None` if it did not move.
    pub fn of(&self, segment: &str, subject: &Key) -> Option<NetMovement> {
        self.0.get(segment)?.get(subject).copied()
    }

    /// Who moved in a segment.
    pub fn in_segment(&self, segment: &str) -> impl Iterator<Item = (&Key, NetMovement)> {
        let net_movements = self.0.get(segment).into_iter().flatten();
        net_movements.map(|(key, net_movement)| (key, *net_movement))
    }

    /// Everyone who moved; a subject that moved in several segments appears several times.
    pub fn subjects(&self) -> impl Iterator<Item = &Key> {
        self.0.values().flat_map(HashMap::keys)
    }

    /// Assigns a segment's movements to its new id.
    pub fn rename(&mut self, from: &str, to: &str) {
        if let Some(net_movements) = self.0.remove(from) {
            self.0.insert(to.to_owned(), net_movements);
        }
    }
}
