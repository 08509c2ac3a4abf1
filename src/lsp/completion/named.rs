//! A place in YAML where something is named, with the known project.

use gen_lsp_types::Uri;

use crate::lsp::cursor::Cursor;
use crate::lsp::view::View;
use crate::lsp::world::World;
use crate::project::Project;
use crate::reference::Purpose;
use crate::source::{FileId, Node, parse};

pub struct Named<'a> {
    pub view: &'a View<'a>,
    pub uri: &'a Uri,
    pub purpose: Purpose,
    pub place: &'a Cursor<'a>,
}

impl Named<'_> {
    /// The project that provides the names.
    pub fn project(&self) -> Option<&Project> {
        self.view.names.and_then(World::project)
    }

    /// The parsed file: the current text, or else the last version that could be parsed.
    pub fn tree(&self) -> Option<Node> {
        let now = self.view.text(self.uri).ok();
        let now = now.and_then(|text| parse(FileId(0), &text).ok());
        now.or_else(|| {
            let (file, known) = self.view.names?.file(self.uri)?;
            parse(file, &known.text).ok()
        })
    }
}
