//! The list and the segments' members after a run, both for a run in progress and for a published one.

use std::collections::HashMap;

use crate::config::ValueDefinition;
use crate::engine::Key;
use crate::run::compare::Comparison;
use crate::store::{
    Client, Direction, HealthRow, Renamed, Run, Score, Store, StoreError, StoredSegment,
};
use crate::value::SegmentValue;

/// Everyone in the list, and the members of every segment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Roster {
    /// Everyone, in list order.
    pub people: Vec<Score>,
    /// Their health, parallel to `people`; unknown for all while the score cannot be evaluated.
    pub health: Vec<HealthRow>,
    /// The segments, in the order of the rule files.
    pub segments: Vec<RosterSegment>,
}

/// A segment with its members.
#[derive(Debug, Clone, PartialEq)]
pub struct RosterSegment {
    /// Its row.
    pub segment: StoredSegment,
    /// Its members' indices into `people`, ascending: in list order.
    pub members: Vec<u32>,
    /// Its values, parallel to those of config; empty if there is nothing to show.
    pub values: Vec<SegmentValue>,
    /// When its members entered it, in microseconds UTC; empty if not requested.
    pub entered_at: HashMap<Key, i64>,
}

impl Roster {
    /// Reads the last published run.
    pub(in crate::run) async fn read(
        store: &mut Store,
        run: &Run,
        values: &[ValueDefinition],
        times: bool,
    ) -> Result<Self, StoreError> {
        let mut metrics: HashMap<(String, String), SegmentValue> = HashMap::new();
        for metric in store.metrics(run.id).await? {
            let value = metric.segment_value();
            metrics.insert((metric.segment, metric.metric), value);
        }
        let mut value = |segment: &StoredSegment, definition: &ValueDefinition| {
            let found = metrics.remove(&(segment.id.clone(), definition.id.value.clone()));
            found.unwrap_or(SegmentValue::MISSING)
        };
        let segments = store
            .segments()
            .await?
            .into_iter()
            .map(|segment| RosterSegment {
                values: values
                    .iter()
                    .map(|definition| value(&segment, definition))
                    .collect(),
                members: Vec::new(),
                entered_at: HashMap::new(),
                segment,
            });
        let mut roster = Self {
            people: Vec::new(),
            health: Vec::new(),
            segments: segments.collect(),
        };
        let places: HashMap<String, usize> = roster
            .segments
            .iter()
            .zip(0..)
            .map(|(segment, place)| (segment.segment.id.clone(), place))
            .collect();
        let add = |client: Client| -> Result<(), StoreError> {
            let place = u32::try_from(roster.people.len()).unwrap_or(u32::MAX);
            for id in &client.segments {
                let segment = places.get(id).and_then(|at| roster.segments.get_mut(*at));
                if let Some(segment) = segment {
                    segment.members.push(place);
                }
            }
            roster.people.push(client.score);
            roster.health.push(client.health);
            Ok(())
        };
        store.each_client(None, add).await?;
        if times {
            roster.read_times(store, &[]).await?;
        }
        Ok(roster)
    }

    /// Reads the members' entry times, as the last published run left them.
    pub(in crate::run) async fn read_times(
        &mut self,
        store: &mut Store,
        renamed: &[Renamed],
    ) -> Result<(), StoreError> {
        for segment in &mut self.segments {
            let id = &segment.segment.id;
            let was = renamed.iter().find(|renamed| renamed.to == *id);
            let stored = was.map_or(id, |renamed| &renamed.from);
            segment.entered_at = store.entered(stored).await?;
        }
        Ok(())
    }

    /// Sets the entry time of members that entered in the run in progress to its instant.
    pub(in crate::run) fn enter(&mut self, comparison: &Comparison, now: i64) {
        for (segment, found) in self.segments.iter_mut().zip(&comparison.segments) {
            for movement in &found.movements {
                match movement.direction {
                    Direction::Entered => segment.entered_at.insert(movement.subject.clone(), now),
                    Direction::Left => segment.entered_at.remove(&movement.subject),
                };
            }
        }
    }
}
