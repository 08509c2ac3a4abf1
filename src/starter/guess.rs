//! Which table holds the people, which ones what they did.

use std::cmp::Reverse;

use super::Rows;
use crate::catalog::{Schema, Table};

/// What was guessed.
pub(super) struct Guess {
    /// The table of people.
    pub(super) subject: Subject,
    /// The tables of what they did: the one that tells most first.
    pub(super) collections: Vec<Collection>,
}

impl Guess {
    /// What the first rules are about: the collection that tells most, where its rows have a time.
    pub(super) fn main(&self) -> Option<&Collection> {
        self.collections.first().filter(|rows| rows.at.is_some())
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
    pub(super) table: String,
    pub(super) subject: String,
    pub(super) at: Option<String>,
    pub(super) types: Vec<(String, &'static str)>,
    pub(super) amount: Option<String>,
    /// The column that says what became of a row: paid, refunded, cancelled.
    pub(super) status: Option<String>,
}

impl Collection {
    /// True where the amounts are given, not paid.
    pub(super) fn is_giving(&self) -> bool {
        GIFTS.contains(&self.table.to_lowercase().as_str())
    }
}

/// Names of tables whose amounts are given.
const GIFTS: [&str; 5] = ["donations", "gifts", "contributions", "pledges", "donation"];

/// What people call their people, the likeliest first.
const PEOPLE: [&str; 14] = [
    "clients",
    "customers",
    "donors",
    "members",
    "subscribers",
    "patients",
    "students",
    "guests",
    "users",
    "contacts",
    "people",
    "persons",
    "accounts",
    "households",
];

const LABELS: [&str; 6] = [
    "name",
    "full_name",
    "display_name",
    "last_name",
    "title",
    "email",
];

const AMOUNTS: [&str; 8] = [
    "amount", "price", "total", "cost", "fee", "revenue", "value", "sum",
];

const GONE: [&str; 8] = [
    "deleted_at",
    "closed_at",
    "closed_on",
    "archived_at",
    "cancelled_at",
    "deactivated_at",
    "left_at",
    "left_on",
];

const STATUSES: [&str; 3] = ["status", "state", "payment_status"];

pub(super) fn guess(schema: &Schema, rows: &Rows) -> Result<Guess, String> {
    let tables: Vec<(&String, &Table)> = schema
        .tables
        .iter()
        .filter(|(name, _)| !name.starts_with("muster_") && !name.starts_with("sqlite_"))
        .collect();
    let (table, subject) = people(&tables).ok_or_else(|| {
        let names: Vec<&str> = tables.iter().map(|(name, _)| name.as_str()).collect();
        format!(
            "no table looks like a list of clients with a key; the tables are: {}",
            names.join(", ")
        )
    })?;
    let mut collections: Vec<Collection> = tables
        .iter()
        .filter(|(name, _)| *name != table)
        .filter_map(|(name, events)| collection(name, events, &subject))
        .collect();
    // Rows with a time tell something, money tells more; of two alike, the fuller table does.
    collections.sort_by_key(|of| {
        let rows = rows.get(&of.table).copied().unwrap_or_default();
        let timed = of.at.is_some();
        Reverse((timed && rows > 0, timed, of.amount.is_some(), rows))
    });
    Ok(Guess {
        subject,
        collections,
    })
}

/// The table of people: by its name, else the one that most others point at.
fn people<'a>(tables: &[(&'a String, &'a Table)]) -> Option<(&'a String, Subject)> {
    let candidates = tables.iter().filter_map(|(name, table)| {
        let subject = subject(name, table)?;
        let pointing = tables
            .iter()
            .filter(|(other, events)| other != name && pointer(events, &subject).is_some())
            .count();
        let lower = name.to_lowercase();
        let known = PEOPLE
            .iter()
            .rposition(|p| *p == lower || singular(p) == lower);
        let rank = known.map_or(0, |place| PEOPLE.len() - place);
        Some((
            rank.min(1) * pointing.max(1),
            pointing,
            rank,
            *name,
            subject,
        ))
    });
    candidates
        .max_by_key(|(known, pointing, rank, ..)| (*known, *pointing, *rank))
        .filter(|(known, pointing, ..)| *known > 0 || *pointing > 0)
        .map(|(.., name, subject)| (name, subject))
}

fn subject(name: &str, table: &Table) -> Option<Subject> {
    let has = |wanted: &str| column(table, wanted);
    let key = match table.primary_key.as_slice() {
        [key] => key.clone(),
        _ => has("id").or_else(|| has(&format!("{}_id", singular(name))))?,
    };
    Some(Subject {
        name: singular(&name.to_lowercase()),
        table: name.to_string(),
        key,
        label: LABELS.iter().find_map(|label| has(label)),
        types: types(table),
        gone: GONE.iter().find_map(|gone| has(gone)),
    })
}

/// A column's name as the table spells it.
fn column(table: &Table, wanted: &str) -> Option<String> {
    let mut columns = table.columns.iter();
    let found = columns.find(|column| column.name.eq_ignore_ascii_case(wanted))?;
    Some(found.name.clone())
}

fn collection(name: &str, table: &Table, subject: &Subject) -> Option<Collection> {
    let pointer = pointer(table, subject)?;
    Some(Collection {
        table: name.to_string(),
        subject: pointer,
        at: time_column(table),
        types: types(table),
        amount: amount(table),
        status: STATUSES.iter().find_map(|status| column(table, status)),
    })
}

/// The column of a table that holds a subject's key.
fn pointer(table: &Table, subject: &Subject) -> Option<String> {
    let mut wanted = vec![
        format!("{}_id", subject.name),
        format!("{}id", subject.name),
        format!("{}_id", subject.table.to_lowercase()),
        subject.name.clone(),
    ];
    if !subject.key.eq_ignore_ascii_case("id") {
        wanted.push(subject.key.to_lowercase());
    }
    let is_wanted = |name: &str| wanted.contains(&name.to_lowercase());
    let mut columns = table.columns.iter();
    columns
        .find(|column| is_wanted(&column.name))
        .map(|column| column.name.clone())
}

fn time_column(table: &Table) -> Option<String> {
    let declared = |name: &str| ["DATE", "TIME"].iter().any(|word| name.contains(word));
    let named = |name: &str| {
        let name = name.to_lowercase();
        let ends = ["_at", "_on", "date", "time", "timestamp"];
        name == "at" || ends.iter().any(|end| name.ends_with(end))
    };
    let by = |test: &dyn Fn(&str, &str) -> bool| {
        let mut columns = table.columns.iter();
        columns
            .find(|column| test(&column.name, &column.declared.to_uppercase()))
            .map(|column| column.name.clone())
    };
    by(&|name, ty| named(name) && declared(ty))
        .or_else(|| by(&|name, _| named(name)))
        .or_else(|| by(&|_, ty| declared(ty)))
}

fn amount(table: &Table) -> Option<String> {
    let mut columns = table.columns.iter();
    columns
        .find(|column| {
            let name = column.name.to_lowercase();
            let mut words = AMOUNTS.iter();
            is_plain(&name)
                && !is_text(&column.declared.to_uppercase())
                && words.any(|word| name == *word || name.starts_with(&format!("{word}_")))
        })
        .map(|column| column.name.clone())
}

/// Types that a column's declaration does not tell: amounts, cents, and times kept as text.
fn types(table: &Table) -> Vec<(String, &'static str)> {
    table
        .columns
        .iter()
        .filter_map(|column| {
            let name = column.name.to_lowercase();
            let declared = column.declared.to_uppercase();
            let text = declared.is_empty() || is_text(&declared);
            let ty = if name.ends_with("_cents") {
                "cents"
            } else if AMOUNTS.contains(&name.as_str()) && !text && !declared.contains("DEC") {
                "money"
            } else if text && (name.ends_with("birthday") || name.ends_with("_on")) {
                "date"
            } else if text && name.ends_with("_at") {
                "instant"
            } else if declared.is_empty() {
                "text"
            } else {
                return None;
            };
            Some((column.name.clone(), ty))
        })
        .collect()
}

fn is_text(declared: &str) -> bool {
    declared.contains("TEXT") || declared.contains("CHAR")
}

/// True for a name that a rule can write as it is.
fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// `categories` to `category`, `people` to `person`, `clients` to `client`.
pub(super) fn singular(plural: &str) -> String {
    if plural == "people" {
        return "person".to_string();
    }
    if let Some(stem) = plural.strip_suffix("ies") {
        return format!("{stem}y");
    }
    plural.strip_suffix('s').unwrap_or(plural).to_string()
}
