//! The project folder: names of files as in `check`, and as in the editor.

use std::path::{Component, Path, PathBuf};

use gen_lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::trust::Options;
use crate::config::is_config_text;
use crate::source::{SourceFile, Sources};

/// The default name of the config.
const DEFAULT: &str = "config.yaml";
/// The characters that are escaped in the path of a URI: all but ASCII letters and digits and those removed here.
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
    /// The folder outside of which nothing is read until the folder is trusted.
    wall: PathBuf,
    /// The path of the config, as it would be passed to `check`.
    config: PathBuf,
}

impl Folder {
    /// The folder of a config, with a path relative to `base`.
    pub fn new(base: &Path, config: &Path) -> Self {
        let root = plain(&base.join(config));
        let root = root.parent().unwrap_or(base);
        // A config outside the base was named on the command line. Inside the open folder a symbolic link may lead
        // anywhere, so config's own folder is not a safe boundary.
        let wall = if root.starts_with(base) { base } else { root };
        Self {
            root: root.to_path_buf(),
            wall: wall.to_path_buf(),
            config: config.to_path_buf(),
        }
    }

    /// Sources with only the open texts loaded; the options limit what may be read from disk.
    pub fn sources(&self, open: Vec<SourceFile>, options: &Options) -> Sources {
        let within = (!options.trusted).then(|| self.wall.clone());
        Sources::in_editor(open, within)
    }

    /// The folder of the config named by the options, or else by the command line, and a message about it. A folder may
    /// come with its own options: until it is trusted, none of them may lead outside the open folder.
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

    /// Whether the config exists and belongs to Muster: other programs use files of the same name.
    pub fn has_config(&self, sources: &Sources) -> bool {
        match sources.read(&self.config) {
            Ok(text) => text.trim().is_empty() || is_config_text(&text),
            // A config that cannot be parsed is reported as an error.
            Err(_) => self
                .config
                .file_name()
                .is_some_and(|name| self.root.join(name).exists()),
        }
    }

    /// Whether the config has the default name.
    pub fn is_by_default(&self) -> bool {
        self.config.file_name() == Some(DEFAULT.as_ref())
    }

    /// The path of the config.
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// The absolute path of the folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The name of a file relative to the folder; `None` if it is outside.
    pub fn name(&self, path: &Path) -> Option<PathBuf> {
        let inside = path.strip_prefix(&self.root).ok()?;
        let folder = self.config.parent().unwrap_or(Path::new(""));
        Some(folder.join(inside))
    }

    /// The URI of a file in the folder.
    pub fn uri(&self, name: &Path) -> Uri {
        let folder = self.config.parent().unwrap_or(Path::new(""));
        let inside = name.strip_prefix(folder).unwrap_or(name);
        uri_of(&self.root.join(inside))
    }
}

/// The absolute path of a file URI; `None` for other URIs.
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

/// Removes `.` and `..` from a path.
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
