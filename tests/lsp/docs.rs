//! What the reference says, where the cursor stands.

use crate::editor::Editor;
use crate::findings::studio;
use crate::support::scratch::Scratch;

const RULES: &str = "\
metrics:
  visits_30d: count(visits in last 30 days)
segments:
  - id: regulars
    bucket: Loyal
    when: visits_30d >= 3 and not name starts with \"É\"
";

/// What is shown at some words of a file.
fn hover(editor: &mut Editor, name: &str, text: &str, needle: &str) -> String {
    let params = editor.position(name, text, needle);
    let answer = editor.ask("textDocument/hover", params).unwrap();
    let words = answer["contents"]["value"].as_str();
    words.unwrap_or_default().to_owned()
}

/// The title of `muster docs TERM`.
fn page(scratch: &Scratch, term: &str) -> String {
    let said = scratch.muster(&["docs", term]).out;
    let title = said.lines().next().unwrap().to_owned();
    assert!(!title.is_empty());
    title
}

#[test]
fn a_word_and_a_key_have_the_page_of_muster_docs() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    editor.open("config.yaml", &scratch.read("config.yaml"));
    let config = scratch.read("config.yaml");
    for (file, text, needle, term) in [
        ("rules/all.yaml", RULES, "count(", "count"),
        ("rules/all.yaml", RULES, "last 30", "last 30 days"),
        ("rules/all.yaml", RULES, ">= 3", ">="),
        ("rules/all.yaml", RULES, "and not", "and"),
        ("rules/all.yaml", RULES, "starts with", "starts with"),
        ("rules/all.yaml", RULES, "when:", "segments.when"),
        ("rules/all.yaml", RULES, "bucket:", "segments.bucket"),
        ("config.yaml", &config, "subject:", "subject"),
    ] {
        let words = hover(&mut editor, file, text, needle);
        let term = if term == "last 30 days" {
            "Windows: which time"
        } else {
            term
        };
        let title = page(&scratch, term);
        assert!(
            words.contains(&format!("**{title}**")),
            "{needle}: {title} in {words}"
        );
    }
    let test = "given:\n  anna: { visits: { every: 7 days, from: 60 days ago, until: today } }\n";
    editor.open("rules/tests/a.yaml", test);
    for key in ["every", "from", "until"] {
        let words = hover(&mut editor, "rules/tests/a.yaml", test, &format!("{key}:"));
        let title = format!("**Keys of test files: {key}**");
        assert!(words.contains(&title), "{key}: {words}");
    }
    // A name that people chose is no key, and a text in quotes no word.
    let words = hover(&mut editor, "rules/all.yaml", RULES, "visits_30d: ");
    assert!(
        words.starts_with("metric `visits_30d`") && !words.contains("**Keys"),
        "{words}"
    );
    let words = hover(&mut editor, "rules/all.yaml", RULES, "É");
    assert!(!words.contains("**Operators"), "{words}");
    editor.end();
}

/// What is shown as an example is not what is refused, unless it says so.
#[test]
fn an_example_of_an_error_says_so() {
    let scratch = studio();
    let rules = RULES.replace("visits_30d >= 3", "top 20% by visits_30d within everyone");
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", &rules);
    let words = hover(&mut editor, "rules/all.yaml", &rules, "within");
    let wrong = "This is an error, `unknown-scope`:\n\n```muster\navg(visits_60d) within city\n```";
    assert!(words.contains(wrong), "{words}");
    assert!(!words.contains("error="), "{words}");
    editor.end();
}

/// The example and the description, not only the title.
#[test]
fn the_page_is_shown_whole() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    let words = hover(&mut editor, "rules/all.yaml", RULES, "count(");
    let [page] = &muster::reference::of_function("count")[..] else {
        panic!("one page");
    };
    assert!(words.contains(page.text.trim()), "{words}");
    assert!(page.text.contains("For example"), "{}", page.text);
    editor.end();
}

/// What a run stores of everybody is a column of files, too.
#[test]
fn a_stored_column_of_a_file_says_what_it_is() {
    let scratch = studio();
    let config = scratch.read("config.yaml");
    let config = format!("{config}\nexport: {{ columns: [id, score, entered_at] }}\n");
    let mut editor = Editor::new(&scratch);
    editor.open("config.yaml", &config);
    for (column, words) in [
        ("score", "the sum of the weights of its segments"),
        ("entered_at", "when it came into the segment"),
    ] {
        let params = editor.position("config.yaml", &config, column);
        let answer = editor.ask("textDocument/hover", params).unwrap();
        assert!(answer.to_string().contains(words), "{answer}");
    }
    editor.end();
}
