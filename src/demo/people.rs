//! The clients before anything happens: names, habits, and how long they will stay.

use chrono::{Datelike, Days, Duration, NaiveDate, NaiveDateTime};

use super::calendar::{DayPart, season};
use super::names;
use super::products::{INTROS, PACK, Product, REGULAR, SINGLE, UNLIMITED};
use super::random::Random;

/// The number of days that the studios have been open.
const HISTORY: i64 = 3 * 365;

/// The length of stay of those who come only once.
const ONCE: i64 = 1;

/// The kind of client that a person turns out to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Path {
    /// Signs up but never comes.
    #[default]
    Lead,
    /// Comes through a booking partner but never signs up.
    Guest,
    /// Tries the intro offer and leaves.
    Trial,
    /// Stays.
    Regular,
}

/// One client.
#[derive(Debug, Clone)]
pub struct Person {
    /// The full name.
    pub name: String,
    /// An e-mail address that belongs to nobody.
    pub email: String,
    /// A telephone number that belongs to nobody.
    pub phone: Option<String>,
    /// The date of birth, if known.
    pub birthday: Option<NaiveDate>,
    /// The key of the home studio.
    pub studio: i64,
    /// The kind of client.
    pub path: Path,
    /// How they heard of the studio.
    pub channel: &'static str,
    /// When they were first recorded.
    pub known: NaiveDateTime,
    /// The number of days until the first visit.
    pub waits: i64,
    /// The number of days between first and last visit.
    pub stays: i64,
    /// A break: the days from the first visit to its start, and its length in days.
    pub pause: Option<(i64, i64)>,
    /// The number of visits in a hundred average weeks.
    pub weekly: i64,
    /// The two preferred weekdays, with Monday as 0.
    pub likes: [u32; 2],
    /// The preferred part of the day.
    pub part: DayPart,
    /// The introductory product.
    pub intro: Option<Product>,
    /// The regular product.
    pub product: Product,
    /// The payment method.
    pub method: &'static str,
}

impl Person {
    /// Client number `index` of the studios as of `date`: the same person for every date, known for about the same
    /// number of days.
    pub fn new(index: u64, date: NaiveDate, studios: &[(i64, i64)], random: &mut Random) -> Self {
        let path = random.weighted(&[
            (14, Path::Lead),
            (16, Path::Guest),
            (24, Path::Trial),
            (46, Path::Regular),
        ]);
        let (given, family) = names::name(random);
        let stays = stays(path, random);
        let once = path == Path::Trial && stays == ONCE;
        let weekly = if once { 0 } else { weekly(path, random) };
        let intro = random.weighted(&INTROS.map(|(weight, product)| (weight, Some(product))));
        Self {
            email: email(&given, &family, random),
            name: format!("{given} {family}"),
            phone: phone(random),
            birthday: birthday(index, date, random),
            studio: random.weighted(studios),
            path,
            channel: channel(path, random),
            waits: random.weighted(&[(20, 1), (22, 2), (18, 3), (16, 4), (12, 6), (12, 8)]),
            stays,
            pause: pause(random),
            weekly,
            likes: likes(random),
            part: random.weighted(&[
                (24, DayPart::Early),
                (18, DayPart::Midday),
                (58, DayPart::Evening),
            ]),
            // Most who come only once pay for a single visit.
            intro: intro.filter(|_| random.percent(if once { 3 } else { 76 })),
            product: product(weekly, random),
            method: random.weighted(&[
                (64, "Card"),
                (20, "Apple Pay"),
                (9, "Bank transfer"),
                (7, "Cash"),
            ]),
            // Comes last, because the number of draws depends on the date.
            known: known(date, random),
        }
    }
}

fn email(given: &str, family: &str, random: &mut Random) -> String {
    let number = random.between(2, 99);
    let number = if random.percent(35) {
        number.to_string()
    } else {
        String::new()
    };
    let domain = random.pick(&["example.com", "example.org", "example.net"]);
    format!("{}{number}@{domain}", names::address(given, family))
}

