//! Programs that are told to stop.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::scratch::Scratch;

/// A command that goes on, and whose words are kept.
pub fn began(scratch: &Scratch, arguments: &[&str]) -> Child {
    let mut command = scratch.command(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Sends a signal, and gives what was said until the end, which comes soon.
pub fn told_to_stop(child: Child, signal: &str) -> (i32, String) {
    let sent = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    let begun = Instant::now();
    let output = child.wait_with_output().unwrap();
    // Nobody waits for a lock that is held for longer, nor for ten seconds until a server answers.
    assert!(
        begun.elapsed() < Duration::from_secs(6),
        "{:?}",
        begun.elapsed()
    );
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code().unwrap_or(-1), said.concat())
}
