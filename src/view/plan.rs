//! The effect of edits, as tables, sentences and JSON.

mod remarks;

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use serde_json::{Value as Json, json};

use super::table::{Cell, Heading, Table};
use crate::attribution::By;
use crate::chart::Captions;
use crate::config::{Marks, Subject};
use crate::diagnostic::UNBROKEN;
use crate::edits::{Change, ChangeKind};
use crate::plan::{Drift, Mover, Plan, PlannedSegment, Standing, Why};
use crate::run::AsPlanned;
use crate::store::{Direction, Run};
use crate::time::format_instant;

/// The maximum number of characters on a line of the picture.
const WIDE: usize = 108;

/// What the new rules are compared with.
#[derive(Debug, Clone)]
pub enum Against {
    /// The rules of a published run.
    Run(Box<Run>),
    /// The rules of another config, by its path.
    Config(String),
}

/// A plan for display.
#[derive(Debug)]
pub struct PlanView<'a> {
    pub plan: &'a Plan,
    pub against: &'a Against,
    /// Moves unrelated to the edits; `None` if unknown.
    pub drift: Option<Drift>,
    /// The words for subjects.
    pub subject: &'a Subject,
    pub marks: Marks,
}

impl PlanView<'_> {
    /// `2 edits since run 214 (2026-03-15 06:00 EDT)`
    pub fn title(&self) -> String {
        let edits = match self.plan.edits.len() {
            0 => "No edits".to_owned(),
            edits => self.marks.counted(edits, "edit"),
        };
        format!("{edits} since {}", self.since(self.plan.clock.zone))
    }

    fn since(&self, zone: Tz) -> String {
        match self.against {
            Against::Run(run) => format!("run {} ({})", run.id, self.marks.moment(run.as_of, zone)),
            Against::Config(path) => format!("`{path}`"),
        }
    }

    /// One row per changed definition.
    pub fn edits(&self) -> Table {
        let edits = self.plan.edits.iter().zip(1_usize..);
        let rows: Vec<(usize, &Change)> = edits
            .flat_map(|(edit, number)| edit.changes.iter().map(move |change| (number, change)))
            .collect();
        Table::of(&rows)
            .column(Heading::right("edit", "Edit"), |(number, _)| *number)
            .column(Heading::left("definition", "Definition"), |(_, change)| {
                change.name.as_str()
            })
            .column(Heading::left("change", "Change"), |(_, change)| {
                words_of(change)
            })
            .column(Heading::left("place", "Place").spare(10), |(_, change)| {
                change.place.as_str()
            })
            .done()
    }

    /// One row per segment with moves.
    pub fn segments(&self) -> Table {
        let rows: Vec<(usize, &PlannedSegment)> = self.plan.segments.iter().enumerate().collect();
        let counted = |place: usize, direction: Direction| {
            let movers = self.plan.movers_of(place);
            movers.filter(|mover| mover.direction == direction).count()
        };
        Table::of(&rows)
            .column(Heading::left("segment", "Segment"), |(_, segment)| {
                segment.name.as_str()
            })
            .column(Heading::right("before", "Now"), |(_, segment)| {
                (segment.standing != Standing::Comes).then_some(segment.before)
            })
            .column(Heading::right("after", "Then"), |(_, segment)| {
                (segment.standing != Standing::Goes).then_some(segment.after)
            })
            .column(Heading::right("in", "In"), |(place, _)| {
                counted(*place, Direction::Entered)
            })
            .column(Heading::right("out", "Out"), |(place, _)| {
                counted(*place, Direction::Left)
            })
            .column(Heading::left("by", "By"), |(place, _)| {
                unbroken(&self.by(*place))
            })
            .done()
    }

    /// What moves a segment's movers, most frequent first, with counts if there are several.
    fn by(&self, segment: usize) -> String {
        let sets = self.sets(segment);
        let words = sets.iter().map(|(by, [entered, left])| {
            let words = self.by_words(by);
            match sets.len() {
                1 => words,
                _ => format!("{words}: {}", self.marks.whole(entered + left)),
            }
        });
        words.collect::<Vec<_>>().join("; ")
    }

    /// The sets of edits that move subjects in a segment, with how many enter and leave because of each, most first.
    fn sets(&self, segment: usize) -> Vec<(&By, [usize; 2])> {
        let mut sets: BTreeMap<&By, [usize; 2]> = BTreeMap::new();
        for mover in self.plan.movers_of(segment) {
            let [entered, left] = sets.entry(&mover.by).or_default();
            match mover.direction {
                Direction::Entered => *entered += 1,
                Direction::Left => *left += 1,
            }
        }
        let mut sets: Vec<_> = sets.into_iter().collect();
        sets.sort_by_key(|(_, [entered, left])| std::cmp::Reverse(entered + left));
        sets
    }

    /// `edit 1, through high_attend`
    fn by_words(&self, by: &By) -> String {
        let numbers = |edits: &BTreeSet<usize>, word: &str| {
            let numbers = edits.iter().map(|edit| (edit + 1).to_string());
            numbers.collect::<Vec<_>>().join(word)
        };
        let edits = match by {
            By::Either { edits, .. } => format!("edit {}", numbers(edits, " or ")),
            By::Together { edits, .. } => format!("edits {} together", numbers(edits, " and ")),
            By::Several => "several edits together".to_owned(),
        };
        match by.through() {
            None => edits,
            Some(through) => {
                let through: Vec<&str> = through.iter().map(String::as_str).collect();
                format!("{edits}, through {}", through.join(", "))
            }
        }
    }

    /// The total number of moves, and the effect on the list.
    pub fn summary(&self) -> String {
        let (plan, marks) = (self.plan, &self.marks);
        let listed = plan.listed.unwrap_or_default();
        let places = listed.places.unwrap_or_default();
        let mut words = match (plan.people(), plan.stale.is_empty()) {
            (0, true) => "Nobody moves".to_owned(),
            (0, false) => format!(
                "Nobody moves as far as that is known; {} cannot be compared",
                marks.counted(plan.stale.len(), "segment")
            ),
            (people, _) => {
                let verb = if people == 1 { "moves" } else { "move" };
                let all = self.subject.counted(plan.subjects, marks);
                format!("{} of {all} {verb}", marks.whole(people))
            }
        };
        if places.far > 0 {
            let verb = if places.far == 1 { "changes" } else { "change" };
            words += &format!(
                "; {} {verb} place in the list by more than 10",
                marks.whole(places.far)
            );
        }
        words.push('.');
        let changes = [
            ("Scores", places.fall, places.rise),
            ("Health", listed.health.fall, listed.health.rise),
        ];
        for (what, fall, rise) in changes {
            if fall + rise > 0 {
                let [fall, rise] = [fall, rise].map(|number| marks.whole(number));
                words += &format!(" {what}: {fall} fall, {rise} rise.");
            }
        }
        words
    }

    /// The captions of the picture.
    pub fn captions(&self) -> Captions {
        let summary = self.summary();
        let finding = summary.split_inclusive(". ").map(str::trim_end);
        let edits = self.plan.edits.iter().zip(1_usize..);
        let edits = edits.map(|(edit, number)| {
            let changes = edit.changes.iter();
            let changes = changes.map(|change| format!("{}: {}", change.name, words_of(change)));
            let changes = changes.collect::<Vec<_>>().join("; ");
            cut(&format!("edit {number}: {changes}"))
        });
        let remarks = self.remarks();
        Captions {
            title: self.title(),
            subjects: self.subject.plural.clone(),
            finding: finding.map(str::to_owned).collect(),
            foot: edits
                .chain(remarks.iter().map(|remark| cut(remark)))
                .collect(),
            decimal: self.marks.decimal,
            group: self.marks.group,
            least_grouped: self.marks.least_grouped,
        }
    }

    /// What moves the movers of each segment, in words.
    pub fn ways(&self) -> Vec<String> {
        let places = 0..self.plan.segments.len();
        places.map(|place| self.by(place)).collect()
    }

    /// One row per mover, for at most `most` of them.
    pub fn movers(&self, most: usize) -> Table {
        let rows: Vec<&Mover> = self.plan.movers.iter().take(most).collect();
        Table::of(&rows)
            .column(Heading::left("name", "Who"), |mover| {
                match mover.has_namesakes {
                    true => format!("{} ({})", mover.label, mover.subject),
                    false => mover.label.clone(),
                }
            })
            .column(Heading::left("moves", "Moves"), |mover| {
                let way = match mover.direction {
                    Direction::Entered => "into",
                    Direction::Left => "out of",
                };
                let segment = self.plan.segments.get(mover.segment);
                let name = segment.map_or("", |segment| &segment.name);
                format!("{way} {name}")
            })
            .column(Heading::left("why", "Why"), |mover| self.why(mover))
            .done()
    }

    /// One row per mover, for a file: all of them.
    pub fn movements(&self) -> Table {
        let rows: Vec<&Mover> = self.plan.movers.iter().collect();
        Table::of(&rows)
            .column(Heading::left("key", "Key"), |mover| {
                Cell::from(&mover.subject)
            })
            .column(Heading::left("name", "Name"), |mover| mover.label.as_str())
            .column(Heading::left("segment", "Segment"), |mover| {
                let segment = self.plan.segments.get(mover.segment);
                segment.map_or("", |segment| &segment.id)
            })
            .column(
                Heading::left("direction", "Direction"),
                |mover| match mover.direction {
                    Direction::Entered => "in",
                    Direction::Left => "out",
                },
            )
            .column(Heading::left("by", "By"), |mover| self.by_words(&mover.by))
            .column(Heading::left("why", "Why"), |mover| self.why(mover))
            .done()
    }

    fn why(&self, mover: &Mover) -> Cell {
        let why = mover.why.as_ref().map(why_words);
        let through = || mover.by.through().map(|_| self.by_words(&mover.by));
        why.or_else(through).into()
    }

    /// Everything, as JSON.
    pub fn to_json(&self) -> Json {
        let plan = self.plan;
        let segments = plan.segments.iter().enumerate();
        let segments = segments.map(|(place, segment)| self.segment_json(place, segment));
        let movers = plan.movers.iter().map(|mover| self.mover_json(mover));
        let against = match self.against {
            Against::Run(run) => {
                json!({ "run": run.id, "as_of": format_instant(run.as_of, plan.clock.zone) })
            }
            Against::Config(path) => json!({ "config": path }),
        };
        let places = plan.listed.and_then(|listed| listed.places);
        json!({
            "against": against,
            "as_of": format_instant(plan.clock.now, plan.clock.zone),
            "edits": plan.edits.iter().map(|edit| &edit.changes).collect::<Vec<_>>(),
            "segments": segments.collect::<Vec<_>>(),
            "subjects": plan.subjects,
            "people": plan.people(),
            "places": places.map(|places| json!({ "by_more_than_10": places.far })),
            "scores": places.map(|places| json!({ "rise": places.rise, "fall": places.fall })),
            "health": plan.listed.map(|listed| json!({ "rise": listed.health.rise, "fall": listed.health.fall })),
            "movers": movers.collect::<Vec<_>>(),
            "stale": plan.stale.iter().map(|(segment, reason)| json!({ "segment": segment, "reason": reason })).collect::<Vec<_>>(),
            "drift": self.drift.as_ref().map(|drift| json!({ "people": drift.people, "movements": drift.movements })),
        })
    }

    fn segment_json(&self, place: usize, segment: &PlannedSegment) -> Json {
        let sets = self.sets(place).into_iter().map(|(by, [entered, left])| {
            let mut set = by_json(by);
            if let Some(set) = set.as_object_mut() {
                set.insert("in".to_owned(), entered.into());
                set.insert("out".to_owned(), left.into());
            }
            set
        });
        json!({
            "id": segment.id,
            "name": segment.name,
            "standing": match segment.standing {
                Standing::Stays => "stays",
                Standing::Comes => "new",
                Standing::Goes => "removed",
            },
            "before": segment.before,
            "after": segment.after,
            "by": sets.collect::<Vec<_>>(),
        })
    }

    fn mover_json(&self, mover: &Mover) -> Json {
        let segment = self.plan.segments.get(mover.segment);
        json!({
            "subject": Cell::from(&mover.subject).to_json(),
            "name": mover.label,
            "segment": segment.map(|segment| &segment.id),
            "direction": mover.direction,
            "by": by_json(&mover.by),
            "why": mover.why.as_ref().map(why_words),
        })
    }
}

