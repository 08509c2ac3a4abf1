//! Names that values and keys of YAML can mean.

use gen_lsp_types::{CompletionItem, CompletionItemKind};

use super::item;
use crate::config::SEGMENTS_FIELD;
use crate::lsp::roles::{Kind, meant_by_keys};
use crate::lsp::view::View;
use crate::lsp::world::World;
use crate::project::Project;
use crate::reference::Purpose;

/// All names of a kind.
pub fn items(view: &View<'_>, kind: Kind) -> Vec<CompletionItem> {
    let Some(project) = view.names.and_then(World::project) else {
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
        Kind::Scope | Kind::List => Vec::new(),
    }
}

/// The names that keys can be at a place.
pub fn of_keys(view: &View<'_>, purpose: Purpose, keys: &[&str]) -> Vec<CompletionItem> {
    let Some(kind) = meant_by_keys(purpose, keys) else {
        return Vec::new();
    };
    items(view, kind)
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
