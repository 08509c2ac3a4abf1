//! A segment's values, in words that are understandable without another page.

use super::{Maker, MeaningItem, SegmentItem, ValueItem, purpose, title};
use crate::config::{ReportValues, ValueDefinition, ValueFormat};
use crate::value::SegmentValue;
use crate::view::report::news::{SegmentNews, Since};
use crate::view::report::slice::{Slice, SliceSegment};
use crate::view::report::words::{change, difference, one_line};
use crate::view::{of_few, segment_value_cell, value_cell};

/// The number of values shown beside a segment's name; the others are shown only if something happened in it.
pub(super) const BESIDE: usize = 2;

/// The maximum number of decimals of each of config's values, over all segments.
pub(super) fn decimals(slice: &Slice<'_>) -> Vec<usize> {
    let values = slice.config().values.iter().enumerate();
    let decimals = values.map(|(place, definition)| {
        let values = slice.segments.iter().filter_map(|s| s.values.get(place));
        let cells = values.map(|value| value_cell(definition.format, value.number()));
        cells.map(|cell| cell.decimals()).max().unwrap_or(0)
    });
    decimals.collect()
}

impl Maker<'_> {
    pub(super) fn segment_item(
        &self,
        segment: &SliceSegment<'_>,
        news: &SegmentNews,
        in_full: bool,
    ) -> SegmentItem {
        let size = segment.members.len();
        let before = news.before.as_ref();
        let is_first = !matches!(self.news.since, Since::Run(..));
        let stale = segment.roster.segment.stale.as_ref();
        SegmentItem {
            title: title(segment),
            link: self.link(segment),
            purpose: (is_first && in_full).then(|| purpose(segment)).flatten(),
            size: self.people(size),
            change: before.map(|before| difference(before.size, size, &self.marks)),
            bar: self.bar(size),
            // The reason itself mentions database details and is meant for the operator.
            state: stale.map(|_| match size {
                0 => "Not evaluated this time.".to_owned(),
                _ => "Not evaluated this time: these are its members of an earlier run.".to_owned(),
            }),
            values: match in_full {
                true => self.values(segment, news).take(BESIDE).collect(),
                false => Vec::new(),
            },
        }
    }

    /// The length of a size's bar, as a percentage of the longest.
    fn bar(&self, size: usize) -> usize {
        let sizes = self.slice.segments.iter().map(|s| s.members.len());
        match (size, sizes.max()) {
            (1.., Some(largest @ 1..)) => (size * 100).div_ceil(largest),
            _ => 0,
        }
    }

    /// The values of a segment that the report shows.
    pub(super) fn values(
        &self,
        segment: &SliceSegment<'_>,
        news: &SegmentNews,
    ) -> impl Iterator<Item = ValueItem> {
        let size = segment.members.len() as u64;
        let before = news.before.as_ref();
        self.told().into_iter().map(move |(place, definition)| {
            let now = segment.values.get(place).unwrap_or(&SegmentValue::MISSING);
            let before = before.and_then(|before| {
                let value = before.values.get(place)?;
                Some((value, before.size as u64))
            });
            let decimals = self.decimals.get(place).copied().unwrap_or(0);
            let cell = segment_value_cell(definition.format, now, size);
            let shown = cell.with_decimals(decimals).shown(&self.marks);
            ValueItem {
                label: self.label(definition),
                now: match shown.is_empty() {
                    true => "–".to_owned(),
                    false => shown,
                },
                change: change(
                    (definition.format, decimals),
                    before,
                    (now, size),
                    &self.marks,
                ),
            }
        })
    }

    /// The meanings of the values shown, where the label is not enough.
    pub(super) fn meanings(&self) -> Vec<MeaningItem> {
        if self.limits.values == 0 || self.slice.segments.is_empty() {
            return Vec::new();
        }
        let told = self.told();
        let meanings = told.iter().filter_map(|(_, definition)| {
            Some(MeaningItem {
                label: one_line(&definition.told.label),
                meaning: one_line(definition.told.meaning.as_ref()?),
            })
        });
        meanings.chain(self.few(&told)).collect()
    }

    /// The meaning of `(2 of 236)` after an average, by the first such value.
    fn few(&self, told: &[(usize, &ValueDefinition)]) -> Option<MeaningItem> {
        let shown = self.slice.segments.iter().take(self.limits.values);
        let mut few = shown.flat_map(|segment| {
            let members = segment.members.len() as u64;
            let values = told.iter().filter_map(|(at, _)| segment.values.get(*at));
            let few = values.filter(|value| value.number().is_some());
            few.filter_map(move |value| Some((value.of_few(members)?, members)))
        });
        let (few, members) = few.next()?;
        Some(MeaningItem {
            label: format!("({})", of_few(few, members, &self.marks)),
            meaning: "an average over only so many members: the others have no value".to_owned(),
        })
    }

    /// The values that the report shows, in its order, with their indices in config. The size is not among them: it
    /// stands beside every name.
    fn told(&self) -> Vec<(usize, &ValueDefinition)> {
        let all = self.config().values.iter().enumerate();
        let mut all = all.filter(|(_, definition)| !definition.of.is_size());
        match &self.slice.report.values {
            ReportValues::Usual => all.filter(|(_, d)| d.told.usual).collect(),
            ReportValues::All => all.collect(),
            ReportValues::These(ids) => {
                let all: Vec<_> = all.by_ref().collect();
                let find = |id: &str| all.iter().find(|(_, d)| d.id.value == id).copied();
                ids.iter().filter_map(|id| find(&id.value)).collect()
            }
        }
    }

    /// A value's full label; amounts include their currency.
    fn label(&self, definition: &ValueDefinition) -> String {
        let label = one_line(&definition.told.label);
        match definition.format {
            ValueFormat::Money => format!("{label} ({})", self.config().currency),
            ValueFormat::Days => format!("{label} (days)"),
            ValueFormat::Number | ValueFormat::Percent => label,
        }
    }
}
