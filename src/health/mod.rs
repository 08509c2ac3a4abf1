//! Everybody's health: the score, what each factor has to do with it, and the reasons in words.

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

/// How many reasons are given at most.
const MOST_REASONS: usize = 3;

/// The least cost that is given, in points of the score: less does not show in it.
const LEAST_COST: f64 = 0.05;

/// For fewer subjects a thread of their own takes longer than it saves.
const LEAST_SHARE: usize = 4_096;

/// One subject's health.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    /// From 0 to 100, with one decimal; none where no factor is present.
    pub score: Option<f64>,
    /// The factors, in the order of config.
    pub factors: Vec<FactorFound>,
}

/// What one factor has to do with a subject's score.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorFound {
    pub id: String,
    /// What was measured; missing where it is left out.
    pub value: Value,
    /// What that is worth, 0 to 100; none where it is left out.
    pub points: Option<f64>,
    /// Its weight, as config has it.
    pub weight: f64,
    /// Its share of the weights that count, 0 to 1; 0 where it is left out.
    pub share: f64,
    /// How many points of the score it costs, 0 to 100.
    pub cost: f64,
    /// The reason in words, where it costs anything.
    pub reason: Option<String>,
}

impl Health {
    /// What costs most, in words, dearest first; at most three.
    pub fn reasons(&self) -> Vec<&str> {
        let reason = |place: usize| self.factors.get(place)?.reason.as_deref();
        let dearest = dearest(self.factors.iter().map(|factor| factor.cost));
        dearest.filter_map(reason).collect()
    }
}

/// The places of what costs most, dearest first; at most three.
fn dearest(costs: impl Iterator<Item = f64>) -> impl Iterator<Item = usize> {
    let costs = costs.enumerate();
    let mut dear: Vec<(usize, f64)> = costs.filter(|(_, cost)| *cost >= LEAST_COST).collect();
    // Stable: what costs the same stays in the order of config.
    dear.sort_by(|a, b| b.1.total_cmp(&a.1));
    dear.into_iter().take(MOST_REASONS).map(|(place, _)| place)
}

/// What an evaluation says of everybody's health.
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

/// One subject's health; none where config defines no score.
///
/// # Errors
/// The score cannot be told now, for this reason.
pub fn of_subject(
    project: &Project,
    evaluation: &Evaluation,
    place: usize,
) -> Option<Result<Health, Stale>> {
    let ir = project.ir.health.as_ref()?;
    Some(Scores::new(project, ir, evaluation).map(|scores| scores.health(place)))
}

/// Who can still be lost at an instant: those that config's `churn.among` names, ascending by key; none
/// where config says nothing of it.
///
/// # Errors
/// The database cannot be read, `watch` asked to stop, or what the condition reads is gone.
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

    /// The same of all subjects, as it is stored: by several threads, each of which has its share of them.
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

    /// The same as it is stored: the reasons in one text. Words are written only of those that are given.
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

    /// What each factor costs a subject, in the order of config.
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

/// What a factor costs a subject; see [`FactorFound`].
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
