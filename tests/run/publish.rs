//! Publishing constructed runs: what the tables hold afterwards, and what readers see.

use std::collections::HashMap;
use std::path::Path;

use muster::catalog::RememberedColumns;
use muster::engine::{Key, Keys, Subjects, TextColumn};
use muster::ir::{Fingerprint, RunFingerprint};
use muster::store::{
    Among, Cause, ClientQuery, Direction, HealthFound, Listed, Match, Metric, Movement, NewRun,
    Publication, PublishedSegment, RowChanges, RunStatus, Store, StoreError, StoredSegment,
};

use muster::value::KeyMatch;

use crate::support::database::{dump, open, query};
use crate::support::scratch::Scratch;

fn subjects(keys: Keys, labels: &[&str]) -> Subjects {
    let mut column = TextColumn::default();
    labels.iter().for_each(|label| column.push(Some(label)));
    Subjects {
        keys,
        labels: column,
    }
}

fn new_run(as_of: i64) -> NewRun {
    NewRun {
        as_of: as_of * 1_000_000,
        started_at: 1_700_000_000_000_000,
        finished_at: 1_700_000_001_000_000,
        status: RunStatus::Published,
        trigger: "manual".into(),
        fingerprint: RunFingerprint {
            rules: "abc".into(),
            ..RunFingerprint::default()
        },
        subjects: 3,
        message: None,
        data_summary: None,
    }
}

/// A segment: its id, the places of its members, what moved.
type Has<'a> = (&'a str, &'a [u32], &'a [Movement]);

/// The longer a segment's id, the more important it is.
fn published<'a>((id, members, movements): &Has<'a>) -> PublishedSegment<'a> {
    PublishedSegment {
        segment: StoredSegment {
            id: (*id).into(),
            name: id.to_uppercase(),
            sign: None,
            description: None,
            bucket: None,
            importance: u32::try_from(id.len()).ok(),
            weight: 0.25,
            stale: None,
            fingerprint: Some(Fingerprint {
                version: Some(1),
                rule: "d".into(),
                ground: "e".into(),
            }),
            size: members.len() as u64,
        },
        members,
        movements,
    }
}

fn moves(keys: &[Key], direction: Direction, cause: Cause) -> Vec<Movement> {
    let movement = |key: &Key| Movement {
        subject: key.clone(),
        direction,
        cause,
    };
    keys.iter().map(movement).collect()
}

/// Results in a file of their own, open for writing.
struct Results {
    file: Scratch,
    store: Store,
}

impl Results {
    async fn new() -> Self {
        let file = Scratch::around("results.db");
        let store = writer(&file.database()).await;
        Self { file, store }
    }

