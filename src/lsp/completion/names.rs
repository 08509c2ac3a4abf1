//! Completion of names in YAML keys and values.

use std::collections::HashSet;

use gen_lsp_types::{CompletionItem, CompletionItemKind};

use super::named::Named;
use super::{database, given, item, keys, values};
use crate::config::SEGMENTS_FIELD;
use crate::lsp::roles::{Kind, meant, meant_by_keys};
use crate::project::Project;
use crate::reference::Purpose;

/// The possible values at the given keys.
pub fn values(named: &Named<'_>, keys: &[&str]) -> Vec<CompletionItem> {
    let Named { view, purpose, .. } = *named;
    if let Some(values) = values::of_field(view, purpose, keys) {
        return values;
    }
    let mut items = of_kind(named, meant(purpose, keys));
    items.extend(match purpose {
        Purpose::Config => database::of_values(named, keys),
        Purpose::Tests => given::of_values(named, keys),
        Purpose::Rules => Vec::new(),
    });
    items.extend(keys::values(purpose, keys));
    once(items)
}

/// The possible keys below the given keys that are not present yet.
pub fn keys(named: &Named<'_>, keys: &[&str]) -> Vec<CompletionItem> {
    let purpose = named.purpose;
    let mut items = keys::items(purpose, keys);
    items.extend(of_kind(named, meant_by_keys(purpose, keys)));
    items.extend(match purpose {
        Purpose::Config => database::of_keys(named, keys),
        Purpose::Tests => given::of_keys(named, keys),
        Purpose::Rules => Vec::new(),
    });
    let beside = &named.place.beside;
    items.retain(|item| !beside.iter().any(|entry| entry.key == item.label));
    once(items)
}

/// Removes duplicates.
fn once(mut items: Vec<CompletionItem>) -> Vec<CompletionItem> {
    let mut known = HashSet::new();
    items.retain(|item| known.insert(item.label.clone()));
    items
}

/// All names of a kind.
fn of_kind(place: &Named<'_>, kind: Option<Kind>) -> Vec<CompletionItem> {
    let Some((project, kind)) = place.project().zip(kind) else {
        return Vec::new();
    };
    let named = |name: &str, detail: &str| item(name, CompletionItemKind::Reference, detail);
    match kind {
        Kind::Segment => {
            let segments = project.rules.segments.iter();
            segments.map(|s| named(&s.id.value, &s.name)).collect()
        }
        Kind::Bucket => {
            let buckets = project.rules.buckets.iter();
            buckets.map(|bucket| named(bucket, "bucket")).collect()
        }
        Kind::Metric => {
            let metrics = project.rules.metrics.iter();
            metrics
                .map(|m| named(&m.name.value, m.text.value.trim()))
                .collect()
        }
        Kind::Field => fields(project),
        Kind::Collection => {
            let collections = project.catalog.collections.iter();
            collections
                .map(|c| named(&c.name, &format!("rows of `{}`", c.entity.table)))
                .collect()
        }
        // The names are those in the text itself.
        Kind::Person => Vec::new(),
        Kind::Scope | Kind::List => Vec::new(),
    }
}

fn fields(project: &Project) -> Vec<CompletionItem> {
    let fields = project.config.fields.iter();
    let fields = fields.map(|f| item(&f.id.value, CompletionItemKind::Field, &*f.label));
    let segments = item(
        SEGMENTS_FIELD,
        CompletionItemKind::Field,
        "members of segments",
    );
    fields.chain([segments]).collect()
}
