//! Holds the rooms to the table in `src/lib.rs`: imports go one way, and each foreign crate has
//! one door.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::path::{Path, PathBuf};

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
fn each_foreign_crate_has_one_door() {
    for (word, door) in [
        ("pest", "language/grammar.rs"),
        ("pest_derive", "language/grammar.rs"),
        ("sqlx", "store/"),
        ("rusqlite", "engine/local/"),
        ("serde_saphyr", "source/"),
        ("annotate_snippets", "diagnostic/"),
        ("lettre", "mail/"),
        ("base64", "mail/"),
        ("idna", "mail/"),
        ("tokio_rustls", "mail/smtp/"),
        ("rustls_native_certs", "mail/smtp/"),
        ("tokio_cron_scheduler", "serve/ticker.rs"),
        ("axum", "serve/http"),
        ("prometheus_client", "serve/metrics.rs"),
        ("tracing_subscriber", "cli/"),
        ("minijinja", "mail/"),
        ("clap", "cli/"),
        ("croner", "schedule/"),
        ("indicatif", "cli/watch.rs"),
        ("comfy_table", "cli/"),
        ("smartcore", "validation/"),
    ] {
        let mut used = false;
        for (file, _, code) in sources() {
            let names = words(&code).any(|w| w == word);
            let inside = file.starts_with(door);
            assert!(!names || inside, "src/{file} names {word}; only {door} may");
            used |= names && inside;
        }
        assert!(
            used,
            "nothing in src/{door} names {word}: drop it here and in Cargo.toml"
        );
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
        let stream = words(&code).find(|w| ["stdout", "stderr"].contains(w));
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
