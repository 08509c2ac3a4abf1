//! The usual values of a line of business, as texts in our own language: what a user could write
//! under `add:`. A population function in them ranges over a segment's members.

use super::value::{Business, Period};
use super::wire::{MoneySource, Recurring};
use super::{ToldValue, ValueDefinition, ValueFormat};
use crate::source::{Location, Scalar};

/// How often a year an invoice is due, by the words for it.
const PERIODS: [(u32, &[&str]); 6] = [
    (52, &["week", "weekly"]),
    (26, &["fortnight", "fortnightly"]),
    (12, &["month", "monthly"]),
    (4, &["quarter", "quarterly"]),
    (2, &["half-year", "half-yearly"]),
    (1, &["year", "yearly", "annual", "annually"]),
];

/// What a line of business calls an order, and its two averages.
struct Words {
    order: &'static str,
    frequency: (&'static str, &'static str),
    value: (&'static str, &'static str),
}

fn words(business: Business) -> Words {
    let (order, frequency, value) = match business {
        Business::Orders => ("order", ("aof", "AOF"), ("aov", "AOV")),
        Business::Donations => ("donation", ("adf", "ADF"), ("adv", "ADV")),
        Business::Subscriptions | Business::Visits => ("payment", ("aof", "AOF"), ("aov", "AOV")),
    };
    Words {
        order,
        frequency,
        value,
    }
}

/// The values of a line of business, in the order of the segments page.
pub(super) fn values(
    business: Business,
    preset: &Scalar,
    paid: &MoneySource,
    recurring: Option<&Recurring>,
) -> Vec<ValueDefinition> {
    let words = words(business);
    let at = preset.location;
    vec![
        size(at),
        contacts(at),
        match recurring {
            Some(recurring) => recurring_revenue(recurring, at),
            None => trailing_revenue(paid, &words, at),
        },
        frequency(paid, &words, at),
        value(paid, &words, at),
        customer_value(paid, at),
        total(paid, at),
    ]
}

/// The number of members: what a page without any `values:` shows.
pub(super) fn size(at: Location) -> ValueDefinition {
    define(at, "size", "Size", ValueFormat::Number, text("size()", at))
        .described("how many are in the segment now; only active ones are")
}

fn contacts(at: Location) -> ValueDefinition {
    define(
        at,
        "contacts",
        "Contacts",
        ValueFormat::Number,
        text("size()", at),
    )
    .described("the same as the size")
}

/// The average health score.
pub(super) fn average_health(at: Location) -> ValueDefinition {
    define(at, "ahs", "AHS", ValueFormat::Number, text("avg(health)", at))
        .described(
            "average health score: the mean of the members' scores, from 0 to 100; those without a score are left out",
        )
        .told(
            "Average health score",
            "how its members are doing on average, from 0 (badly) to 100 (well)",
        )
        .usually()
}

/// What is invoiced again and again, for a year.
fn recurring_revenue(recurring: &Recurring, at: Location) -> ValueDefinition {
    let (rows, amount, every) = (&recurring.from.0, &recurring.amount.0, &recurring.every.0);
    let running = recurring
        .r#while
        .as_ref()
        .and_then(|condition| condition.0.as_ref());
    let parts = PERIODS.map(|(times, words)| {
        let words: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
        let mut rule = format!("lower({}) in ({})", every.value, words.join(", "));
        if let Some(running) = running {
            // A comment at the end of the condition must not swallow what follows it.
            let end = if running.value.contains('#') {
                "\n"
            } else {
                ""
            };
            rule = format!("({}{end}) and {rule}", running.value.trim_end());
        }
        let factor = match times {
            1 => String::new(),
            times => format!(" * {times}"),
        };
        format!("sum({}.{} where {rule}){factor}", rows.value, amount.value)
    });
    let what = rows.value.replace('_', " ");
    let what = match running {
        Some(_) => format!("all running {what}"),
        None => format!("all {what}"),
    };
    let ends = [rows, amount, every].into_iter().chain(running);
    let of = text(&format!("sum({})", parts.join(" + ")), span(ends, at));
    define(at, "arr", "Total ARR", ValueFormat::Money, of)
        .described(format!(
            "the revenue to expect in a year: the amounts of {what}, each as often as it is due in a year (weekly 52, \
             fortnightly 26, monthly 12, quarterly 4, half-yearly 2, yearly 1); other amounts do not come again"
        ))
        .told("Recurring revenue a year", format!("what {what} come to in a year"))
        .usually()
}

