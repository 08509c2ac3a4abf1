//! A folder of one test. What can be done with it stands beside what it is done with: SQL in `database`, commands in
//! `program`, loading in `library`.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Lets a type with a field `scratch` do what its [`Scratch`] can do.
macro_rules! on_scratch {
    ($type:ty) => {
        impl std::ops::Deref for $type {
            type Target = $crate::support::scratch::Scratch;

            fn deref(&self) -> &Self::Target {
                &self.scratch
            }
        }
    };
}
pub(crate) use on_scratch;

/// What a folder holds, by name.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// A folder that is gone with the test; its database is `studio.db`, unless named otherwise.
pub struct Scratch {
    folder: TempDir,
    database: &'static str,
}

impl Scratch {
    /// An empty folder.
    pub fn new() -> Self {
        Self::around("studio.db")
    }

    /// An empty folder whose database has this name.
    pub fn around(database: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, database }
    }

    /// The shipped config and rules, for the demo's database.
    pub fn shipped() -> Self {
        let scratch = Self::around("demo/studio.db");
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let pattern = root.join("rules/**/*.yaml");
        let rules = glob::glob(pattern.to_str().unwrap()).unwrap();
        let rules = rules.map(Result::unwrap);
        for path in rules.chain([root.join("config.yaml")]) {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            scratch.write(name, std::fs::read_to_string(&path).unwrap());
        }
        scratch
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn database(&self) -> PathBuf {
        self.path(self.database)
    }

    /// Writes a file, and the folders that it lies in.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Puts a whole file in the place of another, so that no process reads half of it.
    pub fn replace(&self, name: &str, text: &str) {
        self.write("aside", text);
        std::fs::rename(self.path("aside"), self.path(name)).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Replaces a text that must be there.
    pub fn edit(&self, name: &str, old: &str, new: &str) {
        let text = self.read(name);
        assert!(text.contains(old), "{name} does not contain {old}");
        self.write(name, text.replacen(old, new, 1));
    }

    /// Puts this in the place of all that `rules/all.yaml` held.
    pub fn rules(&self, yaml: &str) {
        self.write("rules/all.yaml", yaml);
    }
}
