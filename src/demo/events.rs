//! The events in a client's history with a studio.

use chrono::{Duration, NaiveDate, NaiveDateTime};

use super::products::Product;

/// A purchased package.
#[derive(Debug, Clone)]
pub struct Package {
    pub product: Product,
    /// When it was bought.
    pub bought: NaiveDateTime,
    /// The last moment at which it can be used.
    pub expires: NaiveDateTime,
    /// The number of times it was used.
    pub used: i64,
}

/// An attended class.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The time of check-in.
    pub at: NaiveDateTime,
    pub class: i64,
    /// The index of the package in [`Life::packages`]; `None` for guests of a booking partner.
    pub package: Option<usize>,
}

/// A payment; negative for a refund.
#[derive(Debug, Clone)]
pub struct Payment {
    /// When it was made.
    pub at: NaiveDateTime,
    /// The amount, in cents.
    pub cents: i64,
    /// The index of the package in [`Life::packages`]; `None` for retail items.
    pub package: Option<usize>,
}

/// A reserved place in a class.
#[derive(Debug, Clone)]
pub struct Reservation {
    /// The start of the class.
    pub class_at: NaiveDateTime,
    /// How long before it the place was reserved.
    pub ahead: Duration,
    pub class: i64,
    /// The booking channel.
    pub source: &'static str,
    /// Its final status.
    pub status: &'static str,
}

/// The complete history of a client.
#[derive(Debug, Clone, Default)]
pub struct Life {
    /// The packages, in order of purchase.
    pub packages: Vec<Package>,
    /// The visits, in order of time.
    pub visits: Vec<Visit>,
    pub payments: Vec<Payment>,
    pub reservations: Vec<Reservation>,
    /// The complaints: when, and about what.
    pub complaints: Vec<(NaiveDateTime, &'static str)>,
    /// The day on which the client closed the account.
    pub closed_on: Option<NaiveDate>,
}
