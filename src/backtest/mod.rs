//! The health score on past dates, computed from the database's own history and compared with the customers' outcomes.
//!
//! Each date is an evaluation of its own at that instant: only the question of who was lost sees rows at or after it.
//! Data that has no history, because it changes in place, is named and left out.
//!
//! The data is read once and kept for all dates, which share one state. With a rollback journal, writers wait until the
//! last date has been evaluated.

mod dates;
mod history;
mod notes;
mod past;
mod question;
mod recency;
mod segment;

pub use segment::{Dates, Point, SegmentBacktest, Track, Variant, backtest_segment, draw_sizes};

use crate::connector::{Connector, KeptSnapshot};
use crate::engine::{EngineError, Watch};
use crate::validation::{NoSuggestion, Past, Proof, Suggestion, prove, split, suggest};

use crate::project::Project;
use past::Reader;
use question::Question;

/// The options of a backtest.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The dates, as instants in microseconds; empty for a series that ends as late as the data allows, without dates
    /// on which there are no customers to consider.
    pub as_of: Vec<i64>,
    /// Whether to try other weights too.
    pub suggest: bool,
}

/// One factor of the score, and whether the backtest used it.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    pub id: String,
    /// Its weight in config.
    pub weight: f64,
    /// Why it was left out, in words; `None` if it was used.
    pub left_out: Option<String>,
}

/// The result of a backtest.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// The dates, as instants in microseconds, in ascending order.
    pub dates: Vec<i64>,
    /// The instants up to which losses were counted, one per date.
    pub until: Vec<i64>,
    /// The name of the collection that days away are counted from.
    pub recency_of: String,
    /// The factors in the order of config.
    pub factors: Vec<Taken>,
    /// Each date's customers, parallel to `dates`; the points are those of the factors that were not left out.
    pub pasts: Vec<Past>,
    /// The statistics; the factors are those that were not left out.
    pub proof: Proof,
    /// For how many customers, counted per date, it is unknown whether they were lost; they are not in the proof.
    pub untold: usize,
    /// Notes for the reader, in sentences.
    pub notes: Vec<String>,
    /// Other weights, if requested, or why there are none.
    pub suggestion: Option<Result<Suggestion, NoSuggestion>>,
}

/// Why there is no backtest.
#[derive(Debug, thiserror::Error)]
pub enum BacktestError {
    /// The request cannot be answered: what to do about it, in words.
    #[error("{0}")]
    Asked(String),
    /// An error of the environment, or a stop on request.
    #[error(transparent)]
    Run(#[from] EngineError),
}

/// Tests the score against the past. `present` is the present instant: what has not happened by then is not history.
/// Writes nothing.
///
/// # Errors
/// See [`BacktestError`].
pub fn backtest(
    project: &Project,
    connector: &dyn Connector,
    asked: &Asked,
    present: i64,
    watch: &dyn Watch,
) -> Result<Backtest, BacktestError> {
    let mut question = Question::of(project)?;
    crate::project::blocking(move || {
        let mut kept = KeptSnapshot::new(connector, project.config.memory);
        let mut reader = Reader::new(project, kept.pin()?, &question, watch);
        let history = reader.history(present)?;
        let mut looked: Vec<((i64, i64), Past)> = Vec::new();
        for date in dates::chosen(&question, &history, &asked.as_of)? {
            looked.push((date, reader.past(date.0)?));
        }
        let (untold, too_large) = reader.into_remarks();
        question
            .notes
            .extend(too_large.iter().map(notes::too_large));
        let somebody = |(_, past): &((i64, i64), Past)| past.customers() > 0;
        if asked.as_of.is_empty() && looked.iter().any(somebody) {
            looked.retain(somebody);
        }
        let (dates, pasts): (Vec<(i64, i64)>, Vec<Past>) = looked.into_iter().unzip();
        let teaching = match asked.suggest {
            true => Some(split(&dates).ok_or_else(|| dates::too_few(&question, &dates))?),
            false => None,
        };
        let weights: Vec<f64> = question.judged().map(|factor| factor.weight).collect();
        let suggestion = teaching.map(|(earlier, later)| {
            let these = |places: Vec<usize>| -> Vec<Past> {
                let chosen = places.into_iter().filter_map(|place| pasts.get(place));
                chosen.cloned().collect()
            };
            suggest(&these(earlier), &these(later), &weights)
        });
        Ok(Backtest {
            proof: prove(&pasts, &weights),
            dates: dates.iter().map(|(now, _)| *now).collect(),
            until: dates.iter().map(|(_, until)| *until).collect(),
            recency_of: question.recency_of,
            factors: question.factors,
            untold,
            pasts,
            notes: question.notes,
            suggestion,
        })
    })
}
