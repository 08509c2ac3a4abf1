//! The texts open in the editor.

use std::collections::BTreeMap;

use gen_lsp_types::{TextDocumentContentChangeEvent, TextDocumentItem, Uri};

use super::folder::{Folder, path_of};
use super::position::{Encoding, Lines};
use crate::source::SourceFile;

/// Every open text, by its URI as the editor spells it.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    open: BTreeMap<String, Text>,
}

/// One open text.
#[derive(Debug, Clone)]
pub struct Text {
    /// The version reported by the editor; each edit increases it.
    pub version: i32,
    pub text: String,
}

/// Why an edit was rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("`{0}` is not open")]
    NotOpen(String),
    /// It is older than the version already known.
    #[error("`{uri}` has version {known}, and an edit of version {edit} comes too late")]
    Late { uri: String, known: i32, edit: i32 },
    #[error("an edit of `{0}` ends before it begins")]
    Backwards(String),
}

impl Texts {
    /// Adds an opened text.
    pub fn open(&mut self, item: TextDocumentItem) {
        let TextDocumentItem {
            uri, version, text, ..
        } = item;
        self.open.insert(uri.0, Text { version, text });
    }

    /// Removes a text: the file on disk counts again.
    pub fn close(&mut self, uri: &Uri) {
        self.open.remove(&uri.0);
    }

    /// Applies edits, one after the other.
    ///
    /// # Errors
    /// Why none of them was applied.
    pub fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        edits: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> Result<(), Refused> {
        let name = || uri.0.clone();
        let open = self.open.get_mut(&uri.0);
        let open = open.ok_or_else(|| Refused::NotOpen(name()))?;
        if version <= open.version {
            return Err(Refused::Late {
                uri: name(),
                known: open.version,
                edit: version,
            });
        }
        let mut text = open.text.clone();
        for edit in edits {
            match edit {
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                    text = whole.text;
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    let bytes = Lines::new(&text, encoding).bytes(part.range);
                    let bytes = bytes.ok_or_else(|| Refused::Backwards(name()))?;
                    text.replace_range(bytes, &part.text);
                }
            }
        }
        *open = Text { version, text };
        Ok(())
    }

    /// The text opened under a URI.
    pub fn get(&self, uri: &Uri) -> Option<&Text> {
        self.open.get(&uri.0)
    }

    /// Whether one of them is a rule file, judging by its keys.
    pub fn has_rules(&self) -> bool {
        self.with_rules().next().is_some()
    }

    /// The URIs of texts that look like rule files.
    pub fn with_rules(&self) -> impl Iterator<Item = Uri> {
        let begins = |line: &str| line.starts_with("segments:");
        let texts = self.open.iter();
        let texts = texts.filter(move |(_, open)| open.text.lines().any(begins));
        texts.map(|(uri, _)| Uri(uri.clone()))
    }

    /// The URIs of all texts.
    pub fn uris(&self) -> impl Iterator<Item = Uri> {
        self.open.keys().map(|uri| Uri(uri.clone()))
    }

    /// The texts inside a folder, under their names in it.
    pub fn of(&self, folder: &Folder) -> Vec<SourceFile> {
        let texts = self.open.iter().filter_map(|(uri, open)| {
            let path = path_of(&Uri(uri.clone()))?;
            Some(SourceFile {
                path: folder.name(&path)?,
                text: open.text.clone(),
            })
        });
        texts.collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use gen_lsp_types::{Position, Range, TextDocumentContentChangePartial, TextDocumentItem, Uri};

    use super::Texts;
    use crate::lsp::position::Encoding;

    /// A deterministic pseudo-random number generator.
    struct Random(u64);

    impl Random {
        fn below(&mut self, bound: usize) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            usize::try_from(self.0 >> 33).unwrap() % bound
        }
    }

    /// The position of a character, in the editor's encoding.
    fn position(text: &[char], at: usize, encoding: Encoding) -> Position {
        let before: String = text[..at].iter().collect();
        let line = before.rsplit('\n').next().unwrap();
        let units = match encoding {
            Encoding::Utf16 => line.encode_utf16().count(),
            Encoding::Utf8 => line.len(),
        };
        Position {
            line: u32::try_from(before.matches('\n').count()).unwrap(),
            character: u32::try_from(units).unwrap(),
        }
    }

    /// Compares every character after random edits.
    #[test]
    fn the_text_is_the_editors_after_any_edits() {
        let uri = || Uri("file:///a.yaml".to_owned());
        let snippets = [
            "",
            "a",
            "\n",
            "é",
            "😀",
            "\u{feff}",
            "when: x\n  - id: y\n",
            "\t",
        ];
        for encoding in [Encoding::Utf16, Encoding::Utf8] {
            let mut random = Random(17);
            let mut theirs: Vec<char> = "segments:\n  - id: é😀\n".chars().collect();
            let mut texts = Texts::default();
            texts.open(TextDocumentItem {
                uri: uri(),
                language_id: serde_json::from_value("yaml".into()).unwrap(),
                version: 0,
                text: theirs.iter().collect(),
            });
            for version in 1..2_000 {
                let mut edits = Vec::new();
                for _ in 0..random.below(3) {
                    let start = random.below(theirs.len() + 1);
                    let end = (start + random.below(5)).min(theirs.len());
                    let text = snippets[random.below(snippets.len())];
                    let range = Range {
                        start: position(&theirs, start, encoding),
                        end: position(&theirs, end, encoding),
                    };
                    let edit = TextDocumentContentChangePartial::new(range, None, text.to_owned());
                    edits.push(edit.into());
                    theirs.splice(start..end, text.chars());
                }
                texts.change(&uri(), version, edits, encoding).unwrap();
                let ours = &texts.get(&uri()).unwrap().text;
                assert_eq!(*ours, theirs.iter().collect::<String>());
            }
        }
    }
}
