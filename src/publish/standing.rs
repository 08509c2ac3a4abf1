//! How the server stands to the results file, in words.

use super::identity::{allowed, stored};
use super::published;
use crate::config::Config;
use crate::store::StoreError;

/// Whether readers of the server see the last run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// They do: which run, in a line.
    Current(String),
    /// They do not: what they see, and what is to be done.
    Behind(String),
}

/// How the server that config names stands; none where it names none, or no run was published yet.
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
    let there = published(server).await;
    if let Ok(Some(there)) = &there
        && let Err(refused) = allowed(Some(there), (&stored, &own), server)
    {
        return Ok(Some(Standing::Behind(refused.to_string())));
    }
    let words = match there {
        Ok(Some(there)) if there.is_of(&stored) && there.is_own(&own) => {
            return Ok(Some(Standing::Current(format!(
                "`{server}` has run {last}"
            ))));
        }
        Ok(Some(there)) if there.run == last => {
            format!(
                "`{server}` has run {last}, and may still have somebody who was forgotten since"
            )
        }
        Ok(Some(there)) => {
            format!(
                "`{server}` has run {}, and the last one is run {last}",
                there.run
            )
        }
        Ok(None) => format!("`{server}` has no results yet"),
        // Nobody knows what it has: whoever was forgotten here is to be thought of.
        Err(error) => format!(
            "`{server}` cannot be asked which run it has, nor whether it still has somebody who was forgotten: {error}"
        ),
    };
    Ok(Some(Standing::Behind(format!(
        "{words}; `muster publish` writes it now"
    ))))
}
