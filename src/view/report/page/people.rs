//! Who entered, left and moved, by name.

use std::collections::{HashMap, HashSet};

use super::{Limits, Maker, MoverItem};
use crate::engine::Key;
use crate::view::report::movers::{Mover, Part, decimals};
use crate::view::report::news::{Moved, News};
use crate::view::report::slice::Slice;
use crate::view::report::words::{listed, one_line};

/// The names in a mail that several people have, whether the mail names the others or not.
pub(super) fn namesakes(slice: &Slice<'_>, news: &News, limits: Limits) -> HashSet<String> {
    let people = &slice.run_report.roster.people;
    let lists = news.segments.iter().flat_map(|s| [&s.entered, &s.left]);
    let moved = lists.flat_map(|list| shown(list, limits));
    let moved = moved.map(|(moved, label)| (&moved.key, label));
    let movers = news.movers.iter().take(limits.names);
    let movers = movers.filter_map(|mover| people.get(mover.place as usize));
    let movers = movers.map(|person| (&person.subject, person.label.as_str()));
    let mut namesakes = HashSet::new();
    let mut named: HashMap<String, &Key> = HashMap::new();
    for (key, label) in moved.chain(movers) {
        let label = one_line(label);
        if *named.entry(label.clone()).or_insert(key) != key {
            namesakes.insert(label);
        }
    }
    let others = people.iter().filter(|_| !named.is_empty());
    for person in others {
        let label = one_line(&person.label);
        if named.get(&label).is_some_and(|key| **key != person.subject) {
            namesakes.insert(label);
        }
    }
    namesakes
}

/// The people in a list who are named, if their names are known.
fn shown(list: &[Moved], limits: Limits) -> impl Iterator<Item = (&Moved, &str)> {
    let known = list
        .iter()
        .filter_map(|moved| Some((moved, moved.label.as_deref()?)));
    known.take(limits.names)
}

impl Maker<'_> {
    /// The names of those who entered or left; `None` if names are not shown.
    pub(super) fn names(&self, moved: &[Moved], came: bool) -> Option<String> {
        if self.slice.report.names == 0 {
            return None;
        }
        let subject = &self.config().subject.name.value;
        let known: Vec<String> = shown(moved, self.limits)
            .map(|(moved, label)| {
                let name = self.name(label, &moved.key);
                match (moved.by_where, moved.place) {
                    (true, _) if came => format!("{name} (now one of those it is about)"),
                    (true, _) => format!("{name} (no longer one of those it is about)"),
                    (false, None) => format!("{name} (no longer a {subject})"),
                    (false, Some(_)) => name,
                }
            })
            .collect();
        let nameless = moved.iter().filter(|moved| moved.label.is_none()).count();
        let more = moved.len() - known.len() - nameless;
        Some(match (nameless, known.len() + more) {
            (0, _) => listed(&known, more, &self.marks),
            (1, 0) => "the name is not kept".to_owned(),
            (_, 0) => "their names are not kept".to_owned(),
            (nameless, _) => {
                let mut items = known;
                if more > 0 {
                    items.push(format!("{} more", self.marks.whole(more)));
                }
                let (number, noun) = (
                    self.marks.whole(nameless),
                    if nameless == 1 {
                        "name is"
                    } else {
                        "names are"
                    },
                );
                items.push(format!("{number} whose {noun} not kept"));
                listed(&items, 0, &self.marks)
            }
        })
    }

    /// A name, with the key if someone else has the same name.
    fn name(&self, label: &str, key: &Key) -> String {
        let name = one_line(label);
        if !self.namesakes.contains(&name) {
            return name;
        }
        let subject = &self.config().subject.name.value;
        format!("{name} ({subject} {})", one_line(&key.to_string()))
    }

    /// What the list is ordered by, for recipients who see it nowhere else.
    pub(super) fn score(&self) -> Option<String> {
        let told = self.slice.report.names > 0 && !self.news.movers.is_empty();
        let subject = &self.config().subject.name.value;
        told.then(|| {
            format!(
                "The list is ordered by a score: the sum of the weights of the segments that a {subject} is in."
            )
        })
    }

    pub(super) fn movers(&self) -> Vec<MoverItem> {
        if self.slice.report.names == 0 {
            return Vec::new();
        }
        let people = &self.slice.run_report.roster.people;
        let all = self.marks.whole(people.len());
        let places = decimals(&self.news.movers);
        let movers = self.news.movers.iter().take(self.limits.names);
        movers
            .filter_map(|mover| {
                let person = people.get(mover.place as usize)?;
                let up = mover.now > mover.before;
                let way = if up { "up" } else { "down" };
                let score = |score: f64| self.marks.number(score, places);
                let rank = self.marks.whole(person.rank);
                let how = format!(
                    "{way} from {} to {}, now number {rank} of {all}: {}",
                    score(mover.before),
                    score(mover.now),
                    self.why(mover, places)
                );
                let name = self.name(&person.label, &person.subject);
                Some(MoverItem { name, how })
            })
            .collect()
    }

    /// The segments that a mover entered and left, and the effect of each on the score.
    fn why(&self, mover: &Mover, places: usize) -> String {
        let by = |by: f64| {
            let sign = if by < 0.0 { '−' } else { '+' };
            let by = self.marks.number(by.abs(), places);
            format!("({sign}{by})")
        };
        let part = |part: &Part| format!("{} {}", one_line(&part.segment), by(part.by));
        let mut why = Vec::new();
        for (came, word) in [(true, "entered"), (false, "left")] {
            let parts = mover.parts.iter().filter(|part| part.came == came);
            let parts: Vec<String> = parts.map(part).collect();
            if !parts.is_empty() {
                why.push(format!("{word} {}", listed(&parts, 0, &self.marks)));
            }
        }
        if mover.others > 0 {
            let others = self.marks.counted(mover.others, "segment");
            why.push(format!(
                "{others} not in this report {}",
                by(mover.others_by)
            ));
        }
        why.join("; ")
    }
}
