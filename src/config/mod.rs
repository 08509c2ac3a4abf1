//! `config.yaml` as Rust types, validated once. No other room reads the file.

mod column_type;
mod convert;
mod database;
mod guard;
mod health;
mod import;
mod lint;
mod load;
mod locale;
mod mail;
mod memory;
mod overrides;
mod place;
mod plural;
mod quantity;
mod segments_page;
mod threads;
mod timetable;
mod validate;
mod value;
mod web;
mod wire;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread::available_parallelism;

use crate::source::{FileId, Scalar};
use crate::time::{Duration, YearStart};
use crate::value::{ColumnType, KeyMatch, KeyType, Share};

pub use convert::{DEFAULT_RULES, DEFAULT_TESTS};
pub use database::spark::{SparkServer, SparkTls};
pub use database::wire::server_of;
pub use database::{Database, Destination, Secret, SecretFile, Server, ServerTls};
pub use guard::Guard;
pub use health::{Churn, Factor, HEALTH, Health};
pub use import::{
    Copies, Decimal, Encoding, FileForm, FileSet, Import, Quotes, RowsOf, Separator, Sheets,
};
pub use lint::AllowedCode;
pub use load::{conditions, is_config, is_config_text, load, read, read_completed};
pub use locale::{Marks, marks};
pub use mail::{Attach, Hold, Mail, MailTransport, NamedFile, Report, ReportValues, Smtp, Tls};
pub use memory::bytes;
pub use place::{Place, glance};
pub use plural::{one_called, plural_of, several_called, singular_of};
pub use segments_page::{
    Amounts, Export, Field, FieldSource, Formula, Locale, OrderWindow, Recurring, SEGMENTS_FIELD,
    ToldValue, UsualValue, ValueDefinition, ValueFormat,
};
pub use timetable::{Schedule, Serve};
pub use web::{Auth, Page, PageUrl, Proxy, Role, is_loopback};

#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The file it came from.
    pub file: FileId,
    /// The folder it lies in, where every relative path starts; empty for the working directory.
    pub folder: PathBuf,
    /// The evaluated database.
    pub database: Database,
    /// The files that the database is made of; none where it is anybody else's.
    pub import: Option<Import>,
    /// The SQLite file that results go into; none for the evaluated database itself.
    pub results: Option<PathBuf>,
    /// The server that results are copied to, and the schema; none for nowhere.
    pub publish: Option<Destination>,
    /// The files with the passwords or tokens of servers of data and results.
    pub secret_files: Vec<SecretFile>,
    /// The pattern of rule files, relative to the folder.
    pub rules: Scalar,
    /// The pattern of test files, relative to the folder.
    pub tests: Scalar,
    /// The business time zone.
    pub timezone: chrono_tz::Tz,
    /// When the fiscal year begins, where config says it.
    pub year_begins: Option<YearStart>,
    /// Who is segmented.
    pub subject: Subject,
    /// The scopes, in order: name and path (`studio.network_id`).
    pub scopes: Vec<(Scalar, Scalar)>,
    /// The collections, in order.
    pub collections: Vec<Collection>,
    /// The lists kept by hand, in order.
    pub lists: Vec<NamedList>,
    /// Who takes part at all: a condition; none for everyone.
    pub active: Option<Scalar>,
    /// Columns of the subject whose values are never shown as examples; see
    /// [`Catalog::is_private`](crate::catalog::Catalog::is_private).
    pub private: Vec<Scalar>,
    /// The currency of every amount: three capital letters.
    pub currency: String,
    /// How digits, dates and CSV files are written.
    pub locale: Locale,
    /// The share of a column's values that may be unreadable before what reads it is stale.
    pub unreadable: Share,
    /// How much a run may change before somebody has to accept it; none for as much as it likes.
    pub guard: Option<Guard>,
    /// What lints do not tell anywhere.
    pub allow: Vec<AllowedCode>,
    /// How many threads read the data; none for as many as pay on this machine.
    pub threads: Option<usize>,
    /// How many bytes of the data may be kept in memory for further questions.
    pub memory: u64,
    /// How long runs, movements and metrics are kept; none for ever.
    pub keep: Option<Duration>,
    /// What segments may be filtered by, in order.
    pub fields: Vec<Field>,
    /// The values of every segment, in order: those of the preset, then the added ones.
    pub values: Vec<ValueDefinition>,
    /// The health score; none where config defines none.
    pub health: Option<Health>,
    pub export: Export,
    /// Who is notified of what needs attention: an address.
    pub owner: Option<Scalar>,
    pub serve: Serve,
    /// The page in the browser; none: as `muster page` shows it by itself.
    pub page: Option<Page>,
    pub schedules: Vec<Schedule>,
    pub reports: Vec<Report>,
    pub mail: Option<Mail>,
}

