//! Writes the guess as rule files.

use std::fmt::Write;

use super::collection::Collection;
use super::currency::Currency;
use super::guess::Guess;
use super::names::Names;
use super::text::{behind_key, in_line, written};
use super::words::plural;
use crate::config::{one_called, several_called};
use crate::value::capitalised;

/// The shipped ladder, which uses the `payments` of clients.
const LADDER: &str = include_str!("../../rules/rfm.yaml");

/// The shipped ladder's thresholds for frequency and amount, which suit monthly memberships, and replacements that
/// suit more businesses.
const THRESHOLDS: [(&str, &str); 4] = [
    (
        "band(purchases, 2, 3, 10, 20)",
        "band(purchases, 2, 3, 5, 10)",
    ),
    (
        "3: three to nine times; 4: ten to nineteen times; 5: twenty times or more",
        "3: three or four times; 4: five to nine times; 5: ten times or more",
    ),
    (
        "band(spent, 100, 500, 2500, 5000)",
        "band(spent, 50, 150, 500, 1500)",
    ),
    ("4 from 2,500, 5 from 5,000", "4 from 500, 5 from 1,500"),
];

/// The ladder's words where people give rather than buy.
const GIVING: [(&str, &str); 8] = [
    ("Bought", "Gave"),
    ("bought", "given"),
    ("buying", "giving"),
    ("buyer", "giver"),
    ("spent", "given"),
    ("purchase", "gift"),
    ("purchases", "times_given"),
    ("days_since_purchase", "days_since_gift"),
];

/// The metrics of the ladder, which are renamed if their names are taken.
const METRICS: [&str; 6] = [
    "purchases",
    "days_since_purchase",
    "spent",
    "recency_score",
    "frequency_score",
    "monetary_score",
];

/// The collection that the first rules use, and the names of its metrics.
pub(super) struct Events<'g> {
    pub(super) of: &'g Collection,
    /// The collection whose amounts can be added up: the whole one, or its rows in one currency.
    pub(super) paid: String,
    /// Its amount, as conditions write it.
    pub(super) amount: Option<String>,
    /// The metric for the number of rows in the last 90 days.
    pub(super) lately: String,
    /// The metric for the number of rows in the 90 days before.
    pub(super) before: String,
    total: String,
    ladder: Vec<(&'static str, String)>,
}

impl<'g> Events<'g> {
    /// Uses the most informative collection; none where no collection has a time.
    pub(super) fn new(guess: &'g Guess) -> Option<Self> {
        let of = guess.main()?;
        let mut names = Names::beside(guess.taken.iter().map(String::as_str));
        let mut take = |end: &str| {
            let name = format!("{}_{end}", of.name);
            names.take(&name, &format!("{name}_all"))
        };
        let (lately, before, total) = (take("90d"), take("prev_90d"), take("total"));
        let is_several = matches!(of.currency, Currency::Several(_));
        let can_add = !is_several || of.in_one.is_some();
        let paid = of.in_one.as_ref().map_or(&of.name, |one| &one.name);
        let paid = paid.clone();
        let words = METRICS.map(|metric| {
            let given = GIVING
                .iter()
                .find(|(from, _)| *from == metric && of.is_giving());
            let wanted = given.map_or(metric, |(_, to)| *to);
            let otherwise = match metric {
                "purchases" => "times_bought".to_owned(),
                _ => format!("rfm_{wanted}"),
            };
            (metric, names.take(wanted, &otherwise))
        });
        Some(Self {
            of,
            amount: of.amount.as_deref().filter(|_| can_add).map(written),
            paid,
            lately,
            before,
            total,
            ladder: words.into(),
        })
    }
}

