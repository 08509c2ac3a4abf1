//! The texts that are open in the editor.

use std::collections::BTreeMap;

use gen_lsp_types::{TextDocumentContentChangeEvent, TextDocumentItem, Uri};

use super::folder::{Folder, path_of};
use super::position::{Encoding, Lines};
use crate::source::SourceFile;

/// Every open text, by its URI as the editor writes it.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    open: BTreeMap<String, Text>,
}

/// One open text.
#[derive(Debug, Clone)]
pub struct Text {
    /// What the editor says it is; each edit has a greater one.
    pub version: i32,
    pub text: String,
}

/// Why an edit was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("`{0}` is not open")]
    NotOpen(String),
    /// It was made before another one that is there already.
    #[error("`{uri}` has version {known}, and an edit of version {edit} comes too late")]
    Late { uri: String, known: i32, edit: i32 },
    #[error("an edit of `{0}` ends before it begins")]
    Backwards(String),
}

impl Texts {
    /// Takes in a text.
    pub fn open(&mut self, item: TextDocumentItem) {
        let TextDocumentItem {
            uri, version, text, ..
        } = item;
        self.open.insert(uri.0, Text { version, text });
    }

    /// From now on the file on the disk counts.
    pub fn close(&mut self, uri: &Uri) {
        self.open.remove(&uri.0);
    }

    /// Makes edits, one after the other.
    ///
    /// # Errors
    /// Nothing of them was made, and why.
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

    /// A text by the URI that it was opened by.
    pub fn get(&self, uri: &Uri) -> Option<&Text> {
        self.open.get(&uri.0)
    }

    /// Their URIs.
    pub fn uris(&self) -> impl Iterator<Item = Uri> {
        self.open.keys().map(|uri| Uri(uri.clone()))
    }

    /// Those that lie in a folder, under the names that they have there.
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
