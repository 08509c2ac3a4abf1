//! Who moves by changed rules: what the rules of the last published run would find now.

use std::collections::BTreeMap;

use crate::connector::Connector;
use crate::engine::{EngineError, Evaluation, Key, Watch};
use crate::index::Id;
use crate::ir::FINGERPRINT_VERSION;
use crate::project::{Project, load_published};
use crate::rules::SegmentId;
use crate::store::Store;
use crate::variants::{Change, VariantId, Variants};

/// The rules of the last published run, which are others than the present ones.
pub(super) struct Earlier {
    run: i64,
    project: Project,
}

/// What they find now in the segments that mean something else to them, or that only they have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ByRules {
    /// The run that they are of.
    pub(super) run: i64,
    /// The members by the segments' present ids, ascending.
    members: BTreeMap<String, Vec<Key>>,
}

impl Earlier {
    /// Reads them; none where they are not stored, or do not fit today's columns, or have the present ones' digest, unless
    /// lists matter too, whose entries are in none.
    pub(super) async fn read(project: &Project, rules: &str, with_lists: bool) -> Option<Self> {
        let mut store = Store::open_reader(project.config.results_path())
            .await
            .ok()??;
        let run = store.last_published().await.ok()?;
        store.close().await.ok()?;
        let run = run?;
        let made = &run.fingerprint;
        // Movements between two versions have a cause of their own.
        let is_same = made.rules == rules && !with_lists;
        if is_same || made.version != Some(FINGERPRINT_VERSION) {
            return None;
        }
        let earlier = load_published(project, &project.sources, run.id)
            .await
            .ok()??;
        Some(Self {
            run: run.id,
            project: earlier,
        })
    }

    /// Evaluates the present rules, and these beside them.
    pub(super) fn evaluate(
        &self,
        project: &Project,
        connector: &dyn Connector,
        now: i64,
        watch: &dyn Watch,
    ) -> Result<(Evaluation, ByRules), EngineError> {
        let (new, old) = (VariantId::new(0), VariantId::new(1));
        let variants = Variants::new([project, &self.project]);
        let segments = self.project.ir.segments.iter_enumerated();
        let others: Vec<(String, SegmentId)> = segments
            .filter_map(|(id, segment)| {
                let (present, place) = present(project, &segment.id);
                let change = place.map(|place| variants.change((new, place), (old, id)));
                (change != Some(Change::None)).then(|| (present.to_owned(), id))
            })
            .collect();
        let found = variants.evaluate(connector.snapshot()?, now, watch)?;
        let members = others.into_iter().filter_map(|(present, id)| {
            let subjects = &found.people(old)?.subjects;
            let members = found.members(old, id).ok()?.iter();
            let keys = members.filter_map(|place| subjects.key(*place as usize));
            Some((present, keys.collect()))
        });
        let by_rules = ByRules {
            run: self.run,
            members: members.collect(),
        };
        let evaluation = found.into_first().ok_or(EngineError::Cancelled)?;
        Ok((evaluation, by_rules))
    }
}

impl ByRules {
    /// Whether somebody would be in a segment by the earlier rules; none where these mean the same, or have no answer.
    pub(super) fn had(&self, segment: &str, key: &Key) -> Option<bool> {
        let members = self.members.get(segment)?;
        Some(members.binary_search(key).is_ok())
    }

    /// The segments, each with its members by the earlier rules.
    pub(super) fn segments(&self) -> impl Iterator<Item = (&str, &[Key])> {
        let members = self.members.iter();
        members.map(|(id, members)| (id.as_str(), members.as_slice()))
    }
}

/// What a segment of earlier rules is called now, and where the present rules have it.
fn present<'a>(project: &'a Project, id: &'a str) -> (&'a str, Option<SegmentId>) {
    let segments = &project.rules.segments;
    let own = segments.position(|segment| segment.id.value == id);
    let renamed =
        || segments.position(|segment| segment.was.as_ref().is_some_and(|was| was.value == id));
    let place = own.or_else(renamed);
    let name = place.and_then(|place| segments.get(place));
    (name.map_or(id, |segment| &segment.id.value), place)
}
