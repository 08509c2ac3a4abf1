//! The demo as the tables that config.yaml names.

mod cells;
mod order;

use chrono_tz::Tz;

use self::cells::{client_key, day, moment, money, table, text, truth, universal, zulu};
use self::order::Places;
use super::calendar::{Timetable, weekday_name};
use super::events::{Life, Reservation};
use super::people::{Path, Person};
use super::products::Kind;
use crate::engine::OwnedCell;
use crate::store::TableData;

/// The networks: key and name.
const NETWORKS: [(i64, &str); 2] = [(1, "Lumen Fitness"), (2, "Northside Movement")];

/// The studios: name, city, network, and the percentage of clients with this home studio. Keys start at 1.
const STUDIOS: [(&str, &str, i64, i64); 5] = [
    ("Soho", "New York", 1, 29),
    ("Brooklyn Heights", "Brooklyn", 1, 22),
    ("Hoboken", "Hoboken", 1, 13),
    ("Astoria", "Queens", 2, 21),
    ("Harlem", "New York", 2, 15),
];

/// The keys of the studios, each preceded by its percentage of clients.
pub fn homes() -> Vec<(i64, i64)> {
    (1..)
        .zip(STUDIOS)
        .map(|(id, (_, _, _, share))| (share, id))
        .collect()
}

/// All data as tables, in dependency order.
pub fn tables(people: &[(Person, Life)], timetable: &Timetable, zone: Tz) -> Vec<TableData> {
    let packages = Places::new(people, |life| {
        life.packages.iter().map(|p| p.bought).collect()
    });
    vec![
        networks(),
        studios(),
        classes(timetable),
        clients(people),
        package_table(people, &packages),
        visits(people, &packages),
        payments(people, &packages),
        reservations(people, zone),
        complaints(people),
    ]
}

fn networks() -> TableData {
    let rows = NETWORKS
        .iter()
        .map(|(id, name)| vec![OwnedCell::Integer(*id), text(*name)])
        .collect();
    table(
        "networks",
        &[("id", "INTEGER PRIMARY KEY"), ("name", "TEXT NOT NULL")],
        rows,
    )
}

fn studios() -> TableData {
    let rows = (1..)
        .zip(STUDIOS)
        .map(|(id, (name, city, network, _))| {
            vec![
                OwnedCell::Integer(id),
                text(name),
                text(city),
                OwnedCell::Integer(network),
            ]
        })
        .collect();
    table(
        "studios",
        &[
            ("id", "INTEGER PRIMARY KEY"),
            ("name", "TEXT NOT NULL"),
            ("city", "TEXT NOT NULL"),
            ("network_id", "INTEGER NOT NULL REFERENCES networks"),
        ],
        rows,
    )
}

fn classes(timetable: &Timetable) -> TableData {
    let rows = timetable
        .classes()
        .map(|class| {
            vec![
                OwnedCell::Integer(class.id),
                OwnedCell::Integer(class.studio),
                text(class.name),
                text(class.category),
                text(weekday_name(class.weekday)),
                text(class.starts.format("%H:%M").to_string()),
            ]
        })
        .collect();
    table(
        "classes",
        &[
            ("id", "INTEGER PRIMARY KEY"),
            ("studio_id", "INTEGER NOT NULL REFERENCES studios"),
            ("name", "TEXT NOT NULL"),
            ("category", "TEXT NOT NULL"),
            ("weekday", "TEXT NOT NULL"),
            ("starts", "TEXT NOT NULL"),
        ],
        rows,
    )
}

fn clients(people: &[(Person, Life)]) -> TableData {
    let rows = people
        .iter()
        .enumerate()
        .map(|(client, (person, life))| {
            vec![
                client_key(client),
                text(person.name.as_str()),
                text(person.email.as_str()),
                person.phone.as_deref().map_or(OwnedCell::Null, text),
                person.birthday.map_or(OwnedCell::Null, day),
                OwnedCell::Integer(person.studio),
                // Guests of a booking partner never signed up with the studio itself.
                if person.path == Path::Guest {
                    OwnedCell::Null
                } else {
                    moment(person.known)
                },
                text(client_type(person, life)),
                text(person.channel),
                life.closed_on.map_or(OwnedCell::Null, day),
            ]
        })
        .collect();
    table(
        "clients",
        &[
            ("id", "INTEGER PRIMARY KEY"),
            ("name", "TEXT NOT NULL"),
            ("email", "TEXT NOT NULL"),
            ("phone", "TEXT"),
            ("birthday", "TEXT"),
            ("studio_id", "INTEGER NOT NULL REFERENCES studios"),
            ("signed_up_at", "DATETIME"),
            ("client_type", "TEXT NOT NULL"),
            ("acquisition_channel", "TEXT NOT NULL"),
            ("closed_on", "DATE"),
        ],
        rows,
    )
}

fn client_type(person: &Person, life: &Life) -> &'static str {
    if person.path == Path::Guest {
        return "guest";
    }
    if life.visits.is_empty() {
        return "lead";
    }
    match life.packages.last().map(|package| package.product.kind) {
        Some(Kind::Membership) => "member",
        Some(Kind::Intro) => "trial",
        _ => "drop-in",
    }
}

