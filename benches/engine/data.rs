//! Three years of a studio chain: deterministic, skewed, in the order in which it happened.

use std::path::Path;

use rusqlite::{Connection, params};

/// The instant at which everything is evaluated.
pub const NOW: &str = "2025-06-15T12:00:00";
const SECONDS: u64 = 3 * 365 * 86_400;
/// 2022-06-16T12:00:00 as seconds since 1970.
const START: i64 = 1_655_380_800;

/// How many rows of each table.
#[derive(Clone, Copy)]
pub struct Size {
    pub clients: u64,
    pub visits: u64,
    packages: u64,
    payments: u64,
    reservations: u64,
}

impl Size {
    pub fn full() -> Self {
        Self {
            clients: 100_000,
            visits: 5_000_000,
            packages: 200_000,
            payments: 500_000,
            reservations: 200_000,
        }
    }

    pub fn long() -> Self {
        Self {
            clients: 1_000_000,
            visits: 100_000_000,
            packages: 2_000_000,
            payments: 5_000_000,
            reservations: 2_000_000,
        }
    }

    /// Many people of whom little is known.
    pub fn people() -> Self {
        Self {
            clients: 10_000_000,
            visits: 20_000_000,
            packages: 3_000_000,
            payments: 5_000_000,
            reservations: 2_000_000,
        }
    }

    pub fn divided_by(self, divisor: u64) -> Self {
        Self {
            clients: self.clients / divisor,
            visits: self.visits / divisor,
            packages: self.packages / divisor,
            payments: self.payments / divisor,
            reservations: self.reservations / divisor,
        }
    }

    pub fn with_fewer_visits(self) -> Self {
        Self {
            visits: self.visits / 10,
            ..self
        }
    }

    /// Rows of all event tables.
    pub fn events(self) -> u64 {
        self.visits + self.packages + self.payments + self.reservations
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} clients, {} visits, {} packages, {} payments, {} reservations",
            self.clients, self.visits, self.packages, self.payments, self.reservations
        )
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A client, some far more often than others, a fifth once or twice, a tenth never.
    fn client(&mut self, clients: u64) -> i64 {
        let share = match self.below(250) {
            0 => 0.7 + 0.2 * self.share(),
            _ => 0.7 * self.share().powf(2.5),
        };
        let place = (share * clients as f64) as u64;
        // The most faithful clients are not the oldest: spread them over the keys.
        (place * 7_919 % clients) as i64 + 1
    }
}

pub fn write(path: &Path, size: &Size) {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;
             CREATE TABLE studios (id INTEGER PRIMARY KEY, name TEXT, network_id INTEGER);
             CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT, email TEXT, birthday TEXT, studio_id INTEGER, signed_up_at DATETIME);
             CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INTEGER, attended_at DATETIME, class TEXT, is_intro BOOLEAN);
             CREATE TABLE packages (id INTEGER PRIMARY KEY, client_id INTEGER, product TEXT, purchased_at DATETIME, expires_at TEXT, total_count INTEGER, used_count INTEGER, is_intro BOOLEAN);
             CREATE TABLE payments (id INTEGER PRIMARY KEY, client_id INTEGER, paid_at DATETIME, amount REAL, method TEXT);
             CREATE TABLE reservations (id INTEGER PRIMARY KEY, client_id INTEGER, reserved_at DATETIME, source TEXT, status TEXT);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)
               INSERT INTO studios SELECT i, 'Studio ' || i, 1 + i % 2 FROM n;",
        )
        .unwrap();
    let mut random = Random(42);
    clients(&connection, size, &mut random);
    visits(&connection, size, &mut random);
    packages(&connection, size, &mut random);
    payments(&connection, size, &mut random);
    reservations(&connection, size, &mut random);
    connection.execute_batch("COMMIT").unwrap();
}