    /// New ones with a first run, of the instant 0.
    async fn of(people: &Subjects, segments: &[Has<'_>]) -> Self {
        let mut results = Self::new().await;
        let run = new_run(0);
        let first = publish(&mut results.store, None, &run, people, segments, &[]);
        first.await.unwrap();
        results
    }

    /// A second run, a minute later.
    async fn then(&mut self, people: &Subjects, segments: &[Has<'_>]) {
        self.then_without(people, segments, &[]).await;
    }

    /// The same with segments that are no longer there.
    async fn then_without(
        &mut self,
        people: &Subjects,
        segments: &[Has<'_>],
        removed: &[(&str, &[Movement])],
    ) {
        let run = new_run(60);
        let second = publish(&mut self.store, Some(1), &run, people, segments, removed);
        second.await.unwrap();
    }

    async fn close(self) -> Scratch {
        self.store.close().await.unwrap();
        self.file
    }
}

fn one() -> Subjects {
    subjects(Keys::Integer(vec![1]), &["Ann"])
}

fn three() -> Subjects {
    subjects(Keys::Integer(vec![1, 2, 3]), &["Ann", "Bo", "Cy"])
}

/// Publishes with everybody in the list, ranked by place.
async fn publish(
    store: &mut Store,
    baseline: Option<i64>,
    run: &NewRun,
    subjects: &Subjects,
    segments: &[Has<'_>],
    removed: &[(&str, &[Movement])],
) -> Result<i64, StoreError> {
    let list = ranked(subjects.len() as u32);
    let changes = list_changes(store, baseline, subjects, &list).await;
    let metrics: Vec<Metric> = segments
        .iter()
        .map(|segment| Metric {
            segment: segment.0.to_owned(),
            metric: "size".into(),
            value: Some(segment.1.len() as f64),
            counted: None,
        })
        .collect();
    let segments: Vec<_> = segments.iter().map(published).collect();
    let columns = RememberedColumns::from([("people".into(), "name".into())]);
    let published = store
        .publish(&Publication {
            baseline,
            hold: None,
            run,
            renamed: &[],
            segments: &segments,
            removed,
            subjects,
            list: &list,
            list_changes: &changes,
            health: &HealthFound::default(),
            health_changes: &RowChanges::default(),
            sources: &[],
            metrics: &metrics,
            columns: &columns,
            keep_from: None,
            batch: None,
        })
        .await;
    published.map(|run| run.id)
}

/// So many in the list, in order.
fn ranked(count: u32) -> Vec<Listed> {
    let listed = |rank| Listed {
        score: 2.0 / 3.0,
        rank,
    };
    (1..=count).map(listed).collect()
}

async fn list_changes(
    store: &mut Store,
    baseline: Option<i64>,
    subjects: &Subjects,
    list: &[Listed],
) -> RowChanges {
    match baseline {
        Some(_) => store.list_changes(subjects, list).await.unwrap(),
        None => RowChanges::whole_list(subjects, list),
    }
}

async fn writer(path: &Path) -> Store {
    Store::open_writer(path, true).await.unwrap()
}

#[tokio::test]
async fn keys_keep_their_kind_and_the_list_is_read_back() {
    let folder = Scratch::new();
    for (file, keys) in [
        ("whole.db", Keys::Integer(vec![-7, 2, 10])),
        (
            "text.db",
            Keys::Text(vec!["10".into(), "2".into(), "it's \"é\"".into()]),
        ),
    ] {
        let path = folder.path(file);
        let people = subjects(keys, &["Ann", "Bo", "Cy"]);
        let key = |place| people.key(place).unwrap();
        let entered = moves(&[key(0), key(2)], Direction::Entered, Cause::FirstRun);
        let both: [Has<'_>; 2] = [("low", &[0, 2], &entered), ("high", &[2], &entered[1..])];
        let mut store = writer(&path).await;
        publish(&mut store, None, &new_run(0), &people, &both, &[])
            .await
            .unwrap();
        store.close().await.unwrap();

        let kinds = query(
            &path,
            "select distinct typeof(subject_key) from muster_memberships
                                  union select typeof(subject_key) from muster_scores
                                  union select typeof(subject_key) from muster_movements",
        );
        assert_eq!(
            kinds,
            [if file == "whole.db" {
                "integer"
            } else {
                "text"
            }]
        );
        let mut store = Store::open_reader(&path).await.unwrap().unwrap();
        let clients = store.clients(&ClientQuery::default()).await.unwrap();
        let read: Vec<_> = clients
            .iter()
            .map(|client| {
                (
                    client.score.subject.clone(),
                    client.score.label.as_str(),
                    client.segments.join(" "),
                )
            })
            .collect();
        assert_eq!(
            read,
            [
                (key(0), "Ann", "low".to_owned()),
                (key(1), "Bo", String::new()),
                (key(2), "Cy", "high low".to_owned())
            ]
        );
        let page = ClientQuery {
            among: Among::one(Some("low")),
            limit: Some(1),
            offset: 1,
        };
        let page = store.clients(&page).await.unwrap();
        assert_eq!(page[0].score.label, "Cy");
        assert_eq!(page.len(), 1);
        for (how, labels) in [
            (Match::All, "Cy"),
            (Match::Any, "Ann Cy"),
            (Match::None, "Bo"),
        ] {
            let both = ["high", "low", "high"].map(str::to_owned);
            let query = ClientQuery {
                among: Among::new(both, how),
                ..ClientQuery::default()
            };
            let found = store.clients(&query).await.unwrap();
            let found: Vec<_> = found.iter().map(|c| c.score.label.as_str()).collect();
            assert_eq!(found.join(" "), labels, "{how:?}");
            let count = store.count_clients(&query.among).await.unwrap();
            assert_eq!(count, found.len() as u64, "{how:?}");
        }
        for (text, labels) in [
            ("CÝ", "Cy"),
            ("n", "Ann"),
            ("y b", ""),
            (" ", ""),
            (&key(1).to_string(), "Bo"),
        ] {
            let keys = store
                .search(text, KeyMatch::Exact, &Among::default())
                .await
                .unwrap();
            let found = store.clients_of(&keys).await.unwrap();
            let found: Vec<_> = found.iter().map(|c| c.score.label.as_str()).collect();
            assert_eq!(found.join(" "), labels, "{text}");
        }
        // A key that is the same one for rows.
        let zeros = format!("00{}", key(1));
        for (matching, labels) in [(KeyMatch::Loose, "Bo"), (KeyMatch::Exact, "")] {
            let keys = store.search(&zeros, matching, &Among::default()).await;
            let found = store.clients_of(&keys.unwrap()).await.unwrap();
            let found: Vec<_> = found.iter().map(|c| c.score.label.as_str()).collect();
            assert_eq!(found.join(" "), labels, "{matching:?}");
        }
        // Within a list.
        for (how, found) in [(Match::All, 1), (Match::None, 0)] {
            let high = Among::new(["high".to_owned()], how);
            assert_eq!(
                store
                    .search("y", KeyMatch::Exact, &high)
                    .await
                    .unwrap()
                    .len(),
                found
            );
        }
        assert_eq!(
            store.find(&key(1).to_string()).await.unwrap()[0]
                .score
                .label,
            "Bo"
        );
        assert_eq!(store.find("Cy").await.unwrap()[0].score.subject, key(2));
        let mut entered = Vec::new();
        let visit = |client: muster::store::Client| -> Result<(), muster::store::StoreError> {
            entered.push(client.entered_at);
            Ok(())
        };
        store.each_client(Some("low"), visit).await.unwrap();
        assert_eq!(entered, [Some(0), Some(0)]);
        let segments = store.segments().await.unwrap();
        let ids: Vec<&str> = segments.iter().map(|segment| &*segment.id).collect();
        assert_eq!(ids, ["low", "high"]);
        assert_eq!(store.moved(1).await.unwrap()[0].count, 1);
        let previous = store.previous(&people, &HashMap::new()).await.unwrap();
        assert_eq!(previous.segments[0].members, [0, 2]);
        assert_eq!(previous.run.unwrap().fingerprint.rules, "abc");
    }
}

#[tokio::test]
async fn an_unchanged_publication_touches_only_its_own_rows() {
    let people = three();
    let entered = moves(&[Key::Integer(1)], Direction::Entered, Cause::FirstRun);
    let segments: [Has<'_>; 1] = [("a", &[0], &entered)];
    let mut results = Results::of(&people, &segments).await;
    let before = results.file.dump();
    let segments: [Has<'_>; 1] = [("a", &[0], &[])];
    results.then(&people, &segments).await;
    let file = results.close().await;
    let after = file.dump();
    for (table, rows) in &before {
        match table.as_str() {
            "muster_runs" | "muster_metrics" => assert_eq!(after[table].len(), rows.len() + 1),
            _ => assert_eq!(after[table], *rows, "{table}"),
        }
    }
}

#[tokio::test]
async fn rows_that_somebody_deleted_are_noticed() {
    let people = three();
    let entered = moves(
        &[Key::Integer(1), Key::Integer(3)],
        Direction::Entered,
        Cause::FirstRun,
    );
    let segments: [Has<'_>; 1] = [("a", &[0, 2], &entered)];
    let mut results = Results::of(&people, &segments).await;
    let list = ranked(3);
    let found = HashMap::from([("a", &[0, 2][..])]);
    for (sql, members, changed) in [
        ("select 1", vec![0, 2], vec![]),
        (
            "delete from muster_memberships where subject_key = 1",
            vec![2],
            vec![],
        ),
        (
            "delete from muster_scores where subject_key = 2",
            vec![2],
            vec![1],
        ),
    ] {
        results.file.query(sql);
        let previous = results.store.previous(&people, &found).await.unwrap();
        assert_eq!(previous.segments[0].members, members, "{sql}");
        let changes = results.store.list_changes(&people, &list).await.unwrap();
        assert_eq!(changes.set, changed, "{sql}");
    }
    // Another label, score or rank is a change; the rest is not.
    let renamed = subjects(Keys::Integer(vec![1, 2, 3, 4]), &["Ann", "Bob", "Cy", "Di"]);
    let mut moved = list.clone();
    moved.push(Listed::default());
    moved[2].rank = 9;
    let changes = results.store.list_changes(&renamed, &moved).await.unwrap();
    assert_eq!(changes.set, [1, 2, 3]);
    assert_eq!(changes.removed, []);
}

#[tokio::test]
async fn what_is_gone_leaves_the_list_and_the_memberships() {
    let people = three();
    let all = [Key::Integer(1), Key::Integer(2), Key::Integer(3)];
    let entered = moves(&all, Direction::Entered, Cause::FirstRun);
    let mut results = Results::of(
        &people,
        &[("a", &[0, 1, 2], &entered), ("b", &[0, 1, 2], &entered)],
    )
    .await;
    let fewer = subjects(Keys::Integer(vec![1, 3]), &["Ann", "Cyd"]);
    let previous = results
        .store
        .previous(&fewer, &HashMap::new())
        .await
        .unwrap();
    assert_eq!(previous.segments[1].gone, [Key::Integer(2)]);
    assert_eq!(previous.segments[1].members, [0, 1]);
    let gone = moves(&previous.segments[1].gone, Direction::Left, Cause::Gone);
    let removed = moves(&all, Direction::Left, Cause::SegmentRemoved);
    results
        .then_without(&fewer, &[("b", &[0, 1], &gone)], &[("a", &removed)])
        .await;
    let file = results.close().await;
    assert_eq!(
        file.query("select segment_id || subject_key from muster_memberships"),
        ["b1", "b3"]
    );
    assert_eq!(
        file.query("select subject_key || label || rank from muster_scores"),
        ["1Ann1", "3Cyd2"]
    );
    assert_eq!(file.query("select id from muster_segments"), ["b"]);
    assert_eq!(
        file.query(

            "select segment_id || subject_key || direction || cause from muster_movements where run_id = 2"
        ),
        [
            "a1leftsegment_removed",
            "a2leftsegment_removed",
            "a3leftsegment_removed",
            "b2leftgone"
        ]
    );
}

#[tokio::test]
async fn numbers_of_an_equal_instant_replace_the_earlier_ones() {
    let mut results = Results::new().await;
    let people = one();
    let segments: [Has<'_>; 1] = [("a", &[], &[])];
    let run = new_run(60);
    for baseline in [None, Some(1)] {
        let publishing = publish(&mut results.store, baseline, &run, &people, &segments, &[]);
        publishing.await.unwrap();
    }
    let metric = [Metric {
        segment: "a".into(),
        metric: "size".into(),
        value: Some(7.0),
        counted: None,
    }];
    let mut older = new_run(0);
    older.status = RunStatus::Backfilled;
    results.store.backfill(&older, &metric).await.unwrap();
    older.status = RunStatus::Failed;
    results.store.record_failure(&older).await.unwrap();
    assert_eq!(results.store.last_published().await.unwrap().unwrap().id, 2);
    let statuses: Vec<_> = results
        .store
        .runs(3)
        .await
        .unwrap()
        .into_iter()
        .map(|run| run.status)
        .collect();
    assert_eq!(
        statuses,
        [
            RunStatus::Failed,
            RunStatus::Backfilled,
            RunStatus::Published
        ]
    );
    let file = results.close().await;
    assert_eq!(
        file.query("select run_id || ' ' || value from muster_metrics"),
        ["2 0.0", "3 7.0"]
    );
    assert_eq!(
        file.query("select as_of from muster_runs order by id"),
        [
            "1970-01-01T00:01:00Z",
            "1970-01-01T00:01:00Z",
            "1970-01-01T00:00:00Z",
            "1970-01-01T00:00:00Z"
        ]
    );
}

#[tokio::test]
async fn a_run_that_was_overtaken_is_told_and_writes_nothing() {
    let people = one();
    let mut results = Results::of(&people, &[]).await;
    let before = results.file.dump();
    let late = publish(&mut results.store, None, &new_run(60), &people, &[], &[]).await;
    assert_eq!(late, Err(StoreError::Overtaken(results.file.database())));
    assert_eq!(results.file.dump(), before);
}

#[tokio::test]
async fn a_reader_sees_one_run_for_as_long_as_it_is_open() {
    let people = one();
    let mut results = Results::of(&people, &[]).await;
    let mut reader = Store::open_reader(&results.file.database())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(reader.last_published().await.unwrap().unwrap().id, 1);
    results.then(&people, &[("a", &[], &[])]).await;
    assert_eq!(reader.last_published().await.unwrap().unwrap().id, 1);
    assert_eq!(reader.segments().await.unwrap(), []);
    reader.close().await.unwrap();
    let mut reader = Store::open_reader(&results.file.database())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(reader.segments().await.unwrap().len(), 1);
}

#[tokio::test]
async fn results_that_a_newer_version_wrote_are_refused() {
    let people = one();
    let results = Results::of(&people, &[]).await;
    let file = results.close().await;
    file.sql("insert into muster_migrations select 99, description, installed_on, 1, checksum, 0 from muster_migrations limit 1");
    let before = file.dump();
    let refusals = [
        Store::open_reader(&file.database()).await.unwrap_err(),
        Store::open_writer(&file.database(), false)
            .await
            .unwrap_err(),
    ];
    for refusal in refusals {
        let text = refusal.to_string();
        assert!(
            text.contains("newer version of Muster") && text.contains("99"),
            "{text}"
        );
    }
    assert_eq!(file.dump(), before);
}

#[tokio::test]
async fn a_file_of_somebody_else_keeps_its_settings_and_ours_is_in_wal() {
    let folder = Scratch::new();
    let people = one();
    for (file, mode) in [
        ("delete.db", "delete"),
        ("truncate.db", "delete"),
        ("wal.db", "wal"),
        ("ours.db", "wal"),
    ] {
        let path = folder.path(file);
        if file != "ours.db" {
            let theirs = open(&path);
            theirs.pragma_update(None, "journal_mode", mode).unwrap();
            theirs
                .execute_batch(
                    "pragma user_version = 5; create table _sqlx_migrations (theirs);
                     create table people (id integer primary key)",
                )
                .unwrap();
        }
        let mut store = Store::open_writer(&path, file != "delete.db")
            .await
            .unwrap();
        publish(&mut store, None, &new_run(0), &people, &[], &[])
            .await
            .unwrap();
        store.close().await.unwrap();
        assert_eq!(query(&path, "pragma journal_mode"), [mode], "{file}");
        if file != "ours.db" {
            assert_eq!(query(&path, "pragma user_version"), ["5"]);
            assert_eq!(dump(&path)["_sqlx_migrations"].len(), 0);
        }
        assert_eq!(dump(&path)["muster_migrations"].len(), migrations());
    }
}

#[tokio::test]
async fn nothing_is_made_by_looking() {
    let file = Scratch::around("results.db");
    let path = file.database();
    assert!(Store::open_reader(&path).await.unwrap().is_none());
    assert!(!path.exists());
    file.sql("create table people (id integer primary key)");
    let before = std::fs::read(&path).unwrap();
    assert!(Store::open_reader(&path).await.unwrap().is_none());
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_full_disk_leaves_what_was_published() {
    let people = one();
    let mut results = Results::of(&people, &[]).await;
    let before = results.file.dump();
    let many: Vec<i64> = (0..10_000).collect();
    let keys: Vec<Key> = many.iter().copied().map(Key::Integer).collect();
    let people = subjects(Keys::Integer(many), &vec!["Ann"; 10_000]);
    let entered = moves(&keys, Direction::Entered, Cause::Data);
    let places: Vec<u32> = (0..10_000).collect();
    let segments: [Has<'_>; 1] = [("a", &places, &entered)];
    results.store.limit_pages(40).await.unwrap();
    let full = publish(
        &mut results.store,
        Some(1),
        &new_run(60),
        &people,
        &segments,
        &[],
    )
    .await;
    assert_eq!(full, Err(StoreError::Full(results.file.database())));
    assert!(full.unwrap_err().to_string().contains("the disk is full"));
    assert_eq!(results.file.dump(), before);
    // Room again: the same connection goes on.
    results.store.limit_pages(4_000).await.unwrap();
    results.then(&people, &segments).await;
    let file = results.close().await;
    assert_eq!(file.dump()["muster_memberships"].len(), 10_000);
}

/// How many steps lead to the tables as they are now.
fn migrations() -> usize {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/migrations");
    std::fs::read_dir(folder).unwrap().count()
}
