//! How the server compares with the results file, in words.

use super::identity::{Tokens, allowed, stored};
use super::told::listed;
use super::{Glance, PublishError, StoredRuns, glance};
use crate::config::{Config, Destination};
use crate::store::StoreError;

/// Whether readers of the server see the last run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// They see the last run; says which, in a line.
    Current(String),
    /// They do not; says what they see and what to do.
    Behind(String),
}

/// The standing of the server that config names; `None` if it names none, or if no run was published yet.
///
/// # Errors
/// The results file cannot be read.
pub async fn standing(config: &Config) -> Result<Option<Standing>, StoreError> {
    let Some(server) = &config.publish else {
        return Ok(None);
    };
    let Some((runs, own, keys)) = stored(config).await? else {
        return Ok(None);
    };
    Ok(Some(match glance(server, keys).await {
        Ok(glance) => of_glance(glance, (&runs, &own), server),
        // We cannot tell what the server has, so mention people who were forgotten here.
        Err(error) => Standing::Behind(format!(
            "`{server}` cannot be asked which run it has, nor whether it still has somebody who was forgotten: {error}; \
             once it answers, `muster publish` brings it up to date"
        )),
    }))
}

fn of_glance(
    glance: Glance,
    (runs, own): (&StoredRuns, &Tokens),
    server: &Destination,
) -> Standing {
    let last = runs.published;
    let there = glance.published;
    let may_have_forgotten = there
        .as_ref()
        .is_some_and(|there| glance.is_unswept || there.lacks_rewriting(runs));
    let unmarked = glance.is_unmarked && there.is_none();
    let unmarked = unmarked.then(|| PublishError::Unmarked(server.to_string()));
    let not_allowed = || allowed(there.as_ref(), (runs, own), server).err();
    if let Some(refused) = unmarked.or_else(not_allowed).or(glance.refused) {
        let stays = match &refused {
            PublishError::OtherFile { .. } | PublishError::Taken { .. } => false,
            PublishError::OtherCopy { .. }
            | PublishError::Older { .. }
            | PublishError::Unmarked(_) => true,
            _ => may_have_forgotten,
        };
        let open = match stays {
            true => "; until then, people forgotten in this file since stay on the server",
            false => "",
        };
        return Standing::Behind(format!("{refused}{open}"));
    }
    let gone = listed(&glance.gone);
    let words = match there {
        Some(there)
            if gone.is_none() && !glance.is_unswept && there.is_of(runs) && there.is_own(own) =>
        {
            return Standing::Current(format!("`{server}` has run {last}"));
        }
        Some(there) => {
            let lacking = match gone {
                Some(gone) => {
                    format!(", but tables there are gone, with the rights on them: {gone}")
                }
                None if there.run != last => format!(", and the last one is run {last}"),
                None if may_have_forgotten => String::new(),
                None => ", and does not say which results file that run is of".to_owned(),
            };
            let forgotten = match may_have_forgotten {
                true => ", and may still have somebody who was forgotten since",
                false => "",
            };
            format!("`{server}` has run {}{lacking}{forgotten}", there.run)
        }
        None => format!("`{server}` has no results yet"),
    };
    Standing::Behind(format!("{words}; `muster publish` writes it now"))
}
