//! Who is segmented, and by what they did.

use std::cmp::Reverse;

use super::amount::amounts;
use super::data::{Data, Guessed};
use super::names::{Names, plain};
use super::people::{People, people};
use super::tables::{Seen, share, tables};
use super::text::in_line;
use super::time::{Times, times};
use super::words::{is_among, singular, words};
use super::{Refused, Wishes};
use crate::catalog::{Stamp, column_type};
use crate::config::HEALTH;

pub(super) struct Guess {
    pub(super) subject: Subject,
    /// The tables of what they did: the one that tells most first.
    pub(super) collections: Vec<Collection>,
    /// Whether the people's own table has a column by the name of the score: then there is none.
    pub(super) has_health: bool,
    /// Names that rules cannot give to anything else.
    pub(super) taken: Vec<String>,
}

impl Guess {
    /// What the first rules are about: the collection that tells most, where its rows have a time.
    pub(super) fn main(&self) -> Option<&Collection> {
        self.collections.first().filter(|rows| rows.tells_when())
    }

    /// What was decided, and what else there is, for people.
    pub(super) fn told(&self) -> Vec<String> {
        let subject = &self.subject;
        let label = match &subject.label {
            Some(label) => format!("called by `{}`", in_line(label)),
            None => "called by the key: no column tells them apart by name".to_owned(),
        };
        let people = format!(
            "{}: the people, by `{}`, {label}",
            in_line(&subject.table),
            in_line(&subject.key)
        );
        let collections = self.collections.iter().map(Collection::told);
        std::iter::once(people).chain(collections).collect()
    }
}

/// The table of people.
pub(super) struct Subject {
    pub(super) name: String,
    pub(super) table: String,
    pub(super) key: String,
    pub(super) label: Option<String>,
    pub(super) types: Vec<(String, &'static str)>,
    /// The column that says since when somebody is gone.
    pub(super) gone: Option<String>,
}

/// A table that points at the people.
pub(super) struct Collection {
    /// What rules call it.
    pub(super) name: String,
    pub(super) table: String,
    pub(super) subject: String,
    pub(super) times: Times,
    pub(super) types: Vec<(String, &'static str)>,
    pub(super) amount: Option<String>,
    /// The column that says what became of a row: paid, refunded, cancelled.
    pub(super) status: Option<String>,
    rows: u64,
    /// It has a column `at` that is not its time, and that rules would read instead.
    is_hidden: bool,
}

impl Collection {
    /// True where the amounts are given, not paid.
    pub(super) fn is_giving(&self) -> bool {
        let last = words(&self.table).pop().map(|word| singular(&word));
        last.is_some_and(|word| is_among(GIFTS, &word))
    }

    fn told(&self) -> String {
        let times = &self.times;
        let when = match (&times.at, &times.unread) {
            (Some(at), _) => format!("happened at `{}`", in_line(at)),
            (None, Some(reason)) => format!("no time to go by: {}", in_line(reason)),
            (None, None) => "no time, so no windows".to_owned(),
        };
        let also: Vec<String> = times
            .also
            .iter()
            .map(|name| format!("`{}`", in_line(name)))
            .collect();
        let also = match also.is_empty() {
            true => String::new(),
            false => format!(" (other times: {})", also.join(", ")),
        };
        let amount = self
            .amount
            .as_ref()
            .map(|amount| format!("; amounts in `{}`", in_line(amount)));
        format!(
            "{}: {when}{also}{}",
            in_line(&self.table),
            amount.unwrap_or_default()
        )
    }

    fn tells_when(&self) -> bool {
        self.times.at.is_some() && !self.is_hidden
    }