/// The text of `rules/segments.yaml`.
pub(super) fn segments(guess: &Guess) -> String {
    let who = several_called(&guess.subject.name.replace('_', " "));
    let Some(events) = Events::new(guess) else {
        return format!(
            "# The first segment: everyone. `muster check --catalog` lists the names a rule can use.\n\
             segments:\n  - id: everyone\n    name: Everyone\n    importance: 1\n    \
             description: All {who}\n    when: yes\n"
        );
    };
    let rows = &events.of.name;
    let many = plural(rows);
    let (lately, before, total) = (&events.lately, &events.before, &events.total);
    let spent = events.amount.as_ref().map_or_else(String::new, |amount| {
        let sum = behind_key(&format!("sum({}.{amount})", events.paid));
        format!("  {total}: {sum}\n")
    });
    let mut text = format!(
        "# A start to edit. `muster check --catalog` lists the names a rule can use.\n\
         metrics:\n  {lately}: count({rows} in last 90 days)\n  \
         {before}: count({rows} in previous 90 days)\n{spent}\n\
         segments:\n  \
         - id: never\n    name: Never\n    importance: 2\n    \
         description: Nothing in {many} yet\n    when: not exists({rows})\n\n  \
         - id: newcomers\n    name: Newcomers\n    importance: 3\n    \
         description: The first of their {many} was in the last 30 days\n    \
         when: min({rows}.at) in last 30 days\n\n  \
         - id: slowing_down\n    name: Slowing down\n    importance: 5\n    \
         description: Less than half of the {many} of the 90 days before\n    \
         when: {lately} < 50% * {before}\n\n  \
         - id: lapsed\n    name: Lapsed\n    importance: 4\n    \
         description: Some {many}, but none in the last 180 days\n    \
         when: exists({rows}) and not exists({rows} in last 180 days)\n\n  \
         - id: most_active\n    name: Most active\n    importance: 1\n    \
         description: The fifth of all {who} with the most {many} in 90 days, two at least\n    \
         when: {lately} > 1 and top 20% by {lately}\n"
    );
    if events.amount.is_some() {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n  - id: best_customers\n    name: Best customers\n    importance: 2\n    \
             description: The tenth of all {who} with the highest total\n    \
             when: {total} > 0 and top 10% by {total}\n"
        );
    }
    text
}

/// The text of `rules/rfm.yaml`, where there are amounts that people paid.
pub(super) fn ladder(guess: &Guess) -> Option<String> {
    let events = Events::new(guess)?;
    let (rows, who) = (&events.of.name, &guess.subject.name);
    let amount = events.amount?;
    let mut words = events.ladder;
    if events.of.is_giving() {
        words.extend(GIVING.map(|(from, to)| (from, to.to_owned())));
    }
    words.extend([
        ("payments", rows.clone()),
        ("payment", one_called(rows).unwrap_or_else(|| rows.clone())),
        ("amount", amount.clone()),
        ("clients", several_called(who)),
        ("client", who.clone()),
        ("Clients", capitalised(&several_called(who))),
    ]);
    // In comments, the column is always in backticks, even if conditions do not need them.
    let ladder = usual_ladder();
    let parts = ladder.split("`amount`");
    let parts = parts.map(|part| with_other_words(part, &words));
    let column = format!("`{}`", events.of.amount.as_deref().unwrap_or_default());
    let ladder = parts.collect::<Vec<_>>().join(&in_line(&column));
    // Frequency and recency use all rows, amounts only those that can be added up.
    let [all, paid] = [rows, &events.paid].map(|rows| format!("sum({rows}.{amount})"));
    let ladder = with_quotes(&ladder.replace(&all, &paid), &amount);
    // People who pay only in another currency still count as buyers, with an amount of zero.
    let Some(one) = &events.of.in_one else {
        return Some(ladder);
    };
    let condition = in_line(&one.condition);
    Some(ladder.replace(
        "\nsegments:\n",
        &format!(
            "\n  # How often and how recently counts {rows} in all currencies; how much counts only `{}`, those where {condition}.\n\
             \nsegments:\n",
            one.name
        ),
    ))
}

/// The ladder for the `payments` of clients, with thresholds that suit more businesses than a studio.
pub fn usual_ladder() -> String {
    // The shipped file names its schema, which is next to it but not next to the file written here.
    let text = LADDER.split_once('\n').map_or(LADDER, |(_, rest)| rest);
    let text = text.trim_start_matches("#\n").to_owned();
    let thresholds = THRESHOLDS.iter();
    thresholds.fold(text, |text, (from, to)| text.replace(from, to))
}

/// A ladder whose metrics are quoted where the amount requires it.
fn with_quotes(ladder: &str, amount: &str) -> String {
    let lines = ladder.split_inclusive('\n').map(|line| {
        let metric = line.split_once(": ");
        let metric = metric.filter(|(name, text)| !name.contains('#') && text.contains(amount));
        match metric.map(|(name, text)| (name, text.trim(), behind_key(text.trim()))) {
            Some((name, text, quoted)) if quoted != text => format!("{name}: {quoted}\n"),
            _ => line.to_owned(),
        }
    });
    lines.collect()
}

/// Replaces whole words in a text.
fn with_other_words(text: &str, words: &[(&str, String)]) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let pieces = text.split_inclusive(|c: char| !is_part(c));
    pieces.fold(String::new(), |mut all, piece| {
        let word = piece.trim_end_matches(|c: char| !is_part(c));
        let end = piece.get(word.len()..).unwrap_or_default();
        let other = words.iter().find(|(from, _)| *from == word);
        all.push_str(other.map_or(word, |(_, to)| to));
        all.push_str(end);
        all
    })
}
