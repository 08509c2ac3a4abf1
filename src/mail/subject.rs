//! The subject line: config's template, or the default one.

mod lists;

use std::ops::Range;

use chrono::NaiveDate;
use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value, context};

use crate::config::{Marks, Report};
use crate::diagnostic::suggest;
use crate::source::Scalar;
use crate::view::marks;
use crate::view::report::{News, Since, Slice, date, one_line};

/// The longest subject line. Longer ones are cut: nobody reads them, and servers may refuse them.
const LONGEST: usize = 200;

/// The most work that rendering may take, in steps; 64 bytes of text also count as a step. A template that does what a
/// subject line needs takes some dozens.
const WORK: u64 = 20_000;

/// How deeply loops and the like may be nested.
const DEPTH: usize = 20;

/// The longest template, in bytes: a template of this length, nested as deeply as possible, is still parsed within the
/// stack.
const LONGEST_TEMPLATE: usize = 1_000;

/// The message about a list that could grow.
const GROWING: &str = "in a subject line a list is not multiplied, named, or part of another one";

/// The template if config gives none.
const USUAL: &str = "{{ report }}: {{ news }}";

/// The values that a template can use.
#[derive(Debug, Clone)]
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
            entered: marks.whole(news.entered()),
            left: marks.whole(news.left()),
            date: date(slice.run_report.run.as_of, config),
            size: marks.whole(slice.people()),
            segments: marks.whole(slice.segments.len()),
            news: what(slice, news),
            first: !matches!(news.since, Since::Run(..)),
            changed: !news.is_nothing(),
        }
    }

    /// Sample values for a report, to check its template with.
    fn supposed(report: &Report, number: usize, marks: &Marks) -> Self {
        let number = marks.whole(number);
        Self {
            report: report.name.clone(),
            entered: number.clone(),
            left: number.clone(),
            date: marks.date(NaiveDate::default()),
            size: number.clone(),
            segments: number.clone(),
            news: format!("{number} in, {number} out"),
            first: false,
            changed: false,
        }
    }
}

/// The news of a report in a few words.
fn what(slice: &Slice<'_>, news: &News) -> String {
    let marks = marks(slice.config().locale);
    if !matches!(news.since, Since::Run(..)) {
        let people = slice.config().subject.counted(slice.people(), &marks);
        let segments = marks.counted(slice.segments.len(), "segment");
        return format!("{people} in {segments}");
    }
    if news.is_nothing() {
        return "nothing changed".to_owned();
    }
    if news.entered() + news.left() > 0 {
        let [entered, left] = [news.entered(), news.left()].map(|number| marks.whole(number));
        return format!("{entered} in, {left} out");
    }
    match (news.rules(), news.new_segments()) {
        (0, 0) => "fewer segments".to_owned(),
        (0, new) => marks.counted(new, "new segment"),
        (rules, _) => format!("{} changed", marks.counted(rules, "rule")),
    }
}

/// The subject line, always a single line.
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

/// The names that a template can use.
const NAMES: [&str; 9] = [
    "report", "entered", "left", "size", "segments", "date", "news", "first", "changed",
];

/// An error in a template.
#[derive(Debug)]
pub(super) struct Fault {
    /// One sentence, no full stop.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The byte range of the template that it is about.
    pub place: Range<usize>,
    /// True for an unknown name.
    pub is_name: bool,
}

/// Every error in the template of a report's subject line, whatever the report contains.
pub(super) fn faults(report: &Report, template: &Scalar, marks: &Marks) -> Vec<Fault> {
    let text = template.value.as_str();
    if text.len() > LONGEST_TEMPLATE {
        return vec![Fault {
            message: format!(
                "this subject line is {} bytes long, and the limit is {}",
                marks.whole(text.len()),
                marks.whole(LONGEST_TEMPLATE)
            ),
            help: format!("readers see only the first {LONGEST} letters of the result"),
            place: 0..text.len(),
            is_name: false,
        }];
    }
    if let Some(place) = lists::growing(text) {
        return vec![Fault {
            message: GROWING.to_owned(),
            help: "a list can be looped over, joined, or tested for what is in it: \
                   `{% if report in [\"A\", \"B\"] %}`"
                .into(),
            place,
            is_name: false,
        }];
    }
    let environment = environment();
    let read = match environment.template_from_str(text) {
        Ok(read) => read,
        Err(error) => return vec![fault(text, &error)],
    };
    let known = |name: &String| NAMES.contains(&name.as_str());
    let mut unknown: Vec<String> = read.undeclared_variables(false).into_iter().collect();
    unknown.retain(|name| !known(name));
    let unknown: Vec<Fault> = unknown
        .iter()
        .flat_map(|name| no_name(text, name))
        .collect();
    if !unknown.is_empty() {
        return unknown;
    }
    let single = single_braces(text);
    if !single.is_empty() {
        return single;
    }
    // Branches are checked in both ways.
    let ways = [(false, false), (false, true), (true, false), (true, true)];
    let mut facts = ways.into_iter().flat_map(|(first, changed)| {
        [0, 1_234_567].map(|number| Facts {
            first,
            changed,
            ..Facts::supposed(report, number, marks)
        })
    });
    let wrong = facts.find_map(|facts| read.render(context_of(&facts)).err());
    wrong.iter().map(|error| fault(text, error)).collect()
}