fn package_table(people: &[(Person, Life)], packages: &Places) -> TableData {
    let rows = packages.rows(people, |_, _, life, own| {
        let package = life.packages.get(own)?;
        let product = package.product;
        Some(vec![
            text(product.name),
            text(product.kind.text()),
            truth(product.kind == Kind::Intro),
            text(product.invoice_period),
            money(product.price),
            product.visits.map_or(OwnedCell::Null, OwnedCell::Integer),
            OwnedCell::Integer(package.used),
            moment(package.bought),
            moment(package.expires),
        ])
    });
    table(
        "packages",
        &[
            ("id", "INTEGER PRIMARY KEY"),
            ("client_id", "INTEGER NOT NULL REFERENCES clients"),
            ("product", "TEXT NOT NULL"),
            ("kind", "TEXT NOT NULL"),
            ("is_intro", "BOOLEAN NOT NULL"),
            ("invoice_period", "TEXT NOT NULL"),
            ("price", "DECIMAL(10,2) NOT NULL"),
            ("total_count", "INTEGER"),
            ("used_count", "INTEGER NOT NULL"),
            ("purchased_at", "DATETIME NOT NULL"),
            ("expires_at", "TEXT NOT NULL"),
        ],
        rows,
    )
}

fn visits(people: &[(Person, Life)], packages: &Places) -> TableData {
    let visits = Places::new(people, |life| {
        life.visits.iter().map(|visit| visit.at).collect()
    });
    let rows = visits.rows(people, |client, _, life, own| {
        let visit = life.visits.get(own)?;
        let package = visit.package.and_then(|place| life.packages.get(place));
        Some(vec![
            OwnedCell::Integer(visit.class),
            packages.key(client, visit.package),
            text(if package.is_some() {
                "Direct"
            } else {
                "ClassPass"
            }),
            truth(package.is_some_and(|package| package.product.kind == Kind::Intro)),
            moment(visit.at),
        ])
    });
    table(
        "visits",
        &[
            ("id", "INTEGER PRIMARY KEY"),
            ("client_id", "INTEGER NOT NULL REFERENCES clients"),
            ("class_id", "INTEGER NOT NULL REFERENCES classes"),
            ("package_id", "INTEGER REFERENCES packages"),
            ("source", "TEXT NOT NULL"),
            ("is_intro", "BOOLEAN NOT NULL"),
            ("attended_at", "DATETIME NOT NULL"),
        ],
        rows,
    )
}

fn payments(people: &[(Person, Life)], packages: &Places) -> TableData {
    let payments = Places::new(people, |life| {
        life.payments.iter().map(|payment| payment.at).collect()
    });
    let rows = payments.rows(people, |client, person, life, own| {
        let payment = life.payments.get(own)?;
        Some(vec![
            packages.key(client, payment.package),
            money(payment.cents),
            text(person.method),
            text(if payment.cents < 0 {
                "refunded"
            } else {
                "paid"
            }),
            moment(payment.at),
        ])
    });
    table(
        "payments",
        &[
            ("id", "INTEGER PRIMARY KEY"),
            ("client_id", "INTEGER NOT NULL REFERENCES clients"),
            ("package_id", "INTEGER REFERENCES packages"),
            ("amount", "REAL NOT NULL"),
            ("method", "TEXT NOT NULL"),
            ("status", "TEXT NOT NULL"),
            ("paid_at", "DATETIME NOT NULL"),
        ],
        rows,
    )
}

fn reservations(people: &[(Person, Life)], zone: Tz) -> TableData {
    let made = |reservation: &Reservation| reservation.class_at - reservation.ahead;
    let reservations = Places::new(people, |life| life.reservations.iter().map(made).collect());
    let rows = reservations.rows(people, |_, _, life, own| {
        let reservation = life.reservations.get(own)?;
        let class_at = universal(reservation.class_at, zone);
        Some(vec![
            OwnedCell::Integer(reservation.class),
            text(reservation.source),
            text(reservation.status),
            text(zulu(class_at - reservation.ahead)),
            text(zulu(class_at)),
        ])
    });
    table(
        "reservations",
        &[
            ("id", "INTEGER PRIMARY KEY"),
            ("client_id", "INTEGER NOT NULL REFERENCES clients"),
            ("class_id", "INTEGER NOT NULL REFERENCES classes"),
            ("source", "TEXT NOT NULL"),
            ("status", "TEXT NOT NULL"),
            ("reserved_at", "DATETIME NOT NULL"),
            ("class_at", "DATETIME NOT NULL"),
        ],
        rows,
    )
}

fn complaints(people: &[(Person, Life)]) -> TableData {
    let complaints = Places::new(people, |life| {
        life.complaints.iter().map(|(at, _)| *at).collect()
    });
    let rows = complaints.rows(people, |_, _, life, own| {
        let (at, reason) = life.complaints.get(own)?;
        Some(vec![text(*reason), moment(*at)])
    });
    table(
        "complaints",
        &[
            ("id", "INTEGER PRIMARY KEY"),
            ("client_id", "INTEGER NOT NULL REFERENCES clients"),
            ("reason", "TEXT NOT NULL"),
            ("made_at", "DATETIME NOT NULL"),
        ],
        rows,
    )
}
