//! Rendering of templates.

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use minijinja::value::Serde;
use minijinja::{Environment, Error, UndefinedBehavior, Value, context};
use serde::Serialize;

use crate::chart::escaped;
use crate::value::capitalised;
use crate::web::Web;
use crate::web::fields::Fields;
use crate::web::refusal::Refusal;
use crate::web::who::{Role, Visitor};

/// Every template, by its name.
const TEMPLATES: [(&str, &str); 23] = [
    ("layout.html", include_str!("layout.html")),
    ("refusal.html", include_str!("refusal.html")),
    ("enter.html", include_str!("enter.html")),
    ("once-more.html", include_str!("once-more.html")),
    ("edit.html", include_str!("../edit/template.html")),
    ("edit-result.html", include_str!("../edit/result.html")),
    ("saved.html", include_str!("../edit/saved.html")),
    ("names.html", include_str!("../edit/names.html")),
    ("segments.html", include_str!("../segments/template.html")),
    ("segment.html", include_str!("../segment/template.html")),
    ("segment-edits.html", include_str!("../segment/edits.html")),
    (
        "segment-overlap.html",
        include_str!("../segment/overlap.html"),
    ),
    ("clients.html", include_str!("../clients/template.html")),
    ("list.html", include_str!("../list/template.html")),
    ("client.html", include_str!("../client/template.html")),
    ("why.html", include_str!("../client/why.html")),
    ("why-page.html", include_str!("../client/why-page.html")),
    ("client-forget.html", include_str!("../client/forget.html")),
    (
        "client-forgotten.html",
        include_str!("../client/forgotten.html"),
    ),
    ("runs.html", include_str!("../runs/template.html")),
    ("mail.html", include_str!("../mail/template.html")),
    ("report.html", include_str!("../mail/report.html")),
    ("health.html", include_str!("../health/template.html")),
];

/// The links of the navigation, with the role that each requires.
const PLACES: [(&str, &str, Role); 5] = [
    ("/", "Segments", Role::Counts),
    ("/clients", "Clients", Role::View),
    ("/health", "Health", Role::Counts),
    ("/runs", "Runs", Role::View),
    ("/mail", "Mail", Role::View),
];

/// The checked templates.
///
/// # Errors
/// A template is invalid.
pub(in crate::web) fn templates() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("words", words);
    environment.add_filter("sentence", |line: &str| words(&capitalised(line)));
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    Ok(environment)
}

/// A sentence of ours as HTML, with the text between backticks as code.
fn words(sentence: &str) -> Value {
    let parts: Vec<&str> = sentence.split('`').collect();
    if parts.len().is_multiple_of(2) {
        // An odd number of backticks: one of them is part of quoted text.
        return Value::from_safe_string(escaped(sentence));
    }
    let parts = parts.iter().enumerate();
    let parts = parts.map(|(place, part)| match place % 2 {
        0 => escaped(part),
        _ => format!("<code>{}</code>", escaped(part)),
    });
    Value::from_safe_string(parts.collect())
}

/// A link of the navigation.
#[derive(Debug, Serialize)]
struct Place {
    href: &'static str,
    label: &'static str,
    is_here: bool,
}

impl Web {
    /// Renders a page: its title, its template and the values for it. Every template also gets `csrf`, the hidden field
    /// that each form needs.
    ///
    /// # Errors
    /// The template does not fit the values.
    pub(in crate::web) fn page(
        &self,
        visitor: &Visitor,
        here: &str,
        title: &str,
        template: &str,
        filled: impl Serialize,
    ) -> Result<Response, Refusal> {
        let csrf = hidden(&visitor.csrf);
        let body = self.rendered(template, context! { csrf => csrf.clone(), ..Serde(filled) })?;
        let places = PLACES.iter().filter(|(_, _, role)| visitor.may(*role));
        let places: Vec<Place> = places
            .map(|(href, label, _)| Place {
                href,
                label,
                is_here: *href == here,
            })
            .collect();
        let html = self.rendered(
            "layout.html",
            context! {
                title, csrf,
                places => Serde(places),
                body => Value::from_safe_string(body),
                who => &*visitor.name,
                may_leave => visitor.may_leave,
            },
        )?;
        Ok(html_response(html))
    }

    /// Renders a part of a page if a script asks with `part`, or else a page of its own. The template can tell by
    /// `alone`. ## The template does not fit the values.
    ///
    /// # Errors
    /// The template does not fit what is filled in.
    pub(in crate::web) fn part(
        &self,
        visitor: &Visitor,
        query: &Fields,
        title: &str,
        template: &str,
        filled: impl Serialize,
    ) -> Result<Response, Refusal> {
        let alone = query.one("part").is_none();
        let filled = context! { alone, ..Serde(filled) };
        match alone {
            true => self.page(visitor, "", title, template, filled),
            false => Ok(html_response(self.rendered(template, filled)?)),
        }
    }

    /// A page for a visitor who has not signed in.
    pub(super) fn bare_page(&self, title: &str, template: &str, filled: Value) -> Response {
        let laid_out = self.rendered(template, filled).and_then(|body| {
            let filled = context! {
                title,
                places => Serde([(); 0]),
                body => Value::from_safe_string(body),
                csrf => "", who => "", may_leave => false,
            };
            self.rendered("layout.html", filled)
        });
        match laid_out {
            Ok(html) => html_response(html),
            Err(refusal) => refusal.reason.into_response(),
        }
    }

    /// Renders a template without the layout, for parts of a page that a script requests.
    ///
    /// # Errors
    /// The template does not fit the values.
    pub(in crate::web) fn rendered(
        &self,
        template: &str,
        filled: Value,
    ) -> Result<String, Refusal> {
        let template = self.templates().get_template(template);
        let rendered = template.and_then(|template| template.render(filled));
        rendered.map_err(|error| Refusal::broken(format!("the page cannot be laid out: {error:#}")))
    }
}

/// The hidden field with the CSRF token.
fn hidden(csrf: &str) -> Value {
    Value::from_safe_string(format!(
        r#"<input type="hidden" name="csrf" value="{csrf}">"#
    ))
}

fn html_response(html: String) -> Response {
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}
