//! Every command shown in README.md and docs/ is run, and its output must be what is printed there.
//!
//! In a fenced block of `console`, a line that begins with `$ ` is a command in a fresh folder with the
//! shipped files (`printf '…' >> FILE` and `sed -i 's/…/…/' FILE`, plain words or `\[`, change one); what follows is what a terminal of 100 columns shows. `…` on a line of its own stands for
//! lines left out. `<!-- clock: 2026-03-15T10:00:00Z -->` says when all that happens.
//! `UPDATE=1 cargo test documents` writes the real output into the documents.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::desk::Desk;

#[test]
fn every_printed_command_says_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut run = 0;
    for path in documents(root) {
        let name = path.strip_prefix(root).unwrap().display().to_string();
        let text = std::fs::read_to_string(&path).unwrap();
        let (renewed, count) = renew(&text);
        run += count;
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, renewed).unwrap();
        } else {
            assert_eq!(text, renewed, "{name} is out of date: UPDATE=1 renews it");
        }
    }
    assert!(run > 5, "the README shows its tour");
}

/// The README and the pages of `docs/`.
fn documents(root: &Path) -> Vec<PathBuf> {
    let pages = std::fs::read_dir(root.join("docs")).unwrap();
    let pages = pages.map(|entry| entry.unwrap().path());
    let mut pages: Vec<_> = pages
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    pages.sort();
    pages.insert(0, root.join("README.md"));
    pages
}

#[test]
fn the_picture_of_the_health_score_is_the_one_that_is_drawn() {
    let desk = Desk::demo();
    let json = desk.json(&["health", "--backtest", "--svg", "drawn.svg"]);
    let shown = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/health.svg");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::copy(desk.path("drawn.svg"), &shown).unwrap();
    }
    let text = std::fs::read_to_string(&shown).unwrap();
    assert!(
        desk.read("drawn.svg") == text,
        "docs/health.svg is out of date: UPDATE=1 renews it"
    );
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/health.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    let number = |place: &str| json.pointer(place).unwrap().as_f64().unwrap();
    let row = format!(
        "| {:.3} | {:.3} | {:+.3} ({:.3} to {:.3}) |",
        number("/health/auc"),
        number("/recency/judged/auc"),
        number("/against_recency/difference/by"),
        number("/against_recency/difference/interval/low"),
        number("/against_recency/difference/interval/high"),
    );
    assert!(docs.contains(&row), "docs/health.md lacks {row}");
    let heading = format!(
        "### \"{:.0} times out of 100\"",
        number("/health/auc") * 100.0
    );
    assert!(docs.contains(&heading), "docs/health.md lacks {heading}");
}

/// The document with the real output in its console blocks, and how many commands were run.
fn renew(text: &str) -> (String, usize) {
    let desk = Desk::shipped();
    if let Some((_, rest)) = text.split_once("<!-- clock: ") {
        desk.put_clock(rest.split(' ').next().unwrap());
    }
    let (mut renewed, mut count) = (Vec::<String>::new(), 0);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        renewed.push(line.to_string());
        if line != "```console" {
            continue;
        }
        while let Some(command) = lines.next_if(|line| line.starts_with("$ ")) {
            let mut printed = Vec::new();
            while let Some(line) = lines.next_if(|l| !l.starts_with("$ ") && *l != "```") {
                printed.push(line);
            }
            renewed.push(command.to_string());
            renewed.extend(shortened(&said(&desk, command), &printed));
            count += 1;
        }
    }
    (renewed.join("\n") + "\n", count)
}

fn said(desk: &Desk, command: &str) -> Vec<String> {
    let command = command.trim_start_matches("$ ");
    if let Some((name, text)) = command
        .strip_prefix("printf '")
        .and_then(|rest| rest.split_once("' >> "))
        .map(|(text, name)| (name, text))
    {
        let before = std::fs::read_to_string(desk.path(name)).unwrap_or_default();
        desk.write(name, &(before + &text.replace("\\n", "\n")));
        return Vec::new();
    }
    if let Some((edit, name)) = command
        .strip_prefix("sed -i 's/")
        .and_then(|rest| rest.split_once("/' "))
    {
        let (before, after) = edit.split_once('/').unwrap();
        let before = before.replace("\\[", "[").replace("\\]", "]");
        desk.edit(name, &before, after);
        return Vec::new();
    }
    let words = shell_words(command);
    assert_eq!(words[0], "muster", "only muster can be shown: {command}");
    let arguments: Vec<&str> = words[1..].iter().map(String::as_str).collect();
    let mut command = desk.command(&arguments);
    command.env("COLUMNS", "100");
    shown(command).lines().map(without_times).collect()
}

/// What a command writes to a terminal: both streams, as they come.
fn shown(mut command: std::process::Command) -> String {
    let (mut reader, writer) = std::io::pipe().unwrap();
    command.stdout(writer.try_clone().unwrap()).stderr(writer);
    let mut child = command.spawn().unwrap();
    // It holds the writing ends.
    drop(command);
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    child.wait().unwrap();
    text
}

/// How long a run took differs from run to run.
fn without_times(line: &str) -> String {
    let Some((before, after)) = line.rsplit_once(" in ") else {
        return line.to_string();
    };
    match after.strip_suffix(" s") {
        Some(seconds) if seconds.parse::<f64>().is_ok() => format!("{before} in … s"),
        _ => line.to_string(),
    }
}

/// The real lines, with those left out that the document leaves out with `…`.
fn shortened(real: &[String], printed: &[&str]) -> Vec<String> {
    let Some(gap) = printed.iter().position(|line| line.trim() == "…") else {
        return real.to_vec();
    };
    let tail = printed.len() - gap - 1;
    if real.len() <= gap + tail {
        return real.to_vec();
    }
    let mut lines = real[..gap].to_vec();
    lines.push("…".to_string());
    lines.extend_from_slice(&real[real.len() - tail..]);
    lines
}

/// Words apart at blanks; double quotes hold a word together.
fn shell_words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in command.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            _ => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}
