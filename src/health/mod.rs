//! Subjects' health: the score, the contribution of each factor, and the reasons in words.

mod words;

use std::ops::Range;
use std::panic::resume_unwind;
use std::thread::{self, ScopedJoinHandle};

use crate::engine::{Column, EngineError, Evaluation, Key, Stale};
use crate::ir::{Ir, IrFactor, IrHealth, Request};
use crate::store::{HealthFound, HealthRow};
use crate::value::{Truth, Value, number};

use crate::project::Project;
use words::Words;

/// The most reasons given.
const MOST_REASONS: usize = 3;

/// The smallest cost that is given, in points of the score: anything less does not show in it.
const LEAST_COST: f64 = 0.05;

/// With fewer subjects, a separate thread takes longer than it saves.
const LEAST_SHARE: usize = 4_096;

/// One subject's health.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    /// From 0 to 100, with one decimal; `None` if no factor is present.
    pub score: Option<f64>,
    /// The factors, in the order of config.
    pub factors: Vec<FactorFound>,
}

/// The contribution of one factor to a subject's score.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorFound {
    pub id: String,
    /// The measured value; missing if the factor is left out.
    pub value: Value,
    /// The points for that value, 0 to 100; `None` if the factor is left out.
    pub points: Option<f64>,
    /// Its weight, as config has it.
    pub weight: f64,
    /// Its share of the weights that count, 0 to 1; 0 if it is left out.
    pub share: f64,
    /// How many points of the score it costs, 0 to 100.
    pub cost: f64,
    /// The reason in words, if it costs anything.
    pub reason: Option<String>,
}

impl Health {
    /// The reasons with the highest costs, in words, highest first; at most three.
    pub fn reasons(&self) -> Vec<&str> {
        let reason = |place: usize| self.factors.get(place)?.reason.as_deref();
        let dearest = dearest(self.factors.iter().map(|factor| factor.cost));
        dearest.filter_map(reason).collect()
    }
}

/// The places of the highest costs, highest first; at most three.
fn dearest(costs: impl Iterator<Item = f64>) -> impl Iterator<Item = usize> {
    let costs = costs.enumerate();
    let mut dear: Vec<(usize, f64)> = costs.filter(|(_, cost)| *cost >= LEAST_COST).collect();
    // Stable: equal costs stay in the order of config.
    dear.sort_by(|a, b| b.1.total_cmp(&a.1));
    dear.into_iter().take(MOST_REASONS).map(|(place, _)| place)
}

/// All subjects' health in an evaluation.
pub fn found(project: &Project, evaluation: &Evaluation) -> HealthFound {
    let Some(ir) = &project.ir.health else {
        return HealthFound::Undefined;
    };
    match Scores::new(project, ir, evaluation) {
        Ok(scores) => {
            let threads = project.config.threads_up_to(usize::MAX);
            HealthFound::Scored(scores.rows(evaluation.subjects.len(), threads))
        }
        Err(stale) => HealthFound::Stale(stale.reason),
    }
}

/// One subject's health; `None` if config defines no score.
///
/// # Errors
/// The score cannot be evaluated now, for this reason.
pub fn of_subject(
    project: &Project,
    evaluation: &Evaluation,
    place: usize,
) -> Option<Result<Health, Stale>> {
    let ir = project.ir.health.as_ref()?;
    Some(Scores::new(project, ir, evaluation).map(|scores| scores.health(place)))
}

/// The customers that can still be lost at an instant: those that config's `churn.among` selects, ascending by key;
/// `None` if config has no such condition.
///
/// # Errors
/// The database cannot be read, `watch` asked to stop, or data that the condition reads is gone.
pub fn who_can_be_lost(
    project: &Project,
    evaluate: impl FnOnce(&Ir) -> Result<Evaluation, EngineError>,
) -> Result<Option<Vec<Key>>, EngineError> {
    let health = project.checked.health.as_ref();
    let Some(churn) = health.and_then(|health| health.churn.as_ref()) else {
        return Ok(None);
    };
    let mut request = Request::outputs();
    let among = request.ask(&churn.among);
    let ir = project.lower(&request);
    let evaluation = evaluate(&ir)?;
    let answers = evaluation.output(among);
    let answers = answers.map_err(|stale| EngineError::Database(stale.reason))?;
    let places = 0..evaluation.subjects.len();
    let among = places.filter(|place| answers.value(*place) == Value::Truth(Truth::Yes));
    Ok(Some(
        among
            .filter_map(|place| evaluation.subjects.key(place))
            .collect(),
    ))
}

