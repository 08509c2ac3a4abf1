//! What the server knows of a state of the texts: compiled as every command compiles them.

use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;

use super::folder::{Folder, path_of};
use super::position::{Encoding, Lines};
use super::proofs::Proofs;
use super::texts::Texts;
use crate::project::Project;
use crate::source::{FileId, Location, SourceFile, Sources};

/// One state of the texts, and what was made of it. Never changes, but for what is remembered of it.
#[derive(Debug)]
pub struct World {
    pub folder: Folder,
    /// The open texts that it was made of.
    pub texts: Texts,
    /// The number of this state: greater after each edit.
    pub state: u64,
    /// What was compiled, partial where it is wrong; where config is too wrong for that, the files that were read.
    pub compiled: Result<Project, Sources>,
    /// Why only the texts are known: nobody has said that the folder is trusted, or the database cannot be read.
    pub texts_alone: Option<String>,
    /// What answers `${NAME}` in it.
    pub variables: Variables,
    /// Which fixes were tried in it.
    pub proofs: Proofs,
}

/// The variables that config may name.
#[derive(Debug, Clone, Copy)]
pub struct Variables {
    pub environment: fn(&str) -> Option<String>,
    /// Whether the folder is, so that its files may learn them.
    pub trusted: bool,
}

impl Variables {
    /// What stands for `${NAME}`.
    pub fn get(self, name: &str) -> Option<String> {
        match self.trusted {
            true => (self.environment)(name),
            // Whatever it is, it is some text; but the variables that Muster goes by are not set.
            false => (!name.starts_with("MUSTER_")).then(|| name.to_owned()),
        }
    }
}

impl World {
    /// The project, where config could be understood.
    pub fn project(&self) -> Option<&Project> {
        self.compiled.as_ref().ok()
    }

    /// Every file that was read.
    pub fn sources(&self) -> &Sources {
        match &self.compiled {
            Ok(project) => &project.sources,
            Err(sources) => sources,
        }
    }

    /// A file that was read, by the editor's URI.
    pub fn file(&self, uri: &Uri) -> Option<(FileId, &SourceFile)> {
        let name = self.folder.name(&path_of(uri)?)?;
        self.named(&name)
    }

    /// A file that was read, by its name.
    pub fn named(&self, name: &Path) -> Option<(FileId, &SourceFile)> {
        self.sources().iter().find(|(_, file)| file.path == name)
    }

    /// The URI of a file: as the editor writes it, where it is open.
    pub fn uri(&self, name: &Path) -> Uri {
        let is_named = |uri: &Uri| {
            path_of(uri)
                .and_then(|path| self.folder.name(&path))
                .as_deref()
                == Some(name)
        };
        let open = self.texts.uris().find(is_named);
        open.unwrap_or_else(|| self.folder.uri(name))
    }

    /// A place in the protocol's words; none where it is in no file.
    pub fn place(&self, location: Location, encoding: Encoding) -> Option<gen_lsp_types::Location> {
        let file = self.sources().get(location.file)?;
        let lines = Lines::new(&file.text, encoding);
        Some(gen_lsp_types::Location {
            uri: self.uri(&file.path),
            range: lines.range(location.start..location.end),
        })
    }

    /// The name of config's file.
    pub fn config(&self) -> PathBuf {
        self.folder.config().to_path_buf()
    }
}
