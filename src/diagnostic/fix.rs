//! Replacements for what a finding underlines.

use std::collections::HashMap;

use super::{Code, Finding, Teller};
use crate::source::{FileId, Location, Node, Sources, parse, replacement};

/// A change of the files that removes a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// A description of the change.
    pub title: String,
    /// Whether it can be applied without asking: not if a similar name may be intended, such as `visits_30d` for
    /// `visits_60d`, and not if the help says when something else is meant.
    pub is_sure: bool,
    /// Changes that belong together and do not overlap.
    pub edits: Vec<Edit>,
}

/// A replacement for a location in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub location: Location,
    /// Raw text: with quotes and escapes as YAML needs them there.
    pub text: String,
}

/// Derives fixes from findings.
pub struct Fixer<'s> {
    sources: &'s Sources,
    teller: Teller<'s>,
    /// The parsed files; `None` for those that are not YAML.
    trees: HashMap<FileId, Option<Node>>,
}

impl Fix {
    /// The locations and their replacements.
    pub fn places(&self) -> impl Iterator<Item = (Location, &str)> {
        let edits = self.edits.iter();
        edits.map(|edit| (edit.location, edit.text.as_str()))
    }

    /// Whether two fixes change the same location, or touching ones.
    pub fn meets(&self, other: &Fix) -> bool {
        let meets = |edit: &Edit| {
            let mut others = other.edits.iter().map(|other| other.location);
            others.any(|place| edit.location.touches(place) || place.touches(edit.location))
        };
        self.edits.iter().any(meets)
    }
}

impl<'s> Fixer<'s> {
    pub fn new(sources: &'s Sources) -> Self {
        Self {
            sources,
            teller: Teller::new(sources),
            trees: HashMap::new(),
        }
    }

    /// The fixes of a finding. If there are several, they are alternatives, and only a person can choose.
    pub fn fixes(&mut self, finding: &Finding) -> Vec<Fix> {
        let Some(location) = finding.location else {
            return Vec::new();
        };
        // If the help was redacted because of a secret, no part of it is repeated in an edit.
        if self.teller.tell(finding).help != finding.help {
            return Vec::new();
        }
        // If a variable expands to part of a text, the other parts cannot be located: the whole text is underlined.
        if self.sources.slice(location).contains("${") {
            return Vec::new();
        }
        let asks = finding.help.as_deref().unwrap_or_default();
        let asks = asks.starts_with("did you mean");
        let old = self.sources.slice(location);
        let Instead { texts, is_all } = finding.instead();
        let fixes = texts.into_iter().filter_map(|text| {
            let is_sure = is_all && (!asks || is_slip(finding.code, old, &text));
            let edit = self.edit(finding.code, location, &text)?;
            Some(Fix {
                title: format!("write {}", super::quoted(&text)),
                is_sure,
                edits: vec![edit],
            })
        });
        fixes.collect()
    }

    fn edit(&mut self, code: Code, location: Location, text: &str) -> Option<Edit> {
        let file = self.sources.get(location.file)?;
        let tree = self.trees.entry(location.file);
        let tree = tree.or_insert_with(|| parse(location.file, &file.text).ok());
        let place = location.start..location.end;
        let scalars = tree.as_ref().map(Node::scalars).unwrap_or_default();
        let is_value = scalars.iter().any(|of| of.location == location);
        // For a value in config or in a filter, the help includes the quotes.
        let inner = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        let is_bare = code == Code::InvalidValue || (code == Code::UnknownDay && is_value);
        let text = inner.filter(|_| is_bare).unwrap_or(text);
        let mut around = scalars.iter().map(|of| of.location);
        let is_comment = code == Code::IdleAllow && !around.any(|of| of.meets(location));
        let (place, text) = match tree {
            Some(_) if is_comment => (place, text.to_owned()),
            Some(tree) => {
                let old = file.text.get(place.clone()).unwrap_or_default();
                let text = match code == Code::AbsentValue && !is_value {
                    true => in_quotes_of(old, text),
                    false => in_backticks_of(old, text),
                };
                replacement(&file.text, tree, place, &text)?
            }
            // Text that cannot be parsed is quoted as in the file.
            None if code == Code::YamlSyntax => (place, text.to_owned()),
            None => return None,
        };
        Some(Edit {
            location: Location {
                start: place.start,
                end: place.end,
                ..location
            },
            text,
        })
    }
}