/// The columns of a score.
struct Scores<'a> {
    score: &'a Column,
    factors: Vec<(&'a IrFactor, &'a Column, &'a Column)>,
    words: Words<'a>,
}

impl<'a> Scores<'a> {
    fn new(
        project: &'a Project,
        ir: &'a IrHealth,
        evaluation: &'a Evaluation,
    ) -> Result<Self, Stale> {
        let column = |output| evaluation.output(output);
        let factors = ir.factors.iter();
        let factors =
            factors.map(|factor| Ok((factor, column(factor.value)?, column(factor.points)?)));
        Ok(Self {
            score: column(ir.score)?,
            factors: factors.collect::<Result<_, Stale>>()?,
            words: Words::new(&project.config, evaluation),
        })
    }

    fn health(&self, place: usize) -> Health {
        let factors = self.factors.iter().zip(self.costs(place));
        let factors = factors.map(|((factor, value, _), costs)| FactorFound {
            id: factor.id.clone(),
            value: value.value(place),
            points: costs.points,
            weight: factor.weight,
            share: costs.share,
            cost: costs.cost,
            reason: (costs.cost >= LEAST_COST).then(|| {
                let mut reason = String::new();
                self.words.reason(factor, place, &mut reason);
                reason
            }),
        });
        Health {
            score: figure(self.score.value(place)),
            factors: factors.collect(),
        }
    }

    /// The rows of all subjects, as stored: computed by several threads, each with its share of the subjects.
    fn rows(&self, subjects: usize, threads: usize) -> Vec<HealthRow> {
        let share = subjects.div_ceil(threads.max(1)).max(LEAST_SHARE);
        let shares = (0..subjects).step_by(share);
        let shares = shares.map(|first| first..subjects.min(first + share));
        thread::scope(|scope| {
            let work = |places: Range<usize>| places.map(|place| self.row(place)).collect();
            let parts = shares.map(|places| scope.spawn(move || work(places)));
            let parts: Vec<ScopedJoinHandle<'_, Vec<HealthRow>>> = parts.collect();
            let parts = parts.into_iter();
            parts
                .flat_map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic)))
                .collect()
        })
    }

    /// The row of one subject, as stored: the reasons in one text. Only reasons that are given are put into words.
    fn row(&self, place: usize) -> HealthRow {
        let mut reasons = String::new();
        for dear in dearest(self.costs(place).iter().map(|costs| costs.cost)) {
            if let Some((factor, ..)) = self.factors.get(dear) {
                if !reasons.is_empty() {
                    reasons.push_str("; ");
                }
                self.words.reason(factor, place, &mut reasons);
            }
        }
        HealthRow {
            health: figure(self.score.value(place)),
            reasons: (!reasons.is_empty()).then_some(reasons),
        }
    }

    /// The cost of each factor for a subject, in the order of config.
    fn costs(&self, place: usize) -> Vec<Costs> {
        let points = self.factors.iter().map(|(.., points)| points.value(place));
        let points: Vec<Option<f64>> = points.map(figure).collect();
        let weights = self.factors.iter().zip(&points);
        let counted = weights.filter(|(_, points)| points.is_some());
        let counted: f64 = counted.map(|((factor, ..), _)| factor.weight).sum();
        let factors = self.factors.iter().zip(points);
        let costs = factors.map(|((factor, ..), points)| {
            let share = points.map_or(0.0, |_| factor.weight / counted);
            Costs {
                points,
                share,
                cost: points.map_or(0.0, |points| share * (100.0 - points)),
            }
        });
        costs.collect()
    }
}

/// The cost of a factor for a subject; see [`FactorFound`].
struct Costs {
    points: Option<f64>,
    share: f64,
    cost: f64,
}

fn figure(value: Value) -> Option<f64> {
    match value {
        Value::Number(figure) => Some(number::to_nine_decimals(figure)),
        _ => None,
    }
}
