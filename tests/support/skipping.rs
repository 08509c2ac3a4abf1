//! What a machine cannot test, told.

use std::io::Write;

/// Writes a line past the capture of the test harness, so that it is seen.
pub fn say(line: &str) {
    let mut stderr = std::io::stderr();
    stderr.write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// Tells why a test, or a part of it, was not run.
pub fn skipped(why: &str) {
    say(&format!("SKIPPED: {why}"));
}
