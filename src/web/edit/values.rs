//! The values of the fields, with the number of people for each.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::counted::clock;
use super::form::Form;
use crate::authoring::{Wish, added};
use crate::config::{Marks, SEGMENTS_FIELD, marks};
use crate::engine::Keep;
use crate::ir::{self, Request};
use crate::project::{Project, Written};
use crate::rules::Draft;
use crate::source::Sources;
use crate::time::Clock;
use crate::web::Web;
use crate::web::desk::FieldValues;
use crate::web::kept::Data;
use crate::web::refusal::Refusal;
use crate::web::state::Files;
use crate::web::work::Worked;

/// How long a form waits for the counts; after that it is shown without them.
const PATIENCE: Duration = Duration::from_secs(2);
/// The maximum number of values listed for a field; other values can be typed.
const LISTED: usize = 60;

/// A field of the form.
#[derive(Debug, Serialize)]
pub(super) struct Field {
    id: String,
    label: String,
    values: Vec<Value>,
    /// Chosen values that are not among the listed ones, separated by commas.
    typed: String,
    is_used: bool,
}

#[derive(Debug, Serialize)]
struct Value {
    value: String,
    /// The display text, if it differs from the value.
    label: String,
    count: Option<String>,
    is_chosen: bool,
}

/// The fields with their values; `true` if these are still being counted.
pub(super) async fn fields(web: &Web, files: &Arc<Files>, form: &Form) -> (Vec<Field>, bool) {
    let marks = marks(files.config.locale);
    let (counted, counting) = match &files.project {
        None => (None, false),
        // The form is usable without counts.
        Some(project) => counted(web, files, project).await.unwrap_or((None, false)),
    };
    let mut fields = vec![segments(web, files, form, &marks).await];
    for field in &files.config.fields {
        let id = &field.id.value;
        let found = counted.as_ref().and_then(|counted| counted.get(id));
        let closed = field
            .values
            .iter()
            .flatten()
            .map(|value| (value.value.clone(), None));
        let values: Vec<(String, Option<u64>)> = match found {
            Some(found) => found.clone(),
            None => closed.collect(),
        };
        let values = values
            .into_iter()
            .map(|(value, count)| (value.clone(), value, count));
        fields.push(Field::new(id, &field.label, values.collect(), form, &marks));
    }
    let is_known = |id: &str| fields.iter().any(|field| field.id == id);
    let unknown = form.filters.iter().filter(|(id, _)| !is_known(id));
    let unknown: Vec<Field> = unknown
        .map(|(id, _)| Field::new(id, id, Vec::new(), form, &marks))
        .collect();
    fields.extend(unknown);
    (fields, counting)
}

