//! When clients come: seasons, weekdays, and the timetable of classes.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike, Weekday};

use super::random::Random;

/// How busy each month is, starting with January, in percent of an average one: new year's resolutions, a summer dip.
const MONTHS: [i64; 12] = [128, 112, 106, 101, 97, 90, 77, 72, 104, 106, 95, 80];

/// How busy each weekday is, starting with Monday, in percent.
const WEEKDAYS: [i64; 7] = [114, 118, 113, 108, 82, 105, 75];

/// How busy the studios are in a month, in percent of an average month.
pub fn season(day: NaiveDate) -> i64 {
    let month = usize::try_from(day.month0()).unwrap_or(0);
    MONTHS.get(month).copied().unwrap_or(100)
}

/// How busy the studios are on a day, in hundredths of a percent; 0 on the two days they are closed.
pub fn busyness(day: NaiveDate) -> i64 {
    if matches!((day.month(), day.day()), (12, 25) | (1, 1)) {
        return 0;
    }
    let weekday = usize::try_from(day.weekday().num_days_from_monday()).unwrap_or(0);
    season(day) * WEEKDAYS.get(weekday).copied().unwrap_or(100)
}

/// The part of the day that a client prefers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DayPart {
    /// Before work.
    Early,
    /// Around noon.
    Midday,
    /// After work.
    #[default]
    Evening,
}

/// One weekly class of one studio.
#[derive(Debug, Clone, Copy, Default)]
pub struct Class {
    /// Its key.
    pub id: i64,
    /// Its name.
    pub name: &'static str,
    /// Its category.
    pub category: &'static str,
    /// The key of its studio.
    pub studio: i64,
    /// The weekday, with Monday as 0.
    pub weekday: u32,
    /// The start, in local time.
    pub starts: NaiveTime,
}

/// Every class of every studio.
pub struct Timetable {
    by_day: BTreeMap<(i64, u32), Vec<Class>>,
}

const OFFERS: [(&str, &str); 14] = [
    ("Vinyasa Flow", "Yoga"),
    ("Slow Flow", "Yoga"),
    ("Power Yoga", "Yoga"),
    ("Yin & Restore", "Yoga"),
    ("Reformer Foundations", "Pilates"),
    ("Reformer Sculpt", "Pilates"),
    ("Mat Pilates", "Pilates"),
    ("Rhythm Ride", "Cycling"),
    ("Endurance Ride", "Cycling"),
    ("HIIT Express", "HIIT"),
    ("Strength Circuit", "HIIT"),
    ("Barre Basics", "Barre"),
    ("Barre Burn", "Barre"),
    ("Boxing Fundamentals", "Boxing"),
];

const WORKDAY: [(u32, u32); 7] = [
    (6, 30),
    (7, 30),
    (9, 0),
    (12, 15),
    (17, 30),
    (18, 30),
    (19, 45),
];
const WEEKEND: [(u32, u32); 4] = [(8, 30), (9, 45), (11, 0), (16, 30)];

impl Timetable {
    /// The timetable for the given studios: their keys, each preceded by its share of the clients.
    pub fn new(studios: &[(i64, i64)], random: &mut Random) -> Self {
        let mut by_day: BTreeMap<(i64, u32), Vec<Class>> = BTreeMap::new();
        let mut id = 0;
        for &(_, studio) in studios {
            for weekday in 0..7 {
                let starts: &[(u32, u32)] = if weekday < 5 { &WORKDAY } else { &WEEKEND };
                for &(hour, minute) in starts {
                    id += 1;
                    let (name, category) = random.pick(&OFFERS);
                    by_day.entry((studio, weekday)).or_default().push(Class {
                        id,
                        name,
                        category,
                        studio,
                        weekday,
                        starts: NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default(),
                    });
                }
            }
        }
        Self { by_day }
    }

    /// The classes, in key order.
    pub fn classes(&self) -> impl Iterator<Item = &Class> {
        self.by_day.values().flatten()
    }

    /// The class that a client takes at a studio on a day: four times in five in the preferred part of the day.
    pub fn choose(&self, studio: i64, day: NaiveDate, part: DayPart, random: &mut Random) -> Class {
        let weekday = day.weekday().num_days_from_monday();
        let classes = self
            .by_day
            .get(&(studio, weekday))
            .map_or(&[][..], Vec::as_slice);
        if random.percent(80) {
            let liked: Vec<Class> = classes
                .iter()
                .filter(|class| class.part() == part)
                .copied()
                .collect();
            if !liked.is_empty() {
                return random.pick(&liked);
            }
        }
        random.pick(classes)
    }
}

impl Class {
    fn part(&self) -> DayPart {
        match self.starts.hour() {
            0..=8 => DayPart::Early,
            9..=12 => DayPart::Midday,
            _ => DayPart::Evening,
        }
    }
}

/// The short English name of a weekday.
pub fn weekday_name(weekday: u32) -> String {
    u8::try_from(weekday)
        .ok()
        .and_then(|number| Weekday::try_from(number).ok())
        .map_or_else(String::new, |weekday| weekday.to_string())
}
