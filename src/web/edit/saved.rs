//! The file is written, whole or not at all, and can be taken back as long as nobody has changed it since.

use std::fs::File;

use axum::extract::{Path, State};
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Serialize;

use super::draft::Draft;
use super::form::digest_at;
use super::saves::Save;
use crate::disk::{self, Access};
use crate::web::Web;
use crate::web::refusal::Refusal;
use crate::web::state::Files;
use crate::web::who::{Role, Visitor};

#[derive(Debug, Serialize)]
struct Filled {
    token: String,
    file: String,
    id: String,
    name: String,
    /// The file is as it was saved.
    can_go_back: bool,
    taken_back: bool,
    may_run: bool,
}

/// Writes the file; a token to take it back by.
///
/// # Errors
/// In words: the file has changed since the form was shown, or cannot be written. Nothing is changed then.
pub(super) async fn save(
    web: &Web,
    visitor: &Visitor,
    files: &Files,
    draft: &Draft,
    digest: &str,
) -> Result<String, String> {
    let token = token()?;
    web.audit(visitor, "save", Some(&draft.id))
        .await
        .map_err(|refusal| refusal.reason)?;
    // Of two saves at once, each would be made of the file as it was before the other.
    let _alone =
        alone(web.path()).map_err(|error| format!("the rules cannot be locked: {error}"))?;
    let read = draft
        .before
        .as_ref()
        .map(|text| blake3::hash(text.as_bytes()).to_hex().to_string());
    let now = digest_at(&files.config, &draft.file);
    if now != digest || read.as_deref().unwrap_or("none") != digest {
        return Err(format!(
            "somebody changed `{}` since this form was opened. Nothing was written. Copy what you need from below, and open \
             the form again",
            draft.file
        ));
    }
    write(&draft.path, &draft.text).map_err(|error| {
        format!(
            "`{}` cannot be written: {error}. Nothing is lost: copy the text below into it",
            draft.file
        )
    })?;
    let rule = draft.project.rules.segments.get(draft.segment);
    let save = Save {
        token: token.clone(),
        file: draft.file.clone(),
        path: draft.path.clone(),
        before: draft.before.clone(),
        digest: digest_at(&files.config, &draft.file),
        id: draft.id.clone(),
        name: rule.map_or_else(|| draft.id.clone(), |rule| rule.name.clone()),
    };
    web.desk().saves.keep(save);
    web.forget_files().await;
    Ok(token)
}

/// What was saved, and how it is taken back.
pub(in crate::web) async fn saved(
    State(web): State<Web>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Refusal> {
    shown(&web, &visitor, &token, false).await
}

/// Puts the file back as it was before.
pub(in crate::web) async fn take_back(
    State(web): State<Web>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Refusal> {
    let save = web.desk().saves.get(&token)?;
    web.audit(&visitor, "take back", Some(&save.id)).await?;
    let files = web.files().await?;
    let locked = alone(web.path());
    let _alone =
        locked.map_err(|error| Refusal::not_now(format!("the rules cannot be locked: {error}")))?;
    if digest_at(&files.config, &save.file) != save.digest {
        return Err(Refusal::conflict(format!(
            "`{}` was changed since it was saved, so it stays as it is",
            save.file
        )));
    }
    let done = match &save.before {
        Some(text) => write(&save.path, text),
        None => std::fs::remove_file(&save.path),
    };
    done.map_err(|error| Refusal::not_now(format!("`{}` cannot be written: {error}", save.file)))?;
    web.forget_files().await;
    shown(&web, &visitor, &token, true).await
}

async fn shown(
    web: &Web,
    visitor: &Visitor,
    token: &str,
    taken_back: bool,
) -> Result<Response, Refusal> {
    let save = web.desk().saves.get(token)?;
    let files = web.files().await?;
    let filled = Filled {
        token: save.token,
        can_go_back: !taken_back && digest_at(&files.config, &save.file) == save.digest,
        taken_back,
        may_run: visitor.may(Role::Operate),
        file: save.file,
        id: save.id,
        name: save.name,
    };
    let title = if taken_back { "Taken back" } else { "Saved" };
    web.page(visitor, "/", title, "saved.html", filled)
}

/// Waits until nobody else changes lists or rules of this config. The lock lies on config's file, as a rule file is replaced.
fn alone(config: &std::path::Path) -> std::io::Result<File> {
    let file = File::open(config)?;
    file.lock()?;
    Ok(file)
}

/// A link stays one: what it leads to is written.
fn write(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    let path = match path.canonicalize() {
        Ok(path) => path,
        Err(_) => {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            path.to_path_buf()
        }
    };
    disk::write(&path, text.as_bytes(), Access::Usual)
}

fn token() -> Result<String, String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| format!("there are no random numbers: {error}"))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}
