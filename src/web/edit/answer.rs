//! The form with what is known of what was typed.

use std::sync::Arc;

use axum::response::{Html, IntoResponse, Response};
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::counted::Count;
use super::draft::{Draft, Problem, rule_files};
use super::form::{FILE, Form};
use super::past::Past;
use super::planned::Plan;
use super::values::{Field, fields};
use crate::web::Web;
use crate::web::refusal::Refusal;
use crate::web::state::Files;
use crate::web::who::Visitor;

#[derive(Debug, Serialize)]
pub(super) struct Page {
    /// The segment that is there already.
    editing: Option<String>,
    pub(super) form: Form,
    fields: Vec<Field>,
    /// The values of fields are still being counted.
    counting: bool,
    buckets: Vec<String>,
    rule_files: Vec<String>,
    wrong: Option<String>,
    pub(super) problems: Vec<Problem>,
    /// Why it was not saved.
    pub(super) refused: Option<String>,
    pub(super) count: Option<Count>,
    pub(super) plan: Option<Plan>,
    pub(super) past: Option<Past>,
    /// What would be written, and into which file.
    yaml: Option<String>,
    file: Option<String>,
}

impl Page {
    pub(super) async fn new(
        web: &Web,
        files: &Arc<Files>,
        editing: Option<String>,
        form: Form,
    ) -> Result<Self, Refusal> {
        let (fields, counting) = match form.part {
            true => (Vec::new(), false),
            false => fields(web, files, &form).await?,
        };
        let project = files.project.as_ref();
        let mut known = project.map_or_else(Vec::new, |project| rule_files(&files.config, project));
        if !known.iter().any(|file| file == FILE) {
            known.push(FILE.to_owned());
        }
        Ok(Self {
            editing,
            form,
            fields,
            counting,
            buckets: project.map_or_else(Vec::new, |project| project.rules.buckets.clone()),
            rule_files: known,
            wrong: files.wrong.clone(),
            problems: Vec::new(),
            refused: None,
            count: None,
            plan: None,
            past: None,
            yaml: None,
            file: None,
        })
    }

    /// What would be written.
    pub(super) fn shows(&mut self, draft: &Draft) {
        self.problems.clone_from(&draft.warnings);
        let place = draft
            .project
            .rules
            .segments
            .get(draft.segment)
            .map(|segment| segment.place);
        let own = place.and_then(|place| {
            let begin = draft
                .text
                .get(..place.start)?
                .rfind('\n')
                .map_or(0, |line| line + 1);
            draft.text.get(begin..place.end)
        });
        self.yaml = own.map(|text| text.trim_end().to_owned());
        self.file = Some(draft.file.clone());
    }

    /// What is known of what was typed, alone.
    ///
    /// # Errors
    /// See [`Web::page`].
    pub(super) fn part(self, web: &Web) -> Result<Response, Refusal> {
        let filled = Value::from(Serde(&self));
        Ok(Html(web.rendered("edit-result.html", filled)?).into_response())
    }

    /// All of it.
    ///
    /// # Errors
    /// See [`Web::page`].
    pub(super) fn answer(self, web: &Web, visitor: &Visitor) -> Result<Response, Refusal> {
        let title = match &self.editing {
            Some(_) => format!("Edit {}", self.form.name),
            None => "New segment".to_owned(),
        };
        web.page(visitor, "/", &title, "edit.html", self)
    }
}
