//! Random edits and random positions: always an answer, and the same text on both sides.
//!
//! `MUSTER_EDITOR_EDITS=1000000` is the long form, `MUSTER_EDITOR_SEED` another sequence.

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::findings::studio;
use crate::random::Random;

const RULES: &str = "\
buckets: [Loyal]
metrics:
  visits_30d: count(visits in last 30 days)
segments:
  - id: regulars
    bucket: Loyal
    when: |
      visits_30d >= 3 and name != \"é€😀\"
  - { id: others, when: not in segment regulars }
";

/// What is typed or pasted.
const SNIPPETS: [&str; 24] = [
    "",
    "a",
    " ",
    "\n",
    "\n  - id: x\n    when: ",
    "\t",
    "\"",
    "'",
    "`",
    "{",
    "}",
    "[",
    ": ",
    "- ",
    "#",
    "|",
    "é",
    "😀",
    "\u{feff}",
    "visits",
    " and ",
    "count(visits where ",
    "in segment ",
    "---\n",
];

/// Everything that is asked of a place or of a file.
const REQUESTS: [&str; 13] = [
    "completion",
    "hover",
    "definition",
    "references",
    "documentHighlight",
    "prepareRename",
    "documentSymbol",
    "foldingRange",
    "semanticTokens/full",
    "inlayHint",
    "codeAction",
    "formatting",
    "rename",
];

fn number(variable: &str, otherwise: u64) -> u64 {
    let said = std::env::var(variable).ok();
    said.map_or(otherwise, |said| said.parse().unwrap())
}

/// The position of a character, counted in UTF-16 units.
fn position(text: &[char], at: usize) -> Value {
    let before = &text[..at];
    let line = before.iter().filter(|c| **c == '\n').count();
    let start = before
        .iter()
        .rposition(|c| *c == '\n')
        .map_or(0, |at| at + 1);
    let units: usize = before[start..].iter().map(|c| c.len_utf16()).sum();
    json!({ "line": line, "character": units })
}

#[test]
fn random_edits_and_positions_have_answers() {
    let edits = number("MUSTER_EDITOR_EDITS", 600);
    let mut random = Random(number("MUSTER_EDITOR_SEED", 17));
    let scratch = studio();
    let mut editor = Editor::with(&scratch, json!({}), json!({}));
    editor.open("rules/all.yaml", RULES);
    let mut text: Vec<char> = RULES.chars().collect();
    for round in 0..edits {
        if text.len() > 2_000 {
            editor.write("rules/all.yaml", RULES);
            text = RULES.chars().collect();
        }
        let start = random.below(text.len() + 1);
        let end = (start + random.below(4)).min(text.len());
        let snippet = random.of(&SNIPPETS);
        let range = json!({ "start": position(&text, start), "end": position(&text, end) });
        editor.edit(
            "rules/all.yaml",
            json!([{ "range": range, "text": snippet }]),
        );
        text.splice(start..end, snippet.chars());
        let uri = editor.uri("rules/all.yaml");
        let place = match random.below(8) {
            0 => json!({ "line": random.below(99), "character": random.below(99) }),
            _ => position(&text, random.below(text.len() + 1)),
        };
        let params = json!({
            "textDocument": { "uri": uri }, "position": place, "newName": "other",
            "range": { "start": place, "end": place }, "context": { "includeDeclaration": true, "diagnostics": [] },
            "options": { "tabSize": 2, "insertSpaces": true },
        });
        let request = random.of(&REQUESTS);
        let answer = editor.ask(&format!("textDocument/{request}"), params);
        let failed = lsp_server::ErrorCode::InternalError as i32;
        assert!(
            answer != Err(failed),
            "{request} at {place} in {:?}",
            text.iter().collect::<String>()
        );
        if round % 16 == 0 {
            let whole = json!({ "textDocument": { "uri": uri }, "positions": [place] });
            let answer = editor.ask("textDocument/selectionRange", whole).unwrap();
            let mut outermost = &answer[0];
            while outermost["parent"].is_object() {
                outermost = &outermost["parent"];
            }
            assert_eq!(outermost["range"]["end"], position(&text, text.len()));
        }
    }
    editor.end();
}
