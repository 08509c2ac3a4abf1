//! A state of the texts as the server knows it, compiled like any command would.

use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;

use super::folder::{Folder, path_of};
use super::position::{Encoding, Lines};
use super::proofs::Proofs;
use super::texts::Texts;
use crate::project::Project;
use crate::source::{FileId, Location, SourceFile, Sources};

/// One state of the texts and its compilation. Immutable, apart from caches.
#[derive(Debug)]
pub struct World {
    pub folder: Folder,
    /// The open texts that it was compiled from.
    pub texts: Texts,
    /// The number of this state; each edit increases it.
    pub state: u64,
    /// The compiled project, partial if there are errors; if config is too broken for that, the files that were read.
    pub compiled: Result<Project, Sources>,
    /// Why only the texts are known: the folder is not trusted, or the database cannot be read.
    pub texts_alone: Option<String>,
    /// Resolves `${NAME}`.
    pub variables: Variables,
    /// The fixes tried in it.
    pub proofs: Proofs,
}

/// The variables that config may use.
#[derive(Debug, Clone, Copy)]
pub struct Variables {
    pub environment: fn(&str) -> Option<String>,
    /// Whether the folder is trusted, so that its files may read them.
    pub trusted: bool,
}

impl Variables {
    /// The value of `${NAME}`.
    pub fn get(self, name: &str) -> Option<String> {
        match self.trusted {
            true => (self.environment)(name),
            // Some text stands in for the value; but variables that Muster itself reads count as unset.
            false => (!name.starts_with("MUSTER_")).then(|| name.to_owned()),
        }
    }
}

impl World {
    /// The project, if config is valid.
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

    /// A file that was read, by its URI.
    pub fn file(&self, uri: &Uri) -> Option<(FileId, &SourceFile)> {
        let name = self.folder.name(&path_of(uri)?)?;
        self.named(&name)
    }

    /// A file that was read, by its name.
    pub fn named(&self, name: &Path) -> Option<(FileId, &SourceFile)> {
        self.sources().iter().find(|(_, file)| file.path == name)
    }

    /// The URI of a file; as the editor spells it, if it is open.
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

    /// A location in LSP form; `None` if it is in no file.
    pub fn place(&self, location: Location, encoding: Encoding) -> Option<gen_lsp_types::Location> {
        let file = self.sources().get(location.file)?;
        let lines = Lines::new(&file.text, encoding);
        Some(gen_lsp_types::Location {
            uri: self.uri(&file.path),
            range: lines.range(location.start..location.end),
        })
    }

    /// The name of the config file.
    pub fn config(&self) -> PathBuf {
        self.folder.config().to_path_buf()
    }
}
