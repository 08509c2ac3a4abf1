//! Rules, data and edits by chance: what `plan` says is what each set of edits does by itself, and what the next run
//! publishes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use muster::attribution::By;
use muster::connector::connect;
use muster::edits::{EditMoves, Edits, between};
use muster::engine::{Key, Unwatched};
use muster::plan::{Asked, Plan, Planned, plan};
use muster::project::{Project, load_beside};
use muster::run::Outcome;
use muster::source::Sources;
use muster::store::{Cause, Direction};
use muster::time::Clock;

use crate::model::{Rules, data, first_id, news};
use crate::random::Random;
use crate::support::clock::{DAY, NOON};
use crate::support::library::{at, block_on, evaluate, run};
use crate::support::scratch::Scratch;

/// Who moves where: segment, client, direction.
type Moves = BTreeSet<(String, String, bool)>;

/// How many times anything is tried.
fn rounds() -> u64 {
    let rounds = std::env::var("MUSTER_PLAN_ROUNDS");
    rounds.map_or(150, |rounds| rounds.parse().unwrap())
}

fn write(folder: &Scratch, rules: &Rules) {
    folder.write("config.yaml", rules.config());
    for (path, text) in rules.files() {
        folder.write(path, text);
    }
}

/// The old rules beside the new ones.
fn beside(new: &Project, folder: &Scratch, old: &Rules) -> Project {
    let files = old.files().map(|(path, text)| (folder.path(path), text));
    let texts = files
        .into_iter()
        .chain([(folder.path("config.yaml"), old.config())]);
    let texts = Sources::in_memory(texts.collect::<Vec<(PathBuf, String)>>());
    let config = folder.path("config.yaml");
    load_beside(new, Path::new(&config), texts, &|_| None)
        .unwrap_or_else(|(sources, findings)| panic!("{findings:?} {sources:?}"))
}

fn planned(old: &Project, new: &Project, edits: &Edits<'_>, now: i64) -> Planned {
    let asked = Asked {
        now,
        segment: None,
        explained: 5,
    };
    let connector = connect(&new.config);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async { plan((old, new), edits, &*connector, &asked, &Unwatched).unwrap() })
}

fn moves(plan: &Plan) -> Moves {
    let movers = plan.movers.iter().map(|mover| {
        let segment = first_id(&plan.segments[mover.segment].id);
        let entered = mover.direction == Direction::Entered;
        (segment, mover.subject.to_string(), entered)
    });
    movers.collect()
}

/// The members of each segment, by rules that are evaluated all by themselves.
fn members(project: &Project, now: i64) -> BTreeMap<String, BTreeSet<Key>> {
    let clock = Clock {
        now,
        zone: project.config.timezone,
    };
    let evaluation = evaluate(project, &clock).unwrap();
    let segments = project.ir.segments.zip(&evaluation.segments);
    segments
        .map(|(segment, found)| {
            let places = found.as_ref().unwrap().iter();
            let keys = places.map(|place| evaluation.subjects.key(*place as usize).unwrap());
            (first_id(&segment.id), keys.collect())
        })
        .collect()
}

/// What changes from one to the other.
fn difference(
    before: &BTreeMap<String, BTreeSet<Key>>,
    after: &BTreeMap<String, BTreeSet<Key>>,
) -> Moves {
    let mut moves = Moves::new();
    let nobody = BTreeSet::new();
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for id in ids {
        let before = before.get(id).unwrap_or(&nobody);
        let after = after.get(id).unwrap_or(&nobody);
        let entered = after
            .difference(before)
            .map(|key| (id.clone(), key.to_string(), true));
        let left = before
            .difference(after)
            .map(|key| (id.clone(), key.to_string(), false));
        moves.extend(entered.chain(left));
    }
    moves
}

/// What each set of one or two edits does by itself.
fn by_sets(
    edits: &Edits<'_>,
    before: &BTreeMap<String, BTreeSet<Key>>,
    now: i64,
) -> Vec<(BTreeSet<usize>, Moves)> {
    let all = edits.all.len();
    let singles = (0..all).map(|edit| BTreeSet::from([edit]));
    let pairs =
        (0..all).flat_map(|one| (one + 1..all).map(move |other| BTreeSet::from([one, other])));
    singles
        .chain(pairs)
        .filter_map(|set| {
            let project = edits.compiled(&set).ok()?;
            Some((set, difference(before, &members(&project, now))))
        })
        .collect()
}

/// What a run publishes, by whether the rules do it.
fn published(new: &Project, outcome: &Outcome) -> [Moves; 2] {
    let segments = new.ir.segments.zip(&outcome.segments);
    let segments = segments.map(|(segment, found)| (&segment.id, &found.movements));
    let removed = outcome.removed.iter();
    let removed = removed.map(|removed| (&removed.id, &removed.movements));
    let mut moves = [Moves::new(), Moves::new()];
    for (id, movements) in segments.chain(removed) {
        for movement in movements {
            let by_rules = match movement.cause {
                Cause::Rule | Cause::SegmentNew | Cause::SegmentRemoved => 0,
                Cause::Data | Cause::Gone | Cause::Inactive => 1,
                cause => panic!("{cause:?}"),
            };
            let entered = movement.direction == Direction::Entered;
            moves[by_rules].insert((first_id(id), movement.subject.to_string(), entered));
        }
    }
    moves
}

