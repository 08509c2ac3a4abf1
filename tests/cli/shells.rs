//! What the shell and `man` are given, and readers who go away.

use std::process::{Command, Stdio};

use super::desk::Desk;

/// The commands, as the help lists them.
fn commands(desk: &Desk) -> Vec<String> {
    let help = desk.expect(0, &["--help"]).out;
    let (_, listed) = help.split_once("Commands:\n").unwrap();
    let listed = listed.split("\n\n").next().unwrap();
    let names = listed.lines().filter(|line| !line.starts_with("    "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn each_shell_completes_every_command() {
    let desk = Desk::empty();
    let commands = commands(&desk);
    assert!(commands.len() > 15, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = desk.expect(0, &["completions", shell]).out;
        for command in &commands {
            assert!(script.contains(command.as_str()), "{shell}: {command}");
        }
        assert!(script.contains("no-names"), "{shell}");
        desk.write(shell, script);
    }
    let bash = Command::new("bash")
        .arg("-n")
        .arg(desk.path("bash"))
        .status();
    assert!(bash.unwrap().success());
    let said = desk.expect(2, &["completions", "basic"]);
    assert!(said.err.contains("possible values: bash"), "{}", said.err);
}

/// What bash offers behind a command line.
fn offered(desk: &Desk, line: &[&str]) -> String {
    let script = format!(
        "source ./bash\nCOMP_WORDS=({} '')\nCOMP_CWORD={}\n_muster muster '' {}\necho \"${{COMPREPLY[@]}}\"",
        line.join(" "),
        line.len(),
        line[line.len() - 1]
    );
    let mut bash = Command::new("bash");
    let bash = bash.args(["-c", &script]).current_dir(desk.path("."));
    String::from_utf8(bash.output().unwrap().stdout).unwrap()
}

#[test]
fn files_are_offered_for_paths_alone() {
    let desk = Desk::empty();
    desk.write("bash", desk.expect(0, &["completions", "bash"]).out);
    for line in [
        ["muster", "plan", "--out"],
        ["muster", "plan", "--against"],
        ["muster", "clients", "--config"],
    ] {
        assert!(offered(&desk, &line).contains("bash"), "{line:?}");
    }
    for line in [
        ["muster", "plan", "--segment"],
        ["muster", "segments", "--history"],
        ["muster", "clients", "--where"],
    ] {
        assert!(!offered(&desk, &line).contains("bash"), "{line:?}");
    }
}

#[test]
fn there_is_a_manual_page_of_every_command() {
    let desk = Desk::empty();
    let muster = desk.expect(0, &["man"]).out;
    assert!(muster.contains(".TH muster 1"), "{muster}");
    desk.expect(3, &["man", "--dir", "man1"]);
    std::fs::create_dir(desk.path("man1")).unwrap();
    desk.expect(0, &["man", "--dir", "man1"]);
    assert_eq!(desk.read("man1/muster.1"), muster);
    let plan = desk.read("man1/muster-plan.1");
    assert!(
        plan.contains(" <FILE>] ") && plan.contains("<ID>] "),
        "{plan}"
    );
    for command in commands(&desk) {
        let page = desk.read(&format!("man1/muster-{command}.1"));
        assert!(page.contains(".SH SYNOPSIS"), "{command}");
    }
}

#[test]
fn a_reader_who_has_gone_is_no_failure() {
    let desk = Desk::demo();
    let commands: [&[&str]; 10] = [
        &["clients", "--all"],
        &["clients", "--all", "--format", "csv"],
        &["clients", "--all", "--format", "json"],
        &["clients", "--all", "--format", "jsonl"],
        &["health", "--all"],
        &["segments"],
        &["segments", "--moves"],
        &["check", "--catalog"],
        &["export", "lead"],
        &["completions", "bash"],
    ];
    for arguments in commands {
        let mut command = desk.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // As `head` closes its end, before all is written.
        drop(child.stdout.take());
        let said = child.wait_with_output().unwrap();
        let err = String::from_utf8(said.stderr).unwrap();
        assert_eq!(said.status.code(), Some(0), "{arguments:?}: {err}");
        assert!(!err.contains("error") && !err.contains("panicked"), "{err}");
    }
}
