//! Mappings and lists: unknown, repeated and missing keys, and the number of entries.

use super::record::{Read, head};
use super::{MAX_ENTRIES, Reader, cut, meant};
use crate::diagnostic::{Code, FIRST, Finding};
use crate::source::{Location, Node, NodeKind, Scalar, yaml_quoted};

/// The fields of a mapping with known keys.
pub struct Fields<'n> {
    entries: Vec<(&'n Scalar, &'n Node)>,
    /// Known keys that were written under a wrong name (already reported), with their values.
    meant: Vec<(&'n str, &'n Node)>,
    head: Location,
}

impl Reader<'_> {
    /// Reads a list.
    pub fn list<'n>(&mut self, node: &'n Node) -> Option<&'n [Node]> {
        match &node.kind {
            NodeKind::List(items) => {
                self.bound(items.len(), node.location)?;
                Some(items)
            }
            NodeKind::Empty => Some(&[]),
            NodeKind::Scalar(_) => {
                self.invalid(
                    node.location,
                    "a list: `[one, two]`, or a line `- one` for each",
                );
                None
            }
            NodeKind::Mapping(entries) => {
                let first = entries.first().map(|(key, _)| key.value.as_str());
                let help = match first {
                    Some("id") | None => "put `- ` before the first key of each entry".into(),
                    Some(first) => format!("write `- id: {first}`, and its keys below it"),
                };
                self.refuse(head(node), "a list: each entry begins with `- `", help);
                None
            }
        }
    }

    /// Reads the entries of a mapping, without repeated keys.
    pub fn entries<'n>(&mut self, node: &'n Node) -> Option<Vec<(&'n Scalar, &'n Node)>> {
        let entries = match &node.kind {
            NodeKind::Mapping(entries) => entries,
            NodeKind::Empty => return Some(Vec::new()),
            NodeKind::List(_) => {
                let expected = "names with a value each (`name: value`), not a list";
                self.invalid(node.location, expected);
                return None;
            }
            NodeKind::Scalar(_) => {
                let expected = "names with a value each (`name: value`), not a single value";
                self.invalid(node.location, expected);
                return None;
            }
        };
        self.bound(entries.len(), node.location)?;
        let mut kept: Vec<(&Scalar, &Node)> = Vec::new();
        for (key, value) in entries {
            if let Some((first, _)) = kept.iter().find(|(k, _)| k.value == key.value) {
                let place = self.place(first.location);
                self.report(
                    Finding::new(Code::DuplicateId, format!("`{}` is given twice", key.value))
                        .at(key.location)
                        .label("the second one")
                        .related(first.location, FIRST)
                        .help(format!("the first is at {place}; keep one of them")),
                );
            } else {
                kept.push((key, value));
            }
        }
        Some(kept)
    }

    /// Reads the fields of a mapping that may only have these keys. Keys are spelled as in Rust (`r#where`).
    pub fn fields<'n>(&mut self, node: &'n Node, keys: &'n [&'n str]) -> Option<Fields<'n>> {
        if let NodeKind::List(_) | NodeKind::Scalar(_) = node.kind {
            let all: Vec<_> = keys.iter().map(|k| format!("`{}:`", yaml_key(k))).collect();
            let help = format!("its keys are {}", all.join(", "));
            let expected = match node.kind {
                NodeKind::List(_) => "keys of its own (`key: value`), not a list",
                _ => "keys of its own (`key: value`), not a single value",
            };
            let message = format!("{} has {expected}", self.subject());
            let finding = Finding::new(Code::InvalidValue, message).at(node.location);
            self.report(finding.help(help));
            return None;
        }
        let entries = self.entries(node)?;
        let known: Vec<&str> = keys.iter().map(|key| yaml_key(key)).collect();
        let is_there = |key: &str| entries.iter().any(|(k, _)| k.value == key);
        let absent: Vec<&str> = known.iter().copied().filter(|k| !is_there(k)).collect();
        let mut meant = Vec::new();
        let mut at = 0;
        while let Some((key, value)) = entries.get(at) {
            at += 1;
            if is_password(&key.value) && absent.contains(&"password_file") {
                self.password(key);
            } else if !known.contains(&key.value.as_str()) {
                let near = meant::key(&key.value, &absent, &known);
                let parts = entries.iter().skip(at - 1).take_while(|(key, value)| {
                    value.kind == NodeKind::Empty && !known.contains(&key.value.as_str())
                });
                let parts: Vec<Location> = parts.map(|(key, _)| key.location).collect();
                let before = at.checked_sub(2).and_then(|before| entries.get(before));
                let cut = before.filter(|_| near.is_none()).and_then(|(key, value)| {
                    cut::told_of_parts(self.text_of(key.location), key, value, &parts)
                });
                if let Some(cut) = cut {
                    at += parts.len().saturating_sub(1);
                    self.report(cut);
                    continue;
                }
                let is_free = |near: &&str| {
                    absent.contains(near) && !meant.iter().any(|(other, _)| other == near)
                };
                let taken = near.filter(|near| !is_free(near));
                meant.extend(near.filter(|near| absent.contains(near)).zip(Some(*value)));
                match taken {
                    Some(taken) => self.key_twice(key, taken),
                    None => self.unknown_key(key, near, &known),
                }
            }
        }
        Some(Fields {
            entries,
            meant,
            head: head(node),
        })
    }

    /// The `#1` of `id: #1`, which YAML reads as a comment.
    fn comment_behind(&self, key: &Scalar) -> Option<String> {
        let behind = self.text_of(key.location).get(key.location.end..)?;
        let value = behind.strip_prefix(':')?.lines().next()?.trim();
        let sign = value.chars().nth(1).filter(|c| c.is_alphanumeric());
        (value.starts_with('#') && sign.is_some() && !value.contains('"')).then(|| value.to_owned())
    }

    /// Reports that a key has no value.
    fn no_value(&mut self, key: &Scalar) {
        let message = format!("`{}:` has no value", key.value);
        let finding = Finding::new(Code::MissingKey, message).at(key.location);
        let comment = self.comment_behind(key);
        self.report(match comment {
            Some(comment) => finding.help(format!(
                "what follows a `#` is a comment in YAML: put it in quotes, `{}: {}`",
                key.value,
                yaml_quoted(&comment)
            )),
            None => finding,
        });
    }

    /// The complete text of a location's file.
    fn text_of(&self, location: Location) -> &str {
        let file = self.sources.get(location.file);
        file.map_or("", |file| file.text.as_str())
    }

    /// Reports a key whose intended key is already present, or intended by another one.
    fn key_twice(&mut self, key: &Scalar, taken: &str) {
        self.no_key(
            key,
            format!("`{taken}` is there already: leave one of the two out"),
        );
    }

    fn unknown_key(&mut self, key: &Scalar, near: Option<&str>, known: &[&str]) {
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let all: Vec<_> = known.iter().map(|k| format!("`{k}`")).collect();
                format!("known here: {}", all.join(", "))
            }
        };
        self.no_key(key, help);
    }

    fn no_key(&mut self, key: &Scalar, help: String) {
        let place = match self.path.last() {
            Some(_) => format!("in `{}`", self.path.join(".")),
            None => "at the head of this file".into(),
        };
        let message = format!("there is no key `{}` {place}", key.value);
        let finding = Finding::new(Code::UnknownKey, message).at(key.location);
        self.report(finding.help(help));
    }

    /// Reports a password in config, without showing its line.
    fn password(&mut self, key: &Scalar) {
        let message = format!("there is a password at {}", self.place(key.location));
        self.report(Finding::new(Code::UnknownKey, message).help(
            "take it out: a config is read by many. Write it into a file that only Muster's user \
             can read, and name that file with `password_file:`",
        ));
        self.unread.push("password_file".into());
    }

    fn bound(&mut self, length: usize, location: Location) -> Option<()> {
        if length <= MAX_ENTRIES {
            return Some(());
        }
        let message = format!(
            "{} has {length} entries, and the limit is {MAX_ENTRIES}",
            self.subject()
        );
        self.report(
            Finding::new(Code::TooLarge, message)
                .at(location)
                .help("split it over several files"),
        );
        None
    }
}

