//! Document symbols, folding ranges and selection ranges.

use gen_lsp_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, FoldingRange, FoldingRangeParams,
    Position, Range, SelectionRange, SelectionRangeParams, SymbolKind,
};

use super::position::Lines;
use super::view::{Refusal, View};
use crate::source::{FileId, Node, NodeKind, parse, trimmed};

/// The outline of a file: for a rule file metrics and segments, the latter by bucket; for other files their keys.
pub fn symbols(
    view: &View<'_>,
    params: DocumentSymbolParams,
) -> Result<Option<DocumentSymbolResponse>, Refusal> {
    let Some(text) = view.own_text(&params.text_document.uri)? else {
        return Ok(None);
    };
    let lines = Lines::new(&text, view.client.encoding);
    let Ok(tree) = parse(FileId(0), &text) else {
        return Ok(None);
    };
    let found = of_mapping(&tree, &lines, 0);
    Ok(Some(DocumentSymbolResponse::DocumentSymbolList(found)))
}

/// The maximum depth of keys in the outline.
const DEEPEST: usize = 2;

fn of_mapping(node: &Node, lines: &Lines<'_>, depth: usize) -> Vec<DocumentSymbol> {
    let NodeKind::Mapping(entries) = &node.kind else {
        return Vec::new();
    };
    let entries = entries.iter().map(|(key, value)| {
        let children = match (key.value.as_str(), &value.kind) {
            ("segments", NodeKind::List(items)) if depth == 0 => by_bucket(items, lines),
            (_, NodeKind::List(items)) => items
                .iter()
                .filter_map(|item| of_item(item, lines))
                .collect(),
            _ if depth + 1 < DEEPEST => of_mapping(value, lines, depth + 1),
            _ => Vec::new(),
        };
        let kind = match (&value.kind, depth) {
            (NodeKind::Scalar(_), _) => SymbolKind::Property,
            _ => SymbolKind::Namespace,
        };
        let whole = lines.extent(key.location.start..value.extent().end.max(key.location.end));
        let name = lines.range(key.location.start..key.location.end);
        symbol(&key.value, None, kind, (whole, name), children)
    });
    entries.collect()
}

/// Segments grouped by bucket, in file order; those without a bucket are ungrouped.
fn by_bucket(items: &[Node], lines: &Lines<'_>) -> Vec<DocumentSymbol> {
    let mut found: Vec<DocumentSymbol> = Vec::new();
    for item in items {
        let Some(segment) = of_item(item, lines) else {
            continue;
        };
        let Some(bucket) = value(item, "bucket") else {
            found.push(segment);
            continue;
        };
        let is_bucket =
            |one: &&mut DocumentSymbol| one.kind == SymbolKind::Package && one.name == bucket;
        match found.iter_mut().find(is_bucket) {
            Some(known) => {
                // The segments of a bucket need not be adjacent.
                known.range.start = known.range.start.min(segment.range.start);
                known.range.end = known.range.end.max(segment.range.end);
                known.children.get_or_insert_default().push(segment);
            }
            None => {
                let ranges = (segment.range, segment.selection_range);
                found.push(symbol(
                    bucket,
                    None,
                    SymbolKind::Package,
                    ranges,
                    vec![segment],
                ));
            }
        }
    }
    found
}

/// A list item, by its `id:` or `name:`.
fn of_item(item: &Node, lines: &Lines<'_>) -> Option<DocumentSymbol> {
    let NodeKind::Mapping(entries) = &item.kind else {
        return None;
    };
    let named = ["id", "name"].iter().find_map(|wanted| {
        let entry = entries.iter().find(|(key, _)| key.value == *wanted)?;
        match &entry.1.kind {
            NodeKind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    })?;
    let whole = lines.extent(item.location.start..item.extent().end);
    let name = lines.range(named.location.start..named.location.end);
    let detail = value(item, "name").filter(|name| *name != named.value);
    Some(symbol(
        &named.value,
        detail,
        SymbolKind::Class,
        (whole, name),
        Vec::new(),
    ))
}

fn value<'n>(item: &'n Node, key: &str) -> Option<&'n str> {
    Some(&item.get(key)?.scalar()?.value)
}

fn symbol(
    name: &str,
    detail: Option<&str>,
    kind: SymbolKind,
    (range, selection_range): (Range, Range),
    children: Vec<DocumentSymbol>,
) -> DocumentSymbol {
    let name = match name.is_empty() {
        true => "…".to_owned(),
        false => name.to_owned(),
    };
    #[allow(deprecated)]
    DocumentSymbol {
        name,
        detail: detail.map(str::to_owned),
        kind,
        tags: None,
        deprecated: None,
        range,
        selection_range,
        children: (!children.is_empty()).then_some(children),
    }
}

/// Everything that spans several lines can be folded.
pub fn folds(
    view: &View<'_>,
    params: FoldingRangeParams,
) -> Result<Option<Vec<FoldingRange>>, Refusal> {
    let Some(text) = view.own_text(&params.text_document.uri)? else {
        return Ok(None);
    };
    let lines = Lines::new(&text, view.client.encoding);
    let Ok(tree) = parse(FileId(0), &text) else {
        return Ok(None);
    };
    let mut folds = Vec::new();
    each_range(&tree, &mut |start, end| {
        let Range { start, end } = lines.extent(start..end);
        if end.line > start.line {
            folds.push(FoldingRange {
                start_line: start.line,
                start_character: None,
                end_line: end.line,
                end_character: None,
                kind: None,
                collapsed_text: None,
            });
        }
    });
    folds.dedup_by_key(|fold| (fold.start_line, fold.end_line));
    Ok(Some(folds))
}

/// What to select around each position: the scalar, the value with its key, the item, and so on outwards.
pub fn selections(
    view: &View<'_>,
    params: SelectionRangeParams,
) -> Result<Option<Vec<SelectionRange>>, Refusal> {
    let Some(text) = view.own_text(&params.text_document.uri)? else {
        return Ok(None);
    };
    let lines = Lines::new(&text, view.client.encoding);
    let tree = parse(FileId(0), &text).ok();
    let around = |position: Position| {
        let at = lines.offset(position);
        let mut ranges: Vec<(usize, usize)> = vec![(0, text.len())];
        if let Some(tree) = &tree {
            each_range(tree, &mut |start, end| {
                let range = trimmed(&text, start..end);
                let (start, end) = (range.start, range.end);
                if start <= at && at <= end && ranges.last() != Some(&(start, end)) {
                    ranges.push((start, end));
                }
            });
        }
        let whole = None;
        let outwards = ranges.into_iter().fold(whole, |parent, (start, end)| {
            let range = lines.range(start..end);
            Some(SelectionRange {
                range,
                parent: parent.map(Box::new),
            })
        });
        outwards.unwrap_or_else(|| SelectionRange {
            range: Range::default(),
            parent: None,
        })
    };
    Ok(Some(params.positions.into_iter().map(around).collect()))
}

/// Calls `visit` with the byte range of every node of a tree, outer ones first.
fn each_range(node: &Node, visit: &mut dyn FnMut(usize, usize)) {
    match &node.kind {
        NodeKind::Empty => {}
        NodeKind::Scalar(scalar) => visit(scalar.location.start, scalar.location.end),
        NodeKind::List(items) => {
            for item in items {
                visit(item.location.start, item.extent().end);
                each_range(item, visit);
            }
        }
        NodeKind::Mapping(entries) => {
            for (key, value) in entries {
                visit(key.location.start, value.extent().end.max(key.location.end));
                visit(key.location.start, key.location.end);
                each_range(value, visit);
            }
        }
    }
}
