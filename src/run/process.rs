//! The identity of this process, and whether another one is still alive. Works on Linux; elsewhere nothing is known.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

/// The identity of this process, as seen by others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Process {
    /// The host's name, for people.
    pub host: String,
    /// Identifies one boot of one machine and one process namespace; empty if unknown.
    pub machine: String,
    /// Its number.
    pub pid: i64,
    /// When it began, in the machine's clock ticks; 0 if unknown.
    pub start: i64,
}

impl Process {
    pub(super) fn own() -> Self {
        let pid = std::process::id();
        let start = start_of(&pid.to_string()).unwrap_or(0);
        let host = read("/proc/sys/kernel/hostname").or_else(|| std::env::var("HOSTNAME").ok());
        Self {
            host: host.unwrap_or_else(|| "this host".into()),
            machine: machine().filter(|_| start > 0).unwrap_or_default(),
            pid: i64::from(pid),
            start,
        }
    }

    /// Whether the process with that machine, number and start is alive; `None` if that cannot be seen from here.
    pub(super) fn sees_alive(&self, machine: &str, pid: i64, start: i64) -> Option<bool> {
        // If processes of other users are hidden, a process that is not visible may be alive.
        if self.machine.is_empty() || self.machine != machine || start_of("1").is_none() {
            return None;
        }
        Some(start_of(&pid.to_string()) == Some(start))
    }
}

/// A unique random name.
pub(super) fn draw() -> String {
    let number = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", number(), number())
}

/// Identifies one boot of a machine and its process namespace: containers have their own.
fn machine() -> Option<String> {
    let boot = read("/proc/sys/kernel/random/boot_id")?;
    let space = std::fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{boot} {}", space.display()))
}

/// When a process began, in ticks; `None` if it has ended, whether its parent has reaped it or not.
///
/// Reads the fields of `/proc/PID/stat` after the name: proc_pid_stat(5).
fn start_of(pid: &str) -> Option<i64> {
    let stat = read(&format!("/proc/{pid}/stat"))?;
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X" | "x") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

fn read(path: &str) -> Option<String> {
    Some(std::fs::read_to_string(path).ok()?.trim().to_owned())
}
