//! Random edits and random positions: always an answer, and the same text on both sides.
//!
//! `MUSTER_EDITOR_EDITS=1000000` is the long form, `MUSTER_EDITOR_SEED` another sequence.

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::people::people;
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
    let before: String = text[..at].iter().collect();
    let line = before.rsplit('\n').next().unwrap();
    json!({ "line": before.matches('\n').count(), "character": line.encode_utf16().count() })
}

/// An editor at random work on one file, and the text that it shows.
struct Typist {
    editor: Editor,
    text: Vec<char>,
    random: Random,
}

impl Typist {
    fn written(&self) -> String {
        self.text.iter().collect()
    }

    fn replace(&mut self, text: &str) {
        self.editor.write("rules/all.yaml", text);
        self.text = text.chars().collect();
    }

    fn types(&mut self) {
        let start = self.random.below(self.text.len() + 1);
        let end = (start + self.random.below(4)).min(self.text.len());
        let snippet = self.random.of(&SNIPPETS);
        let range =
            json!({ "start": position(&self.text, start), "end": position(&self.text, end) });
        let edits = json!([{ "range": range, "text": snippet }]);
        self.editor.edit("rules/all.yaml", edits);
        self.text.splice(start..end, snippet.chars());
    }

    fn asks(&mut self) {
        let uri = self.editor.uri("rules/all.yaml");
        let place = match self.random.below(8) {
            0 => json!({ "line": self.random.below(99), "character": self.random.below(99) }),
            _ => position(&self.text, self.random.below(self.text.len() + 1)),
        };
        let params = json!({
            "textDocument": { "uri": uri }, "position": place, "newName": "other",
            "range": { "start": place, "end": place }, "context": { "includeDeclaration": true, "diagnostics": [] },
            "options": { "tabSize": 2, "insertSpaces": true },
        });
        let request = *self.random.of(&REQUESTS);
        let answer = self.editor.ask(&format!("textDocument/{request}"), params);
        let failed = lsp_server::ErrorCode::InternalError as i32;
        let text = self.written();
        assert!(answer != Err(failed), "{request} at {place} in {text:?}");
        let answer = answer.unwrap_or_default();
        // What it offers to write can be written: the places are there, and do not overlap.
        let written = match request {
            "formatting" => vec![&answer],
            "rename" => vec![&answer["changes"][&uri]],
            "codeAction" => {
                let actions = answer.as_array().map_or(&[][..], Vec::as_slice);
                let edits = actions.iter().map(|one| &one["edit"]["changes"][&uri]);
                edits.collect()
            }
            _ => Vec::new(),
        };
        let written = written.into_iter().filter(|edits| edits.is_array());
        let written: Vec<String> = written.map(|edits| Editor::edited(&text, edits)).collect();
        if let Some(new) = written.into_iter().next_back() {
            self.replace(&new);
        }
    }

    /// The server's text is as long as the editor's, to the last line and unit.
    fn compares(&mut self) {
        let start = position(&self.text, 0);
        let uri = self.editor.uri("rules/all.yaml");
        let whole = json!({ "textDocument": { "uri": uri }, "positions": [start] });
        let answer = self
            .editor
            .ask("textDocument/selectionRange", whole)
            .unwrap();
        let mut outermost = &answer[0];
        while outermost["parent"].is_object() {
            outermost = &outermost["parent"];
        }
        let end = position(&self.text, self.text.len());
        assert_eq!(outermost["range"]["end"], end);
        let said = std::mem::take(&mut self.editor.said);
        let failed =
            |one: &lsp_server::Notification| one.params.to_string().contains("should not happen");
        assert!(!said.iter().any(failed), "{said:?} in {:?}", self.written());
        self.editor.asked.clear();
    }

    /// What the server says of the text that it made of all edits is what it says of the whole text.
    fn holds(&mut self) {
        let edited = self.said_of_all();
        self.replace(&self.written());
        assert_eq!(edited, self.said_of_all(), "{:?}", self.written());
    }

    fn said_of_all(&mut self) -> Vec<Value> {
        let uri = self.editor.uri("rules/all.yaml");
        let end = position(&self.text, self.text.len());
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": end });
        let params = json!({ "textDocument": { "uri": uri }, "range": range,
            "context": { "diagnostics": [] }, "options": { "tabSize": 2, "insertSpaces": true } });
        let asked = [
            "documentSymbol",
            "foldingRange",
            "semanticTokens/full",
            "codeAction",
            "formatting",
        ];
        let answers = asked.map(|request| {
            let answer = self
                .editor
                .ask(&format!("textDocument/{request}"), params.clone());
            json!(answer)
        });
        answers.to_vec()
    }
}

#[test]
fn random_edits_and_positions_have_answers() {
    let edits = number("MUSTER_EDITOR_EDITS", 600);
    let seed = number("MUSTER_EDITOR_SEED", 17);
    for (trusted, seed) in [(false, seed), (true, seed + 1)] {
        let scratch = people();
        let mut editor = Editor::with(&scratch, json!({ "trusted": trusted }), json!({}));
        editor.open("rules/all.yaml", RULES);
        let mut typist = Typist {
            editor,
            text: RULES.chars().collect(),
            random: Random(seed),
        };
        for round in 0..edits / 2 {
            if typist.text.len() > 2_000 {
                typist.replace(RULES);
            }
            typist.types();
            typist.asks();
            if round % 16 == 0 {
                typist.compares();
                typist.holds();
            }
            if round % 5_000 == 0 {
                eprintln!("{round} edits, trusted: {trusted}");
            }
        }
        typist.editor.end();
    }
}
