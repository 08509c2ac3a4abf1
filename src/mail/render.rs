//! A mail's texts laid out, as plain text and as HTML; never longer than mail programs show whole.

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, context};

use super::news::News;
use super::page::{Page, Room, page};
use super::plain;
use super::slice::Slice;

/// Mail programs cut HTML that is longer, in bytes.
const LONGEST: usize = 90_000;

/// The body of a mail, twice.
pub(super) struct Body {
    pub text: String,
    pub html: String,
}

/// Lays out the mail of a report; with `files`, what is said of them.
///
/// # Errors
/// In words; none is known to happen.
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
        let tables = plain::tables(&page.segments);
        let context = context! { tables, ..Serde(page) };
        let rendered = template.and_then(|template| template.render(context));
        rendered.map_err(|error| error.to_string())
    };
    let all = slice.segments.len();
    let mut room = Room {
        names: slice.report.names as usize,
        segments: all,
        values: all,
    };
    loop {
        let mut page = page(slice, news, room, test);
        page.files.clone_from(&files);
        let html = render("report.html", &page)?;
        if html.len() <= LONGEST || !room.shrink() {
            let text = render("report.txt", &page)? + "\n";
            return Ok(Body { text, html });
        }
    }
}

impl Room {
    /// Takes some room away, of what can be missed most easily first; false where there is none left.
    fn shrink(&mut self) -> bool {
        let largest = match (self.names > 20, self.values > 10, self.segments > 20) {
            (true, _, _) => &mut self.names,
            (_, true, _) => &mut self.values,
            (_, _, true) => &mut self.segments,
            _ if self.values > 0 => &mut self.values,
            _ if self.names > 1 => &mut self.names,
            _ if self.segments > 1 => &mut self.segments,
            _ => return false,
        };
        *largest = *largest * 2 / 3;
        true
    }
}
