//! The definitions by which two states of config and rules are compared.

/// A definition that may differ between the sides, or that only one side has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// A metric of both sides, by name.
    Metric(String),
    /// A segment that only one side has.
    Segment(String),
    /// A segment's id that has changed; given by the new id, as in the following variants.
    Id(String),
    /// A segment's own condition.
    When(String),
    /// A segment's filter.
    Filter(String),
    /// The source of a segment's weight.
    Weight(String),
    /// The rungs of a ladder, and their order.
    Rungs(String),
    /// The condition for being on a ladder at all.
    Among(String),
    Setting(Setting),
}

/// A definition of config that decides results.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Setting {
    Subject,
    Scope(String),
    Collection(String),
    /// A list's column and its entries.
    List(String),
    Active,
    Timezone,
    YearBegins,
    Currency,
    Locale,
    Field(String),
    Values,
    /// The health score, if only one side has it.
    Health,
    /// A factor, of both sides or of one.
    Factor(String),
}

impl Setting {
    /// The path of keys to it in config.
    pub(super) fn path(&self) -> Vec<&str> {
        match self {
            Self::Subject => vec!["subject"],
            Self::Scope(name) => vec!["scopes", name],
            Self::Collection(name) => vec!["collections", name],
            Self::List(name) => vec!["lists", name],
            Self::Active => vec!["active"],
            Self::Timezone => vec!["timezone"],
            Self::YearBegins => vec!["year_begins"],
            Self::Currency => vec!["currency"],
            Self::Locale => vec!["locale"],
            Self::Field(id) => vec!["fields", id],
            Self::Values => vec!["values"],
            Self::Health => vec!["health"],
            Self::Factor(id) => vec!["health", "factors", id],
        }
    }
}
