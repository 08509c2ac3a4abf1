//! The form, with the results for what was typed.

use std::sync::Arc;

use axum::response::{Html, IntoResponse, Response};
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::counted::{Count, count};
use super::draft::{Draft, Problem, rule_files};
use super::form::Form;
use super::past::{Past, sizes};
use super::planned::{Plan, plan};
use super::values::{Field, fields};
use crate::web::Web;
use crate::web::refusal::Refusal;
use crate::web::state::Files;
use crate::web::who::Visitor;

#[derive(Debug, Serialize)]
pub(super) struct Page {
    /// The existing segment that is edited.
    editing: Option<String>,
    pub(super) form: Form,
    fields: Vec<Field>,
    /// Whether the values of fields are still being counted.
    counting: bool,
    buckets: Vec<String>,
    rule_files: Vec<String>,
    wrong: Option<String>,
    pub(super) problems: Vec<Problem>,
    /// Why the request was refused.
    pub(super) refused: Option<String>,
    /// Whether the data is too large to be counted while the user types.
    on_request: bool,
    count: Option<Count>,
    plan: Option<Plan>,
    past: Option<Past>,
    /// The rendered results for what was typed.
    result: String,
    /// The YAML that would be written, and its file.
    yaml: Option<String>,
    file: Option<String>,
}

impl Page {
    pub(super) async fn new(
        web: &Web,
        files: &Arc<Files>,
        editing: Option<String>,
        mut form: Form,
    ) -> Self {
        let (fields, counting) = match form.part {
            true => (Vec::new(), false),
            false => fields(web, files, &form).await,
        };
        let project = files.project.as_ref();
        let rule_files =
            project.map_or_else(Vec::new, |project| rule_files(&files.config, project));
        match &editing {
            Some(_) => form.offer(&files.config, &[form.file.clone()]),
            None => form.offer(&files.config, &rule_files),
        }
        Self {
            editing,
            form,
            fields,
            counting,
            buckets: project.map_or_else(Vec::new, |project| project.rules.buckets.clone()),
            rule_files,
            wrong: files.wrong.clone(),
            problems: Vec::new(),
            refused: None,
            on_request: false,
            count: None,
            plan: None,
            past: None,
            result: String::new(),
            yaml: None,
            file: None,
        }
    }

    /// Evaluates what a button asks for, or what is shown while the user is `typing`.
    ///
    /// # Errors
    /// The data cannot be read, or a newer question from the same form has superseded this one.
    pub(super) async fn ask(
        &mut self,
        web: &Web,
        files: &Arc<Files>,
        draft: &Draft,
        wanted: &str,
        typing: Option<&str>,
    ) -> Result<(), Refusal> {
        if wanted == "past" {
            self.past = Some(sizes(web, files, draft).await?);
            return Ok(());
        }
        self.on_request = typing.is_some() && web.kept().streams();
        if !self.on_request {
            self.count = Some(count(web, files, draft, typing).await?);
        }
        if wanted == "plan" {
            self.plan = Some(plan(web, files, draft).await?);
        }
        Ok(())
    }

    /// Fills in the YAML that would be written.
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

    /// Only the results for what was typed.
    ///
    /// # Errors
    /// See [`Web::page`].
    pub(super) fn part(self, web: &Web) -> Result<Response, Refusal> {
        Ok(Html(self.result(web)?).into_response())
    }

    fn result(&self, web: &Web) -> Result<String, Refusal> {
        web.rendered("edit-result.html", Value::from(Serde(self)))
    }

    /// The whole page.
    ///
    /// # Errors
    /// See [`Web::page`].
    pub(super) fn answer(mut self, web: &Web, visitor: &Visitor) -> Result<Response, Refusal> {
        let title = match &self.editing {
            Some(_) => format!("Edit {}", self.form.name),
            None => "New segment".to_owned(),
        };
        self.result = self.result(web)?;
        web.page(visitor, "/", &title, "edit.html", self)
    }
}
