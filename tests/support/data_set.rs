//! The data sets where they lie, and the tables of reference beside them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::scratch::Scratch;
use super::skipping::skipped;

/// One row of a table of reference by column.
pub type Row = BTreeMap<String, String>;

/// A data set, copied where it may be written, its database loaded and the rules laid beside it.
pub struct DataSet {
    pub folder: Scratch,
}

impl DataSet {
    /// The set of a name; none, said so, on machines that do not have it.
    pub fn open(name: &str) -> Option<Self> {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let data = home.join("../shared/data").join(name);
        if !data.join("load_sqlite.py").exists() {
            skipped(&format!("{name}: no data set at {}", data.display()));
            return None;
        }
        let folder = Scratch::new();
        copy(&data, folder.folder());
        copy(&home.join("tests/data_sets").join(name), folder.folder());
        let script = folder.path("load_sqlite.py");
        let loaded = Command::new("python3").arg(&script).output();
        match loaded {
            Err(error) => {
                skipped(&format!("{name}: python3 cannot be run: {error}"));
                return None;
            }
            Ok(output) => assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            ),
        }
        Some(Self { folder })
    }

    /// A file of reference as text, unpacked where it is packed.
    pub fn text(&self, name: &str) -> String {
        let path = self.folder.path("reference").join(name);
        if !name.ends_with(".gz") {
            return std::fs::read_to_string(path).unwrap();
        }
        let unpack = "import gzip, sys; sys.stdout.buffer.write(gzip.open(sys.argv[1]).read())";
        let unpacked = Command::new("python3")
            .args(["-c", unpack])
            .arg(path)
            .output();
        String::from_utf8(unpacked.unwrap().stdout).unwrap()
    }

    /// A table of reference.
    pub fn table(&self, name: &str) -> Vec<Row> {
        let text = self.text(name);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.deserialize().map(Result::unwrap).collect()
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else if !target.exists() {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