impl Fields<'_> {
    /// Reads the value of a key. An empty value counts as missing, unless the type requires one.
    pub fn read<T: Read>(&self, key: &str, reader: &mut Reader<'_>) -> Option<T> {
        let key = yaml_key(key);
        let found = self.entries.iter().find(|(k, _)| k.value == key);
        let empty = found.filter(|(_, node)| node.kind == NodeKind::Empty);
        if let (Some((written, _)), Some(unsaid)) = (empty, T::unsaid()) {
            reader.no_value(written);
            return Some(unsaid);
        }
        let value = found.filter(|(_, node)| node.kind != NodeKind::Empty);
        if let Some((_, node)) = value {
            reader.path.push(key.to_owned());
            let value = T::read(node, reader);
            reader.path.pop();
            return value;
        }
        if let Some((_, node)) = self.meant.iter().find(|(meant, _)| *meant == key) {
            // A misspelt key is not reported as missing as well. Since the intended key is a guess, its value is not
            // checked either.
            let told = reader.findings.len();
            let value = T::read(node, reader);
            reader.findings.truncate(told);
            return value.or_else(T::absent);
        }
        if T::absent().is_none() {
            let owner = match reader.path.last() {
                Some(_) if reader.item == Some(reader.path.len()) => {
                    format!("each entry of {}", reader.subject())
                }
                Some(_) => reader.subject(),
                None => "the file".into(),
            };
            match found {
                Some((written, _)) => reader.no_value(written),
                None => {
                    let message = format!("{owner} needs the key `{key}:`");
                    reader.report(Finding::new(Code::MissingKey, message).at(self.head));
                }
            }
        }
        T::absent()
    }
}

/// Whether a key is a common name for a password.
fn is_password(key: &str) -> bool {
    let key = key.to_lowercase();
    matches!(
        key.as_str(),
        "password" | "pass" | "passwd" | "passwort" | "pwd" | "secret"
    )
}

/// The key in the file: `where` for `r#where`.
fn yaml_key(key: &str) -> &str {
    key.strip_prefix("r#").unwrap_or(key)
}
