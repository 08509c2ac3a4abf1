//! Saving, and taking a save back as long as nobody has changed the file since.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use super::draft::Draft;
use super::saves::Save;
use super::written::{self, Change, Unchanged, digest_at, digest_of};
use crate::web::Web;
use crate::web::refusal::Refusal;
use crate::web::who::{Role, Visitor, secret};

#[derive(Debug, Serialize)]
struct Filled {
    token: String,
    file: String,
    id: String,
    name: String,
    /// Whether the file is still as it was saved.
    can_go_back: bool,
    taken_back: bool,
    may_run: bool,
}

/// Writes the file and returns a token for taking it back.
///
/// # Errors
/// A message: the file has changed since the form was shown, or cannot be written. Nothing is changed then.
pub(super) async fn save(
    web: &Web,
    visitor: &Visitor,
    draft: &Draft,
    was: Option<&str>,
) -> Result<String, String> {
    let file = &draft.file;
    let changed = || {
        format!(
            "somebody changed `{file}` since this form was opened. Nothing was written. Copy what you need from below, and open \
             the form again"
        )
    };
    let read = digest_of(draft.before.as_ref().map(String::as_bytes));
    if was.is_some_and(|was| was != read) {
        return Err(changed());
    }
    let token = secret()?;
    let change = Change {
        path: draft.path.clone(),
        was: read,
        text: Some(draft.text.clone()),
        what: "save",
        id: draft.id.clone(),
    };
    let saved = written::change(web, visitor, change).await;
    saved.map_err(|unchanged| match unchanged {
        Unchanged::Other => changed(),
        Unchanged::Refused(error) => format!(
            "`{file}` cannot be written: {error}. Nothing is lost: copy the text below into it"
        ),
        Unchanged::Failed(reason) => format!("nothing was written: {reason}"),
    })?;
    let rule = draft.project.rules.segments.get(draft.segment);
    web.desk().saves.keep(Save {
        token: token.clone(),
        file: file.clone(),
        path: draft.path.clone(),
        before: draft.before.clone(),
        digest: digest_of(Some(draft.text.as_bytes())),
        id: draft.id.clone(),
        name: rule.map_or_else(|| draft.id.clone(), |rule| rule.name.clone()),
    });
    Ok(token)
}

/// Shows what was saved, and how to take it back.
pub(in crate::web) async fn saved(
    State(web): State<Web>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Refusal> {
    shown(&web, &visitor, &token, false).await
}

/// Restores the file as it was before the save.
pub(in crate::web) async fn take_back(
    State(web): State<Web>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Refusal> {
    let save = web.desk().saves.get(&token)?;
    let change = Change {
        path: save.path,
        was: save.digest,
        text: save.before,
        what: "take back",
        id: save.id,
    };
    let done = written::change(&web, &visitor, change).await;
    done.map_err(|unchanged| match unchanged {
        Unchanged::Other => Refusal::conflict(format!(
            "`{}` was changed since it was saved, so it stays as it is",
            save.file
        )),
        Unchanged::Refused(error) => {
            Refusal::not_now(format!("`{}` cannot be written: {error}", save.file))
        }
        Unchanged::Failed(reason) => Refusal::not_now(reason),
    })?;
    shown(&web, &visitor, &token, true).await
}

async fn shown(
    web: &Web,
    visitor: &Visitor,
    token: &str,
    taken_back: bool,
) -> Result<Response, Refusal> {
    let save = web.desk().saves.get(token)?;
    let filled = Filled {
        token: save.token,
        can_go_back: !taken_back && digest_at(&save.path) == save.digest,
        taken_back,
        may_run: visitor.may(Role::Operate),
        file: save.file,
        id: save.id,
        name: save.name,
    };
    let title = if taken_back { "Taken back" } else { "Saved" };
    web.page(visitor, "/", title, "saved.html", filled)
}
