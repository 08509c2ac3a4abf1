//! Holds the rooms to the table in `src/lib.rs`: imports go one way, and each foreign crate has
//! one door.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use muster::diagnostic::{Code, Severity};
use muster::lint::{LINTS, Needs};

/// From the bottom up: a room may use those before it.
fn rooms() -> Vec<String> {
    let text = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let rooms: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("//! | [`"))
        .filter_map(|line| line.split('`').next())
        .map(str::to_string)
        .collect();
    assert!(rooms.len() > 10, "the table in src/lib.rs names the rooms");
    rooms
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// Every source file: its path under `src`, its room and its text without comments.
fn sources() -> Vec<(String, String, String)> {
    let src = root().join("src");
    let mut paths = Vec::new();
    files(&src, &mut paths);
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let code: String = text
                .lines()
                .map(|line| line.split("//").next().unwrap_or(""))
                .collect::<Vec<_>>()
                .join("\n");
            let name = path
                .strip_prefix(&src)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            let room = name.split(['/', '.']).next().unwrap().to_string();
            (name, room, code)
        })
        .collect()
}

/// The rooms that a text names behind `crate::`, also inside `use crate::{a, b::c}`.
fn named(code: &str, rooms: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let scope = if rest.starts_with('{') {
            &rest[..rest.find("};").unwrap_or(rest.len())]
        } else {
            &rest[..rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len())]
        };
        for room in rooms {
            let is_word = scope
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|word| word == room);
            if is_word && !found.contains(room) {
                found.push(room.clone());
            }
        }
    }
    found
}

