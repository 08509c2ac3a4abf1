//! A segment with another condition, to try it.

use std::path::Path;

use super::{Project, Refused};
use crate::diagnostic::{Finding, sort};
use crate::ir::{self, Ir, OutputId, Request};
use crate::language::check;
use crate::language::typed::{Kind, Typed};
use crate::rules::SegmentId;
use crate::source::{Location, Scalar};
use crate::value::Type;

/// The name of the source that such a condition is quoted from.
const TRIED: &str = "--try";

impl Project {
    /// Lowers the membership of a segment, and what it needs.
    pub fn lower_membership(&self, segment: SegmentId) -> (Ir, OutputId) {
        let mut request = Request::outputs();
        let output = request.ask(&self.membership(segment));
        (self.lower(&request), output)
    }

    /// Like [`Project::lower_membership`], with another condition instead of the segment's own. Its filter and its
    /// place on a ladder stay.
    ///
    /// # Errors
    /// If the condition is wrong.
    pub fn lower_tried(
        &self,
        segment: SegmentId,
        condition: &str,
    ) -> Result<(Ir, OutputId), Refused> {
        let mut sources = self.sources.clone();
        let mut rules = self.rules.clone();
        let file = sources.add(Path::new(TRIED), condition.to_owned());
        if let Some(segment) = rules.segments.get_mut(segment) {
            let location = Location {
                file,
                start: 0,
                end: condition.len(),
            };
            segment.when = Some(Scalar {
                value: condition.to_owned(),
                location,
            });
        }
        let (checked, mut findings) =
            check::check(&rules, &self.config, &self.catalog, &[], &sources);
        findings.retain(Finding::is_error);
        if !findings.is_empty() {
            sort(&mut findings);
            return Err((sources, findings));
        }
        let mut request = Request::outputs();
        let output = request.ask(&self.membership(segment));
        Ok((ir::lower(&rules, &checked, &self.catalog, &request), output))
    }

    /// `in segment x`
    fn membership(&self, segment: SegmentId) -> Typed {
        let id = self.rules.segments.get(segment);
        let id = id.map_or_else(String::new, |segment| segment.id.value.clone());
        Typed::made(Kind::Member(id), Type::Truth)
    }
}
