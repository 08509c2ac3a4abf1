//! Merges all rule files: names are unique, and buckets have one order.

use std::collections::HashMap;

use super::wire::{RuleFile, SegmentEntry};
use super::{LadderId, Metric, RuleSet, Segment, ladder};
use crate::decode::{Placed, Reader, Text};
use crate::diagnostic::{Code, FIRST, Finding, suggest};
use crate::source::{Location, Scalar};

/// The maximum number of segments in all files together.
const MAX_SEGMENTS: usize = 5_000;

/// Merges files one by one into a [`RuleSet`].
pub(super) struct Merge<'a> {
    rules: &'a mut RuleSet,
    /// The first definition of each metric, segment and ladder.
    first: HashMap<(&'static str, String), Location>,
    /// The buckets used by segments, in order.
    mentioned: Vec<Text>,
    /// True once a file lists its buckets.
    listed: bool,
}

impl<'a> Merge<'a> {
    pub(super) fn new(rules: &'a mut RuleSet) -> Self {
        Self {
            rules,
            first: HashMap::new(),
            mentioned: Vec::new(),
            listed: false,
        }
    }

    /// Adds one file.
    pub(super) fn file(&mut self, file: RuleFile, reader: &mut Reader<'_>) {
        for (name, text) in file.metrics.into_iter().flat_map(|metrics| metrics.0) {
            if self.is_new("metric", &name.0, reader)
                && let Some(text) = text.0
            {
                self.rules.metrics.push(Metric { name: name.0, text });
            }
        }
        if let Some(buckets) = file.buckets {
            self.listed = true;
            for bucket in buckets.0 {
                self.bucket(bucket, reader);
            }
        }
        let entries = file.segments.map_or_else(Vec::new, |s| s.0);
        ladder::check(file.ladder.as_ref(), file.among.as_ref(), &entries, reader);
        let ladder = file
            .ladder
            .filter(|id| self.is_new("ladder", &id.0, reader));
        let ladder_id = ladder.as_ref().map(|_| self.rules.ladders.next_id());
        let mut rungs = Vec::new();
        for Placed(entry, place) in entries {
            if self.is_new("segment", &entry.id.0, reader) {
                let segment = self.segment(entry, place, ladder_id);
                rungs.push(self.rules.segments.push(segment));
            }
        }
        self.rules.ladders.extend(ladder.map(|id| super::Ladder {
            id: id.0,
            among: file.among.and_then(|condition| condition.0),
            rungs,
        }));
    }

    fn segment(
        &mut self,
        entry: SegmentEntry,
        place: Location,
        ladder: Option<LadderId>,
    ) -> Segment {
        self.mentioned.extend(entry.bucket.clone());
        let text = |text: Text| text.scalar.value;
        Segment {
            name: entry.name.map_or_else(|| entry.id.0.value.clone(), text),
            id: entry.id.0,
            description: entry.description.map(text),
            bucket: entry.bucket.map(text),
            importance: entry.importance.map(|i| i.0),
            weight: entry.weight,
            tags: entry.tags.into_iter().flat_map(|t| t.0).map(text).collect(),
            when: entry.when.and_then(|condition| condition.0),
            filter: entry
                .filter
                .into_iter()
                .flat_map(|filter| filter.0)
                .map(|(field, values)| super::Filter {
                    field,
                    values: values.0,
                })
                .collect(),
            sign: entry.sign.map(|sign| sign.0),
            was: entry.was.map(|id| id.0),
            ladder,
            place,
        }
    }

    fn bucket(&mut self, bucket: Text, reader: &mut Reader<'_>) {
        if self.is_new("bucket", &bucket.scalar, reader) {
            self.rules.buckets.push(bucket.scalar.value);
        }
    }

    /// Whether a name is new within its kind; reports it if not.
    fn is_new(&mut self, kind: &'static str, name: &Scalar, reader: &mut Reader<'_>) -> bool {
        let key = (kind, name.value.clone());
        let Some(first) = self.first.get(&key) else {
            self.first.insert(key, name.location);
            return true;
        };
        let message = format!("there is a {kind} `{}` already", name.value);
        let help = format!(
            "the first is at {}; rename one of them",
            reader.place(*first)
        );
        let finding = Finding::new(Code::DuplicateId, message)
            .at(name.location)
            .label("the second one")
            .related(*first, FIRST);
        reader.report(finding.help(help));
        false
    }

    /// Checks that need all files.
    pub(super) fn finish(self, reader: &mut Reader<'_>) {
        let buckets = &mut self.rules.buckets;
        for bucket in self.mentioned {
            let name = &bucket.scalar.value;
            if buckets.contains(name) {
                continue;
            }
            if !self.listed {
                buckets.push(name.clone());
                continue;
            }
            let message = format!("no `buckets:` list names `{name}`");
            let help = match suggest(name, buckets.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "add it to the list, or name one of the list".to_owned(),
            };
            let finding = Finding::new(Code::UnknownBucket, message).at(bucket.scalar.location);
            reader.report(finding.help(help));
        }
        if self.rules.segments.len() > MAX_SEGMENTS {
            let count = self.rules.segments.len();
            let message = format!("there are {count} segments, and the limit is {MAX_SEGMENTS}");
            reader.report(Finding::new(Code::TooLarge, message));
        }
    }
}
