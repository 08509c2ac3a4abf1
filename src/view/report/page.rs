//! The content of a mail as texts in reading order; templates lay it out.

mod people;
mod values;

use std::collections::HashSet;

use serde::Serialize;

use super::news::{News, SegmentNews, Since};
use super::slice::{Slice, SliceSegment};
use super::words::{Change, instant, listed, one_line};
use crate::config::Config;
use crate::view::{Marks, marks};

/// The texts of a mail.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// The report's name.
    pub report: String,
    /// True for a test mail.
    pub test: bool,
    /// The first line: what has changed.
    pub headline: String,
    /// Notes that come before the rest.
    pub notes: Vec<String>,
    /// The segments with changes.
    pub news: Vec<NewsItem>,
    /// A note about the unchanged segments: their names, or their number if there are many.
    pub unchanged: Option<String>,
    /// Who moved most in the list.
    pub movers: Vec<MoverItem>,
    /// What the list is ordered by; `None` if nobody moved.
    pub score: Option<String>,
    /// All segments, side by side.
    pub segments: Vec<SegmentItem>,
    /// The meanings of the values, one line each.
    pub meanings: Vec<MeaningItem>,
    /// How many more there are than are shown.
    pub hidden: Option<String>,
    /// A note about the attached files; `None` if there are none.
    pub files: Option<String>,
    /// Where the mail comes from, and why the recipient gets it.
    pub origin: Vec<String>,
}

/// A segment with changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewsItem {
    /// Its name.
    pub title: String,
    /// The address of its page; `None` if config does not give the page's address.
    pub link: Option<String>,
    /// What happened, one line each.
    pub lines: Vec<Line>,
    /// Those of its values that are not shown beside its name in the list of segments.
    pub values: Vec<ValueItem>,
}

/// One kind of event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// The event, with its count.
    pub what: String,
    /// The names; `None` if names are not shown.
    pub names: Option<String>,
}

/// A subject that moved in the list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MoverItem {
    pub name: String,
    /// The old and new position, and why.
    pub how: String,
}

/// A segment in the list of segments.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SegmentItem {
    /// Its name.
    pub title: String,
    /// The address of its page; `None` if config does not give the page's address.
    pub link: Option<String>,
    /// Its purpose, if the recipient has not been told yet.
    pub purpose: Option<String>,
    /// The number of members.
    pub size: String,
    /// The change of the size.
    pub change: Option<Change>,
    /// Its size as a percentage of the largest segment's, at least 1 if it has members.
    pub bar: usize,
    /// A note about its state.
    pub state: Option<String>,
    /// The first of its values.
    pub values: Vec<ValueItem>,
}

/// The meaning of a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeaningItem {
    /// Its label.
    pub label: String,
    /// Its meaning.
    pub meaning: String,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueItem {
    /// Its label.
    pub label: String,
    /// The current value.
    pub now: String,
    /// Its change.
    pub change: Option<Change>,
}

/// Limits on what is shown, so that mail programs do not truncate the mail.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The number of names in a list.
    pub names: usize,
    pub segments: usize,
    /// The number of segments shown with their values and purposes.
    pub values: usize,
}

/// The maximum number of unchanged segments that are named.
const NAMED: usize = 6;
/// The text about held runs.
const NOT_PUBLISHED: &str = "Held for review and not published";

/// Makes the texts of a mail.
pub fn page(slice: &Slice<'_>, news: &News, limits: Limits, test: bool) -> Page {
    let maker = Maker {
        slice,
        news,
        limits,
        marks: marks(slice.config().locale),
        namesakes: people::namesakes(slice, news, limits),
        decimals: values::decimals(slice),
    };
    let compared = matches!(news.since, Since::Run(..));
    let both = || slice.segments.iter().zip(&news.segments);
    let (changed, quiet): (Vec<_>, Vec<_>) =
        both().partition(|(_, news)| compared && maker.has_news(news));
    let quiet = quiet.iter().map(|(segment, _)| title(segment));
    let quiet: Vec<String> = quiet.collect();
    let hidden = slice.segments.len().saturating_sub(limits.segments);
    Page {
        report: one_line(&slice.report.name),
        test,
        headline: maker.headline(),
        notes: maker.notes(),
        news: changed
            .iter()
            .take(limits.segments)
            .enumerate()
            .map(|(place, (segment, news))| maker.news_item(segment, news, place < limits.values))
            .collect(),
        unchanged: (compared && !changed.is_empty() && !quiet.is_empty())
            .then(|| maker.unchanged(&quiet)),
        score: maker.score(),
        movers: maker.movers(),
        segments: both()
            .take(limits.segments)
            .enumerate()
            .map(|(place, (segment, news))| {
                maker.segment_item(segment, news, place < limits.values)
            })
            .collect(),
        meanings: maker.meanings(),
        hidden: (hidden > 0).then(|| {
            let what = maker.marks.counted(hidden, "more segment");
            format!(
                "{what} would make this mail too long; whoever looks after them can show you all."
            )
        }),
        files: None,
        origin: maker.origin(),
    }
}

