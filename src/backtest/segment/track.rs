//! A segment's members from date to date.

use std::collections::HashMap;

use crate::engine::{Column, Key, Subjects};
use crate::value::{Truth, Value};

/// A member that changes more often than this is said to flap.
const OFTEN: u32 = 2;

/// A segment on one date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The number of members.
    pub size: usize,
    /// How many of them were not members on the date before; `None` on the first date.
    pub entered: Option<usize>,
    /// How many members of the date before are no longer members; `None` on the first date.
    pub left: Option<usize>,
}

/// A segment on all dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// The condition that was tried; `None` for the segment's own.
    pub condition: Option<String>,
    /// One point per date.
    pub points: Vec<Point>,
    /// How many subjects were members on any of the dates.
    pub ever: usize,
    /// How many of those entered or left more than twice.
    pub flapping: usize,
}

impl Track {
    /// The share of all who were ever members that entered or left more than twice; `None` if there were no members.
    pub fn flap_rate(&self) -> Option<f64> {
        (self.ever > 0).then(|| self.flapping as f64 / self.ever as f64)
    }
}

/// The history of a subject that was a member on any date.
#[derive(Debug, Clone, Copy, Default)]
struct Membership {
    /// The number of the newest date on which it was a member, from 1.
    newest: usize,
    /// How often it entered or left since the first date.
    changes: u32,
}

/// Follows members from date to date.
#[derive(Debug, Default)]
pub(super) struct Tracker {
    known: HashMap<Key, Membership>,
    points: Vec<Point>,
}

impl Tracker {
    /// Adds a date, which must be later than those before.
    pub(super) fn add(&mut self, subjects: &Subjects, members: &Column) {
        let date = self.points.len() + 1;
        let is_first = date == 1;
        let (mut size, mut entered) = (0, 0);
        for place in 0..subjects.len() {
            if members.value(place) != Value::Truth(Truth::Yes) {
                continue;
            }
            let Some(key) = subjects.key(place) else {
                continue;
            };
            size += 1;
            let member = self.known.entry(key).or_default();
            if !is_first && member.newest + 1 != date {
                entered += 1;
                member.changes += 1;
            }
            member.newest = date;
        }
        let mut left = 0;
        for member in self.known.values_mut() {
            if member.newest + 1 == date {
                left += 1;
                member.changes += 1;
            }
        }
        self.points.push(Point {
            size,
            entered: (!is_first).then_some(entered),
            left: (!is_first).then_some(left),
        });
    }

    pub(super) fn into_track(self, condition: Option<String>) -> Track {
        let often = self.known.values().filter(|member| member.changes > OFTEN);
        Track {
            condition,
            ever: self.known.len(),
            flapping: often.count(),
            points: self.points,
        }
    }
}
