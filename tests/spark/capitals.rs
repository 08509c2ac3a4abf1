//! Names that differ in capitals alone, which files may have.

use crate::support::cluster::Cluster;
use crate::support::database::query;
use crate::support::scratch::Scratch;
use crate::support::spark::Spark;

/// Tables, and the servers that can be asked for them: PySail, and a real Spark where one was started.
struct World {
    spark: Spark,
    urls: Vec<String>,
}

fn world() -> Option<World> {
    let spark = Spark::open()?;
    spark.python("capitals.py", &[&spark.folder.path("tables")]);
    let real = Cluster::open().map(|cluster| cluster.url.clone());
    let urls = [spark.url()].into_iter().chain(real).collect();
    Some(World { spark, urls })
}

impl World {
    /// A project of people whose tables have these names.
    fn project(&self, url: &str, people: &str, tables: &[(&str, &str)]) -> Scratch {
        let scratch = Scratch::new();
        let tables = tables.iter().map(|(name, folder)| {
            let folder = self.spark.table(folder);
            format!("\n    {name}: \"{}\"", folder.display())
        });
        let tables: String = tables.collect();
        scratch.write(
            "config.yaml",
            format!(
                "database:\n  spark: \"{url}\"\n  tables:{tables}\ntimezone: UTC\nguard: off\n\
                 subject: {{ name: person, table: {people}, key: id }}\n\
                 collections:\n  visits: {{ table: visits, subject: person }}\n"
            ),
        );
        scratch
    }
}

fn members(scratch: &Scratch) -> Vec<String> {
    let sql = "select segment_id || ' ' || count(*) from muster_memberships group by segment_id order by 1";
    query(&scratch.path("results.db"), sql)
}

const TABLES: [(&str, &str); 2] = [("people", "people"), ("visits", "visits")];

#[test]
fn the_exact_spelling_wins() {
    let Some(world) = world() else {
        return;
    };
    for url in &world.urls {
        let scratch = world.project(url, "people", &TABLES);
        scratch.rules(
            "segments:
  - { id: active, when: status = \"active\" }
  - { id: counted, when: \"count(visits where kind = 'b') = 2 and count(visits where Kind = 'A') = 2\" }
  - { id: legacy, when: Status = \"legacy\" }
  - { id: one, when: one = 1 }
",
        );
        scratch.expect(0, &["run"]);
        assert_eq!(
            members(&scratch),
            ["active 10", "counted 30", "legacy 30", "one 30"],
            "{url}"
        );
        for (people, count) in [("Plain", 40), ("plain", 20)] {
            let tables = [("plain", "plain"), ("Plain", "other"), TABLES[1]];
            let scratch = world.project(url, people, &tables);
            scratch.rules("segments:\n  - { id: named, when: NAME = \"x\" }\n");
            scratch.expect(0, &["run"]);
            assert_eq!(members(&scratch), [format!("named {count}")], "{url}");
        }
    }
}

#[test]
fn several_others_are_told() {
    let Some(world) = world() else {
        return;
    };
    for url in &world.urls {
        let scratch = world.project(url, "people", &TABLES);
        scratch.rules("segments:\n  - { id: active, when: STATUS = \"active\" }\n");
        let told = scratch.expect(2, &["check"]).err;
        assert!(
            told.contains("`STATUS` can be any of the columns `Status`, `status`"),
            "{told}"
        );
    }
}
