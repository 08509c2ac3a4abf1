//! What the studios sell.

use chrono::{Days, Months, NaiveDate};

/// One product.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Product {
    /// Its name on the receipt.
    pub name: &'static str,
    /// What kind of thing it is.
    pub kind: Kind,
    /// How often it is invoiced.
    pub invoice_period: &'static str,
    /// Its price in cents.
    pub price: i64,
    /// How many visits it holds; none for unlimited.
    pub visits: Option<i64>,
    /// How long it lasts.
    pub lasts: Lasts,
}

/// Kinds of products.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// Once, for newcomers.
    Intro,
    /// Renews itself.
    Membership,
    /// A number of visits.
    #[default]
    Pack,
}

/// How long a product lasts from the day it is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    /// That many days.
    Days(u64),
    /// That many months.
    Months(u32),
}

impl Default for Lasts {
    fn default() -> Self {
        Self::Days(1)
    }
}

impl Kind {
    /// The kind as the database spells it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Intro => "intro",
            Self::Membership => "membership",
            Self::Pack => "pack",
        }
    }
}

impl Product {
    /// The last day on which it can be used.
    pub fn last_day(&self, bought: NaiveDate) -> NaiveDate {
        match self.lasts {
            Lasts::Days(days) => bought.checked_add_days(Days::new(days)),
            Lasts::Months(months) => bought.checked_add_months(Months::new(months)),
        }
        .unwrap_or(bought)
    }
}

const fn product(
    name: &'static str,
    kind: Kind,
    invoice_period: &'static str,
    price: i64,
    visits: Option<i64>,
    lasts: Lasts,
) -> Product {
    Product {
        name,
        kind,
        invoice_period,
        price,
        visits,
        lasts,
    }
}

/// Offers for newcomers, and how often each is taken.
pub const INTROS: [(i64, Product); 2] = [(6, TWO_WEEKS), (4, THREE_CLASSES)];

/// What people come to stay with, and how often each is chosen.
pub const REGULAR: [(i64, Product); 6] = [
    (26, UNLIMITED),
    (24, EIGHT),
    (5, ANNUAL),
    (26, PACK),
    (9, LARGE_PACK),
    (10, SINGLE),
];

/// For newcomers who want to try everything.
const TWO_WEEKS: Product = product(
    "Intro: 2 Weeks Unlimited",
    Kind::Intro,
    "one-off",
    4_900,
    None,
    Lasts::Days(14),
);

/// For newcomers who want to take their time.
const THREE_CLASSES: Product = product(
    "Intro: 3 Classes",
    Kind::Intro,
    "one-off",
    3_900,
    Some(3),
    Lasts::Days(30),
);

/// As often as one likes, month by month.
pub const UNLIMITED: Product = product(
    "Monthly Unlimited",
    Kind::Membership,
    "monthly",
    16_900,
    None,
    Lasts::Months(1),
);

/// Twice a week, month by month.
const EIGHT: Product = product(
    "Monthly 8",
    Kind::Membership,
    "monthly",
    13_200,
    Some(8),
    Lasts::Months(1),
);

/// As often as one likes, paid once a year.
const ANNUAL: Product = product(
    "Annual Unlimited",
    Kind::Membership,
    "annual",
    159_000,
    None,
    Lasts::Months(12),
);

/// The ordinary pack.
pub const PACK: Product = product(
    "10-Class Pack",
    Kind::Pack,
    "one-off",
    21_500,
    Some(10),
    Lasts::Days(120),
);

/// For whoever plans ahead.
const LARGE_PACK: Product = product(
    "20-Class Pack",
    Kind::Pack,
    "one-off",
    38_000,
    Some(20),
    Lasts::Days(240),
);

/// For now and then.
pub const SINGLE: Product = product(
    "Single Class",
    Kind::Pack,
    "one-off",
    2_700,
    Some(1),
    Lasts::Days(30),
);
