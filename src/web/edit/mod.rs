//! Editing segments in the browser: a form, what the segment would match, what saving would change, and the file.

mod answer;
mod counted;
mod draft;
mod form;
mod names;
mod past;
mod planned;
mod saved;
mod saves;
mod values;
mod written;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::Web;
use super::fields::{Posted, Query};
use super::refusal::Refusal;
use super::state::Files;
use super::who::Visitor;
use answer::Page;
use draft::Draft;
use form::Form;

pub(super) use names::{names, texts};
pub(super) use saved::{saved, take_back};
pub(super) use saves::Saves;

/// An empty form.
pub(super) async fn blank(State(web): State<Web>, visitor: Visitor) -> Result<Response, Refusal> {
    let files = web.files().await?;
    let form = Form::blank(&files.config);
    Page::new(&web, &files, None, form)
        .await
        .answer(&web, &visitor)
}

/// The form of an existing segment.
pub(super) async fn filled(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let files = web.files().await?;
    let form = Form::of(&files, &id)?;
    Page::new(&web, &files, Some(id), form)
        .await
        .answer(&web, &visitor)
}

/// Handles an empty form that was filled in.
pub(super) async fn create(
    State(web): State<Web>,
    visitor: Visitor,
    Posted(fields): Posted,
) -> Result<Response, Refusal> {
    let files = web.files().await?;
    let form = Form::read(&fields, &files.config);
    done(&web, &visitor, &files, None, form).await
}

/// Handles the form of an existing segment.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
    Posted(fields): Posted,
) -> Result<Response, Refusal> {
    let files = web.files().await?;
    let form = Form::read(&fields, &files.config);
    done(&web, &visitor, &files, Some(id), form).await
}

/// Performs the action of the button. On any failure the form comes back with everything that was typed, and the
/// reason.
async fn done(
    web: &Web,
    visitor: &Visitor,
    files: &Arc<Files>,
    editing: Option<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let (wanted, form_id, part) = (form.wanted.clone(), form.known_by(visitor), form.part);
    let typing = part.then_some(form_id.as_str());
    if typing.is_none() {
        web.kept().end(&form_id);
    }
    let drafted = Draft::make(web, files, editing.as_deref(), &form).await;
    let mut page = Page::new(web, files, editing, form).await;
    match drafted {
        Err(problems) => page.problems = problems,
        Ok(draft) => {
            page.shows(&draft);
            match wanted.as_str() {
                "save" => {
                    match saved::save(web, visitor, &draft, page.form.was(&draft.file)).await {
                        Ok(token) => {
                            return Ok(Redirect::to(&format!("/saved/{token}")).into_response());
                        }
                        Err(reason) => page.refused = Some(reason),
                    }
                }
                wanted => {
                    let asked = page.ask(web, files, &draft, wanted, typing).await;
                    page.refused = asked.err().map(|refusal| refusal.reason);
                }
            }
        }
    }
    match part {
        true => page.part(web),
        false => page.answer(web, visitor),
    }
}

/// A page of the names that conditions can use, for users without scripts.
pub(super) async fn reference(
    State(web): State<Web>,
    visitor: Visitor,
    Query(query): Query,
) -> Result<Response, Refusal> {
    names::page(&web, &visitor, &query).await
}
