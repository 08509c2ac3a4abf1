//! A place of YAML where something is named, and what is known there.

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
    /// The project whose names are known.
    pub fn project(&self) -> Option<&Project> {
        self.view.names.and_then(World::project)
    }

    /// The file as it is now, or else as it was when it could be read.
    pub fn tree(&self) -> Option<Node> {
        let now = self.view.text(self.uri).ok();
        let now = now.and_then(|text| parse(FileId(0), &text).ok());
        now.or_else(|| {
            let (file, known) = self.view.names?.file(self.uri)?;
            parse(file, &known.text).ok()
        })
    }
}
