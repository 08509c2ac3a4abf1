//! Which fixes of a world take their finding away: asked with every move of the cursor, and compiled once.

use std::sync::{Mutex, OnceLock, PoisonError};

use crate::diagnostic::{Finding, Fix, Kind};

/// What was tried of a world.
#[derive(Debug, Default)]
pub struct Proofs {
    /// The errors of the world as it is.
    before: OnceLock<Vec<Finding>>,
    tried: Mutex<Vec<(Kind, Fix, bool)>>,
}

impl Proofs {
    /// The errors of the world as it is, compiled the first time.
    pub fn before(&self, compile: impl FnOnce() -> Vec<Finding>) -> &[Finding] {
        self.before.get_or_init(compile)
    }

    /// Whether a fix helps; none where that was not tried.
    pub fn helps(&self, finding: &Finding, fix: &Fix) -> Option<bool> {
        let kind = finding.kind();
        let tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        let mut tried = tried.iter();
        let known = tried.find(|(of, one, _)| *of == kind && one == fix);
        known.map(|(.., helps)| *helps)
    }

    /// Notes whether a fix helps.
    pub fn note(&self, finding: &Finding, fix: &Fix, helps: bool) {
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        tried.push((finding.kind(), fix.clone(), helps));
    }
}
