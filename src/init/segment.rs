//! A new segment as YAML, for the end of a rule file.

use std::fmt::Write;

use super::text::scalar;

/// A segment as a person asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSegment {
    /// Its name for people.
    pub name: String,
    /// A condition beside the filters.
    pub when: Option<String>,
    pub filters: Vec<(String, Vec<String>)>,
}

impl NewSegment {
    /// The id made of the name: small letters, digits and `_`.
    pub fn id(&self) -> String {
        let mut id = String::new();
        for letter in self.name.chars().flat_map(char::to_lowercase) {
            if letter.is_alphanumeric() {
                id.push(letter);
            } else if !id.is_empty() && !id.ends_with('_') {
                id.push('_');
            }
        }
        let id = id.trim_end_matches('_');
        if id.is_empty() || id.starts_with(|c: char| c.is_ascii_digit()) {
            format!("segment_{id}").trim_end_matches('_').to_string()
        } else {
            id.to_string()
        }
    }

    /// The segment as an entry of a `segments:` list.
    pub fn yaml(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "  - id: {}\n    name: {}",
            self.id(),
            scalar(&self.name)
        );
        if !self.filters.is_empty() {
            let _ = writeln!(text, "    filter:");
        }
        for (field, values) in &self.filters {
            let values: Vec<String> = values.iter().map(|value| scalar(value)).collect();
            let _ = match values.as_slice() {
                [value] => writeln!(text, "      {field}: {value}"),
                many => writeln!(text, "      {field}: [{}]", many.join(", ")),
            };
        }
        match self.when.as_deref().map(str::trim) {
            Some(when) => {
                let _ = writeln!(
                    text,
                    "    when: |\n      {}",
                    when.replace('\n', "\n      ")
                );
            }
            None if self.filters.is_empty() => {
                let _ = writeln!(text, "    when: yes");
            }
            None => {}
        }
        text
    }
}

/// A rule file with a segment added at its end; a new file where there is none yet.
pub fn appended(before: Option<&str>, new: &NewSegment) -> String {
    let head = "# yaml-language-server: $schema=../schema/rules.schema.json\nsegments:\n";
    match before {
        None => format!("{head}{}", new.yaml()),
        Some(text) if text.trim().is_empty() => format!("{head}{}", new.yaml()),
        Some(text) => format!("{}\n\n{}", text.trim_end(), new.yaml()),
    }
}
