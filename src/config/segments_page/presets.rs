//! The standard values of a line of business, with their words.

use super::value::{Business, ColumnPath, Counted, WrittenWindow};
use super::wire::{self, MoneySource};
use super::{
    Amounts, Formula, OrderWindow, Recurring, ToldValue, UsualValue, ValueDefinition, ValueFormat,
};
use crate::source::{Location, Scalar};

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
    recurring: Option<&wire::Recurring>,
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

/// The number of members: what the page shows without `values:`.
pub(super) fn size(at: Location) -> ValueDefinition {
    define(
        at,
        "size",
        "Size",
        ValueFormat::Number,
        Formula::Usual(UsualValue::Size, at),
    )
    .described("how many are in the segment now; only active ones are")
}

fn contacts(at: Location) -> ValueDefinition {
    define(
        at,
        "contacts",
        "Contacts",
        ValueFormat::Number,
        Formula::Usual(UsualValue::Size, at),
    )
    .described("the same as the size")
}

/// The average health score.
pub(super) fn average_health(at: Location) -> ValueDefinition {
    define(at, "ahs", "AHS", ValueFormat::Number, Formula::Usual(UsualValue::AverageHealth, at))
        .described(
            "average health score: the mean of the members' scores, from 0 to 100; those without a score are left out",
        )
        .told(
            "Average health score",
            "how its members are doing on average, from 0 (badly) to 100 (well)",
        )
        .usually()
}

/// Recurring revenue, per year.
fn recurring_revenue(recurring: &wire::Recurring, at: Location) -> ValueDefinition {
    let (rows, amount, every) = (&recurring.from.0, &recurring.amount, &recurring.every);
    let running = recurring.r#while.as_ref();
    let running = running.and_then(|condition| condition.0.as_ref());
    let ends = [rows, &amount.0, &every.0].into_iter().chain(running);
    let place = span(ends, at);
    let what = rows.value.replace('_', " ");
    let what = match running {
        Some(_) => format!("all running {what}"),
        None => format!("all {what}"),
    };
    let recurring = Recurring {
        amounts: amounts(rows, amount),
        every: every.names(),
        running: running.cloned(),
    };
    let of = Formula::Usual(UsualValue::RecurringRevenue(recurring), place);
    define(at, "arr", "Total ARR", ValueFormat::Money, of)
        .described(format!(
            "the revenue to expect in a year: the amounts of {what}, each as often as it is due in a year (weekly 52, \
             fortnightly 26, monthly 12, quarterly 4, half-yearly 2, yearly 1); other amounts do not come again"
        ))
        .told("Recurring revenue a year", format!("what {what} come to in a year"))
        .usually()
}

/// The revenue of the last twelve months.
fn trailing_revenue(paid: &MoneySource, words: &Words, at: Location) -> ValueDefinition {
    let order = words.order;
    let of = paid.formula(UsualValue::TrailingRevenue);
    define(at, "arr", "Total ARR", ValueFormat::Money, of)
        .described(format!(
            "the revenue to expect in a year: what came in during the last 12 months, less amounts below zero; where a \
             member's first {order} is more than 90 days but less than a year ago, taken for a whole year"
        ))
        .told(
            "Expected revenue a year",
            "what the last 12 months brought, less amounts below zero; of newer members it is taken for a whole year",
        )
        .usually()
}

/// Orders per member, within the period.
fn frequency(paid: &MoneySource, words: &Words, at: Location) -> ValueDefinition {
    let order = words.order;
    let counted = paid.period.as_ref().map(|Counted(counted)| counted);
    let behind = counted.map_or_else(String::new, |counted| format!(" ({})", counted.shown));
    let during = counted.map_or_else(|| "ever".to_owned(), WrittenWindow::during);
    let window = counted.map(|counted| counted.window);
    let of = paid.formula(|amounts| UsualValue::OrderFrequency(amounts, window));
    let (id, label) = words.frequency;
    let made = format!("how many {order}s a member made {during}");
    define(at, id, &format!("{label}{behind}"), ValueFormat::Number, of)
        .described(format!(
            "average {order} frequency: {made}; amounts of 0 or less are none"
        ))
        .told(&format!("Average {order} frequency{behind}"), &made)
}

/// The total amount divided by the number of orders, not the mean of the members' means.
fn value(paid: &MoneySource, words: &Words, at: Location) -> ValueDefinition {
    let order = words.order;
    let of = paid.formula(UsualValue::OrderValue);
    let (id, label) = words.value;
    define(at, id, label, ValueFormat::Money, of)
        .described(format!(
            "average {order} value: all the members paid, less amounts below zero, over the number of {order}s"
        ))
        .told(
            &format!("Average {order} value"),
            format!("what a {order} comes to, less amounts below zero"),
        )
}

fn customer_value(paid: &MoneySource, at: Location) -> ValueDefinition {
    let of = paid.formula(UsualValue::CustomerValue);
    define(at, "acv", "ACV", ValueFormat::Money, of)
        .described("average customer value: all the members paid, less amounts below zero, over the number of members")
        .told("Average customer value", "what a member paid in all, less amounts below zero")
}

fn total(paid: &MoneySource, at: Location) -> ValueDefinition {
    let of = paid.formula(UsualValue::Total);
    define(at, "total_value", "Total value", ValueFormat::Money, of)
        .described("all the members paid, less amounts below zero")
        .told(
            "Total value",
            "what all its members paid, less amounts below zero",
        )
}

impl MoneySource {
    /// A value computed from its amounts. Mistakes are reported where config names the amount.
    fn formula(&self, value: impl FnOnce(Amounts) -> UsualValue) -> Formula {
        let amounts = amounts(&self.from.0, &self.amount);
        Formula::Usual(value(amounts), self.amount.0.location)
    }
}

fn amounts(rows: &Scalar, amount: &ColumnPath) -> Amounts {
    Amounts {
        rows: rows.value.clone(),
        column: amount.names(),
    }
}

impl ColumnPath {
    fn names(&self) -> Vec<String> {
        self.0.value.split('.').map(str::to_owned).collect()
    }
}

impl WrittenWindow {
    /// The window in words, as used after a verb: `in the last 12 months`.
    fn during(&self) -> String {
        match self.window {
            OrderWindow::Last(_) | OrderWindow::LastCalendar(_) => format!("in the {}", self.shown),
            OrderWindow::This(_) => format!("in {}", self.shown),
            OrderWindow::Since(_) => self.shown.clone(),
        }
    }
}

/// A value whose heading needs no explanation.
fn define(
    at: Location,
    id: &str,
    label: &str,
    format: ValueFormat,
    of: Formula,
) -> ValueDefinition {
    ValueDefinition {
        id: Scalar {
            value: id.to_owned(),
            location: at,
        },
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

    /// Sets the full label for mail, and its meaning.
    fn told(mut self, label: &str, meaning: impl Into<String>) -> Self {
        label.clone_into(&mut self.told.label);
        self.told.meaning = Some(meaning.into());
        self
    }

    /// Marks a value that matters for most readers of mail.
    fn usually(mut self) -> Self {
        self.told.usual = true;
        self
    }
}

/// The range from the first to the last of some places in one file.
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
