//! Thin entrances for people: arguments, rendering, exit codes. Decides nothing.

/// Runs the command line.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
