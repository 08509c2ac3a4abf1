//! What features see of a session, and how they refuse.

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

/// What a feature sees: one state of the texts, which does not change while it answers.
pub struct View<'a> {
    /// What was compiled last; none before the first time.
    pub world: Option<&'a World>,
    /// What was compiled last while every file could be read: it has the names of a file that is half typed.
    pub names: Option<&'a World>,
    /// What was found in `world`.
    pub findings: &'a [Finding],
    /// Those of them that were found in the data of older texts.
    pub kept: &'a [Finding],
    /// How many people were counted last.
    pub counts: &'a Counts,
    /// Whether these are of the texts as they are now.
    pub is_counted: bool,
    /// The open texts as they are now, which may be newer than the world.
    pub texts: &'a Texts,
    pub folder: &'a Folder,
    pub client: &'a Client,
    /// On which results are asked.
    pub runtime: &'a Handle,
}

/// Where the cursor stands.
pub struct Spot<'a> {
    /// In which the names are looked up.
    pub world: &'a World,
    pub file: FileId,
    pub byte: usize,
    /// The texts' own world, and where the places of the other one are in it; none where it is the same.
    now: Option<(&'a World, Moved)>,
}

impl Spot<'_> {
    /// A place in the texts as they are now; none where it is in what is another text by now.
    pub fn place(&self, place: Location, encoding: Encoding) -> Option<gen_lsp_types::Location> {
        match &self.now {
            None => self.world.place(place, encoding),
            Some((now, moved)) => now.place(moved.place(place)?, encoding),
        }
    }
}

impl View<'_> {
    /// Where a position is; none where it is in no file that was read.
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

    /// The same to look something up: while config cannot be understood, in what was compiled before, if the file has the same
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

    /// The text of a file as it is now.
    ///
    /// # Errors
    /// It is not open, or so large that nothing reads it.
    pub fn text(&self, uri: &Uri) -> Result<String, Refusal> {
        let open = self.texts.get(uri);
        let open = open.ok_or_else(|| Refusal::because(format!("`{uri}` is not open")))?;
        if open.text.len() as u64 > MAX_FILE_BYTES {
            let words = format!("`{uri}` is too large to be a file of Muster's");
            return Err(Refusal::because(words));
        }
        Ok(open.text.clone())
    }

    /// What a file is for; none where it is none of Muster's. While config is half typed, what it named before counts.
    pub fn purpose(&self, uri: &Uri) -> Option<Purpose> {
        let name = self.folder.name(&path_of(uri)?)?;
        let project = self.names.or(self.world).and_then(World::project);
        let config = project.map(|project| &project.config);
        purpose_of(&name, self.folder.config(), config)
    }

    /// The text of a file of Muster's as it is now; none of other files, which other programs read.
    ///
    /// # Errors
    /// It is not open, or so large that nothing reads it.
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
    /// What was asked for cannot be done, for a reason that the person who asks can understand.
    pub fn because(words: impl Into<String>) -> Self {
        Self {
            code: ErrorCode::RequestFailed,
            words: words.into(),
        }
    }
}
