//! Config and rule files: what is read, and what is said about what cannot be.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

use std::path::Path;

use muster::diagnostic::{Paint, render};
use muster::source::Sources;
use muster::{config, rules};

#[test]
fn the_shipped_files_load() {
    let mut sources = Sources::default();
    let config = config::load(Path::new("config.yaml"), &mut sources, &|_| None)
        .map_err(|f| render(&f, &sources, Paint::Plain))
        .unwrap();
    assert_eq!(config.timezone, chrono_tz::America::New_York);
    assert_eq!(config.database, Path::new("demo/studio.db"));
    assert_eq!(config.collections.len(), 4);
    assert_eq!(config.scopes[1].1.value, "studio.network_id");
    let (rules, findings) = rules::load(&config, &mut sources);
    assert_eq!(render(&findings, &sources, Paint::Plain), "");
    assert_eq!(rules.segments.len(), 14);
}
