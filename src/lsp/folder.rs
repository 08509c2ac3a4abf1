//! Where a project lies: files as `check` names them, and as the editor does.

use std::path::{Component, Path, PathBuf};

use gen_lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::trust::Options;
use crate::config::is_config_text;
use crate::source::{SourceFile, Sources};

/// The config that is looked for where none is named.
const DEFAULT: &str = "config.yaml";
/// What stands for itself in the path of a URI.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The folder of a config.
#[derive(Debug, Clone)]
pub struct Folder {
    /// Its absolute path.
    root: PathBuf,
    /// The folder outside of which nothing is read until that is trusted.
    wall: PathBuf,
    /// The config's file, as `check` would be told of it.
    config: PathBuf,
}

impl Folder {
    /// The folder of a config, of which the path counts from `base`.
    pub fn new(base: &Path, config: &Path) -> Self {
        let root = plain(&base.join(config));
        let root = root.parent().unwrap_or(base);
        // A config elsewhere is one that the command line names. Below the folder that is open a link may lead anywhere, so
        // that not even config's own folder is a wall.
        let wall = if root.starts_with(base) { base } else { root };
        Self {
            root: root.to_path_buf(),
            wall: wall.to_path_buf(),
            config: config.to_path_buf(),
        }
    }

    /// No file yet, with what is open; of the disk no more may be read than the options allow.
    pub fn sources(&self, open: Vec<SourceFile>, options: &Options) -> Sources {
        let within = (!options.trusted).then(|| self.wall.clone());
        Sources::in_editor(open, within)
    }

    /// The folder of the config that options name, or else the command line, and what to tell about it. A folder may bring
    /// its own options with it: until it is trusted none of them leads out of what is open.
    pub fn of(base: &Path, options: &Options, otherwise: &Path) -> (Self, Option<String>) {
        let Some(config) = &options.config else {
            return (Self::new(base, otherwise), None);
        };
        if options.trusted || plain(&base.join(config)).starts_with(base) {
            return (Self::new(base, config), None);
        }
        let words = format!(
            "the option `config` names `{}`, which is outside of the open folder: it is left out until the folder is trusted",
            config.display()
        );
        (Self::new(base, otherwise), Some(words))
    }

    /// Whether the config is there, and Muster's: other programs have files of the same name.
    pub fn has_config(&self, sources: &Sources) -> bool {
        match sources.read(&self.config) {
            Ok(text) => text.trim().is_empty() || is_config_text(&text),
            // What is wrong with it is told.
            Err(_) => self
                .config
                .file_name()
                .is_some_and(|name| self.root.join(name).exists()),
        }
    }

    /// Whether the config is the one that is looked for where none is named.
    pub fn is_by_default(&self) -> bool {
        self.config.file_name() == Some(DEFAULT.as_ref())
    }

    /// The config's file.
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// Its absolute path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The name of a file in the folder; none for what is not in it.
    pub fn name(&self, path: &Path) -> Option<PathBuf> {
        let inside = path.strip_prefix(&self.root).ok()?;
        let folder = self.config.parent().unwrap_or(Path::new(""));
        Some(folder.join(inside))
    }

    /// The URI of a file by its name.
    pub fn uri(&self, name: &Path) -> Uri {
        let folder = self.config.parent().unwrap_or(Path::new(""));
        let inside = name.strip_prefix(folder).unwrap_or(name);
        uri_of(&self.root.join(inside))
    }
}

/// The absolute path that a URI of a file names; none for other URIs.
pub fn path_of(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.0.strip_prefix("file://")?;
    let path = rest.get(rest.find('/')?..)?;
    let path = percent_decode_str(path).decode_utf8().ok()?;
    Some(plain(Path::new(&*path)))
}

/// The URI of an absolute path.
pub fn uri_of(path: &Path) -> Uri {
    let path = path.to_string_lossy();
    Uri(format!("file://{}", utf8_percent_encode(&path, PLAIN)))
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}
