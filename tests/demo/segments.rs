//! The shipped rules over the demo.

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::America::New_York;
use muster::project::Project;
use muster::run::{Options, Outcome};
use muster::time::resolve_local;
use rusqlite::Connection;

use crate::support::library::{block_on, run};
use crate::support::scratch::Scratch;

/// The shipped config and rules on the demo of a date, run and not published.
pub struct Shipped {
    scratch: Scratch,
    project: Project,
    outcome: Outcome,
}

impl Shipped {
    /// The demo of a date at its midnight.
    pub fn on(date: NaiveDate) -> Self {
        let scratch = Scratch::shipped();
        std::fs::remove_file(scratch.path("rules/rfm.yaml")).unwrap();
        let options = Options {
            as_of: Some(resolve_local(date.and_time(NaiveTime::MIN), New_York)),
            dry_run: true,
            ..Options::default()
        };
        let (project, outcome) = block_on(async {
            muster::demo::write(&scratch.database(), date, New_York)
                .await
                .unwrap();
            let project = scratch.project().await;
            let outcome = run(&project, &options).await.unwrap();
            (project, outcome)
        });
        Self {
            scratch,
            project,
            outcome,
        }
    }

    /// The demo's database.
    pub fn database(&self) -> Connection {
        self.scratch.connection()
    }

    /// Each segment's id and its members' places.
    fn segments(&self) -> impl Iterator<Item = (&str, &[u32])> {
        let ids = self
            .project
            .ir
            .segments
            .iter()
            .map(|planned| planned.id.as_str());
        ids.zip(
            self.outcome
                .segments
                .iter()
                .map(|segment| segment.members.as_slice()),
        )
    }

    /// Fourteen segments, each with members and with others, and nothing to complain about.
    pub fn all_segments_have_members_and_others(&self) {
        let evaluation = &self.outcome.evaluation;
        let date = evaluation.clock.now;
        assert_eq!(self.project.findings, [], "{date}");
        assert_eq!(evaluation.problems, [], "{date}");
        assert_eq!(evaluation.wide_tops, [], "{date}");
        let clients = evaluation.subjects.len();
        assert_eq!(self.segments().count(), 14);
        for (id, members) in self.segments() {
            let size = members.len();
            assert!(
                (3..clients * 3 / 4).contains(&size),
                "{date}: {id} has {size}"
            );
        }
    }
}

#[test]
fn the_first_clients_of_the_list_have_the_most_to_say() {
    let shipped = Shipped::on("2025-07-14".parse().unwrap());
    let sizes = shipped
        .segments()
        .map(|(id, members)| format!("{:>5}  {id}", members.len()));
    let mut lines: Vec<String> = sizes.collect();
    for ranked in shipped.outcome.ranking.iter().take(20) {
        let labels = &shipped.outcome.evaluation.subjects.labels;
        let name = labels.get(ranked.place as usize).unwrap();
        let tiles = shipped
            .segments()
            .filter(|(_, members)| members.binary_search(&ranked.place).is_ok())
            .map(|(id, _)| id);
        let tiles: Vec<&str> = tiles.collect();
        lines.push(format!("{:.4}  {name}: {}", ranked.score, tiles.join(", ")));
    }
    insta::assert_snapshot!(lines.join("\n"));
}
