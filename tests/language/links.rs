//! Links between the documents lead to a file and a heading that are there.

use std::path::{Path, PathBuf};

/// The documents at the root, the pages of `docs/` and those of the codes.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [
        root.to_path_buf(),
        root.join("docs"),
        root.join("docs/codes"),
    ];
    let entries = folders.iter().flat_map(|f| std::fs::read_dir(f).unwrap());
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect()
}

/// The places of a page that a link can name, as GitHub names headings.
fn places(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            let kept = heading
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

/// What is between `](` and `)`, but for addresses on the web.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.split("](").skip(1);
    let links = ends
        .filter_map(|rest| rest.split_once(')'))
        .map(|(link, _)| link);
    links.filter(|link| !link.starts_with("http"))
}

#[test]
fn every_link_leads_somewhere() {
    let (mut followed, mut broken) = (0, Vec::new());
    for from in documents() {
        let text = std::fs::read_to_string(&from).unwrap();
        for link in links(&text) {
            followed += 1;
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let to = match file {
                "" => from.clone(),
                _ => from.parent().unwrap().join(file),
            };
            let leads = match place {
                "" => to.exists(),
                _ => std::fs::read_to_string(&to)
                    .is_ok_and(|text| places(&text).iter().any(|p| p == place)),
            };
            if !leads {
                broken.push(format!("{}: {link}", from.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(followed > 60, "only {followed} links");
}
