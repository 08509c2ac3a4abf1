//! What can happen in a client's life with a studio.

use chrono::{Duration, NaiveDate, NaiveDateTime};

use super::products::Product;

/// A package that was bought.
#[derive(Debug, Clone)]
pub struct Package {
    pub product: Product,
    /// When.
    pub bought: NaiveDateTime,
    /// The last moment at which it can be used.
    pub expires: NaiveDateTime,
    /// How often it was used.
    pub used: i64,
}

/// A class that was attended.
#[derive(Debug, Clone)]
pub struct Visit {
    /// When the client checked in.
    pub at: NaiveDateTime,
    pub class: i64,
    /// The place of the package in [`Life::packages`]; guests of a booking partner have none.
    pub package: Option<usize>,
}

/// Money that changed hands; below zero where it went back.
#[derive(Debug, Clone)]
pub struct Payment {
    /// When.
    pub at: NaiveDateTime,
    /// How much, in cents.
    pub cents: i64,
    /// The place of the package in [`Life::packages`]; none for what the shelf sells.
    pub package: Option<usize>,
}

/// A place that was reserved in a class.
#[derive(Debug, Clone)]
pub struct Reservation {
    /// When the class begins.
    pub class_at: NaiveDateTime,
    /// How long before it the place was reserved.
    pub ahead: Duration,
    pub class: i64,
    /// Through whom.
    pub source: &'static str,
    /// What became of it.
    pub status: &'static str,
}

/// Everything that a client did.
#[derive(Debug, Clone, Default)]
pub struct Life {
    /// The packages in the order they were bought.
    pub packages: Vec<Package>,
    /// The visits in order of time.
    pub visits: Vec<Visit>,
    pub payments: Vec<Payment>,
    pub reservations: Vec<Reservation>,
    /// When and about what the client complained.
    pub complaints: Vec<(NaiveDateTime, &'static str)>,
    /// When the client closed the account.
    pub closed_on: Option<NaiveDate>,
}
