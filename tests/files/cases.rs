//! The case files of config's and rules' own codes: what is said about each.

use std::path::Path;

use muster::diagnostic::{Finding, Paint, sort};
use muster::lint::{self, ConfigFile};
use muster::source::Sources;
use muster::{config, lists, mail, rules};

use super::render;
use crate::support::cases;
use crate::support::compiled::NOW;

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
        found.extend(lists::load(&config, sources).1);
        found.extend(mail::findings(&config, sources));
        sort(&mut found);
    }
    found
}

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
    for case in cases::all().iter().filter(|case| case.is_of_files()) {
        let (code, folder) = (case.code, &case.folder);
        let mut sources = Sources::default();
        open_to_all(&folder.join("open-password"));
        let found = findings(&folder.join("config.yaml"), &mut sources);
        let told = found.iter().any(|f| f.code == code);
        assert!(told, "{}: {found:#?}", folder.display());
        let text = render(&found, &sources, Paint::Plain);
        assert!(case.expects(&text), "{}\n{text}", folder.display());
    }
}
