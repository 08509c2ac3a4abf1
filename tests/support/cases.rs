//! `tests/cases/<code>[-variant]`: what somebody wrote, as YAML, and what they are told, in `expected.txt`.

use std::fs;
use std::path::{Path, PathBuf};

use muster::diagnostic::Code;

/// Codes whose cases need no database; the tests of files hold those, and the tests of the language all others.
pub const OF_FILES: &[&str] = &[
    "file-unreadable",
    "path-outside",
    "yaml-syntax",
    "cut-value",
    "too-large",
    "unknown-key",
    "missing-key",
    "invalid-value",
    "unset-variable",
    "unknown-timezone",
    "duplicate-id",
    "no-segments",
    "unread-rules",
    "unknown-bucket",
    "ladder-rest",
    "unknown-filter-field",
    "unknown-field-value",
    "unused-label",
    "never-due",
    "clock-change",
    "idle-schedule",
    "idle-report",
    "either-day",
    "open-password",
    "unreplaced-variable",
];

/// The folder of a case and the code that it is about.
pub struct Case {
    pub folder: PathBuf,
    pub code: Code,
}

/// Every case, in the order of names.
pub fn all() -> Vec<Case> {
    let folders = glob::glob("tests/cases/*/").unwrap().map(Result::unwrap);
    let case = |folder: PathBuf| Case {
        code: code_of(&folder),
        folder,
    };
    folders.map(case).collect()
}

/// The code that a folder's name begins with: the longest one that fits.
fn code_of(folder: &Path) -> Code {
    let name = folder.file_name().unwrap().to_str().unwrap();
    let fits = Code::ALL
        .iter()
        .filter(|c| name == c.name() || name.starts_with(&format!("{}-", c.name())));
    *fits
        .max_by_key(|c| c.name().len())
        .unwrap_or_else(|| panic!("{name} begins with no code"))
}

impl Case {
    pub fn is_of_files(&self) -> bool {
        OF_FILES.contains(&self.code.name())
    }

    /// A file of the case, or what stands for it where the case has none.
    pub fn read_or(&self, name: &str, otherwise: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap_or_else(|_| otherwise.to_owned())
    }

    /// The paths and texts of the rule files that are text.
    pub fn rules(&self) -> Vec<(String, String)> {
        let pattern = format!("{}/rules/*.yaml", self.folder.display());
        let files = glob::glob(&pattern).unwrap().map(Result::unwrap);
        let named = |file: PathBuf| {
            let name = file.file_name().unwrap().to_str().unwrap();
            let text = fs::read_to_string(&file).ok()?;
            Some((format!("rules/{name}"), text))
        };
        files.filter_map(named).collect()
    }

    /// The paths and texts of lists kept by hand.
    pub fn lists(&self) -> Vec<(String, String)> {
        let pattern = format!("{}/lists/*.csv", self.folder.display());
        let files = glob::glob(&pattern).unwrap().map(Result::unwrap);
        let named = |file: PathBuf| {
            let name = file.file_name().unwrap().to_str().unwrap();
            (format!("lists/{name}"), fs::read_to_string(&file).unwrap())
        };
        files.map(named).collect()
    }

    /// Whether a text is the expected one; `MUSTER_BLESS=1` makes it so.
    pub fn expects(&self, text: &str) -> bool {
        let expected = self.folder.join("expected.txt");
        if std::env::var_os("MUSTER_BLESS").is_some() {
            fs::write(expected, text).unwrap();
        }
        self.read_or("expected.txt", "") == text
    }
}
