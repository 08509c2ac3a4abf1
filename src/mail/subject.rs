//! The subject line: a template of config's, or the usual one.

use minijinja::{Environment, UndefinedBehavior, context};

use super::news::News;
use super::slice::Slice;
use super::words::{count, date, one_line};
use crate::config::Report;
use crate::report::marks;

/// Longer ones are cut: nobody reads them, and servers may refuse them.
const LONGEST: usize = 200;

/// What a template can fill in.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    report: String,
    entered: String,
    left: String,
    date: String,
    size: String,
    segments: String,
    first: bool,
    changed: bool,
}

impl Facts {
    /// The facts of a report.
    pub fn of(slice: &Slice<'_>, news: &News) -> Self {
        let config = slice.config();
        let marks = marks(config.locale);
        Self {
            report: slice.report.name.clone(),
            entered: count(news.entered(), &marks),
            left: count(news.left(), &marks),
            date: date(slice.story.run.as_of, config),
            size: count(slice.people(), &marks),
            segments: count(slice.segments.len(), &marks),
            first: !matches!(news.since, super::news::Since::Run(..)),
            changed: !news.is_nothing(),
        }
    }
}

/// The subject line; never more than one line.
///
/// # Errors
/// What is wrong with the template, in words.
pub(super) fn subject(report: &Report, facts: &Facts) -> Result<String, String> {
    let usual = if facts.first {
        "{{ report }}: {{ size }} in {{ segments }} segments"
    } else if facts.changed {
        "{{ report }}: {{ entered }} in, {{ left }} out"
    } else {
        "{{ report }}: nothing changed"
    };
    let template = report
        .subject
        .as_ref()
        .map_or(usual, |subject| &subject.value);
    let line = one_line(&rendered(template, facts)?);
    if line.chars().count() <= LONGEST {
        return Ok(line);
    }
    let cut: String = line.chars().take(LONGEST).collect();
    Ok(format!("{}…", cut.trim_end()))
}

fn rendered(template: &str, facts: &Facts) -> Result<String, String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let Facts {
        report,
        entered,
        left,
        date,
        size,
        segments,
        first,
        changed,
    } = facts;
    let context = context! { report, entered, left, date, size, segments, first, changed };
    let rendered = environment.render_str(template, context);
    rendered.map_err(|error| match error.kind() {
        minijinja::ErrorKind::UndefinedError => {
            "it names something that there is not; there are `report`, `entered`, `left`, `date`, \
             `size`, `segments`, `first` and `changed`"
                .to_owned()
        }
        kind => match error.detail() {
            Some(detail) => format!("{kind}: {detail}"),
            None => kind.to_string(),
        },
    })
}
