//! Answers about what is under the cursor.

use std::sync::Arc;

use super::counter::Counter;
use super::data::Basis;
use super::known::Known;
use super::{Answered, Clause, Compared, Question, Split};
use crate::catalog::ColumnRef;
use crate::ir::Request;
use crate::project::Project;
use crate::value::{Truth, Value};

/// The maximum number of people named.
const NAMED: usize = 3;

impl Counter {
    /// The last answer, if it answers this question and still holds.
    pub(super) fn known(&mut self, question: &Question) -> Option<Answered> {
        let known = self.known.as_ref();
        let known = known.filter(|known| known.question.is_same(question))?;
        let project = question.world.project()?;
        let holds = self.data.holds(&known.basis, &project.config);
        holds.unwrap_or(false).then(|| known.answered.clone())
    }

    /// Answers a question; the answer is kept if it is complete and from a single state of the data.
    pub(super) fn answer(&mut self, question: &Question) -> Result<Answered, String> {
        let clause = question.clause.as_ref();
        let split = clause.map(|clause| self.split(question, clause));
        let samples = match &question.column {
            Some(column) => self.samples(&Compared {
                id: question.id.clone(),
                world: Arc::clone(&question.world),
                column: column.clone(),
                typed: String::new(),
                hide_names: question.hide_names,
                given_up: question.given_up.clone(),
            }),
            None => Ok(Vec::new()),
        };
        let is_whole = samples.is_ok();
        let (split, basis) = match split {
            Some(Ok((split, basis))) => (Some(Ok(split)), Some(basis)),
            Some(Err(reason)) => (Some(Err(reason)), None),
            None => (None, None),
        };
        let answered = Answered {
            split,
            // Without samples, the column is described by its type alone.
            samples: samples.unwrap_or_default(),
        };
        if let (true, Some(basis), Some(project)) = (is_whole, basis, question.world.project())
            && self.data.holds(&basis, &project.config)?
        {
            self.known = Some(Known {
                question: question.clone(),
                answered: answered.clone(),
                basis,
            });
        }
        Ok(answered)
    }

    /// The answers of everybody to a clause, with the basis of the counts.
    fn split(&mut self, question: &Question, clause: &Clause) -> Result<(Split, Basis), String> {
        let project = question.world.project().ok_or("the rules cannot be read")?;
        let mut request = match clause.of_everyone {
            true => Request::outputs().of_everyone(),
            false => Request::outputs(),
        };
        let output = request.ask(&clause.condition);
        let ir = project.lower(&request);
        let evaluated = self.data.evaluate(&project.config, &ir, &question.given_up);
        let (evaluation, basis) = evaluated.map_err(|error| error.to_string())?;
        let column = evaluation.output(output).map_err(|stale| stale.reason)?;
        let names = !question.hide_names && names_may_be_shown(project);
        let mut split = Split::default();
        for place in 0..evaluation.subjects.len() {
            match column.value(place) {
                Value::Truth(Truth::Yes) => {
                    split.yes += 1;
                    if names && split.named.len() < NAMED {
                        split.named.push(evaluation.subjects.label(place));
                    }
                }
                Value::Truth(Truth::No) => split.no += 1,
                _ => split.unknown += 1,
            }
        }
        Ok((split, basis))
    }
}

/// Whether the label of people is not a private column.
fn names_may_be_shown(project: &Project) -> bool {
    let catalog = &project.catalog;
    !catalog.called_by().iter().any(|column| {
        let column = ColumnRef {
            lookup: None,
            column: column.clone(),
        };
        catalog.is_private_of(&catalog.subject, &column)
    })
}