/// Numbers from 555-0100 to 555-0199 are reserved for fiction.
fn phone(random: &mut Random) -> Option<String> {
    let area = random.pick(&[212, 332, 347, 646, 718, 917, 929, 201]);
    let number = format!("+1 {area} 555 01{:02}", random.between(0, 99));
    random.percent(88).then_some(number)
}

/// A few are born on the demo's day and a few on 29 February, whatever the date is.
fn birthday(index: u64, date: NaiveDate, random: &mut Random) -> Option<NaiveDate> {
    let around = random.weighted(&[(22, 18), (38, 25), (24, 35), (12, 46), (4, 58)]);
    let year = date.year() - around - i32::try_from(random.between(0, 12)).unwrap_or(0);
    let day_of_year = random.between(1, 365);
    let unknown = random.percent(6);
    let leap_year = year - year.rem_euclid(4);
    if index % 500 == 7 {
        let (month, day) = (date.month(), date.day());
        return NaiveDate::from_ymd_opt(year, month, day)
            .or_else(|| NaiveDate::from_ymd_opt(leap_year, month, day));
    }
    if index % 487 == 13 {
        return NaiveDate::from_ymd_opt(leap_year, 2, 29);
    }
    NaiveDate::from_yo_opt(year, u32::try_from(day_of_year).unwrap_or(1)).filter(|_| !unknown)
}

fn channel(path: Path, random: &mut Random) -> &'static str {
    let heard = random.weighted(&[
        (30, "Friend"),
        (24, "Instagram"),
        (20, "Google"),
        (14, "Walk-in"),
        (7, "Corporate"),
        (5, "ClassPass"),
    ]);
    if path == Path::Guest {
        "ClassPass"
    } else {
        heard
    }
}

/// The length of stay by kind of client: weeks for trials, months or years for regulars.
fn stays(path: Path, random: &mut Random) -> i64 {
    let (low, high) = match path {
        Path::Lead => (0, 0),
        Path::Trial => random.weighted(&[(35, (ONCE, ONCE)), (65, (9, 30))]),
        Path::Guest => {
            random.weighted(&[(25, (ONCE, ONCE)), (35, (20, 150)), (40, (150, HISTORY))])
        }
        Path::Regular => random.weighted(&[
            (30, (30, 120)),
            (36, (120, 420)),
            (22, (420, 900)),
            (12, (2 * HISTORY, 2 * HISTORY)),
        ]),
    };
    random.between(low, high)
}

fn pause(random: &mut Random) -> Option<(i64, i64)> {
    let pause = (random.between(50, 400), random.between(35, 130));
    random.percent(16).then_some(pause)
}

fn weekly(path: Path, random: &mut Random) -> i64 {
    let (low, high) = match path {
        Path::Lead => (0, 0),
        Path::Trial => (150, 320),
        Path::Guest => random.weighted(&[(78, (12, 65)), (22, (130, 260))]),
        Path::Regular => random.weighted(&[
            (30, (40, 100)),
            (40, (100, 200)),
            (22, (200, 340)),
            (8, (340, 520)),
        ]),
    };
    random.between(low, high)
}

fn likes(random: &mut Random) -> [u32; 2] {
    let one = random.pick(&[0, 1, 2, 3, 5]);
    [one, (one + random.pick(&[1, 2, 3, 4, 5, 6])) % 7]
}

/// Frequent visitors soon find out which product is cheaper.
fn product(weekly: i64, random: &mut Random) -> Product {
    let product = random.weighted(&REGULAR);
    if weekly == 0 {
        return SINGLE;
    }
    match product.visits {
        Some(1) if weekly > 80 => PACK,
        Some(8) if weekly > 230 => UNLIMITED,
        _ => product,
    }
}

/// A day before the demo's, more likely in busy months, since many people sign up in January.
fn known(date: NaiveDate, random: &mut Random) -> NaiveDateTime {
    let mut day = date;
    for _ in 0..20 {
        let ago = u64::try_from(random.between(1, HISTORY)).unwrap_or(1);
        day = date.checked_sub_days(Days::new(ago)).unwrap_or(date);
        if random.between(0, 130) < season(day) {
            break;
        }
    }
    let minutes = Duration::minutes(random.between(7 * 60, 22 * 60 - 1));
    day.and_time(chrono::NaiveTime::MIN) + minutes
}