    /// Carts and quotes have amounts that nobody has paid.
    fn is_preliminary(&self) -> bool {
        words(&self.table)
            .iter()
            .any(|word| is_among(PRELIMINARY, &singular(word)))
    }
}

/// What is given, and not paid.
const GIFTS: &str = "donation gift contribution pledge spende";

const PRELIMINARY: &str = "cart quote estimate wishlist draft pledge";

const GONE: &str =
    "deleted_at closed_at closed_on archived_at cancelled_at deactivated_at left_at left_on";

const STATUSES: &str = "status state payment_status";

pub(super) fn guess(data: &Data, wishes: &Wishes, now: i64) -> Result<Guess, Refused> {
    let tables = tables(data);
    let People {
        place,
        key,
        label,
        pointers,
    } = people(data, &tables, wishes)?;
    let Some(of) = tables.get(place) else {
        return Err(Refused(Vec::new()));
    };
    let subject_name = Names::default().take(&singular(&plain(of.name)), "client");
    let columns = of.table.columns.iter().map(|column| column.name.as_str());
    let mut names = Names::beside(columns.chain([subject_name.as_str()]));
    let subject = Subject {
        name: subject_name.clone(),
        table: of.name.to_owned(),
        types: types(of, &[label.as_ref()]),
        key,
        label,
        gone: GONE
            .split(' ')
            .find_map(|gone| Some(of.column(gone)?.name.clone())),
    };
    let pointing: Vec<(&Seen<'_>, String)> = pointers
        .into_iter()
        .filter_map(|(place, column)| Some((tables.get(place)?, column)))
        .collect();
    let listed = pointing
        .iter()
        .filter(|(seen, _)| !is_repeated(seen, &pointing));
    let mut collections: Vec<Collection> = listed
        .map(|(seen, column)| collection(seen, column.clone(), (&subject.name, &mut names), now))
        .collect();
    // Rows with a time tell something, money tells more; of two alike, the fuller table does.
    collections.sort_by_key(|of| {
        let timed = of.tells_when();
        let paid = of.amount.is_some() && !of.is_preliminary();
        Reverse((timed && of.rows > 0, timed, paid, of.rows))
    });
    let columns = of
        .table
        .columns
        .iter()
        .map(|column| column.name.to_lowercase());
    let mut taken: Vec<String> = columns.chain([subject.name.clone()]).collect();
    let has_health = taken.iter().any(|name| name == HEALTH);
    taken.extend(collections.iter().map(|collection| collection.name.clone()));
    let main = collections
        .first()
        .and_then(|main| tables.iter().find(|seen| seen.name == main.table));
    taken.extend(main.iter().flat_map(|seen| {
        seen.table
            .columns
            .iter()
            .map(|column| column.name.to_lowercase())
    }));
    Ok(Guess {
        subject,
        collections,
        has_health,
        taken,
    })
}

/// A view of rows that are listed already.
fn is_repeated(seen: &Seen<'_>, pointing: &[(&Seen<'_>, String)]) -> bool {
    pointing
        .iter()
        .any(|(other, _)| other.name != seen.name && seen.is_made_of(other.name))
}

fn collection(
    seen: &Seen<'_>,
    subject: String,
    (who, names): (&str, &mut Names),
    now: i64,
) -> Collection {
    let times = times(seen, now);
    let name = plain(seen.name);
    let amounts = amounts(seen).into_iter().map(|amount| amount.column);
    // Inside `where` a column hides what else has its name.
    let hides = |amount: &String| {
        [who, HEALTH]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(amount))
    };
    let mut amounts = amounts.filter(|amount| !hides(amount));
    let amount = amounts.find(|amount| times.at.as_ref() != Some(amount));
    let mut types = types(seen, &[]);
    if let Some(at) = &times.at {
        types.retain(|(column, _)| column != at);
        // What SQLite stamps itself is in UTC, whatever the business's zone will be.
        if is_stamped(seen, at) {
            types.push((at.clone(), "utc"));
        } else if times.is_instant {
            types.push((at.clone(), "instant"));
        }
    }
    let is_other =
        |column: &str| column.eq_ignore_ascii_case("at") && times.at.as_deref() != Some(column);
    Collection {
        name: names.take(&name, &format!("{name}_rows")),
        table: seen.name.to_owned(),
        subject,
        is_hidden: seen
            .table
            .columns
            .iter()
            .any(|column| is_other(&column.name)),
        times,
        types,
        amount,
        status: STATUSES
            .split(' ')
            .find_map(|status| Some(seen.column(status)?.name.clone())),
        rows: seen.profile.rows,
    }
}

/// Types that a column's declaration does not tell: amounts, cents, times kept as text, and what columns
/// hold that declare nothing.
fn types(seen: &Seen<'_>, texts: &[Option<&String>]) -> Vec<(String, &'static str)> {
    let amounts = amounts(seen);
    let columns = seen.table.columns.iter();
    let typed = columns.filter_map(|column| {
        let name = column.name.to_lowercase();
        let declared = column.declared.to_uppercase();
        let text = declared.is_empty() || declared.contains("TEXT") || declared.contains("CHAR");
        let filled = seen.filled(&column.name);
        let dates = share(&filled, |cell| {
            cell.text()
                .is_some_and(|text| crate::time::read_date(text.as_bytes()).is_some())
        });
        let is_time = filled.is_empty() || dates >= 0.8;
        let amount = amounts.iter().find(|amount| amount.column == column.name);
        let ty = if texts.contains(&Some(&column.name)) {
            "text"
        } else if let Some(amount) = amount {
            amount.ty?
        } else if text && is_time && (name.ends_with("birthday") || name.ends_with("_on")) {
            "date"
        } else if text && is_time && name.ends_with("_at") {
            "instant"
        } else if column_type(&column.declared).is_some() {
            return None;
        } else if !filled.is_empty()
            && share(&filled, |cell| {
                cell.number().is_some() && cell.text().is_none()
            }) >= 0.8
        {
            "number"
        } else if declared.is_empty() {
            "text"
        } else {
            return None;
        };
        Some((column.name.clone(), ty))
    });
    // What the declaration tells anyway needs no word.
    let told = |name: &str| {
        let mut columns = seen.table.columns.iter();
        let column = columns.find(|column| column.name == name);
        column.and_then(|column| column_type(&column.declared))
    };
    typed
        .filter(|(name, ty)| *ty != "text" || told(name).is_none())
        .collect()
}

/// Whether SQLite stamps a column with the time.
fn is_stamped(seen: &Seen<'_>, column: &str) -> bool {
    let mut columns = seen.table.columns.iter();
    let default = columns
        .find(|known| known.name == column)
        .and_then(|known| known.default.as_deref());
    default.and_then(Stamp::of) == Some(Stamp::Time)
}
