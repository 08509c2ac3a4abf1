//! What may be written in place of what a finding underlines.

use std::collections::HashMap;

use super::{Code, Finding, Teller};
use crate::source::{FileId, Location, Node, Sources, parse, replacement};

/// A change of the files that makes a finding go away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in words.
    pub title: String,
    /// Whether it can be made unasked: not where what is near may be another thing on purpose, such as `visits_30d` for
    /// `visits_60d`, and not where the help says when else something else is meant.
    pub is_sure: bool,
    /// Changes that belong together and do not overlap.
    pub edits: Vec<Edit>,
}

/// Another text for a place of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub location: Location,
    /// Raw: with quotes and escapes as YAML wants them there.
    pub text: String,
}

/// Makes fixes of what findings say.
pub struct Fixer<'s> {
    sources: &'s Sources,
    teller: Teller<'s>,
    /// The files that were looked at; none for those that are no YAML.
    trees: HashMap<FileId, Option<Node>>,
}

impl Fix {
    /// What stands in place of what.
    pub fn places(&self) -> impl Iterator<Item = (Location, &str)> {
        let edits = self.edits.iter();
        edits.map(|edit| (edit.location, edit.text.as_str()))
    }

    /// Whether it and another one change the same place, or places that touch.
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

    /// The fixes of a finding. Of several one alone is meant, and nobody but a person knows which.
    pub fn fixes(&mut self, finding: &Finding) -> Vec<Fix> {
        let Some(location) = finding.location else {
            return Vec::new();
        };
        // What may hold a secret is told in other words, and no part of it is repeated in an edit.
        if self.teller.tell(finding).help != finding.help {
            return Vec::new();
        }
        // Where a variable stands for a part of a text, nobody can tell where the other parts stand: the whole is underlined.
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
        // Of a value of config or of a filter the quotes are said as well.
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
            // What cannot be read is told as it stands in the file.
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

/// Whether a name is another one mistyped: its digits are not, and neither are the few letters of a code such as `en-GB`.
fn is_slip(code: Code, old: &str, near: &str) -> bool {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let is_code = |text: &str| {
        let is_capital = |c: char| c.is_uppercase();
        text.len() <= 5 && (text.contains('-') || text.chars().all(is_capital))
    };
    let of_config = matches!(code, Code::InvalidValue | Code::UnknownTimezone);
    digits(old) == digits(near) && !(of_config && is_code(near))
}

/// A name in backticks, where what it replaces has them: helps do not repeat these.
fn in_backticks_of(old: &str, text: &str) -> String {
    let had = old.len() > 1 && old.starts_with('`') && old.ends_with('`');
    match had && !text.starts_with('`') {
        true => format!("`{text}`"),
        false => text.to_owned(),
    }
}

/// A text of a condition, in the quotes of the one that it replaces: what the data has is named without any.
fn in_quotes_of(old: &str, text: &str) -> String {
    // Quotes within the quotes of YAML have a backslash before them, or are doubled.
    match old.trim_start_matches('\\').chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let doubled = text.replace(quote, &format!("{quote}{quote}"));
            format!("{quote}{doubled}{quote}")
        }
        _ => text.to_owned(),
    }
}

/// What a help says to write.
#[derive(Debug, Default)]
pub struct Instead {
    /// Of which one is meant.
    pub texts: Vec<String>,
    /// Whether the help says nothing besides, but why behind a colon: what follows otherwise says when it is not meant.
    pub is_all: bool,
}

impl Finding {
    /// What its help says to write in place of what is underlined, of which one is meant: each code of
    /// ``write `a`, or `b` if …``, or the one of ``did you mean `a`?``.
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
        // Entries of a mapping are written somewhere else, unless a line of YAML is corrected; dots stand for what nobody knows.
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

/// The code that a sentence begins with, and what stands behind it.
fn code(sentence: &str) -> Option<(&str, &str)> {
    let code = sentence.strip_prefix('`')?;
    // A code with a backtick in it stands between two of them, and blanks.
    match code.strip_prefix("` ") {
        Some(code) => code.split_once(" ``"),
        None => code.split_once('`'),
    }
}

/// The codes that a sentence begins with, as long as it joins them, and what stands behind the last of them.
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
        // A backtick of its own, not set apart: where the code ends nobody can tell.
        if behind.starts_with(|c: char| c.is_alphanumeric() || c == '`') {
            return (Vec::new(), sentence);
        }
        codes.push(code);
        rest = behind;
    }
    (codes, rest)
}
