//! What the user typed into the form.

use std::path::Path;

use serde::Serialize;

use super::written::digest_at;
use crate::authoring::Wish;
use crate::config::{Config, SEGMENTS_FIELD};
use crate::diagnostic::is_unprintable;
use crate::rules::{Segment, file_for_new};
use crate::source::{Commas, entries};
use crate::web::fields::Fields;
use crate::web::refusal::Refusal;
use crate::web::state::Files;
use crate::web::who::{Visitor, secret};

/// The maximum length of a token, in characters; ours are no longer.
const LONGEST_TOKEN: usize = 64;

/// The prefix of the form fields that hold the digest of each file.
const WAS: &str = "was.";

/// What the user typed into the form, unchanged.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Form {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) bucket: String,
    pub(super) importance: String,
    pub(super) when: String,
    /// The values of each field, in the order of config, followed by fields that config no longer has.
    pub(super) filters: Vec<(String, Vec<String>)>,
    /// The file for a new segment.
    pub(super) file: String,
    /// The digest of each selectable file at the time the form first offered it.
    digests: Vec<(String, String)>,
    /// Distinguishes open forms of the same person.
    token: String,
    /// The action of the button that was pressed.
    #[serde(skip)]
    pub(super) wanted: String,
    /// Whether a script asks while the user types, and wants only the results.
    #[serde(skip)]
    pub(super) part: bool,
}

impl Form {
    pub(super) fn blank(config: &Config) -> Self {
        Self {
            filters: fields(config)
                .map(|field| (field.to_owned(), Vec::new()))
                .collect(),
            file: file_of_new(config),
            token: secret().unwrap_or_default(),
            ..Self::default()
        }
    }

    /// The form filled in with a segment from its file.
    ///
    /// # Errors
    /// The rules cannot be read right now, or have no such segment.
    pub(super) fn of(files: &Files, id: &str) -> Result<Self, Refusal> {
        let project = files.project.as_ref();
        let project =
            project.ok_or_else(|| Refusal::not_now("the rules cannot be read right now"))?;
        let mut segments = project.rules.segments.iter();
        let segment = segments.find(|segment| segment.id.value == id);
        let segment =
            segment.ok_or_else(|| Refusal::not_found("the rules have no segment with this id"))?;
        let wish = Wish::of(segment);
        let values = |field: &str| {
            let mut filters = wish.filters.iter();
            let found = filters.find(|(known, _)| known == field);
            found.map(|(_, values)| values.clone()).unwrap_or_default()
        };
        let known = fields(&files.config).map(|field| (field.to_owned(), values(field)));
        let mut filters: Vec<(String, Vec<String>)> = known.collect();
        keep_unknown(&mut filters, wish.filters.iter().cloned());
        Ok(Self {
            name: wish.name.clone(),
            description: wish.description.clone().unwrap_or_default(),
            bucket: wish.bucket.clone().unwrap_or_default(),
            importance: wish
                .importance
                .map(|importance| importance.to_string())
                .unwrap_or_default(),
            when: wish
                .when
                .as_deref()
                .unwrap_or_default()
                .trim_end()
                .to_owned(),
            filters,
            file: path_of(files, segment),
            token: secret().unwrap_or_default(),
            ..Self::default()
        })
    }

