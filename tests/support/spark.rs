//! A server of Spark Connect: PySail, which `tests/spark/server.sh` starts, or the real Spark that `MUSTER_SPARK_URL` names
//! (`sc://127.0.0.1:15302`), where it finds the files of this machine. PySail's Python writes them.

use std::cell::{OnceCell, RefCell};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use muster::config::SparkServer;

use super::scratch::Scratch;
use super::skipping::skipped;

/// A server, and tables of one test that it finds as Parquet files.
pub struct Spark {
    pub folder: Scratch,
    host: String,
    port: u16,
    python: PathBuf,
    /// What writes tables, once there was one to write.
    writer: OnceCell<RefCell<Child>>,
}

impl Spark {
    /// No tables yet; none, visibly, where no server was started.
    pub fn open() -> Option<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/spark");
        let Ok(port) = std::fs::read_to_string(here.join("address")) else {
            assert!(
                std::env::var_os("MUSTER_NEEDS_SPARK").is_none(),
                "no server of Spark Connect was started: `tests/all.sh` does"
            );
            skipped(
                "no server of Spark Connect was started; `sh tests/spark/server.sh start` does",
            );
            return None;
        };
        let url = std::env::var("MUSTER_SPARK_URL");
        let url = url.unwrap_or_else(|_| format!("sc://localhost:{}", port.trim()));
        let (host, port) = url.strip_prefix("sc://").unwrap().split_once(':').unwrap();
        Some(Self {
            folder: Scratch::new(),
            host: host.to_owned(),
            port: port.parse().unwrap(),
            python: here.join("venv/bin/python"),
            writer: OnceCell::new(),
        })
    }

    /// The URL that config takes.
    pub fn url(&self) -> String {
        format!("sc://{}:{}", self.host, self.port)
    }

    /// The folder of a table's files.
    pub fn table(&self, name: &str) -> PathBuf {
        self.folder.path(&format!("tables/{name}"))
    }

    /// Writes the tables of a SQLite file, in files of so many rows.
    pub fn take_over(&self, file: &Path, rows: u32) {
        self.write(file, rows, "as-they-are");
    }

    /// The same, where texts that are dates and times have become dates and times.
    pub fn take_over_typed(&self, file: &Path, rows: u32) {
        self.write(file, rows, "typed");
    }

    fn write(&self, file: &Path, rows: u32, how: &str) {
        let folder = self.folder.path("tables");
        std::fs::remove_dir_all(&folder).ok();
        let mut writer = self.writer().borrow_mut();
        let asked = format!("{}\t{}\t{rows}\t{how}\n", file.display(), folder.display());
        writer
            .stdin
            .as_mut()
            .unwrap()
            .write_all(asked.as_bytes())
            .unwrap();
        let mut answer = [0; 8];
        let stdout = writer.stdout.as_mut().unwrap();
        stdout.read_exact(&mut answer).expect("it says why above");
    }

    fn writer(&self) -> &RefCell<Child> {
        self.writer.get_or_init(|| {
            let writer = self
                .script("parquet.py")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn();
            RefCell::new(writer.unwrap())
        })
    }

    fn script(&self, name: &str) -> Command {
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spark");
        let mut command = Command::new(&self.python);
        command.arg(scripts.join(name));
        command
    }

    /// Runs a script of `tests/spark`.
    pub fn python(&self, script: &str, arguments: &[&Path]) {
        let output = self.script(script).args(arguments).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
    }

    /// The tables that there are, as the library takes them.
    pub fn server(&self) -> SparkServer {
        SparkServer {
            host: self.host.clone(),
            port: self.port,
            token_file: None,
            tls: None,
            ca_file: None,
            schema: None,
            tables: self.tables().collect(),
        }
    }

    fn tables(&self) -> impl Iterator<Item = (String, String)> {
        let folders = std::fs::read_dir(self.folder.path("tables")).unwrap();
        folders.map(|folder| {
            let folder = folder.unwrap();
            let name = folder.file_name().into_string().unwrap();
            (name, folder.path().display().to_string())
        })
    }

    /// What stands behind `database:` for all tables that there are.
    pub fn config(&self) -> String {
        let tables = self
            .tables()
            .map(|(name, folder)| format!("{name}: \"{folder}\""));
        let tables: Vec<String> = tables.collect();
        format!(
            "{{ spark: \"{}\", tables: {{ {} }} }}",
            self.url(),
            tables.join(", ")
        )
    }
}

impl Drop for Spark {
    fn drop(&mut self) {
        if let Some(writer) = self.writer.get() {
            // It ends with its input.
            drop(writer.borrow_mut().stdin.take());
            writer.borrow_mut().wait().ok();
        }
    }
}
