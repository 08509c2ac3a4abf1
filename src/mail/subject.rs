//! The subject line: a template of config's, or the usual one.

use minijinja::{Environment, UndefinedBehavior, context};

use super::news::{News, Since};
use super::slice::Slice;
use super::words::{count, counted, date, one_line};
use crate::config::Report;
use crate::report::marks;

/// Longer ones are cut: nobody reads them, and servers may refuse them.
const LONGEST: usize = 200;

/// The template where config gives none.
const USUAL: &str = "{{ report }}: {{ news }}";

/// What a template can fill in.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    report: String,
    entered: String,
    left: String,
    date: String,
    size: String,
    segments: String,
    news: String,
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
            news: what(slice, news),
            first: !matches!(news.since, Since::Run(..)),
            changed: !news.is_nothing(),
        }
    }
}

/// What there is to tell, in a few words.
fn what(slice: &Slice<'_>, news: &News) -> String {
    let marks = marks(slice.config().locale);
    if !matches!(news.since, Since::Run(..)) {
        let people = counted(slice.people(), &slice.config().subject.name.value, &marks);
        let segments = counted(slice.segments.len(), "segment", &marks);
        return format!("{people} in {segments}");
    }
    if news.is_nothing() {
        return "nothing changed".to_owned();
    }
    if news.entered() + news.left() > 0 {
        let [entered, left] = [news.entered(), news.left()].map(|number| count(number, &marks));
        return format!("{entered} in, {left} out");
    }
    match (news.rules(), news.new_segments()) {
        (0, 0) => "fewer segments".to_owned(),
        (0, new) => counted(new, "new segment", &marks),
        (rules, _) => format!("{} changed", counted(rules, "rule", &marks)),
    }
}

/// The subject line; never more than one line.
///
/// # Errors
/// What is wrong with the template, in words.
pub(super) fn subject(report: &Report, facts: &Facts) -> Result<String, String> {
    let template = report
        .subject
        .as_ref()
        .map_or(USUAL, |subject| &subject.value);
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
        news,
        first,
        changed,
    } = facts;
    let context = context! { report, entered, left, date, size, segments, news, first, changed };
    let rendered = environment.render_str(template, context);
    rendered.map_err(|error| match error.kind() {
        minijinja::ErrorKind::UndefinedError => {
            "it names something that there is not; there are `report`, `entered`, `left`, `date`, \
             `size`, `segments`, `news`, `first` and `changed`"
                .to_owned()
        }
        kind => match error.detail() {
            Some(detail) => format!("{kind}: {detail}"),
            None => kind.to_string(),
        },
    })
}