/// Whether a name is a typo of another one: digits are never typos, nor are the few letters of a code such as `en-GB`.
fn is_slip(code: Code, old: &str, near: &str) -> bool {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let is_code = |text: &str| {
        let is_capital = |c: char| c.is_uppercase();
        text.len() <= 5 && (text.contains('-') || text.chars().all(is_capital))
    };
    let of_config = matches!(code, Code::InvalidValue | Code::UnknownTimezone);
    digits(old) == digits(near) && !(of_config && is_code(near))
}

/// A name, in backticks if the replaced text has them: helps do not repeat these.
fn in_backticks_of(old: &str, text: &str) -> String {
    let had = old.len() > 1 && old.starts_with('`') && old.ends_with('`');
    match had && !text.starts_with('`') {
        true => format!("`{text}`"),
        false => text.to_owned(),
    }
}

/// A text for a condition, in the quotes of the replaced one: texts from the data are named without quotes.
fn in_quotes_of(old: &str, text: &str) -> String {
    // Quotes inside YAML quotes are escaped with a backslash, or doubled.
    match old.trim_start_matches('\\').chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let doubled = text.replace(quote, &format!("{quote}{quote}"));
            format!("{quote}{doubled}{quote}")
        }
        _ => text.to_owned(),
    }
}

/// The replacements suggested by a help.
#[derive(Debug, Default)]
pub struct Instead {
    /// Alternatives.
    pub texts: Vec<String>,
    /// Whether the help says nothing else, apart from a reason after a colon: any other text says when it does not
    /// apply.
    pub is_all: bool,
}

impl Finding {
    /// The replacements for the underlined text that a help suggests, as alternatives: each code of ``write `a`, or `b`
    /// if …``, or the one of ``did you mean `a`?``.
    pub fn instead(&self) -> Instead {
        let help = self.help.as_deref().unwrap_or_default();
        if let Some(asked) = help.strip_prefix("did you mean ") {
            let first = code(asked).filter(|(_, behind)| behind.starts_with('?'));
            return Instead {
                texts: first.map(|(near, _)| near.to_owned()).into_iter().collect(),
                is_all: true,
            };
        }
        let Some(rest) = help.strip_prefix("write ") else {
            return Instead::default();
        };
        let (codes, behind) = codes(rest);
        let is_all = behind.is_empty() || (behind.starts_with(": ") && !behind.contains(';'));
        if self.code == Code::YamlSyntax && !is_all && !behind.starts_with(" if ") {
            return Instead::default();
        }
        // Mapping entries are written elsewhere, unless a line of YAML is corrected; an ellipsis stands for unknown
        // text.
        let is_elsewhere = |code: &str| {
            code.contains(": ") && !matches!(self.code, Code::YamlSyntax | Code::IdleAllow)
        };
        match codes
            .iter()
            .any(|code| code.contains('…') || is_elsewhere(code))
        {
            true => Instead::default(),
            false => Instead {
                texts: codes.into_iter().map(str::to_owned).collect(),
                is_all,
            },
        }
    }
}

/// The code at the start of a sentence, and the text after it.
fn code(sentence: &str) -> Option<(&str, &str)> {
    let code = sentence.strip_prefix('`')?;
    // Code that contains a backtick is enclosed in double backticks and blanks.
    match code.strip_prefix("` ") {
        Some(code) => code.split_once(" ``"),
        None => code.split_once('`'),
    }
}

/// The codes at the start of a sentence, as long as they are joined, and the text after the last one.
fn codes(sentence: &str) -> (Vec<&str>, &str) {
    let mut codes = Vec::new();
    let mut rest = sentence;
    while let Some((between, _)) = rest.split_once('`') {
        let joins = [",", "or", "and"]
            .iter()
            .any(|word| between.trim_end().ends_with(word));
        let goes_on = match codes.is_empty() {
            true => between.is_empty(),
            false => joins && !between.contains([':', ';']),
        };
        if !goes_on {
            break;
        }
        let opened = rest.get(between.len()..).unwrap_or_default();
        let Some((code, behind)) = self::code(opened) else {
            break;
        };
        // A stray backtick: the end of the code is ambiguous.
        if behind.starts_with(|c: char| c.is_alphanumeric() || c == '`') {
            return (Vec::new(), sentence);
        }
        codes.push(code);
        rest = behind;
    }
    (codes, rest)
}