fn by_json(by: &By) -> Json {
    let (edits, through, each_alone) = match by {
        By::Either { edits, through } => (edits, through, true),
        By::Together { edits, through } => (edits, through, false),
        By::Several => return json!({ "edits": null, "through": [], "each_alone": false }),
    };
    let edits: Vec<usize> = edits.iter().map(|edit| edit + 1).collect();
    json!({ "edits": edits, "through": through, "each_alone": each_alone })
}

/// Keeps `edit 3` together when the text wraps.
fn unbroken(words: &str) -> String {
    ["edit ", "edits ", " or ", " and "]
        .iter()
        .fold(words.to_owned(), |words, before| {
            words.replace(before, &before.replace(' ', UNBROKEN))
        })
}

/// Truncates a line to fit the picture.
fn cut(line: &str) -> String {
    match line.char_indices().nth(WIDE) {
        Some((end, _)) => line.get(..end).unwrap_or_default().to_owned() + "…",
        None => line.to_owned(),
    }
}

/// `top 20% → top 15%`
fn words_of(change: &Change) -> String {
    match change.kind {
        ChangeKind::Changed => format!("{} → {}", change.before, change.after),
        ChangeKind::New => format!("new: {}", change.after),
        ChangeKind::Removed => format!("removed: {}", change.before),
    }
}

/// Compares a run with the plan that it followed.
pub fn as_planned_words(found: &AsPlanned, marks: &Marks) -> String {
    let now = marks.counted(found.now, "movement");
    match found.differ {
        0 => format!("as planned: {now} by the edits"),
        differ => format!(
            "as planned but for {}: {now} by the edits, and {} were planned",
            marks.whole(differ),
            marks.whole(found.planned),
        ),
    }
}

fn why_words(why: &Why) -> String {
    match why {
        Why::Clause {
            figures,
            holds,
            dropped,
        } => {
            let answer = match holds {
                Some(true) => "yes",
                Some(false) => "no",
                None => "unknown",
            };
            let asked = if *dropped { ", no longer asked" } else { "" };
            format!("{figures}: {answer}{asked}")
        }
        Why::TakenBy(rung) => format!("the ladder's rung {rung} takes them now"),
        Why::LeftBy(rung) => format!("the ladder's rung {rung} no longer takes them"),
        Why::TakesPart(true) => "takes part only by the new rules".to_owned(),
        Why::TakesPart(false) => "no longer takes part by the new rules".to_owned(),
        Why::Removed => "the segment is removed".to_owned(),
        Why::Rest => "no rung above takes them".to_owned(),
    }
}