    /// Reads the fields that were sent.
    pub(super) fn read(sent: &Fields, config: &Config) -> Self {
        let text = |name: &str| sent.one(name).unwrap_or_default().replace("\r\n", "\n");
        let values = |field: &str| {
            let chosen = format!("f.{field}");
            let typed = format!("t.{field}");
            let mut values: Vec<String> = sent.all(&chosen).map(str::to_owned).collect();
            let typed = sent.one(&typed).unwrap_or_default();
            let typed = entries(typed, Commas::Part)
                .into_iter()
                .map(|entry| entry.value.trim().to_owned());
            for value in typed.filter(|value| !value.is_empty()) {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            values
        };
        let known = fields(config).map(|field| (field.to_owned(), values(field)));
        let mut filters: Vec<(String, Vec<String>)> = known.collect();
        let named = sent.iter().filter_map(|(name, _)| {
            let field = name
                .strip_prefix("f.")
                .or_else(|| name.strip_prefix("t."))?;
            Some((field.to_owned(), values(field)))
        });
        keep_unknown(&mut filters, named);
        let digests = sent.iter().filter_map(|(name, digest)| {
            let file = name.strip_prefix(WAS)?;
            Some((file.to_owned(), digest.to_owned()))
        });
        Self {
            name: text("name"),
            description: text("description"),
            bucket: text("bucket"),
            importance: text("importance"),
            when: text("when"),
            filters,
            file: sent
                .said("file")
                .map_or_else(|| file_of_new(config), str::to_owned),
            digests: digests.collect(),
            token: text("form").chars().take(LONGEST_TOKEN).collect(),
            wanted: text("do"),
            part: sent.one("part").is_some(),
        }
    }

    /// The key of this form, unique across visitors.
    pub(super) fn known_by(&self, visitor: &Visitor) -> String {
        format!("{} {}", visitor.csrf, self.token)
    }

    /// Offers these files. For files that the form offers for the first time, it records the current digest.
    pub(super) fn offer(&mut self, config: &Config, files: &[String]) {
        for file in files {
            if self.was(file).is_none() {
                let digest = digest_at(&config.folder.join(file));
                self.digests.push((file.clone(), digest));
            }
        }
    }

    /// The digest of a file when the form first offered it; `None` if it never did.
    pub(super) fn was(&self, file: &str) -> Option<&str> {
        let mut digests = self.digests.iter();
        let found = digests.find(|(known, _)| known == file);
        found.map(|(_, digest)| digest.as_str())
    }

    /// The segment that the form describes.
    ///
    /// # Errors
    /// A message: a value is not valid.
    pub(super) fn wish(&self) -> Result<Wish, String> {
        let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let seen = |what: &str, text: &str| match text.trim().chars().find(|c| is_hidden(*c)) {
            Some(hidden) => Err(format!(
                "the {what} has a character that nobody sees, U+{:04X}: take it out",
                u32::from(hidden)
            )),
            None => Ok(said(text)),
        };
        let one_line = |what: &str, text: &str| match text.trim().contains(['\n', '\r']) {
            true => Err(format!("the {what} has more than one line")),
            false => seen(what, text),
        };
        let importance = self.importance.trim();
        Ok(Wish {
            name: one_line("name", &self.name)?.ok_or("a segment needs a name")?,
            description: seen("description", &self.description)?,
            bucket: one_line("bucket", &self.bucket)?,
            importance: match importance {
                "" => None,
                text => Some(
                    text.parse()
                        .map_err(|_| "the importance is a whole number, such as 3")?,
                ),
            },
            when: said(&self.when),
            filters: self
                .filters
                .iter()
                .filter(|(_, values)| !values.is_empty())
                .cloned()
                .collect(),
        })
    }
}

/// Adds filters of fields that are not in the list. A filter that the user chose must not be lost on saving; checking
/// the rules reports that config has no such field.
fn keep_unknown(
    filters: &mut Vec<(String, Vec<String>)>,
    others: impl Iterator<Item = (String, Vec<String>)>,
) {
    for (field, values) in others {
        if !values.is_empty() && !filters.iter().any(|(known, _)| *known == field) {
            filters.push((field, values));
        }
    }
}

/// Whether a character is invisible but changes a text. Line ends, tabs and the marks that other scripts need are
/// allowed.
fn is_hidden(c: char) -> bool {
    is_unprintable(c) && !matches!(c, '\n' | '\t' | '\u{61c}' | '\u{200e}' | '\u{200f}')
}

/// The fields that a segment can be filtered by: `segments` and those of config.
pub(super) fn fields(config: &Config) -> impl Iterator<Item = &str> {
    let own = config.fields.iter().map(|field| field.id.value.as_str());
    std::iter::once(SEGMENTS_FIELD).chain(own)
}

/// The path of a segment's file, relative to the config's folder.
pub(super) fn path_of(files: &Files, segment: &Segment) -> String {
    let project = files.project.as_ref();
    let file = project.and_then(|project| project.sources.get(segment.id.location.file));
    file.map_or_else(String::new, |file| shown(&files.config, &file.path))
}

/// The default file for new segments, relative to the config's folder.
pub(super) fn file_of_new(config: &Config) -> String {
    shown(config, &file_for_new(config))
}

/// A path for display, relative to the config's folder.
pub(super) fn shown(config: &Config, path: &Path) -> String {
    let inside = path.strip_prefix(&config.folder).unwrap_or(path);
    inside.display().to_string()
}
