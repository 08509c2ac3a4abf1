//! The view of a session that features get, and how they refuse.

use gen_lsp_types::{TextDocumentPositionParams, Uri};
use lsp_server::ErrorCode;
use tokio::runtime::Handle;

use super::client::Client;
use super::folder::{Folder, path_of};
use super::moved::Moved;
use super::people::Counts;
use super::position::{Encoding, Lines};
use super::roles::purpose as purpose_of;
use super::texts::Texts;
use super::world::World;
use crate::diagnostic::Finding;
use crate::reference::Purpose;
use crate::source::{FileId, Location, MAX_FILE_BYTES};

/// The view of a feature: one state of the texts, which does not change while it answers.
pub struct View<'a> {
    /// The last compiled state; `None` before the first.
    pub world: Option<&'a World>,
    /// The last compiled state in which every file could be parsed: it has the names of a file that is being edited.
    pub names: Option<&'a World>,
    /// The findings in `world`.
    pub findings: &'a [Finding],
    /// Those among them that were found in the data for older texts.
    pub kept: &'a [Finding],
    /// The last counts.
    pub counts: &'a Counts,
    /// Whether the counts are for the current texts.
    pub is_counted: bool,
    /// The current open texts, which may be newer than the world.
    pub texts: &'a Texts,
    pub folder: &'a Folder,
    pub client: &'a Client,
    /// The runtime for reading results.
    pub runtime: &'a Handle,
}

/// The position of the cursor.
pub struct Spot<'a> {
    /// The world in which names are looked up.
    pub world: &'a World,
    pub file: FileId,
    pub byte: usize,
    /// The world of the current texts, and the mapping of locations from `world`; `None` if it is the same.
    now: Option<(&'a World, Moved)>,
}

impl Spot<'_> {
    /// A location in the current texts; `None` if its text has changed.
    pub fn place(&self, place: Location, encoding: Encoding) -> Option<gen_lsp_types::Location> {
        match &self.now {
            None => self.world.place(place, encoding),
            Some((now, moved)) => now.place(moved.place(place)?, encoding),
        }
    }
}

impl View<'_> {
    /// The spot at a position; `None` if it is in no file that was read.
    pub fn spot(&self, position: &TextDocumentPositionParams) -> Option<Spot<'_>> {
        let world = self.world?;
        let (file, source) = world.file(&position.text_document.uri)?;
        let lines = Lines::new(&source.text, self.client.encoding);
        Some(Spot {
            world,
            file,
            byte: lines.offset(position.position),
            now: None,
        })
    }

    /// The spot for reading: while config is invalid, it uses the previous compiled state, if the file has the same
    /// text there.
    pub fn spot_to_read(&self, position: &TextDocumentPositionParams) -> Option<Spot<'_>> {
        let now = self.spot(position)?;
        let uri = &position.text_document.uri;
        let known = self.names.filter(|_| now.world.project().is_none());
        let known = known.and_then(|world| Some((world, world.file(uri)?)));
        let text = now.world.sources().get(now.file).map(|file| &file.text);
        Some(match known {
            Some((world, (file, known))) if Some(&known.text) == text => Spot {
                world,
                file,
                now: Some((now.world, Moved::between(world, now.world))),
                ..now
            },
            _ => now,
        })
    }

    /// The current text of a file.
    ///
    /// # Errors
    /// It is not open, or too large to be read.
    pub fn text(&self, uri: &Uri) -> Result<String, Refusal> {
        let open = self.texts.get(uri);
        let open = open.ok_or_else(|| Refusal::because(format!("`{uri}` is not open")))?;
        if open.text.len() as u64 > MAX_FILE_BYTES {
            let words = format!("`{uri}` is too large to be a file of Muster's");
            return Err(Refusal::because(words));
        }
        Ok(open.text.clone())
    }

    /// The purpose of a file; `None` if it is not Muster's. While config is being edited, the previous version decides.
    pub fn purpose(&self, uri: &Uri) -> Option<Purpose> {
        let name = self.folder.name(&path_of(uri)?)?;
        let project = self.names.or(self.world).and_then(World::project);
        let config = project.map(|project| &project.config);
        purpose_of(&name, self.folder.config(), config)
    }

    /// The current text of one of Muster's files; `None` for files of other programs.
    ///
    /// # Errors
    /// It is not open, or too large to be read.
    pub fn own_text(&self, uri: &Uri) -> Result<Option<String>, Refusal> {
        let text = self.text(uri)?;
        Ok(self.purpose(uri).map(|_| text))
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub struct Refusal {
    pub code: ErrorCode,
    pub words: String,
}

impl Refusal {
    /// A refusal with a reason that the user can understand.
    pub fn because(words: impl Into<String>) -> Self {
        Self {
            code: ErrorCode::RequestFailed,
            words: words.into(),
        }
    }
}