/// The other segments, with their published sizes.
async fn segments(web: &Web, files: &Files, form: &Form, marks: &Marks) -> Field {
    let stored = match web.store(files).await {
        Ok(mut store) => store.segments().await.unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let rules = files
        .project
        .iter()
        .flat_map(|project| project.rules.segments.iter());
    let values = rules.map(|rule| {
        let id = rule.id.value.clone();
        let size = stored
            .iter()
            .find(|stored| stored.id == id)
            .map(|stored| stored.size);
        (id, rule.name.clone(), size)
    });
    Field::new(SEGMENTS_FIELD, "Segments", values.collect(), form, marks)
}

impl Field {
    fn new(
        id: &str,
        label: &str,
        values: Vec<(String, String, Option<u64>)>,
        form: &Form,
        marks: &Marks,
    ) -> Self {
        let chosen = form
            .filters
            .iter()
            .find(|(known, _)| known == id)
            .map(|(_, values)| values.clone());
        let mut chosen = chosen.unwrap_or_default();
        let is_used = !chosen.is_empty();
        let mut listed = Vec::new();
        for (value, label, count) in values {
            let is_chosen = chosen.contains(&value);
            if listed.len() < LISTED || is_chosen {
                chosen.retain(|wished| *wished != value);
                listed.push(Value {
                    value,
                    label: seen(label),
                    count: count.map(|count| marks.whole(count)),
                    is_chosen,
                });
            }
        }
        let quoted = chosen.iter().map(|value| match value.contains([',', '"']) {
            true => format!("\"{}\"", value.replace('"', "\"\"")),
            false => value.clone(),
        });
        Self {
            id: id.to_owned(),
            label: label.to_owned(),
            values: listed,
            typed: quoted.collect::<Vec<_>>().join(", "),
            is_used,
        }
    }
}

/// A value for display: blanks that would be invisible are quoted.
fn seen(value: String) -> String {
    match value.trim() == value && !value.is_empty() {
        true => value,
        false => format!("\"{value}\""),
    }
}

/// The counts, if they are ready; computed once for each state of the rules and each run.
async fn counted(
    web: &Web,
    files: &Arc<Files>,
    project: &Arc<Project>,
) -> Result<(Option<Arc<FieldValues>>, bool), Refusal> {
    let clock = clock(web, files).await?;
    let of = format!("{} {}", clock.now, crate::run::fingerprint(project).rules);
    let work = &web.desk().values;
    if matches!(work.state(&of), Worked::Not | Worked::Failed(_)) {
        let (web, files, project) = (web.clone(), Arc::clone(files), Arc::clone(project));
        work.begin(&of, |_| async move {
            let path = web.path().to_path_buf();
            let asked = web.kept().ask(&files.config, None, move |data, watch| {
                count(data, &project, &path, &clock, watch)
            });
            asked.await.map_err(|refusal| refusal.reason)?
        });
    }
    Ok(match work.ended(&of, PATIENCE).await {
        Worked::Done(found) => (Some(found), false),
        Worked::Doing(_) => (None, true),
        Worked::Not | Worked::Failed(_) => (None, false),
    })
}

/// First finds the values, then counts the members of one segment for each: exactly those that a run would find.
fn count(
    data: &mut Data,
    project: &Project,
    path: &std::path::Path,
    clock: &Clock,
    watch: &dyn crate::engine::Watch,
) -> Result<FieldValues, String> {
    let words = |error: &dyn std::fmt::Display| error.to_string();
    let mut request = Request::outputs().of_everyone();
    let outputs: Vec<_> = project
        .checked
        .fields
        .iter()
        .map(|field| (field.id.clone(), request.ask(&field.source)))
        .collect();
    let ir = ir::lower(&project.rules, &project.checked, &project.catalog, &request);
    let evaluation = data
        .evaluate(&ir, clock, Keep::Outputs, watch)
        .map_err(|error| words(&error))?;
    let mut values: Vec<(String, String)> = Vec::new();
    for field in &project.config.fields {
        let id = &field.id.value;
        let output = outputs
            .iter()
            .find(|(known, _)| known == id)
            .map(|(_, output)| *output);
        let present = output.and_then(|output| evaluation.distinct_values(output).ok());
        let present: Vec<String> = match (&field.values, present) {
            (Some(closed), _) => closed.iter().map(|value| value.value.clone()).collect(),
            (None, Some(present)) => present.values.into_iter().collect(),
            (None, None) => Vec::new(),
        };
        values.extend(present.into_iter().map(|value| (id.clone(), value)));
    }
    drop(evaluation);
    let (draft, ids) = probes(&project.config.folder, &values)?;
    let env = |name: &str| std::env::var(name).ok();
    let written = Written::read(Sources::default(), path, &env, Some(&draft));
    let refused = |_| "the fields cannot be counted".to_owned();
    let probing = project
        .compile_beside(written.map_err(refused)?)
        .map_err(refused)?;
    let evaluation = data
        .evaluate(&probing.ir, clock, Keep::Outputs, watch)
        .map_err(|error| words(&error))?;
    let mut found = FieldValues::new();
    for ((field, value), id) in values.into_iter().zip(ids) {
        let place = probing
            .rules
            .segments
            .position(|segment| segment.id.value == id);
        let members = place.and_then(|place| evaluation.segments.get(place)?.as_ref().ok());
        let size = members.map(|members| members.len() as u64);
        found.entry(field).or_default().push((value, size));
    }
    // The most frequent value comes first, unless config defines an order.
    for field in project
        .config
        .fields
        .iter()
        .filter(|field| field.values.is_none())
    {
        if let Some(values) = found.get_mut(&field.id.value) {
            values
                .sort_by(|(one, many), (other, more)| more.cmp(many).then_with(|| one.cmp(other)));
        }
    }
    Ok(found)
}

/// An in-memory rule file with one segment for each value; it is never written to disk.
fn probes(
    folder: &std::path::Path,
    values: &[(String, String)],
) -> Result<(Draft, Vec<String>), String> {
    let mut ids = Vec::new();
    let mut text = String::new();
    for (place, (field, value)) in values.iter().enumerate() {
        let id = format!("muster_probe_{place}");
        let wish = Wish {
            name: id.clone(),
            filters: vec![(field.clone(), vec![value.clone()])],
            ..Wish::default()
        };
        match place {
            0 => text = added(None, &id, &wish)?,
            _ => text += &crate::authoring::written(&id, &wish),
        }
        ids.push(id);
    }
    let path: PathBuf = folder.join("asked of the data.yaml");
    Ok((Draft { path, text }, ids))
}