/// What the last twelve months brought. Of a customer known for less than a year it is taken for a
/// whole one, but not of one known for 90 days or less: a first order says nothing about the next.
fn trailing_revenue(paid: &MoneySource, words: &Words, at: Location) -> ValueDefinition {
    let order = words.order;
    let known = format!("days_since(min({} {}))", paid.field("at"), paid.orders());
    let year = format!("sum({} in last 12 months)", paid.amounts());
    let of = paid.text(&format!(
        "sum(if({known} > 90, {year} * 365 / least({known}, 365), {year}))"
    ));
    define(at, "arr", "Total ARR", ValueFormat::Money, of)
        .described(format!(
            "the revenue to expect in a year: what came in during the last 12 months, less refunds; where a \
             member's first {order} is more than 90 days but less than a year ago, taken for a whole year"
        ))
        .told(
            "Expected revenue a year",
            "what the last 12 months brought, less refunds; of newer members it is taken for a whole year",
        )
        .usually()
}

/// Orders per member, within the period.
fn frequency(paid: &MoneySource, words: &Words, at: Location) -> ValueDefinition {
    let order = words.order;
    let (window, behind, during) = match &paid.period {
        Some(Period(window)) => (
            format!("{} ", window.text),
            format!(" ({})", window.shown),
            window.text.replace("in last ", "in the last "),
        ),
        None => (String::new(), String::new(), "ever".to_owned()),
    };
    let of = paid.text(&format!(
        "sum(count({} {window}{})) / size()",
        paid.from.0.value,
        paid.orders()
    ));
    let (id, label) = words.frequency;
    let made = format!("how many {order}s a member made {during}");
    define(at, id, &format!("{label}{behind}"), ValueFormat::Number, of)
        .described(format!(
            "average {order} frequency: {made}; refunds are none"
        ))
        .told(&format!("Average {order} frequency{behind}"), &made)
}

/// The total amount over the number of orders: no mean of the members' means.
fn value(paid: &MoneySource, words: &Words, at: Location) -> ValueDefinition {
    let order = words.order;
    let orders = format!("sum(count({} {}))", paid.from.0.value, paid.orders());
    let of = paid.text(&format!("sum(sum({})) / {orders}", paid.amounts()));
    let (id, label) = words.value;
    define(at, id, label, ValueFormat::Money, of)
        .described(format!(
            "average {order} value: all the members paid, less refunds, over the number of {order}s"
        ))
        .told(
            &format!("Average {order} value"),
            format!("what a {order} comes to, less refunds"),
        )
}

fn customer_value(paid: &MoneySource, at: Location) -> ValueDefinition {
    let of = paid.text(&format!("sum(sum({})) / size()", paid.amounts()));
    define(at, "acv", "ACV", ValueFormat::Money, of)
        .described("average customer value: all the members paid, less refunds, over the number of members")
        .told("Average customer value", "what a member paid in all, less refunds")
}

fn total(paid: &MoneySource, at: Location) -> ValueDefinition {
    let of = paid.text(&format!("sum(sum({}))", paid.amounts()));
    define(at, "total_value", "Total value", ValueFormat::Money, of)
        .described("all the members paid, less refunds")
        .told("Total value", "what all its members paid, less refunds")
}

impl MoneySource {
    fn field(&self, column: &str) -> String {
        format!("{}.{column}", self.from.0.value)
    }

    fn amounts(&self) -> String {
        self.field(&self.amount.0.value)
    }

    /// An expression of ours; what is wrong with it stands where the amount does.
    fn text(&self, of: &str) -> Scalar {
        text(of, self.amount.0.location)
    }

    /// What makes a row an order: refunds and gifts are none.
    fn orders(&self) -> String {
        format!("where {} > 0", self.amount.0.value)
    }
}

/// A value whose heading says everything.
fn define(at: Location, id: &str, label: &str, format: ValueFormat, of: Scalar) -> ValueDefinition {
    ValueDefinition {
        id: text(id, at),
        label: label.to_owned(),
        description: String::new(),
        told: ToldValue {
            label: label.to_owned(),
            meaning: None,
            usual: false,
        },
        format,
        of,
    }
}

impl ValueDefinition {
    fn described(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Told in full words, and what they mean.
    fn told(mut self, label: &str, meaning: impl Into<String>) -> Self {
        label.clone_into(&mut self.told.label);
        self.told.meaning = Some(meaning.into());
        self
    }

    /// One that most mails are read for.
    fn usually(mut self) -> Self {
        self.told.usual = true;
        self
    }
}

/// A text of ours; what is wrong with it stands in config at `location`.
fn text(value: &str, location: Location) -> Scalar {
    Scalar {
        value: value.to_owned(),
        location,
    }
}

/// From the first to the last of some places of one file.
fn span<'a>(scalars: impl Iterator<Item = &'a Scalar>, otherwise: Location) -> Location {
    scalars
        .map(|scalar| scalar.location)
        .reduce(|a, b| Location {
            start: a.start.min(b.start),
            end: a.end.max(b.end),
            ..a
        })
        .unwrap_or(otherwise)
}
