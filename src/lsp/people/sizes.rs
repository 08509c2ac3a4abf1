//! The sizes of the segments.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::counter::Counter;
use super::data::Basis;
use super::large::TooLarge;
use super::published::Sizes;
use super::waiting::Counting;
use super::{Counts, Size};
use crate::diagnostic::Code;
use crate::engine::{EngineError, Evaluation, Watch};
use crate::lsp::world::World;
use crate::project::Project;
use crate::source::Location;

impl Counter {
    /// Counts all segments and returns the basis of the sizes; `None` if there is a newer world, or a question. A world
    /// without subjects has no basis.
    pub(super) fn sizes(
        &mut self,
        world: &World,
        with_clauses: bool,
    ) -> Result<Option<(Counts, Option<Basis>)>, String> {
        let mut counts = Counts {
            state: world.state,
            ..Counts::default()
        };
        let Some(project) = world.project().filter(|_| world.texts_alone.is_none()) else {
            return Ok(Some((Counts::default(), None)));
        };
        if let Some(reason) = self.is_too_large(project)? {
            return Err(reason);
        }
        // Loaded data is not dropped for a question, which would have to read it again.
        if self.data.has_changed() {
            self.data.set_ready(false);
        }
        let gives_way = !self.has_given_way && self.data.is_ready();
        let (newest, questions) = (
            Arc::clone(&self.shared.newest),
            Arc::clone(&self.shared.questions),
        );
        let watch = Counting {
            state: world.state,
            newest: &newest,
            questions: gives_way.then_some(&*questions),
        };
        self.data.try_again();
        let began = Instant::now();
        let evaluated = self.data.evaluate(&project.config, &project.ir, &watch);
        let (evaluation, basis) = match evaluated {
            Ok(evaluated) => evaluated,
            Err(EngineError::Cancelled) => return Ok(None),
            Err(error) => return Err(error.to_string()),
        };
        self.give_up_where_too_large(project, began.elapsed())?;
        let published = basis.published().cloned().unwrap_or_default();
        counts.segments = sizes(project, &evaluation, &published);
        drop(evaluation);
        if self.shared.newest.load(Ordering::Relaxed) == world.state {
            self.data.set_ready(true);
        }
        if with_clauses {
            match self.clauses(project, &watch) {
                Ok(clauses) => counts.clauses = Some(clauses),
                Err(_) if watch.cancelled() => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Ok(Some((counts, Some(basis))))
    }

    /// Why nothing is counted in a project whose data did not fit, unless there is reason to think that it fits by now.
    fn is_too_large(&mut self, project: &Project) -> Result<Option<String>, String> {
        let Some(large) = &self.too_large else {
            return Ok(None);
        };
        let most = self.data.most(&project.config)?;
        if large.holds(project, most) {
            return Ok(Some(large.reason.clone()));
        }
        self.too_large = None;
        Ok(None)
    }

    /// Records that the data does not fit, and drops it.
    ///
    /// # Errors
    /// It does not fit.
    fn give_up_where_too_large(&mut self, project: &Project, took: Duration) -> Result<(), String> {
        let Some(large) = self.data.too_large() else {
            return Ok(());
        };
        self.data.forget();
        let large = TooLarge::of(project, &large, took);
        let reason = large.reason.clone();
        self.too_large = Some(large);
        Err(reason)
    }
}

/// The sizes of the segments, by id.
fn sizes(project: &Project, evaluation: &Evaluation, published: &Sizes) -> BTreeMap<String, Size> {
    let errors = project.findings.iter().filter(|finding| finding.is_error());
    // The meaning of a duplicate name is ambiguous.
    let is_ambiguous = errors.clone().any(|error| error.code == Code::DuplicateId);
    let wrong: Vec<Location> = errors.filter_map(|finding| finding.location).collect();
    let known: HashSet<&str> = published.keys().map(String::as_str).collect();
    let renamed = project.rules.renamed(&known);
    let segments = project.rules.segments.iter().zip(&evaluation.segments);
    let sizes = segments.map(|(segment, members)| {
        let id = &segment.id.value;
        let before = renamed.iter().find(|(_, new)| new == id);
        let before = before.map_or(id.as_str(), |(old, _)| *old);
        // The faulty part of a segment is left out of its condition, so it would contain people whom that part
        // excludes.
        let is_wrong = is_ambiguous || wrong.iter().any(|place| segment.place.touches(*place));
        let written = members.as_ref().ok().filter(|_| !is_wrong);
        let size = Size {
            published: published.get(before).copied(),
            written: written.map(|members| members.len() as u64),
        };
        (id.clone(), size)
    });
    sizes.collect()
}
