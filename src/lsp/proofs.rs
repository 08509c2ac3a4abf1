//! Caches which fixes of a world remove their finding: editors ask with every cursor move, but each is compiled once.

use std::sync::{Mutex, OnceLock, PoisonError};

use crate::diagnostic::{Finding, Fix, Kind};

/// Results of tried fixes in a world.
#[derive(Debug, Default)]
pub struct Proofs {
    /// The errors of the unmodified world.
    before: OnceLock<Vec<Finding>>,
    tried: Mutex<Vec<(Kind, Fix, bool)>>,
}

impl Proofs {
    /// The errors of the unmodified world, compiled on first use.
    pub fn before(&self, compile: impl FnOnce() -> Vec<Finding>) -> &[Finding] {
        self.before.get_or_init(compile)
    }

    /// Whether a fix helps; `None` if it was not tried.
    pub fn helps(&self, finding: &Finding, fix: &Fix) -> Option<bool> {
        let kind = finding.kind();
        let tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        let mut tried = tried.iter();
        let known = tried.find(|(of, one, _)| *of == kind && one == fix);
        known.map(|(.., helps)| *helps)
    }

    /// Records whether a fix helps.
    pub fn note(&self, finding: &Finding, fix: &Fix, helps: bool) {
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        tried.push((finding.kind(), fix.clone(), helps));
    }
}
