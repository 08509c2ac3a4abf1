//! The products of the studios.

use chrono::{Days, Months, NaiveDate};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Product {
    /// Its name on the receipt.
    pub name: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// How often it is invoiced.
    pub invoice_period: &'static str,
    /// Its price in cents.
    pub price: i64,
    /// The number of visits included; `None` for unlimited.
    pub visits: Option<i64>,
    /// How long it is valid.
    pub lasts: Lasts,
}

/// Kinds of products.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// A one-off offer for newcomers.
    Intro,
    /// Renews itself.
    Membership,
    /// A number of visits.
    #[default]
    Pack,
}

/// The validity of a product from the day of purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    Days(u64),
    Months(u32),
}

impl Default for Lasts {
    fn default() -> Self {
        Self::Days(1)
    }
}

impl Kind {
    /// The kind as spelled in the database.
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

/// For newcomers who want to try everything.
const TWO_WEEKS: Product = intro("Intro: 2 Weeks Unlimited", 4_900, None, 14);
/// For newcomers who want to take their time.
const THREE_CLASSES: Product = intro("Intro: 3 Classes", 3_900, Some(3), 30);
/// Unlimited visits, monthly.
pub const UNLIMITED: Product = membership("Monthly Unlimited", 16_900, None, 1);
/// Twice a week, monthly.
const EIGHT: Product = membership("Monthly 8", 13_200, Some(8), 1);
/// Unlimited visits, paid yearly.
const ANNUAL: Product = membership("Annual Unlimited", 159_000, None, 12);
/// The standard pack.
pub const PACK: Product = pack("10-Class Pack", 21_500, 10, 120);
/// For people who plan ahead.
const LARGE_PACK: Product = pack("20-Class Pack", 38_000, 20, 240);
/// For occasional visits.
pub const SINGLE: Product = pack("Single Class", 2_700, 1, 30);

/// Offers for newcomers, with their relative frequency.
pub const INTROS: [(i64, Product); 2] = [(6, TWO_WEEKS), (4, THREE_CLASSES)];

/// Regular products, with their relative frequency.
pub const REGULAR: [(i64, Product); 6] = [
    (26, UNLIMITED),
    (24, EIGHT),
    (5, ANNUAL),
    (26, PACK),
    (9, LARGE_PACK),
    (10, SINGLE),
];

const fn intro(name: &'static str, price: i64, visits: Option<i64>, days: u64) -> Product {
    Product {
        name,
        kind: Kind::Intro,
        invoice_period: "one-off",
        price,
        visits,
        lasts: Lasts::Days(days),
    }
}

const fn pack(name: &'static str, price: i64, visits: i64, days: u64) -> Product {
    Product {
        kind: Kind::Pack,
        ..intro(name, price, Some(visits), days)
    }
}

const fn membership(name: &'static str, price: i64, visits: Option<i64>, months: u32) -> Product {
    Product {
        name,
        kind: Kind::Membership,
        invoice_period: if months == 1 { "monthly" } else { "annual" },
        price,
        visits,
        lasts: Lasts::Months(months),
    }
}
