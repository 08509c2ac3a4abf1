//! Layout of a mail's text, as plain text and as HTML, short enough that mail programs show all of it.

use crate::view::report::{Limits, News, Page, Slice, page};
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, context};

use super::plain;

/// The longest HTML, in bytes. Longer HTML is slow on a phone, and beyond 100 kB mail programs cut it.
const LONGEST: usize = 60_000;

/// The body of a mail, in both forms.
pub(super) struct Body {
    pub text: String,
    pub html: String,
}

/// Lays out the mail of a report; `files` is the text about its files.
///
/// # Errors
/// In words; not known to occur.
pub(super) fn body(
    slice: &Slice<'_>,
    news: &News,
    files: Option<String>,
    test: bool,
) -> Result<Body, String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("wrap", plain::wrapped);
    for (name, template) in [
        ("report.txt", include_str!("templates/report.txt")),
        ("report.html", include_str!("templates/report.html")),
    ] {
        let added = environment.add_template(name, template);
        added.map_err(|error| error.to_string())?;
    }
    let render = |name: &str, page: &Page| {
        let template = environment.get_template(name);
        let beside = plain::tables(page.segments.iter().map(|item| item.values.as_slice()));
        let details = plain::tables(page.news.iter().map(|item| item.values.as_slice()));
        let context = context! { beside, details, ..Serde(page) };
        let rendered = template.and_then(|template| template.render(context));
        rendered.map_err(|error| error.to_string())
    };
    let all = slice.segments.len();
    let mut limits = Limits {
        names: slice.report.names as usize,
        segments: all,
        values: all,
    };
    loop {
        let mut page = page(slice, news, limits, test);
        page.files.clone_from(&files);
        let html = render("report.html", &page)?;
        if html.len() <= LONGEST || !shrink(&mut limits) {
            let text = render("report.txt", &page)? + "\n";
            return Ok(Body { text, html });
        }
    }
}

/// Lowers a limit, beginning with the content that is missed least. False if there is nothing left to cut.
fn shrink(limits: &mut Limits) -> bool {
    let largest = match (limits.names > 20, limits.values > 10, limits.segments > 20) {
        (true, _, _) => &mut limits.names,
        (_, true, _) => &mut limits.values,
        (_, _, true) => &mut limits.segments,
        _ if limits.values > 0 => &mut limits.values,
        _ if limits.names > 1 => &mut limits.names,
        _ if limits.segments > 1 => &mut limits.segments,
        _ => return false,
    };
    *largest = *largest * 2 / 3;
    true
}
