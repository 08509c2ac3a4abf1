//! The shipped rules over the demo.

use std::path::Path;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::America::New_York;
use muster::engine::Unwatched;
use muster::run::{self, LoadError, Options, Outcome, Project};
use muster::time::resolve_local;

/// Runs the shipped config and rules on the demo of a date, and publishes nothing.
fn shipped(date: NaiveDate) -> (Project, Outcome) {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("rules")).unwrap();
    for file in ["config.yaml", "rules/engagement.yaml"] {
        std::fs::copy(home.join(file), folder.path().join(file)).unwrap();
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = folder.path().join("demo/studio.db");
        muster::demo::write(&database, date, New_York)
            .await
            .unwrap();
        let project = match run::load(&folder.path().join("config.yaml")).await {
            Ok(project) => project,
            Err(LoadError::Refused(_, findings)) => panic!("{findings:#?}"),
            Err(LoadError::World(reason)) => panic!("{reason}"),
        };
        let options = Options {
            as_of: Some(resolve_local(date.and_time(NaiveTime::MIN), New_York)),
            dry_run: true,
            ..Options::default()
        };
        let outcome = run::run(&project, &options, &Unwatched).await.unwrap();
        (project, outcome)
    })
}

/// Fourteen segments, each with members and with others, and nothing to complain about.
pub fn all_have_members_and_others(date: &str) {
    let (project, outcome) = shipped(date.parse().unwrap());
    assert_eq!(project.findings, [], "{date}");
    assert_eq!(outcome.evaluation.problems, [], "{date}");
    assert_eq!(outcome.evaluation.wide_tops, [], "{date}");
    let clients = outcome.evaluation.subjects.len();
    assert_eq!(outcome.segments.len(), 14);
    for (planned, segment) in project.plan.segments.iter().zip(&outcome.segments) {
        let members = segment.members.len();
        assert!(
            (3..clients * 3 / 4).contains(&members),
            "{date}: {} has {members}",
            planned.id
        );
    }
}

#[test]
fn the_first_clients_of_the_list_have_the_most_to_say() {
    let (project, outcome) = shipped("2025-07-14".parse().unwrap());
    let mut lines = Vec::new();
    for (planned, segment) in project.plan.segments.iter().zip(&outcome.segments) {
        lines.push(format!("{:>5}  {}", segment.members.len(), planned.id));
    }
    for ranked in outcome.ranking.iter().take(12) {
        let tiles: Vec<&str> = project
            .plan
            .segments
            .iter()
            .zip(&outcome.segments)
            .filter(|(_, segment)| segment.members.binary_search(&ranked.place).is_ok())
            .map(|(planned, _)| planned.id.as_str())
            .collect();
        let name = outcome
            .evaluation
            .subjects
            .labels
            .get(ranked.place as usize);
        lines.push(format!(
            "{:.4}  {}: {}",
            ranked.score,
            name.unwrap(),
            tiles.join(", ")
        ));
    }
    insta::assert_snapshot!(lines.join("\n"));
}