impl Config {
    /// The place of a field that segments may be filtered by.
    pub fn field(&self, id: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.id.value == id)
    }

    /// How many threads work at once: as many as config says, or else one for each processor, `most` at the most.
    pub fn threads_up_to(&self, most: usize) -> usize {
        let processors = || available_parallelism().map_or(1, usize::from);
        self.threads.unwrap_or_else(|| processors().min(most))
    }

    /// Takes out what is asked for beside the rules: reports, when they go out, columns of exports but the key.
    pub fn ask_nothing(&mut self) {
        self.reports.clear();
        self.schedules.clear();
        self.export.columns = vec![self.subject.key.clone()];
    }
}

/// The subject's table.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// What people call one: `client`.
    pub name: Scalar,
    /// What people call several: `clients`.
    pub plural: String,
    pub table: Scalar,
    pub key: Scalar,
    /// What the keys are; none where the column and its past tell.
    pub key_type: Option<KeyType>,
    /// When a row's key is that of a subject.
    pub matching: KeyMatch,
    /// The columns shown, joined by blanks, and the alphabetical tie-break; none for the key.
    pub label: Vec<Scalar>,
    /// A subject is not there before this column's instant.
    pub at: Option<Scalar>,
    /// Which rows are subjects at all: a condition over the table's columns.
    pub filter: Option<Scalar>,
    /// Types where the column's declared type does not tell, by column; the scalar is the column's
    /// name in the file.
    pub types: BTreeMap<String, (Scalar, ColumnType)>,
    /// On the clock of which zone the table's times without an offset are; none for the business zone.
    pub zone: Option<chrono_tz::Tz>,
    pub lookups: Vec<(Scalar, Lookup)>,
}

impl Subject {
    /// So many of them, with their number: `1 client`, `2,314 clients`.
    pub fn counted(&self, number: usize, marks: &Marks) -> String {
        let [one, several] = self.called();
        format!(
            "{} {}",
            marks.whole(number),
            if number == 1 { one } else { several }
        )
    }

    /// What people call one of them, and several.
    pub fn called(&self) -> [&str; 2] {
        [&self.name.value, &self.plural]
    }
}

/// A lookup into another table.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    pub table: Scalar,
    pub key: Scalar,
    /// The asking table's column.
    pub by: Scalar,
    /// When a value of it is a key.
    pub matching: KeyMatch,
    /// Types where the column's declared type does not tell, by column; the scalar is the column's
    /// name in the file.
    pub types: BTreeMap<String, (Scalar, ColumnType)>,
    /// On the clock of which zone the table's times without an offset are; none for the business zone.
    pub zone: Option<chrono_tz::Tz>,
}

/// A list kept by hand.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedList {
    /// The name that conditions use.
    pub name: Scalar,
    /// The file, relative to config's folder.
    pub file: Scalar,
    /// The subject's column whose values are listed; none for the key.
    pub column: Option<Scalar>,
    /// When an entry is a value of it; none where config does not say.
    pub matching: Option<KeyMatch>,
}

/// Many rows per subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Collection {
    /// The name rules use.
    pub name: Scalar,
    pub table: Scalar,
    /// The column that holds the subject's key.
    pub subject: Scalar,
    pub at: Option<Scalar>,
    /// What breaks ties in time; default: the table's primary key.
    pub key: Option<Scalar>,
    /// Which rows belong to it.
    pub filter: Option<Scalar>,
    /// Columns whose values change after a row was written: what they were is not known.
    pub changes: Vec<Scalar>,
    /// Columns whose values are never shown as examples.
    pub private: Vec<Scalar>,
    /// Types where the column's declared type does not tell, by column; the scalar is the column's
    /// name in the file.
    pub types: BTreeMap<String, (Scalar, ColumnType)>,
    /// On the clock of which zone the table's times without an offset are; none for the business zone.
    pub zone: Option<chrono_tz::Tz>,
    pub lookups: Vec<(Scalar, Lookup)>,
}

/// The keys of `config.yaml` that decide the results of a run, apart from where the data is.
pub const DECIDING: &[&str] = &[
    "timezone",
    "year_begins",
    "subject",
    "scopes",
    "collections",
    "lists",
    "active",
    "currency",
    "locale",
    "unreadable",
    "fields",
    "values",
    "health",
];

/// The JSON Schema of `config.yaml`.
pub fn schema() -> String {
    crate::decode::schema_of::<wire::ConfigFile>()
}
