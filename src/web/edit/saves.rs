//! Recent saves that can be taken back.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::web::refusal::Refusal;

/// The maximum number of saves kept.
const KEPT: usize = 200;

/// Recent saves, oldest first.
#[derive(Debug, Default)]
pub(in crate::web) struct Saves(Mutex<Vec<Save>>);

#[derive(Debug, Clone)]
pub(super) struct Save {
    pub(super) token: String,
    pub(super) file: String,
    pub(super) path: PathBuf,
    pub(super) before: Option<String>,
    /// The digest of the file after the save.
    pub(super) digest: String,
    pub(super) id: String,
    pub(super) name: String,
}

impl Saves {
    pub(super) fn keep(&self, save: Save) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT {
            all.remove(0);
        }
        all.push(save);
    }

    pub(super) fn get(&self, token: &str) -> Result<Save, Refusal> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|save| save.token == token).cloned();
        found.ok_or_else(|| Refusal::not_found("this was saved too long ago to be taken back here, or before the page was started anew"))
    }
}
