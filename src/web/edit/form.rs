//! What is typed into the form.

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

/// No token of ours is longer, in characters.
const LONGEST_TOKEN: usize = 64;

/// What stands before a file's name where the form says what the file was.
const WAS: &str = "was.";

/// What is typed into the form, as it was typed.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Form {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) bucket: String,
    pub(super) importance: String,
    pub(super) when: String,
    /// The values of each field, in the order of config; then those of fields that config has no longer.
    pub(super) filters: Vec<(String, Vec<String>)>,
    /// The file that a new segment goes into.
    pub(super) file: String,
    /// What each file that can be chosen was when the form first offered it.
    digests: Vec<(String, String)>,
    /// What tells one open form from another of the same person.
    token: String,
    /// What the button says.
    #[serde(skip)]
    pub(super) wanted: String,
    /// Whether a script asks while somebody types, and wants the answer alone.
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

    /// The segment as its file has it.
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

    /// What was sent.
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

    /// What this form is known by among those of everybody.
    pub(super) fn known_by(&self, visitor: &Visitor) -> String {
        format!("{} {}", visitor.csrf, self.token)
    }

    /// Offers these files: what they are now is what they were for whoever sees the form.
    pub(super) fn offer(&mut self, config: &Config, files: &[String]) {
        for file in files {
            if self.was(file).is_none() {
                let digest = digest_at(&config.folder.join(file));
                self.digests.push((file.clone(), digest));
            }
        }
    }

    /// What a file was when the form first offered it; none where it never did.
    pub(super) fn was(&self, file: &str) -> Option<&str> {
        let mut digests = self.digests.iter();
        let found = digests.find(|(known, _)| known == file);
        found.map(|(_, digest)| digest.as_str())
    }

    /// What is wished by it.
    ///
    /// # Errors
    /// In words: something cannot be meant.
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

/// Adds the filters of fields that are not among them: nothing shall be saved without a filter that somebody chose, and whoever
/// checks the rules says that config has no such field.
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

/// Whether a character changes a text without being seen; line ends, tabs, and the marks that texts of other scripts need do not.
fn is_hidden(c: char) -> bool {
    is_unprintable(c) && !matches!(c, '\n' | '\t' | '\u{61c}' | '\u{200e}' | '\u{200f}')
}

/// The fields that a segment may be filtered by: `segments` and those of config.
pub(super) fn fields(config: &Config) -> impl Iterator<Item = &str> {
    let own = config.fields.iter().map(|field| field.id.value.as_str());
    std::iter::once(SEGMENTS_FIELD).chain(own)
}

/// The file of a segment, relative to the config's folder.
pub(super) fn path_of(files: &Files, segment: &Segment) -> String {
    let project = files.project.as_ref();
    let file = project.and_then(|project| project.sources.get(segment.id.location.file));
    file.map_or_else(String::new, |file| shown(&files.config, &file.path))
}

/// The file that new segments go into unless somebody chooses another, relative to the config's folder.
pub(super) fn file_of_new(config: &Config) -> String {
    shown(config, &file_for_new(config))
}

/// A path as people read it: without the config's folder.
pub(super) fn shown(config: &Config, path: &Path) -> String {
    let inside = path.strip_prefix(&config.folder).unwrap_or(path);
    inside.display().to_string()
}
