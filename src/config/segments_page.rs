//! What the segments page shows, filters by and exports, as config defines it.

mod convert;
mod formula;
mod presets;
pub(super) mod value;
pub(super) mod wire;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

pub use formula::{Amounts, Formula, OrderWindow, Recurring, UsualValue};

use crate::source::Scalar;

/// The built-in field that filters by other segments.
pub const SEGMENTS_FIELD: &str = "segments";

/// A field by which segments can be filtered, under a plain name.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name that `filter:` uses.
    pub id: Scalar,
    /// The label that people see; the id if none is set.
    pub label: String,
    /// Where a subject's values come from.
    pub source: FieldSource,
    /// The closed list of its values; `None` to take them from the data.
    pub values: Option<Vec<Scalar>>,
}

/// Where the values of a field come from.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldSource {
    /// One value per subject: an expression.
    One(Scalar),
    /// A set of values per subject: one per row.
    Any {
        /// The rows: a collection, optionally with a window and a `where`.
        rows: Scalar,
        /// The row's value: an expression over its columns.
        of: Scalar,
        /// The minimum share of the rows that a value needs, above 0 and up to 1; `None` if any row is enough.
        share: Option<f64>,
    },
}

/// A value of every segment, shown as a column of the segments page.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueDefinition {
    /// Its id, in `muster_metrics` and in JSON.
    pub id: Scalar,
    /// The heading of its column.
    pub label: String,
    /// What it means, in plain words.
    pub description: String,
    /// How mail presents it to readers who do not know abbreviations.
    pub told: ToldValue,
    pub format: ValueFormat,
    /// The formula that it is computed by.
    pub of: Formula,
}

/// A value as mail presents it. Its readers never see the segments page, where a legend explains the headings.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldValue {
    /// The label in full words.
    pub label: String,
    /// What it means, in a few words; `None` if the label says it.
    pub meaning: Option<String>,
    /// Whether a report that does not choose its values shows this one.
    pub usual: bool,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Format")]
pub enum ValueFormat {
    /// A number.
    Number,
    /// An amount in config's currency.
    Money,
    /// A share: 0.25 is written 25%.
    Percent,
    /// A number of days.
    Days,
}

/// What an export contains.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// Columns of the subject, metrics, `name`, `score`, `entered_at`, in this order.
    pub columns: Vec<Scalar>,
    /// The header of a column, if it differs from its name.
    pub labels: BTreeMap<String, String>,
    /// Whether a file begins with a byte-order mark, which spreadsheets need to read UTF-8.
    pub bom: bool,
}

/// How digits, dates and CSV files are written for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
pub enum Locale {
    /// American English: `1,234.56`, `06/30/2025`, commas.
    #[default]
    #[serde(rename = "en-US")]
    EnUs,
    /// British English: `1,234.56`, `30/06/2025`, commas.
    #[serde(rename = "en-GB")]
    EnGb,
    /// German: `1.234,56`, `30.06.2025`, semicolons.
    #[serde(rename = "de-DE")]
    DeDe,
    /// French: `1 234,56`, `30/06/2025`, semicolons.
    #[serde(rename = "fr-FR")]
    FrFr,
    /// Dutch: `1.234,56`, `30-06-2025`, semicolons.
    #[serde(rename = "nl-NL")]
    NlNl,
    /// Italian: `1234,56`, `12.345,67`, `30/06/2025`, semicolons.
    #[serde(rename = "it-IT")]
    ItIt,
    /// Spanish: `1234,56`, `12.345,67`, `30/06/2025`, semicolons.
    #[serde(rename = "es-ES")]
    EsEs,
    /// Portuguese: `1234,56`, `12 345,67`, `30/06/2025`, semicolons.
    #[serde(rename = "pt-PT")]
    PtPt,
    /// Brazilian Portuguese: `1.234,56`, `30/06/2025`, semicolons.
    #[serde(rename = "pt-BR")]
    PtBr,
    /// Polish: `1234,56`, `12 345,67`, `30.06.2025`, semicolons.
    #[serde(rename = "pl-PL")]
    PlPl,
    /// Swedish: `1 234,56`, `2025-06-30`, semicolons.
    #[serde(rename = "sv-SE")]
    SvSe,
}

impl Locale {
    /// All locales, the default first.
    pub const ALL: [Self; 11] = [
        Self::EnUs,
        Self::EnGb,
        Self::DeDe,
        Self::FrFr,
        Self::NlNl,
        Self::ItIt,
        Self::EsEs,
        Self::PtPt,
        Self::PtBr,
        Self::PlPl,
        Self::SvSe,
    ];

    /// Its tag, as config writes it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::EnUs => "en-US",
            Self::EnGb => "en-GB",
            Self::DeDe => "de-DE",
            Self::FrFr => "fr-FR",
            Self::NlNl => "nl-NL",
            Self::ItIt => "it-IT",
            Self::EsEs => "es-ES",
            Self::PtPt => "pt-PT",
            Self::PtBr => "pt-BR",
            Self::PlPl => "pl-PL",
            Self::SvSe => "sv-SE",
        }
    }
}