/// An unknown name, at every place where it occurs.
fn no_name(text: &str, name: &str) -> Vec<Fault> {
    let help = match suggest(name, NAMES) {
        Some(near) => format!("did you mean `{near}`? There are {}", listed()),
        None => format!("there are {}", listed()),
    };
    let fault = |place| Fault {
        message: format!("a subject line has no `{name}`"),
        help: help.clone(),
        place,
        is_name: true,
    };
    let places = places_in_tags(text, name);
    if places.is_empty() {
        return vec![fault(0..text.len())];
    }
    places.into_iter().map(fault).collect()
}

/// `{report}`, with the braces of reasons: a subject line would show it literally.
fn single_braces(text: &str) -> Vec<Fault> {
    let faults = NAMES.iter().flat_map(|name| {
        let written = format!("{{{name}}}");
        let found: Vec<usize> = text.match_indices(&written).map(|(at, _)| at).collect();
        let alone = move |at: &usize| {
            let before = text.get(..*at).is_some_and(|before| before.ends_with('{'));
            let after = text.get(at + name.len() + 2..);
            !before && !after.is_some_and(|after| after.starts_with('}'))
        };
        let fault = move |at: usize| Fault {
            message: format!("`{{{name}}}` would appear in the subject line as it is"),
            help: format!("names in a subject line take two braces: `{{{{ {name} }}}}`"),
            place: at..at + name.len() + 2,
            is_name: false,
        };
        found.into_iter().filter(alone).map(fault)
    });
    faults.collect()
}

fn listed() -> String {
    NAMES.map(|name| format!("`{name}`")).join(", ")
}

/// The places of a word between the braces of a template.
fn places_in_tags(text: &str, word: &str) -> Vec<Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let alone = |at: usize| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    };
    let in_tag = |at: usize| {
        let before = text.get(..at).unwrap_or("");
        let open = before.rfind("{{").max(before.rfind("{%"));
        open > before.rfind("}}").max(before.rfind("%}"))
    };
    let found = text.match_indices(word).map(|(at, _)| at);
    found
        .filter(|at| alone(*at) && in_tag(*at))
        .map(|at| at..at + word.len())
        .collect()
}

/// The template engine's error, in our words where possible.
fn fault(text: &str, error: &minijinja::Error) -> Fault {
    let place = error
        .range()
        .filter(|place| text.get(place.clone()).is_some());
    let place = place.unwrap_or(0..text.len());
    let about = text.get(place.clone()).unwrap_or("").trim();
    let (message, help) = match error.kind() {
        ErrorKind::UndefinedError => (
            format!("a subject line cannot fill in `{about}`"),
            format!("there are {}, and nothing behind a dot", listed()),
        ),
        ErrorKind::UnknownFilter => (
            format!("there is no filter `{about}`"),
            format!("leave `| {about}` out, or use `upper`, `lower` or `title`"),
        ),
        ErrorKind::OutOfFuel => (
            "this takes too much work to fill in for a subject line".to_owned(),
            "leave out loops, and widths and repetitions that nobody could read".to_owned(),
        ),
        kind => {
            let why = error
                .detail()
                .map_or_else(|| kind.to_string(), str::to_owned);
            (
                format!("this is not a subject line: {why}"),
                "a name stands between two braces on each side, and beside names there is \
                 `{% if … %}`: `\"{{ report }}: {{ entered }} in, {{ left }} out\"`"
                    .to_owned(),
            )
        }
    };
    Fault {
        message,
        help,
        place,
        is_name: false,
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(WORK));
    environment.set_recursion_limit(DEPTH);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_debug(true);
    environment
}

fn context_of(facts: &Facts) -> Value {
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
    context! { report, entered, left, date, size, segments, news, first, changed }
}

fn rendered(template: &str, facts: &Facts) -> Result<String, String> {
    if lists::growing(template).is_some() {
        return Err(GROWING.to_owned());
    }
    let rendered = environment().render_str(template, context_of(facts));
    rendered.map_err(|error| fault(template, &error).message)
}
