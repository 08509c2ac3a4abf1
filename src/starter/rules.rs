//! The guess as rule files.

use std::fmt::Write;

use super::guess::{Collection, Guess, singular};
use super::text::name;

/// The ladder as it is shipped: about the `payments` of clients.
const LADDER: &str = include_str!("../../rules/rfm.yaml");

/// The ladder's words where people give and do not buy.
const GIVING: [(&str, &str); 10] = [
    ("Bought", "Gave"),
    ("bought", "given"),
    ("buyer", "giver"),
    ("buyers", "givers"),
    ("Buyers", "Givers"),
    ("purchase", "gift"),
    ("purchases", "times_given"),
    ("spent", "given"),
    ("days_since_purchase", "days_since_gift"),
    ("purchases_of_buyers", "times_given_by_givers"),
];

/// The text of `rules/segments.yaml`.
pub(super) fn segments(guess: &Guess) -> String {
    let who = format!("{}s", guess.subject.name);
    let Some(events) = guess.main() else {
        return format!(
            "# The first segment: everyone. `muster check --catalog` lists the names a rule can use.\n\
             segments:\n  - id: everyone\n    name: Everyone\n    importance: 1\n    \
             description: All {who}\n    when: yes\n"
        );
    };
    let rows = name(&events.table);
    let mut text = format!(
        "# A start to edit. `muster check --catalog` lists the names a rule can use.\n\
         metrics:\n  {rows}_90d: count({rows} in last 90 days)\n  \
         {rows}_prev_90d: count({rows} in previous 90 days)\n{spent}\n\
         segments:\n  \
         - id: never\n    name: Never\n    importance: 2\n    \
         description: Nothing in {rows} yet\n    when: not exists({rows})\n\n  \
         - id: newcomers\n    name: Newcomers\n    importance: 3\n    \
         description: The first of their {rows} was in the last 30 days\n    \
         when: min({rows}.at) in last 30 days\n\n  \
         - id: slowing_down\n    name: Slowing down\n    importance: 5\n    \
         description: Less than half of the {rows} of the 90 days before\n    \
         when: {rows}_90d < 50% * {rows}_prev_90d\n\n  \
         - id: lapsed\n    name: Lapsed\n    importance: 4\n    \
         description: Some {rows}, but none in the last 180 days\n    \
         when: exists({rows}) and not exists({rows} in last 180 days)\n\n  \
         - id: most_active\n    name: Most active\n    importance: 1\n    \
         description: The fifth of all {who} with the most {rows} in 90 days\n    \
         when: {rows}_90d > 0 and top 20% by {rows}_90d\n",
        spent = spent(events),
    );
    if events.amount.is_some() {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n  - id: best_customers\n    name: Best customers\n    importance: 2\n    \
             description: The tenth of all {who} with the highest total\n    \
             when: {rows}_total > 0 and top 10% by {rows}_total\n"
        );
    }
    text
}

/// The text of `rules/rfm.yaml`, where there are amounts that people paid.
pub(super) fn ladder(guess: &Guess) -> Option<String> {
    let main = guess.main()?;
    let rows = name(&main.table);
    let who = &guess.subject.name;
    let mut words = Vec::new();
    if main.is_giving() {
        words.extend(GIVING.map(|(from, to)| (from, to.to_owned())));
    } else if rows == "purchases" {
        // The ladder's own name for how often somebody has bought gives way to the table's.
        words.push(("purchases", "times_bought".to_owned()));
    }
    words.extend([
        ("payments", rows.clone()),
        ("payment", singular(&rows)),
        ("amount", name(main.amount.as_ref()?)),
        ("clients", format!("{who}s")),
        ("client", who.clone()),
        ("Clients", format!("{}s", capitalised(who))),
    ]);
    // The shipped file names its schema, which lies beside it and not beside this one.
    let text = LADDER.split_once('\n').map_or(LADDER, |(_, rest)| rest);
    Some(with_other_words(text.trim_start_matches("#\n"), &words))
}

fn spent(events: &Collection) -> String {
    events.amount.as_ref().map_or_else(String::new, |amount| {
        let rows = name(&events.table);
        format!("  {rows}_total: sum({rows}.{})\n", name(amount))
    })
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// A text in which whole words are others.
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
