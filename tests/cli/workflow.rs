//! The workflow for a forge's CI: its commands are ones that this program has.

use serde_yaml::Value;

use super::desk::Desk;

const WORKFLOW: &str = include_str!("../../deploy/github-workflow.yml");

/// The commands of all steps of a job.
fn commands(workflow: &Value, job: &str) -> Vec<String> {
    let steps = workflow["jobs"][job]["steps"].as_sequence().unwrap();
    let runs = steps.iter().filter_map(|step| step["run"].as_str());
    let lines = runs.flat_map(str::lines).map(str::to_owned);
    lines.filter(|line| line.starts_with("muster ")).collect()
}

#[test]
fn every_command_of_the_workflow_is_one() {
    let workflow: Value = serde_yaml::from_str(WORKFLOW).unwrap();
    let desk = Desk::demo();
    desk.put_clock("2026-03-15T10:00:00Z");
    let mut run = 0;
    for job in ["test", "plan"] {
        for command in commands(&workflow, job) {
            let command = command.split(" > ").next().unwrap();
            let words: Vec<&str> = command.split(' ').skip(1).collect();
            let help = desk.expect(0, &[words[0], "--help"]).out;
            for option in words.iter().filter(|word| word.starts_with("--")) {
                assert!(help.contains(option), "{command}: {help}");
            }
            desk.expect(0, &words);
            run += 1;
        }
    }
    assert_eq!(run, 4);
}

#[test]
fn only_the_job_beside_the_data_asks_for_it_and_it_names_nobody() {
    let workflow: Value = serde_yaml::from_str(WORKFLOW).unwrap();
    let desk = Desk::shipped();
    for command in commands(&workflow, "test") {
        let words: Vec<&str> = command.split(' ').skip(1).collect();
        desk.expect(0, &words);
    }
    assert!(!desk.database().exists());
    for command in commands(&workflow, "plan") {
        let words: Vec<&str> = command.split(' ').collect();
        assert!(!words.contains(&"--names"), "{command}");
    }
    let plan = &workflow["jobs"]["plan"];
    let from_here = "github.event.pull_request.head.repo.full_name == github.repository";
    assert_eq!(plan["if"].as_str(), Some(from_here));
}
