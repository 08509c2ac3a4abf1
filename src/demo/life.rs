//! Simulates a client day by day, from the first visit to the day before the demo's.

use chrono::{Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime};

use super::calendar::{DayPart, Timetable, busyness};
use super::events::{Life, Package, Payment, Reservation, Visit};
use super::people::{Path, Person};
use super::products::{Kind, Product};
use super::random::Random;

/// Simulates a client's history up to, but not including, `date`.
pub fn live(person: &Person, date: NaiveDate, timetable: &Timetable, random: &mut Random) -> Life {
    let mut living = Living {
        person,
        date,
        timetable,
        random,
        is_fading: false,
        life: Life::default(),
    };
    living.go_through_the_days();
    living.look_back();
    living.life
}

struct Living<'a> {
    person: &'a Person,
    date: NaiveDate,
    timetable: &'a Timetable,
    random: &'a mut Random,
    /// Whether the client is in the last weeks before leaving, with fewer visits and more cancellations.
    is_fading: bool,
    life: Life,
}

/// The number of days for which regulars come less often before they leave.
const FADES: i64 = 50;

impl Living<'_> {
    fn go_through_the_days(&mut self) {
        let person = self.person;
        if person.path == Path::Lead {
            return;
        }
        // Some buy their first package at home, the others at the desk before their first class.
        if let Some(intro) = person.intro
            && person.path != Path::Guest
            && self.random.percent(55)
        {
            self.buy(intro, person.known);
        }
        let mut pace = 100;
        for day in 0..=person.stays {
            let Some(today) = after(person.known.date(), person.waits + day) else {
                return;
            };
            if today >= self.date {
                self.look_ahead();
                return;
            }
            // Everybody is more active at some times than at others.
            if day % 45 == 0 && day > 0 {
                pace = self.random.pick(&[35, 60, 80, 100, 100, 120, 150, 190]);
            }
            self.is_fading = person.path == Path::Regular && person.stays - day < FADES;
            let away = person
                .pause
                .is_some_and(|(from, days)| (from..from + days).contains(&day));
            if !away {
                self.renew(today);
                if day == 0 || self.comes(today, pace) {
                    self.visit(today);
                }
            }
        }
    }

    /// Whether the client comes on a day.
    fn comes(&mut self, today: NaiveDate, pace: i64) -> bool {
        let liked = self
            .person
            .likes
            .contains(&today.weekday().num_days_from_monday());
        // Preferred weekdays account for about four fifths of the visits.
        let liking = if liked { 260 } else { 36 };
        let pace = if self.is_fading { pace * 2 / 5 } else { pace };
        let in_million = self.person.weekly * pace * liking * busyness(today) / (7 * 10_000);
        self.random.chance(in_million.min(950_000))
    }

    /// Renews memberships automatically.
    fn renew(&mut self, today: NaiveDate) {
        let Some(last) = self.life.packages.last() else {
            return;
        };
        if last.product.kind == Kind::Membership && last.expires.date() < today {
            let product = last.product;
            let early = Duration::minutes(self.random.between(5 * 60, 6 * 60 - 1));
            self.buy(product, today.and_time(NaiveTime::MIN) + early);
        }
    }

    fn visit(&mut self, today: NaiveDate) {
        if busyness(today) == 0 {
            return;
        }
        let person = self.person;
        let class = self
            .timetable
            .choose(person.studio, today, person.part, self.random);
        let begins = today.and_time(class.starts);
        let at = begins - Duration::minutes(self.random.between(-2, 14));
        if person.path == Path::Guest {
            let cancelled = self.random.percent(12) && !self.life.visits.is_empty();
            self.reserve(
                begins,
                class.id,
                "ClassPass",
                if cancelled { "cancelled" } else { "attended" },
            );
            if !cancelled {
                self.came(at, class.id, None);
            }
            return;
        }
        let is_booked = self.random.percent(30);
        let source = self.random.weighted(&[(70, "App"), (30, "Website")]);
        let cancels = if self.is_fading { 35 } else { 5 };
        if is_booked && !self.life.visits.is_empty() && self.random.percent(cancels) {
            self.reserve(begins, class.id, source, "cancelled");
            return;
        }
        let Some(package) = self.package(at) else {
            return;
        };
        if is_booked {
            self.reserve(begins, class.id, source, "attended");
        }
        self.came(at, class.id, Some(package));
    }

    fn came(&mut self, at: NaiveDateTime, class: i64, package: Option<usize>) {
        self.life.visits.push(Visit { at, class, package });
        if self.random.percent(2) {
            let cents = self
                .random
                .weighted(&[(50, 450), (30, 1_400), (14, 3_600), (6, 7_200)]);
            self.pay(at + Duration::minutes(75), cents, None);
        }
    }

    /// A valid package, bought if necessary; `None` for a member who has used up this month's visits and waits for the
    /// next month.
    fn package(&mut self, at: NaiveDateTime) -> Option<usize> {
        let last = self.life.packages.last();
        let valid = last.is_some_and(|package| package.expires >= at);
        let full = last.is_some_and(|package| package.product.visits == Some(package.used));
        if valid && full && last.is_some_and(|package| package.product.kind == Kind::Membership) {
            return None;
        }
        if !valid || full {
            let newcomer = last.is_none();
            let product = match self.person.intro {
                Some(intro) if newcomer => intro,
                // Trial clients stop when the offer ends.
                Some(_) if self.person.path == Path::Trial => return None,
                _ => self.person.product,
            };
            let before = Duration::minutes(self.random.between(5, 45));
            self.buy(product, at - before);
        }
        let last = self.life.packages.last_mut()?;
        last.used += 1;
        Some(self.life.packages.len() - 1)
    }

    fn buy(&mut self, product: Product, at: NaiveDateTime) {
        let end_of_day = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default();
        self.life.packages.push(Package {
            product,
            bought: at,
            expires: product.last_day(at.date()).and_time(end_of_day),
            used: 0,
        });
        let package = Some(self.life.packages.len() - 1);
        self.pay(at, product.price, package);
        if self.random.chance(12_000) {
            let share = self.random.pick(&[25, 50, 50, 100]);
            let back = at + Duration::minutes(self.random.between(24 * 60, 9 * 24 * 60));
            self.pay(back, -product.price * share / 100, package);
        }
    }

    fn pay(&mut self, at: NaiveDateTime, cents: i64, package: Option<usize>) {
        if at.date() < self.date {
            self.life.payments.push(Payment { at, cents, package });
        }
    }

    fn reserve(
        &mut self,
        class_at: NaiveDateTime,
        class: i64,
        source: &'static str,
        status: &'static str,
    ) {
        let ahead = Duration::minutes(self.random.between(90, 3 * 24 * 60));
        let unknown = self.person.path != Path::Guest && class_at - ahead < self.person.known;
        if !unknown {
            self.life.reservations.push(Reservation {
                class_at,
                ahead,
                class,
                source,
                status,
            });
        }
    }

    /// Reservations of active clients for the coming week.
    fn look_ahead(&mut self) {
        if self.life.visits.is_empty() || self.random.percent(65) {
            return;
        }
        let Some(day) = after(self.date, self.random.between(0, 6)) else {
            return;
        };
        if busyness(day) == 0 {
            return;
        }
        let person = self.person;
        let class = self
            .timetable
            .choose(person.studio, day, DayPart::Evening, self.random);
        let class_at = day.and_time(class.starts);
        // Two extra hours before the demo's midnight, so that a clock change moves none past it.
        let to_midnight = class_at - self.date.and_time(NaiveTime::MIN);
        let source = if person.path == Path::Guest {
            "ClassPass"
        } else {
            "App"
        };
        self.life.reservations.push(Reservation {
            class_at,
            ahead: to_midnight + Duration::minutes(self.random.between(2 * 60, 12 * 60)),
            class: class.id,
            source,
            status: "booked",
        });
    }

    /// Signs of leaving, and complaints, which are more frequent before leaving.
    fn look_back(&mut self) {
        let Some(last) = self.life.visits.last().map(|visit| visit.at) else {
            return;
        };
        let gone = (self.date - last.date()).num_days();
        let left = gone > 60 && self.person.path != Path::Guest;
        if self.random.percent(if left { 18 } else { 4 }) {
            let reason = self.random.weighted(&[
                (30, "Class full"),
                (24, "Billing"),
                (16, "Instructor"),
                (12, "Cleanliness"),
                (10, "App"),
                (8, "Heating"),
            ]);
            let at = last + Duration::minutes(self.random.between(60, 6 * 60));
            if at.date() < self.date {
                self.life.complaints.push((at, reason));
            }
        }
        // The desk closes the accounts of those who tried an offer and never bought again; of the others, half do it
        // themselves.
        let mut packages = self.life.packages.iter();
        let only_tried = packages.all(|package| package.product.kind == Kind::Intro);
        let closes = if only_tried { 100 } else { 50 };
        if left && self.random.percent(closes) {
            self.life.closed_on =
                after(last.date(), self.random.between(10, 60)).filter(|day| *day < self.date);
        }
    }
}

fn after(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    day.checked_add_days(Days::new(u64::try_from(days).ok()?))
}
