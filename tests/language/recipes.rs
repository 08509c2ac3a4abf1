//! The recipes are true: every rule of `docs/recipes.md` is run over the shop of `tests/fixtures/shop`.
//!
//! `MUSTER_BLESS=1 cargo nextest run --test language recipes` writes who is in each segment into the page.

use crate::reference::document::Document;
use crate::reference::studio::{Studio, write};
use crate::support::library::{block_on, findings};
use crate::support::scratch::Scratch;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/recipes.md");
const TABLES: &str = include_str!("../fixtures/shop/shop.sql");

/// The shop with the page's config and rules.
fn shop(page: &Document) -> Scratch {
    let folder = Scratch::around("shop.db");
    write(page, &folder);
    folder.sql(TABLES);
    folder
}

#[test]
fn every_recipe_holds_those_whom_it_says() {
    let mut page = Document::read(PATH);
    let answers = Studio::evaluated(&shop(&page)).answers(&page);
    page.hold(PATH, &answers);
}

/// A segment that holds everyone or nobody would show nothing.
#[test]
fn every_recipe_holds_some_and_leaves_others_out() {
    let page = Document::read(PATH);
    let members = Studio::evaluated(&shop(&page)).segments(&page);
    assert!(members.len() > 12, "only {} segments", members.len());
    for (line, members) in members {
        assert!(
            members != "nobody" && members != "everyone",
            "line {line}: {members}"
        );
    }
}

#[test]
fn nothing_is_found_wrong_and_every_block_is_run() {
    let page = Document::read(PATH);
    let found = findings(block_on(shop(&page).load()));
    assert!(found.is_empty(), "{found:#?}");
    for block in &page.blocks {
        let is_run = ["muster", "yaml,config", "yaml,rules"].contains(&block.info.as_str());
        assert!(is_run, "line {}: nothing runs `{}`", block.line, block.info);
    }
}