fn payments(connection: &Connection, size: &Size, random: &mut Random) {
    let mut insert = connection
        .prepare("INSERT INTO payments VALUES (?, ?, ?, ?, ?)")
        .unwrap();
    let mut times = Times::default();
    for id in 0..size.payments {
        let method = ["card", "cash", "invoice"][random.below(3) as usize];
        let amount = (random.below(30_000) as f64 - 1_500.0) / 100.0;
        let client = random.client(size.clients);
        insert
            .execute(params![
                id as i64 + 1,
                client,
                times.write(when(id, size.payments)),
                amount,
                method
            ])
            .unwrap();
    }
}

fn reservations(connection: &Connection, size: &Size, random: &mut Random) {
    let mut insert = connection
        .prepare("INSERT INTO reservations VALUES (?, ?, ?, ?, ?)")
        .unwrap();
    let mut times = Times::default();
    for id in 0..size.reservations {
        let source = ["web", "app", "ClassPass", "desk"][random.below(4) as usize];
        let client = random.client(size.clients / 40 + 1);
        insert
            .execute(params![
                id as i64 + 1,
                client,
                times.write(when(id, size.reservations)),
                source,
                if id % 7 == 0 { "cancelled" } else { "kept" }
            ])
            .unwrap();
    }
}

fn clients(connection: &Connection, size: &Size, random: &mut Random) {
    let mut insert = connection
        .prepare("INSERT INTO clients VALUES (?, ?, ?, ?, ?, ?)")
        .unwrap();
    let (mut birth, mut signed_up) = (Times::default(), Times::default());
    for id in 0..size.clients {
        let name = format!("Client {:06}", id * 7_919 % 1_000_003);
        let email = format!("client{id}@example.com");
        let born = START - (18 * 365 + random.below(50 * 365) as i64) * 86_400;
        let studio = random.below(12) as i64 + 1;
        insert
            .execute(params![
                id as i64 + 1,
                name,
                email,
                &birth.write(born)[..10],
                studio,
                signed_up.write(when(id, size.clients))
            ])
            .unwrap();
    }
}

fn visits(connection: &Connection, size: &Size, random: &mut Random) {
    let mut insert = connection
        .prepare("INSERT INTO visits VALUES (?, ?, ?, ?, ?)")
        .unwrap();
    let mut times = Times::default();
    for id in 0..size.visits {
        let class = ["yoga", "pilates", "spin", "boxing", "barre"][random.below(5) as usize];
        let client = random.client(size.clients);
        let intro = random.below(20) == 0;
        insert
            .execute(params![
                id as i64 + 1,
                client,
                times.write(when(id, size.visits)),
                class,
                intro
            ])
            .unwrap();
    }
}

fn packages(connection: &Connection, size: &Size, random: &mut Random) {
    let mut insert = connection
        .prepare("INSERT INTO packages VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .unwrap();
    let (mut purchase, mut expiry) = (Times::default(), Times::default());
    for id in 0..size.packages {
        let bought = when(id, size.packages);
        let days = [30, 90, 365][random.below(3) as usize];
        let total = [5, 10, 20][random.below(3) as usize];
        let used = random.below(total + 1) as i64;
        let intro = random.below(5) == 0;
        let client = random.client(size.clients);
        insert
            .execute(params![
                id as i64 + 1,
                client,
                "package",
                purchase.write(bought),
                expiry.write(bought + days * 86_400),
                total as i64,
                used,
                intro
            ])
            .unwrap();
    }
}

/// The time of the n-th of `of` things that are spread over three years.
fn when(n: u64, of: u64) -> i64 {
    START + (SECONDS * n / of) as i64
}

/// Writes local times without an offset. Of times in order each day is worked out once.
#[derive(Default)]
struct Times {
    day: Option<i64>,
    date: String,
    text: String,
}

impl Times {
    fn write(&mut self, seconds: i64) -> &str {
        use std::fmt::Write;
        let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        if self.day != Some(day) {
            let at = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
            self.date = at.format("%Y-%m-%d").to_string();
            self.day = Some(day);
        }
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        self.text.clear();
        write!(self.text, "{}T{hour:02}:{minute:02}:{second:02}", self.date).unwrap();
        &self.text
    }
}
