//! The figures of phases over one database, each phase run when it is first asked for.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::data::{self, Size};
use crate::{duckdb, postgres, rules, spark};

/// A database of one size, and what was measured on it so far.
pub struct Figures {
    pub size: Size,
    folder: PathBuf,
    known: RefCell<HashMap<String, HashMap<String, f64>>>,
}

impl Figures {
    /// Of a database in a folder of its own below `root`; one that is there already is used again.
    pub fn new(root: &Path, size: Size) -> Self {
        Self {
            folder: root.join(format!("{}x{}", size.clients, size.visits)),
            size,
            known: RefCell::default(),
        }
    }

    /// Whether there is a PostgreSQL server to be asked.
    pub fn has_server(&self) -> bool {
        postgres::Database::of(&self.folder).is_some()
    }

    /// Whether there is a Spark server to be asked.
    pub fn has_spark(&self) -> bool {
        spark::address().is_some()
    }

    /// A figure that a phase told; NaN where it told none of this name.
    pub fn get(&self, phase: &str, figure: &str) -> f64 {
        let mut known = self.known.borrow_mut();
        if known.is_empty() {
            self.prepare();
        }
        let figures = known
            .entry(phase.to_owned())
            .or_insert_with(|| self.run(phase));
        figures.get(figure).copied().unwrap_or(f64::NAN)
    }

    /// The database, the configs and the rules.
    fn prepare(&self) {
        std::fs::create_dir_all(&self.folder).unwrap();
        let database = self.folder.join("studio.db");
        if !database.exists() {
            // Under its name only once it is complete.
            let unfinished = self.folder.join("unfinished.db");
            let _ = std::fs::remove_file(&unfinished);
            data::write(&unfinished, &self.size);
            std::fs::rename(&unfinished, &database).unwrap();
        }
        rules::write(&self.folder);
    }

    /// Runs one phase in a process of its own and reads its figures; none where it was skipped.
    fn run(&self, phase: &str) -> HashMap<String, f64> {
        let mut command = match phase {
            "duckdb" => duckdb::command(&self.folder),
            "spark_queries" => spark::queries(&self.folder),
            _ => self.child(phase),
        };
        let output = command.stderr(Stdio::inherit()).output().unwrap();
        if matches!(phase, "duckdb" | "spark_queries")
            && output.status.code() == Some(duckdb::SKIPPED)
        {
            return HashMap::new();
        }
        assert!(output.status.success(), "phase {phase} failed");
        let text = String::from_utf8(output.stdout).unwrap();
        let pair = |line: &str| {
            let (name, figure) = line.rsplit_once(' ').unwrap();
            (name.to_owned(), figure.parse().unwrap())
        };
        text.lines().map(pair).collect()
    }

    fn child(&self, phase: &str) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--phase", phase, "--folder"]);
        command.arg(&self.folder);
        command
    }
}
