//! How the server compares with the results file, in words.

use super::identity::{allowed, stored};
use super::told::listed;
use super::{Glance, PublishError, glance};
use crate::config::Config;
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
    let Some((stored, own)) = stored(config).await? else {
        return Ok(None);
    };
    let last = stored.published;
    let glance = glance(server).await;
    let unmarked = |glance: &Glance| {
        let is_unmarked = glance.published.is_none() && glance.is_unmarked;
        is_unmarked.then(|| PublishError::Unmarked(server.to_string()))
    };
    let refused = glance.as_ref().ok().and_then(|glance| {
        let allowed = allowed(glance.published.as_ref(), (&stored, &own), server);
        unmarked(glance).or(allowed.err())
    });
    if let Some(refused) = refused {
        let open = match refused {
            PublishError::OtherCopy { .. } | PublishError::Older { .. } => {
                "; whoever was forgotten in this file since stays on the server until then"
            }
            _ => "",
        };
        return Ok(Some(Standing::Behind(format!("{refused}{open}"))));
    }
    let gone = glance.as_ref().ok().and_then(|glance| listed(&glance.gone));
    let is_unswept = glance.as_ref().is_ok_and(|glance| glance.is_unswept);
    let words = match glance.map(|glance| glance.published) {
        Ok(Some(there)) if gone.is_some() => format!(
            "`{server}` has run {}, but tables there are gone, with the rights on them: {}",
            there.run,
            gone.unwrap_or_default()
        ),
        Ok(Some(there)) if there.is_of(&stored) && there.is_own(&own) && !is_unswept => {
            return Ok(Some(Standing::Current(format!(
                "`{server}` has run {last}"
            ))));
        }
        Ok(Some(there)) if there.run == last && (is_unswept || there.lacks_rewriting(&stored)) => {
            format!(
                "`{server}` has run {last}, and may still have somebody who was forgotten since"
            )
        }
        Ok(Some(there)) if there.run == last => {
            format!("`{server}` has run {last}, and does not tell which results file it is of")
        }
        Ok(Some(there)) => {
            format!(
                "`{server}` has run {}, and the last one is run {last}",
                there.run
            )
        }
        Ok(None) => format!("`{server}` has no results yet"),
        // The server's state is unknown, so clients that were forgotten here may still be on it.
        Err(error) => format!(
            "`{server}` cannot be asked which run it has, nor whether it still has somebody who was forgotten: {error}"
        ),
    };
    Ok(Some(Standing::Behind(format!(
        "{words}; `muster publish` writes it now"
    ))))
}