#[test]
fn imports_go_one_way() {
    let rooms = rooms();
    let place = |room: &str| rooms.iter().position(|r| r == room);
    let mut wrong = Vec::new();
    for (file, room, code) in sources() {
        let Some(own) = place(&room) else {
            assert!(
                ["lib", "main"].contains(&room.as_str()),
                "src/{file} is in a room that the table in src/lib.rs does not name"
            );
            continue;
        };
        for other in named(&code, &rooms) {
            if place(&other).unwrap() > own {
                wrong.push(format!("src/{file} imports `{other}`, which is above it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_is_in_the_table() {
    let rooms = rooms();
    for entry in std::fs::read_dir(root().join("src")).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_dir() {
            let name = entry.file_name().to_string_lossy().into_owned();
            assert!(rooms.contains(&name), "src/{name} is not in the table");
        }
    }
}

/// Whoever writes a file otherwise writes through a link that somebody put under its name.
#[test]
fn files_are_written_by_the_disk_room() {
    for (file, room, code) in sources() {
        for word in [
            "fs::write(",
            "fs::copy(",
            "fs::rename(",
            "File::create",
            ".create(true)",
            "NamedTempFile::new",
        ] {
            assert!(
                room == "disk" || !code.contains(word),
                "src/{file} has `{word}`; `disk` writes files"
            );
        }
    }
}

#[test]
fn each_foreign_crate_has_its_doors() {
    for (word, doors) in [
        ("pest", &["language/grammar.rs"][..]),
        ("pest_derive", &["language/grammar.rs"]),
        ("sqlx", &["store/", "connector/postgres/"]),
        ("rusqlite", &["connector/sqlite/"]),
        ("tonic", &["connector/spark/"]),
        ("spark_connect_proto", &["connector/spark/"]),
        ("arrow_array", &["connector/spark/"]),
        ("arrow_ipc", &["connector/spark/"]),
        ("arrow_schema", &["connector/spark/"]),
        ("serde_saphyr", &["source/"]),
        ("annotate_snippets", &["diagnostic/"]),
        ("lettre", &["mail/"]),
        ("base64", &["mail/", "web/"]),
        ("idna", &["mail/"]),
        ("percent_encoding", &["mail/list.rs", "lsp/folder.rs"]),
        ("lsp_server", &["lsp/"]),
        ("gen_lsp_types", &["lsp/"]),
        ("tokio_rustls", &["mail/smtp/"]),
        ("rustls_native_certs", &["mail/smtp/"]),
        ("tokio_cron_scheduler", &["serve/ticker.rs"]),
        ("axum", &["serve/", "web/"]),
        ("prometheus_client", &["serve/metrics.rs"]),
        ("tracing_subscriber", &["cli/"]),
        ("minijinja", &["mail/", "web/"]),
        ("calamine", &["import/"]),
        ("ZipArchive", &["import/workbook.rs"]),
        ("quick_xml", &["import/references.rs"]),
        ("clap", &["cli/"]),
        ("clap_complete", &["cli/completions.rs"]),
        ("clap_mangen", &["cli/man.rs"]),
        ("croner", &["schedule/"]),
        ("indicatif", &["cli/watch.rs"]),
        ("argon2", &["web/who/"]),
        ("form_urlencoded", &["web/fields.rs"]),
        ("comfy_table", &["cli/"]),
        ("smartcore", &["validation/"]),
    ] {
        let mut used = false;
        for (file, _, code) in sources() {
            let names = words(&code).any(|w| w == word);
            let inside = doors.iter().any(|door| file.starts_with(door));
            assert!(
                !names || inside,
                "src/{file} names {word}; only {doors:?} may"
            );
            used |= names && inside;
        }
        assert!(
            used,
            "nothing in {doors:?} names {word}: drop it here and in Cargo.toml"
        );
    }
}

/// Below the top, a connector is handed in: who asks of the data does not know what kind of database it is in.
#[test]
fn the_top_alone_chooses_a_connector() {
    for (file, room, code) in sources() {
        for (at, _) in code.match_indices("connector::") {
            let named = code[at..].split(';').next().unwrap();
            let chosen = named
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .find(|word| ["connect", "sqlite", "memory"].contains(word));
            // The people of a test are in no database.
            let is_made = room == "testing" && chosen == Some("memory");
            assert!(
                ["connector", "cli"].contains(&room.as_str()) || is_made || chosen.is_none(),
                "src/{file} names `connector::{}`; a `&dyn Connector` is handed in from `cli`",
                chosen.unwrap_or_default()
            );
        }
    }
}

#[test]
fn only_entrances_read_the_clock() {
    for (file, room, code) in sources() {
        for word in ["Utc::now", "Local::now", "SystemTime::now"] {
            assert!(
                ["cli", "run"].contains(&room.as_str())
                    || file == "project/load.rs"
                    || !code.contains(word),
                "src/{file} reads the clock; time is a parameter below `run`"
            );
        }
    }
}

/// Texts that people wrote are parsed where they are read, and elsewhere only tried. A tree that is printed to be read
/// again would lose its places.
#[test]
fn nothing_is_printed_to_be_read_again() {
    const DOORS: [&str; 6] = [
        "language/canonical.rs",
        "language/check/advice.rs",
        "language/check/fields_of_config.rs",
        "language/check/text_reader.rs",
        "language/formula.rs",
        "testing/moments.rs",
    ];
    for (file, _, code) in sources() {
        let is_door = DOORS.contains(&file.as_str());
        let of_parser = file == "language/mod.rs" || file.starts_with("language/parse/");
        let parses = ["language::parse", "super::parse;", "parse_rows"];
        let parses = parses.iter().any(|word| code.contains(word));
        assert!(is_door || of_parser || !parses, "src/{file} parses a text");
        // A test that is made of a client is a file, of which the values are written before it is read.
        let writes_files = file.starts_with("testing/real/");
        let detaches = code.contains("Scalar::detached(") && !writes_files;
        assert!(
            !code.contains("parse(&format!") && !detaches,
            "src/{file} makes a text to be parsed"
        );
    }
}

/// The names in a file.
fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
}

#[test]
fn only_one_file_prints_and_only_text_made_for_a_terminal() {
    for (file, _, code) in sources() {
        if file == "cli/say.rs" {
            let other = words(&code).find(|w| ["str", "String", "Arguments"].contains(w));
            assert_eq!(
                other, None,
                "src/{file} takes text that is no `TerminalText`"
            );
            continue;
        }
        // The protocol of editors is spoken there, and those of another process are caught.
        let is_protocol = ["lsp/mod.rs", "lsp/commands.rs"].contains(&file.as_str());
        let stream = words(&code).find(|w| !is_protocol && ["stdout", "stderr"].contains(w));
        let found = ["print!", "println!", ".print()"];
        let found = stream.or(found.into_iter().find(|word| code.contains(word)));
        assert_eq!(
            found, None,
            "src/{file} prints; cli/say.rs does, and nothing but `TerminalText`"
        );
    }
}

#[test]
fn files_stay_readable() {
    let mut paths = Vec::new();
    files(&root().join("src"), &mut paths);
    let mut lengths: Vec<(usize, PathBuf)> = paths
        .into_iter()
        .map(|p| (std::fs::read_to_string(&p).unwrap().lines().count(), p))
        .collect();
    lengths.sort();
    let median = lengths[lengths.len() / 2].0;
    assert!(
        median <= 200,
        "half of the files are longer than {median} lines"
    );
    let (longest, path) = lengths.last().unwrap();
    assert!(*longest <= 450, "{} has {longest} lines", path.display());
}

/// Files of a room import each other in one direction; only a module and what lies within it may speak of each other.
#[test]
fn files_of_a_room_form_no_circle() {
    let circles = Modules::read().circles();
    assert!(
        circles.is_empty(),
        "files import each other in circles:\n{}",
        circles.join("\n")
    );
}

/// The modules of the crate by their paths, `["language", "check"]`, each a file.
struct Modules {
    /// What each imports: the path as it is written, and the name that it has there.
    imports: BTreeMap<ModulePath, Vec<(ModulePath, String)>>,
}

type ModulePath = Vec<String>;

impl Modules {
    fn read() -> Self {
        let files = sources().into_iter();
        let imports = files.map(|(file, _, code)| (module_of(&file), imported(&code)));
        Self {
            imports: imports.collect(),
        }
    }

    /// The module that a path written in another one leads to, through whatever it is imported by on the way.
    fn resolve(&self, from: &[String], path: &[String], depth: u8) -> Option<ModulePath> {
        let is_module = |path: &ModulePath| self.imports.contains_key(path);
        let mut path = path.iter().peekable();
        let mut at = match path.peek()?.as_str() {
            "crate" => {
                path.next();
                Vec::new()
            }
            "self" | "super" => from.to_vec(),
            child if is_module(&[from, &[child.to_string()]].concat()) => from.to_vec(),
            _ => return None,
        };
        for segment in path {
            match segment.as_str() {
                "self" => continue,
                "super" => {
                    at.pop();
                    continue;
                }
                _ => {}
            }
            let deeper = [at.as_slice(), std::slice::from_ref(segment)].concat();
            if is_module(&deeper) {
                at = deeper;
                continue;
            }
            let imports = self.imports.get(&at).into_iter().flatten();
            let mut again = imports.rev().filter(|(_, name)| name == segment);
            let again = again.find_map(|(path, _)| self.resolve(&at, path, depth.checked_sub(1)?));
            return again.or(Some(at));
        }
        Some(at)
    }

    /// Groups of files in which each leads to each, as one line a group.
    fn circles(&self) -> Vec<String> {
        let modules: Vec<&ModulePath> = self.imports.keys().collect();
        let reached: Vec<BTreeSet<ModulePath>> = modules.iter().map(|m| self.reached(m)).collect();
        let mut circles = BTreeSet::new();
        for (module, mine) in modules.iter().zip(&reached) {
            let back = modules.iter().zip(&reached);
            let back =
                back.filter(|(other, theirs)| mine.contains(**other) && theirs.contains(*module));
            let circle: Vec<String> = back.map(|(other, _)| other.join("/")).collect();
            if circle.len() > 1 {
                circles.insert(circle.join(" "));
            }
        }
        circles.into_iter().collect()
    }

    /// Every module of its room that one imports, or that one of these does.
    fn reached(&self, from: &[String]) -> BTreeSet<ModulePath> {
        let mut reached = BTreeSet::new();
        let mut rest = vec![from.to_vec()];
        while let Some(module) = rest.pop() {
            for (path, _) in &self.imports[&module] {
                let Some(to) = self.resolve(&module, path, 8) else {
                    continue;
                };
                let is_within = to.starts_with(&module) || module.starts_with(&to);
                if to.first() == from.first() && !is_within && reached.insert(to.clone()) {
                    rest.push(to);
                }
            }
        }
        reached
    }
}

fn module_of(file: &str) -> ModulePath {
    let path = file.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    let names = path.split('/').filter(|name| *name != "lib");
    names.map(str::to_string).collect()
}

/// The paths that a file's code names: those of `use`, and those that begin with `crate`, `super` or `self` anywhere.
fn imported(code: &str) -> Vec<(ModulePath, String)> {
    let mut found = Vec::new();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    for (at, _) in code.match_indices("use ") {
        let begins = !code[..at].ends_with(is_word);
        let tree = code[at + 4..].split(';').next().filter(|_| begins);
        branches(tree.unwrap_or("").trim(), &[], &mut found);
    }
    for word in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(word) {
            if !code[..at].ends_with(|c| is_word(c) || c == ':') {
                let end = code[at..].find(|c| !is_word(c) && c != ':');
                let path = code[at..].get(..end.unwrap_or(0)).unwrap_or("");
                branches(path.trim_end_matches("::"), &[], &mut found);
            }
        }
    }
    found
}

/// The paths of `a::{b, c::d as e}`.
fn branches(tree: &str, before: &[String], found: &mut Vec<(ModulePath, String)>) {
    let (path, group) = match tree.split_once('{') {
        Some((path, group)) => (path, group.strip_suffix('}')),
        None => (tree, None),
    };
    let (path, alias) = match path.split_once(" as ") {
        Some((path, alias)) => (path, Some(alias.trim().to_string())),
        None => (path, None),
    };
    let segments = path.split("::").map(str::trim).filter(|s| !s.is_empty());
    let path: ModulePath = before
        .iter()
        .cloned()
        .chain(segments.map(str::to_string))
        .collect();
    let Some(group) = group else {
        let name = alias.or_else(|| path.last().cloned());
        found.extend(name.map(|name| (path, name)));
        return;
    };
    let (mut depth, mut start) = (0, 0);
    for (at, sign) in group.char_indices().chain([(group.len(), ',')]) {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                branches(group[start..at].trim(), &path, found);
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// A finding that refuses nothing is told by a lint, and a lint of its own has a file of its name.
#[test]
fn every_warning_is_a_lint_in_the_list() {
    let warnings = Code::ALL
        .iter()
        .filter(|code| code.severity() == Severity::Warning);
    for code in warnings {
        assert!(
            LINTS.iter().any(|lint| lint.code == *code),
            "no lint in src/lint/mod.rs has the code {}",
            code.name()
        );
    }
    for lint in LINTS {
        let is_here = root().join(format!("src/lint/{}.rs", lint.name)).exists();
        let elsewhere = matches!(
            lint.needs,
            Needs::Reading | Needs::Typing | Needs::Proof | Needs::People | Needs::Allows
        );
        assert!(
            is_here != elsewhere,
            "where is the lint {} found?",
            lint.name
        );
    }
    let names: BTreeSet<&str> = LINTS.iter().map(|lint| lint.name).collect();
    assert_eq!(names.len(), LINTS.len(), "two lints have one name");
}