struct Maker<'a> {
    slice: &'a Slice<'a>,
    news: &'a News,
    limits: Limits,
    marks: Marks,
    /// The names shared by several people in the mail.
    namesakes: HashSet<String>,
    /// The maximum number of decimals of each of config's values, over all segments.
    decimals: Vec<usize>,
}

impl Maker<'_> {
    /// A note that nobody moved in these segments.
    fn unchanged(&self, quiet: &[String]) -> String {
        match quiet.len() {
            0..=NAMED => format!("No movements in {}.", listed(quiet, 0, &self.marks)),
            more => {
                let others = self.marks.whole(more);
                format!("No movements in the other {others} segments.")
            }
        }
    }

    fn config(&self) -> &Config {
        self.slice.config()
    }

    fn people(&self, number: usize) -> String {
        self.config().subject.counted(number, &self.marks)
    }

    fn headline(&self) -> String {
        let news = self.news;
        let Since::Run(_, since) = news.since else {
            let segments = self.marks.counted(self.slice.segments.len(), "segment");
            let people = self.people(self.slice.people());
            return format!("As it stands: {people} in {segments}.");
        };
        let since = instant(since, self.config());
        if news.is_nothing() {
            return format!("Nothing changed since {since}.");
        }
        let (entered, left) = (news.entered(), news.left());
        let mut parts = Vec::new();
        if entered + left > 0 {
            let moved = news.segments.iter();
            let moved = moved.filter(|n| n.entered.len() + n.left.len() > 0).count();
            let of = self.marks.counted(self.slice.segments.len(), "segment");
            let people = self.people(news.people());
            let [once, times_in, times_out] =
                [entered + left, entered, left].map(|n| self.marks.counted(n, "time"));
            let moved = self.marks.whole(moved);
            let all = match entered + left == news.people() {
                true => String::new(),
                false => format!(" ({once} in all)"),
            };
            parts.push(match (entered, left) {
                (_, 0) => format!("{people} entered {moved} of {of}{all}"),
                (0, _) => format!("{people} left {moved} of {of}{all}"),
                _ => format!(
                    "{people} changed segments: {times_in} in, {times_out} out, in {moved} of {of}"
                ),
            });
        } else {
            parts.push("Nobody has moved".to_owned());
        }
        if news.rules() > 0 {
            let rules = self.marks.counted(news.rules(), "rule");
            parts.push(format!("{rules} changed"));
        }
        if news.new_segments() > 0 {
            let new = self.marks.counted(news.new_segments(), "segment");
            let verb = if news.new_segments() == 1 {
                "is"
            } else {
                "are"
            };
            parts.push(format!("{new} {verb} new here"));
        }
        let (first, rest) = parts.split_at(1);
        let first = first.concat();
        let rest = rest
            .iter()
            .map(|part| format!("; {part}"))
            .collect::<String>();
        format!("{first} since {since}{rest}.")
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let since = match self.news.since {
            Since::First => Some("This is your first report; the next ones tell what changed."),
            Since::Forgotten => Some(
                "What the last one told you is older than the history that is kept, so this one starts \
                 anew; the next ones tell what changed.",
            ),
            Since::OfOthers => Some(
                "The last one was about other people, so this one starts afresh; the next ones tell what changed.",
            ),
            Since::Run(..) => None,
        };
        notes.extend(since.map(str::to_owned));
        notes.extend(self.held());
        // The condition itself is not shown: recipients need not know the rule language.
        if self.slice.report.filter.is_some() {
            let everyone =
                0..u32::try_from(self.slice.run_report.roster.people.len()).unwrap_or(u32::MAX);
            let all = self.people(everyone.len());
            let about = everyone
                .filter(|place| self.slice.is_inside(*place))
                .count();
            let about = self.marks.whole(about);
            notes.push(format!("This report covers only {about} of {all}."));
        }
        if self.news.health_is_another {
            let words = "The health score has been changed since then: scores and their averages cannot be compared \
                         with those of the last report.";
            notes.push(words.to_owned());
        }
        if !self.news.dropped.is_empty() {
            let names: Vec<String> = self.news.dropped.iter().map(|n| one_line(n)).collect();
            let names = self.some(&names, self.limits.segments);
            notes.push(format!("No longer in this report: {names}."));
        }
        notes
    }

    /// A note about runs that were held since the last report, or after the run reported here.
    fn held(&self) -> Vec<String> {
        let told = self.slice.run_report.run.id;
        let held = &self.slice.run_report.past.held;
        let runs = |from: i64, to: i64| {
            let between = held.iter().filter(|run| from < run.id && run.id < to);
            let mut instants: Vec<i64> = between.map(|run| run.as_of).collect();
            instants.dedup();
            match instants.as_slice() {
                [] => None,
                [one] => Some(format!("the run of {}", instant(*one, self.config()))),
                [first, .., last] => Some(format!(
                    "{} runs from {} to {}",
                    self.marks.whole(instants.len()),
                    instant(*first, self.config()),
                    instant(*last, self.config())
                )),
            }
        };
        let before = match self.news.since {
            Since::Run(since, _) => runs(since, told),
            Since::First | Since::Forgotten | Since::OfOthers => None,
        };
        let before = before.map(|runs| {
            format!("{NOT_PUBLISHED}: {runs}. This report covers everything since the last one.")
        });
        let after = runs(told, i64::MAX)
            .map(|runs| format!("{NOT_PUBLISHED}: {runs}. This is how things stood before."));
        before.into_iter().chain(after).collect()
    }

    /// Whether there is anything to report about a segment.
    fn has_news(&self, news: &SegmentNews) -> bool {
        let moved = news.entered.len() + news.left.len() + news.passing;
        moved + news.entered_by_rule + news.left_by_rule > 0 || news.before.is_none()
    }

    fn news_item(
        &self,
        segment: &SliceSegment<'_>,
        news: &SegmentNews,
        with_values: bool,
    ) -> NewsItem {
        let plain = |what: String| Line { what, names: None };
        let mut lines = Vec::new();
        if news.before.is_none() {
            let size = self.people(segment.members.len());
            lines.push(plain(format!("new in this report, with {size}")));
            lines.extend(purpose(segment).map(plain));
        }
        for (moved, way) in [(&news.entered, "in"), (&news.left, "out")] {
            if !moved.is_empty() {
                lines.push(Line {
                    what: format!("{} {way}", self.marks.whole(moved.len())),
                    names: self.names(moved, way == "in"),
                });
            }
        }
        let (entered, left) = (news.entered_by_rule, news.left_by_rule);
        if entered + left > 0 {
            let [entered, left] = [entered, left].map(|number| self.marks.whole(number));
            let what = match news.by_upgrade {
                true => "an upgrade of Muster changed what is counted",
                false => "the rule changed",
            };
            lines.push(plain(format!("{what}: {entered} in, {left} out")));
        }
        if news.passing > 0 {
            let passing = self.marks.whole(news.passing);
            lines.push(plain(format!("{passing} came and went in between")));
        }
        NewsItem {
            title: title(segment),
            link: self.link(segment),
            lines,
            values: match with_values {
                true => self.values(segment, news).skip(values::BESIDE).collect(),
                false => Vec::new(),
            },
        }
    }

    /// The address of a segment's page.
    fn link(&self, segment: &SliceSegment<'_>) -> Option<String> {
        let url = self.config().page.as_ref()?.url.as_ref()?;
        Some(format!("{url}/segments/{}", segment.roster.segment.id))
    }

    /// A list of some segment names.
    fn some(&self, names: &[String], room: usize) -> String {
        let shown = names.get(..room).unwrap_or(names);
        listed(shown, names.len() - shown.len(), &self.marks)
    }

    fn origin(&self) -> Vec<String> {
        let (run, config) = (self.slice.run_report.run, self.config());
        let rules: String = run.fingerprint.rules.chars().take(8).collect();
        let as_of = instant(run.as_of, config);
        let report = one_line(&self.slice.report.name);
        let mut lines = vec![format!("As of {as_of}, run {}, rules {rules}.", run.id)];
        let url = config.page.as_ref().and_then(|page| page.url.as_ref());
        lines.extend(url.map(|url| format!("Members and history of each segment: {url}/")));
        lines.push(match &config.owner {
            Some(owner) => format!(
                "{} looks after the report “{report}” and the list of those who get it. To be taken off it, write to that address.",
                owner.value
            ),
            None => format!(
                "Whoever looks after these segments has put you on the list of the report “{report}”. To be \
                 taken off it, answer this mail."
            ),
        });
        lines
    }
}

/// A segment's symbol and name.
fn title(segment: &SliceSegment<'_>) -> String {
    let stored = &segment.roster.segment;
    let name = one_line(&stored.name);
    match &stored.sign {
        Some(sign) => format!("{} {name}", one_line(sign)),
        None => name,
    }
}

/// The purpose of a segment, in the words of its rule.
fn purpose(segment: &SliceSegment<'_>) -> Option<String> {
    let description = segment.roster.segment.description.as_deref()?;
    Some(one_line(description)).filter(|words| !words.is_empty())
}