/// How many the run says that each edit alone moved, and last what several did together.
fn told(outcome: &Outcome, edits: usize) -> Vec<u64> {
    let Some(edited) = &outcome.edited else {
        return vec![0; edits + 1];
    };
    let alone = edited.edits.iter().map(EditMoves::moved);
    let all = alone.chain([edited.moved_together()]);
    all.map(|moves| moves.entered + moves.left).collect()
}

/// The same by what each edit does by itself.
fn counted(moved: &Moves, sets: &[(BTreeSet<usize>, Moves)], edits: usize) -> Vec<u64> {
    let mut counted = vec![0; edits + 1];
    for moves in moved {
        let alone = sets
            .iter()
            .find(|(set, does)| set.len() == 1 && does.contains(moves));
        counted[alone.map_or(edits, |(set, _)| *set.first().unwrap())] += 1;
    }
    counted
}

#[test]
fn a_plan_is_what_the_edits_do_and_what_the_next_run_publishes() {
    let (mut moved, mut together, mut either, mut through, mut by_data) = (0, 0, 0, 0, 0);
    for seed in 0..rounds() {
        let mut random = Random::new(seed);
        let folder = Scratch::new();
        folder.sql(&data(&mut random));
        let old = Rules::random(&mut random);
        write(&folder, &old);
        let stored = block_on(async {
            let project = folder.project().await;
            run(&project, &at(NOON)).await.unwrap();
            members(&project, NOON)
        });
        let mut rules = old.clone();
        let edited: Vec<String> = (0..random.between(1, 4))
            .map(|_| rules.edit(&mut random))
            .collect();
        if random.once_in(4) {
            rules.write_otherwise(&mut random);
        }
        let mut now = NOON;
        if random.once_in(2) {
            now += DAY * random.below(3) as i64;
            folder.sql(&news(&mut random));
        }
        write(&folder, &rules);
        let new = block_on(folder.project());
        let old = beside(&new, &folder, &old);
        let edits = between(&old, &new);
        let found = planned(&old, &new, &edits, now).plan;
        let words = format!("seed {seed}: {edited:?}, {found:#?}\n{:?}", edits.all);

        let (before, after) = (members(&old, now), members(&new, now));
        assert_eq!(moves(&found), difference(&before, &after), "{words}");
        let sets = by_sets(&edits, &before, now);
        for mover in &found.movers {
            let segment = first_id(&found.segments[mover.segment].id);
            let entered = mover.direction == Direction::Entered;
            let moves = (segment, mover.subject.to_string(), entered);
            let smallest = sets.iter().find(|(_, does)| does.contains(&moves));
            let told = match &mover.by {
                By::Either { edits, through: by } => {
                    through += usize::from(!by.is_empty());
                    either += usize::from(edits.len() > 1);
                    let alone = sets
                        .iter()
                        .filter(|(set, does)| set.len() == 1 && does.contains(&moves));
                    Some(
                        alone
                            .flat_map(|(set, _)| set)
                            .copied()
                            .collect::<BTreeSet<usize>>(),
                    )
                    .filter(|alone| alone == edits)
                }
                By::Together { edits, through: by } => {
                    through += usize::from(!by.is_empty());
                    together += 1;
                    smallest
                        .map(|(set, _)| set.clone())
                        .filter(|set| set == edits)
                }
                By::Several => None,
            };
            let smallest = smallest.map(|(set, _)| set);
            assert_eq!(
                told.is_some(),
                smallest.is_some(),
                "{moves:?} {told:?} {words}"
            );
        }
        moved += found.movers.len();

        let outcome = block_on(async { run(&new, &at(now)).await.unwrap() });
        let [by_rules, others] = published(&new, &outcome);
        if by_rules.is_subset(&difference(&before, &after)) {
            assert_eq!(
                told(&outcome, edits.all.len()),
                counted(&by_rules, &sets, edits.all.len()),
                "{words}"
            );
        }
        // What the data moved the other way meanwhile is where it was.
        let news = difference(&stored, &before);
        let back = |(segment, client, entered): &(String, String, bool)| {
            news.contains(&(segment.clone(), client.clone(), !entered))
        };
        let mut expected = difference(&before, &after);
        // All leave a segment that is gone, because it is.
        let is_gone = |(segment, ..): &(String, String, bool)| !after.contains_key(segment);
        expected.retain(|moves| !back(moves) && !is_gone(moves));
        expected.extend(difference(&stored, &after).into_iter().filter(is_gone));
        assert_eq!(by_rules, expected, "{words}");
        let mut expected = difference(&stored, &after);
        expected.retain(|moves| !by_rules.contains(moves));
        assert_eq!(others, expected, "{words}");
        by_data += others.len();
    }
    assert!(moved > 100 && by_data > 30, "{moved} {by_data}");
    eprintln!(
        "{moved} moved, {together} by two edits, {either} by either of several, {through} through another segment; {by_data} by data"
    );
}

#[test]
fn what_is_only_written_otherwise_plans_nothing() {
    for seed in 0..rounds() / 5 {
        let mut random = Random::new(seed);
        let folder = Scratch::new();
        folder.sql(&data(&mut random));
        let old = Rules::random(&mut random);
        let mut rules = old.clone();
        rules.write_otherwise(&mut random);
        write(&folder, &rules);
        let new = block_on(folder.project());
        let old = beside(&new, &folder, &old);
        let edits = between(&old, &new);
        let found = planned(&old, &new, &edits, NOON).plan;
        assert_eq!(found.edits, [], "{seed}");
        assert_eq!(found.movers, [], "{seed}");
    }
}
