//! The case files of config's and rules' own codes: what is said about each.

use std::path::Path;

use muster::diagnostic::{Finding, Paint, sort};
use muster::lint::{self, ConfigFile};
use muster::source::Sources;
use muster::{config, mail, rules};

/// The instant that changes of the clocks are seen from: the beginning of 2026.
const NOW: i64 = 1_767_225_600_000_000;

/// Everything wrong with a config and its rule files.
pub fn findings(config: &Path, sources: &mut Sources) -> Vec<Finding> {
    let (config, mut found) = config::read(config, sources, &|_| None);
    if let Some(config) = config {
        let is_wrong = found.iter().any(Finding::is_error);
        let file = ConfigFile {
            config: &config,
            sources,
            is_wrong,
        };
        found.extend(lint::of_config(&file));
        found.extend(lint::of_timetable(&config, NOW));
        found.extend(rules::load(&config, sources).1);
        found.extend(mail::findings(&config, sources));
        sort(&mut found);
    }
    found
}

/// The codes that config and rule files have without a database.
const CODES: &[&str] = &[
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
];

/// Lets everybody read a file, where a case has it: a checkout may have been stricter.
fn open_to_all(path: &Path) {
    #[cfg(unix)]
    if path.exists() {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
}

/// `MUSTER_BLESS=1` writes the expected texts anew.
#[test]
fn every_case_reads_as_expected() {
    let bless = std::env::var_os("MUSTER_BLESS").is_some();
    for code in CODES {
        let folders: Vec<_> = glob::glob(&format!("tests/cases/{code}*"))
            .unwrap()
            .flatten()
            .collect();
        assert!(!folders.is_empty(), "no case for {code}");
        for folder in folders {
            let mut sources = Sources::default();
            open_to_all(&folder.join("open-password"));
            let found = findings(&folder.join("config.yaml"), &mut sources);
            assert!(
                found.iter().any(|f| f.code.name() == *code),
                "{folder:?}: {found:?}"
            );
            let text = super::render(&found, &sources, Paint::Plain);
            let expected = folder.join("expected.txt");
            if bless {
                std::fs::write(&expected, &text).unwrap();
            }
            let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
            assert_eq!(text, wanted, "{}", folder.display());
        }
    }
}
