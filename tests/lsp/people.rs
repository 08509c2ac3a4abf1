//! Counts of people while somebody types.

use std::time::Duration;

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::findings::studio;
use crate::support::scratch::Scratch;

pub const RULES: &str = "\
segments:
  - id: soho
    when: studio_id = 1 and name starts with \"A\"
";

/// A studio with five clients.
pub fn people() -> Scratch {
    let scratch = studio();
    scratch.rules(RULES);
    for (id, studio, name) in [
        (1, "1", "'Anna'"),
        (2, "1", "'Abe'"),
        (3, "2", "'Bo'"),
        (4, "null", "'Al'"),
        (5, "1", "'Cy'"),
    ] {
        scratch.sql(&format!(
            "insert into clients (id, studio_id, name) values ({id}, {studio}, {name})"
        ));
    }
    scratch
}

pub fn hints(editor: &mut Editor) -> Vec<String> {
    let whole = json!({ "textDocument": { "uri": editor.uri("rules/all.yaml") },
        "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } } });
    let answer = editor.ask("textDocument/inlayHint", whole).unwrap();
    let hints = answer.as_array().cloned().unwrap_or_default().into_iter();
    hints
        .map(|hint| hint["label"].as_str().unwrap().to_owned())
        .collect()
}

/// The hints, once they are these.
#[track_caller]
pub fn expect_hints(editor: &mut Editor, expected: &[&str]) {
    for _ in 0..1_000 {
        if hints(editor) == expected {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{:?}", hints(editor));
}

/// Waits until a segment has a published size.
#[track_caller]
pub fn expect_published(editor: &mut Editor, text: &str, id: &str) {
    for _ in 0..1_000 {
        if hover(editor, text, id).contains(" published") {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{}", hover(editor, text, id));
}

/// What a hover says, once there was time to count.
pub fn hover(editor: &mut Editor, text: &str, needle: &str) -> String {
    hover_in(editor, "rules/all.yaml", text, needle)
}

fn hover_in(editor: &mut Editor, name: &str, text: &str, needle: &str) -> String {
    let params = editor.position(name, text, needle);
    for _ in 0..100 {
        let answer = editor.ask("textDocument/hover", params.clone()).unwrap();
        let words = answer["contents"]["value"].as_str().unwrap_or_default();
        if !words.contains("ask again") {
            return words.to_owned();
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("this is never counted");
}

#[test]
fn a_segment_has_its_size_as_published_and_as_written() {
    let scratch = people();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    scratch.expect(0, &["run"]);
    let edited = RULES.replace(" and name", " or name");
    editor.write("rules/all.yaml", &edited);
    // The number of the text before is never shown as if it were that of this one.
    assert_ne!(hints(&mut editor), ["2"]);
    let words = hover(&mut editor, &edited, "soho");
    assert!(!words.contains("2 as written"), "{words}");
    expect_hints(&mut editor, &["2 → 4"]);
    assert!(hover(&mut editor, &edited, "soho").contains("2 published, 4 as written"));
    editor.end();
}

#[test]
fn a_clause_has_the_answers_of_everybody() {
    let scratch = people();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    let words = hover(&mut editor, RULES, "= 1");
    assert!(words.contains("**3** yes · 1 no · 1 unknown"), "{words}");
    assert!(words.contains("Anna, Abe, Cy"), "{words}");
    // The data of now: what changed is read again.
    scratch.sql("update clients set studio_id = 2 where id = 5");
    let words = hover(&mut editor, RULES, "= 1");
    assert!(words.contains("**2** yes · 2 no · 1 unknown"), "{words}");
    editor.end();
}

/// Whoever asks first after the data has changed: the sizes are counted again all the same.
#[test]
fn a_question_takes_no_change_of_the_data_away_from_the_sizes() {
    let scratch = people();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    for (name, size) in [("Abel", "3"), ("Cy", "2"), ("Adam", "3"), ("Di", "2")] {
        scratch.sql(&format!("update clients set name = '{name}' where id = 5"));
        let words = hover(&mut editor, RULES, "= 1");
        assert!(words.contains("**3** yes"), "{words}");
        expect_hints(&mut editor, &[size]);
    }
    editor.end();
}

/// The instant that people are counted at is that of the last run: with another one an answer is another.
#[test]
fn an_answer_is_not_kept_over_a_published_run() {
    let scratch = people();
    scratch.sql("insert into payments (client_id, status, paid_at) values (1, 'paid', '2026-03-01 03:04:05')");
    let rules = "segments:\n  - id: soho\n    when: exists(payments in last 30 days)\n";
    scratch.rules(rules);
    scratch.expect(0, &["run", "--as-of", "2026-03-15"]);
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", rules);
    expect_hints(&mut editor, &["1"]);
    assert!(hover(&mut editor, rules, "exists").contains("**1** yes"));
    scratch.expect(0, &["run", "--as-of", "2026-06-15"]);
    let words = hover(&mut editor, rules, "exists");
    assert!(words.contains("**0** yes"), "{words}");
    expect_hints(&mut editor, &["0"]);
    editor.end();
}

/// What does not fit is tried again where it may fit by now, and said meanwhile.
#[test]
fn data_that_is_too_large_is_said_and_counted_once_it_fits() {
    let scratch = people();
    let config = scratch.read("config.yaml");
    scratch.write("config.yaml", format!("{config}\nmemory: 1 MB\n"));
    scratch.sql(
        "insert into payments (client_id, status, paid_at) with recursive n (i) as \
         (select 1 union all select i + 1 from n where i < 120000) \
         select i % 5 + 1, 'note ' || i, '2026-01-02 03:04:05' from n",
    );
    let large = RULES.replace(
        "studio_id = 1",
        "exists(payments where status = \"note 1\")",
    );
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    editor.write("rules/all.yaml", &large);
    for needle in ["soho", "exists"] {
        let mut said = (0..200).map(|_| {
            std::thread::sleep(Duration::from_millis(50));
            hover(&mut editor, &large, needle)
        });
        let is_it = |words: String| words.contains("not counted: `payments` would take");
        assert!(said.any(is_it), "{needle}");
    }
    assert_eq!(hints(&mut editor), Vec::<String>::new());
    // Rules that read less of it are counted at once,
    editor.write("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    // and the others when there is less to read.
    editor.write("rules/all.yaml", &large);
    expect_hints(&mut editor, &[]);
    scratch.sql("delete from payments where status <> 'note 1'");
    expect_hints(&mut editor, &["1"]);
    editor.end();
}

/// A history goes on under another id.
#[test]
fn a_renamed_segment_has_the_published_size_of_its_old_id() {
    let scratch = people();
    scratch.rules(RULES);
    scratch.expect(0, &["run"]);
    let mut editor = Editor::new(&scratch);
    let renamed = RULES.replace("id: soho", "id: west\n    was: soho");
    editor.open("rules/all.yaml", &renamed.replace(" and name", " or name"));
    expect_hints(&mut editor, &["2 → 4"]);
    editor.end();
}

/// Which of two is meant nobody knows.
#[test]
fn a_name_that_is_given_twice_has_no_size() {
    let scratch = people();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    let twice = format!("{RULES}  - id: soho\n    when: studio_id = 2\n");
    editor.write("rules/all.yaml", &twice);
    expect_hints(&mut editor, &[]);
    editor.write("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    editor.end();
}

/// One that is being counted; what is asked next is answered as ever. Where the count is done first it is the answer, and the
/// next one is tried.
#[test]
fn a_question_that_is_being_counted_can_be_cancelled() {
    let scratch = people();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    let names = [("Abel", "3"), ("Cy", "2")].iter().cycle();
    let mut cancelled = 0;
    for (name, size) in names.take(100) {
        // It is read anew for the question.
        scratch.sql(&format!("update clients set name = '{name}' where id = 5"));
        let params = editor.position("rules/all.yaml", RULES, "= 1");
        let id = editor.send("textDocument/hover", params);
        let number = id.to_string().parse::<i32>().unwrap();
        editor.tell("$/cancelRequest", json!({ "id": number }));
        if let Err(code) = editor.answer(&id) {
            assert_eq!(code, lsp_server::ErrorCode::RequestCanceled as i32);
            cancelled += 1;
        }
        let words = hover(&mut editor, RULES, "= 1");
        assert!(words.contains("**3** yes"), "{words}");
        expect_hints(&mut editor, &[size]);
        if cancelled == 2 {
            return editor.end();
        }
    }
    panic!("{cancelled} of 100 were cancelled");
}

/// What is offered at the end of what is typed in the place of the condition.
fn offered(editor: &mut Editor, when: &str) -> Vec<(String, String)> {
    let typed = RULES.replace("studio_id = 1 and name starts with \"A\"", when);
    editor.write("rules/all.yaml", &typed);
    let mut params = editor.position("rules/all.yaml", &typed, when);
    let character = params["position"]["character"].as_u64().unwrap() + when.len() as u64;
    params["position"]["character"] = json!(character);
    let answer = editor.ask("textDocument/completion", params).unwrap();
    let items = answer.as_array().unwrap().iter();
    let word = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
    items
        .map(|item| (word(item, "label"), word(item, "detail")))
        .collect()
}

/// Of more than are shown those that have what is typed, in the place of that; behind every sign that compares.
#[test]
fn of_many_texts_those_that_are_typed_are_offered() {
    let scratch = people();
    scratch.sql(
        "insert into clients (id, name) with recursive n (i) as \
         (select 10 union all select i + 1 from n where i < 400) select i, 'Client ' || i from n",
    );
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    for (when, is_cut) in [
        ("name = \"client 39", false),
        ("name contains \"Cl", true),
        ("name starts with \"Client 3", false),
    ] {
        let typed = RULES.replace("studio_id = 1 and name starts with \"A\"", when);
        editor.write("rules/all.yaml", &typed);
        let mut params = editor.position("rules/all.yaml", &typed, when);
        let start = params["position"]["character"].as_u64().unwrap();
        let end = start + when.len() as u64;
        params["position"]["character"] = json!(end);
        let answer = editor.ask("textDocument/completion", params).unwrap();
        assert_eq!(answer["isIncomplete"] == true, is_cut, "{when}");
        let items = if is_cut { &answer["items"] } else { &answer };
        let edit = &items[0]["textEdit"];
        let quote = start + when.find('"').unwrap() as u64 + 1;
        assert_eq!(edit["range"]["start"]["character"], quote, "{when}");
        assert_eq!(edit["range"]["end"]["character"], end, "{when}");
        assert!(
            edit["newText"].as_str().unwrap().starts_with("Client "),
            "{edit}"
        );
    }
    editor.end();
}

/// However many rows somebody has: people are counted.
#[test]
fn the_texts_of_rows_are_offered_with_how_many_people_have_one() {
    let scratch = people();
    for (client, status) in [
        (1, "paid"),
        (1, "paid"),
        (1, "open"),
        (2, "paid"),
        (2, "late"),
    ] {
        scratch.sql(&format!(
            "insert into payments (client_id, status, paid_at) values ({client}, '{status}', '2026-01-02 03:04:05')"
        ));
    }
    scratch.sql("insert into classes values (1, 'Yoga'), (2, 'Boxing')");
    for (client, class) in [(1, 1), (2, 1), (2, 2)] {
        scratch.sql(&format!("insert into visits (client_id, class_id, attended_at) values ({client}, {class}, '2026-01-02 03:04:05')"));
    }
    scratch.sql("insert into studios values (1, 'Soho', 1), (2, 'Ebay', 1)");
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    let found = offered(&mut editor, "exists(payments where status = \"");
    let expected = [
        ("paid", "2 clients"),
        ("late", "1 client"),
        ("open", "1 client"),
    ];
    assert_eq!(
        found,
        expected.map(|(text, count)| (text.to_owned(), count.to_owned()))
    );
    editor.end();
}

/// Of a row that a call gives, of a metric that is such a row, and of the column that a filter asks for.
#[test]
fn the_texts_of_one_row_and_of_a_filter_are_offered() {
    let scratch = people();
    let config = scratch.read("config.yaml");
    let fields = "fields:\n  who: { label: Who, one: name }\n  newest: { label: Newest, one: newest.status }\n  status: { label: Status, any: payments, of: status }\n";
    assert!(!config.contains("\nfields:"));
    scratch.write("config.yaml", format!("{config}\n{fields}"));
    for status in ["paid", "not yet", "x: y"] {
        scratch.sql(&format!("insert into payments (client_id, status, paid_at) values (1, '{status}', '2026-01-02 03:04:05')"));
    }
    let metrics = "metrics:\n  newest: last(payments)\n";
    scratch.write("rules/metrics.yaml", metrics);
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    for when in ["last(payments).status = \"", "newest.status = \""] {
        let found = offered(&mut editor, when);
        // How many have one in some row is no answer here.
        assert!(found.iter().all(|(_, count)| count.is_empty()), "{found:?}");
        let found: Vec<&str> = found.iter().map(|(text, _)| text.as_str()).collect();
        // A line without quotes cannot hold the third.
        assert_eq!(found, ["not yet", "paid"], "{when}");
    }
    for (typed, texts, is_counted) in [
        (
            "\n      who:\n        - ",
            vec!["Abe", "Al", "Anna", "Bo", "Cy"],
            true,
        ),
        ("{ who: ", vec!["Abe", "Al", "Anna", "Bo", "Cy"], true),
        (
            "{ status: [paid, ",
            vec!["not yet", "paid", "\"x: y\""],
            true,
        ),
        ("{ newest: ", vec!["not yet", "paid", "\"x: y\""], false),
    ] {
        let line = format!("    filter: {typed}");
        let text = format!("segments:\n  - id: soho\n{line}\n");
        editor.write("rules/all.yaml", &text);
        let last = line.lines().last().unwrap();
        let place = json!({ "line": 1 + line.lines().count(), "character": last.len() });
        let params = json!({ "textDocument": { "uri": editor.uri("rules/all.yaml") },
            "position": place });
        let answer = editor.ask("textDocument/completion", params).unwrap();
        let items = answer.as_array().unwrap().iter();
        let found: Vec<&str> = items
            .clone()
            .map(|item| item["textEdit"]["newText"].as_str().unwrap())
            .collect();
        assert_eq!(found, texts);
        let mut details = items.map(|item| item["detail"].is_string());
        assert!(details.all(|is_there| is_there == is_counted), "{typed}");
    }
    editor.end();
}

#[test]
fn the_texts_of_a_column_are_offered_with_how_many_have_them() {
    let scratch = people();
    scratch.sql("update clients set name = 'Bo' where id > 3");
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    let found = offered(&mut editor, "name = \"");
    let expected = [
        ("Bo", "3 clients"),
        ("Abe", "1 client"),
        ("Anna", "1 client"),
    ];
    assert_eq!(
        found,
        expected.map(|(text, count)| (text.to_owned(), count.to_owned()))
    );
    editor.end();
}

/// Nobody types, and the data changes; then a run is published.
#[test]
fn what_is_counted_is_asked_for_again_when_only_the_data_has_changed() {
    let scratch = people();
    let refresh = json!({ "refreshSupport": true });
    let can = json!({ "workspace": { "inlayHint": refresh, "codeLens": refresh } });
    let mut editor = Editor::with(&scratch, json!({ "trusted": true }), can);
    editor.open("rules/all.yaml", RULES);
    let both = ["workspace/codeLens/refresh", "workspace/inlayHint/refresh"];
    let asked_for = |editor: &mut Editor, expected: &str| {
        editor.until(|e| {
            both.iter()
                .all(|method| e.asked.iter().any(|asked| asked == method))
        });
        editor.asked.clear();
        assert_eq!(hints(editor), [expected]);
    };
    asked_for(&mut editor, "2");
    scratch.sql("update clients set name = 'Abel' where id = 5");
    asked_for(&mut editor, "3");
    scratch.sql("update clients set name = 'Cy' where id = 5");
    asked_for(&mut editor, "2");
    scratch.expect(0, &["run"]);
    scratch.sql("update clients set name = 'Abel' where id = 5");
    asked_for(&mut editor, "2 → 3");
    editor.end();
}

#[test]
fn each_clause_has_a_count_where_the_editor_wants_it() {
    let scratch = people();
    let options = json!({ "trusted": true, "countClauses": true });
    let mut editor = Editor::with(&scratch, options, json!({}));
    editor.open("rules/all.yaml", RULES);
    // Three are in studio 1, three have a name with an A, and two are both.
    expect_hints(&mut editor, &["2", "3", "3"]);
    editor.write(
        "rules/all.yaml",
        &RULES.replace("studio_id = 1 and", "studio_id = 2 or"),
    );
    expect_hints(&mut editor, &["4", "1", "3"]);
    editor.end();
}

#[test]
fn a_column_has_sample_values_unless_it_is_private() {
    let scratch = people();
    scratch.sql("update clients set name = 'Bo' where id > 3");
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    let words = hover(&mut editor, RULES, "name starts");
    assert!(
        words.contains("for example Bo (3), Abe (1), Anna (1)"),
        "{words}"
    );
    let words = hover(&mut editor, RULES, "studio_id");
    assert!(words.contains("for example 1, 2"), "{words}");
    let config = scratch.read("config.yaml");
    let private = format!("{config}\nprivate: [name, studio_id]\n");
    editor.open("config.yaml", &private);
    for needle in ["name starts", "studio_id"] {
        let words = hover(&mut editor, RULES, needle);
        assert!(
            words.contains("column `") && !words.contains("for example"),
            "{words}"
        );
    }
    editor.end();
}

/// Behind a lookup, of a row that a call or a metric gives, and the time of a row by the name that it has in rules.
#[test]
fn every_column_of_a_path_tells_its_type_and_values() {
    let scratch = people();
    scratch.sql("insert into studios values (1, 'Soho', 1), (2, 'Ebay', 1)");
    scratch.sql("insert into classes values (1, 'Yoga')");
    scratch.sql("insert into visits (client_id, class_id, attended_at, late) values (1, 1, '2026-01-02 03:04:05', 1)");
    scratch.sql("update clients set marketing = id = 3");
    scratch.write("rules/metrics.yaml", "metrics:\n  newest: last(visits)\n");
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    for (when, needle, words) in [
        (
            "studio.name = \"Soho\"",
            "name =",
            "column `studios.name`: text\n\nfor example Soho (3), Ebay (1)",
        ),
        (
            "client.studio.name = \"Soho\"",
            "name =",
            "column `studios.name`: text",
        ),
        (
            "exists(visits where class.category = \"Yoga\")",
            "category",
            "column `classes.category`: text\n\nfor example Yoga (1)",
        ),
        (
            "newest.class.category = \"Yoga\"",
            "category",
            "column `classes.category`: text\n\nfor example Yoga (1)",
        ),
        (
            "last(visits).class.category = \"Yoga\"",
            "category",
            "column `classes.category`: text",
        ),
        (
            "last(visits).class.category = \"Yoga\"",
            "class.",
            "lookup `class`: a row of `classes`",
        ),
        (
            "newest.at > 2 days ago",
            "at >",
            "column `visits.attended_at`: instant\n\nfor example 2026",
        ),
        // As rules write them, however the database does.
        (
            "marketing",
            "marketing",
            "column `clients.marketing`: yes/no\n\nfor example no (4), yes (1)",
        ),
        (
            "newest.late",
            "late",
            "column `visits.late`: yes/no\n\nfor example yes (1)",
        ),
    ] {
        let text = RULES.replace("studio_id = 1 and name starts with \"A\"", when);
        editor.write("rules/all.yaml", &text);
        let found = hover(&mut editor, &text, needle);
        assert!(found.contains(words), "{when}: {found}");
    }
    editor.end();
}

/// Who takes part is asked of everybody, all else of those who do.
#[test]
fn conditions_of_config_have_the_answers_of_everybody() {
    let scratch = people();
    let config = scratch.read("config.yaml");
    let config = format!(
        "{config}\nactive: studio_id is present and id != 3\nhealth:\n  factors:\n    - {{ id: a, value: id, zero: 0, full: 5, weight: 1, reason: \"low\" }}\n  churn: {{ among: name starts with \"A\", when: not exists(visits in next 90 days) }}\n"
    );
    scratch.write("config.yaml", &config);
    let mut editor = Editor::new(&scratch);
    editor.open("config.yaml", &config);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    for (needle, counts) in [
        ("is present and", "**4** yes · 1 no · 0 unknown"),
        ("and id", "**3** yes · 2 no · 0 unknown"),
        ("starts with", "**2** yes · 1 no · 0 unknown"),
    ] {
        let words = hover_in(&mut editor, "config.yaml", &config, needle);
        assert!(words.contains(counts), "{needle}: {words}");
    }
    editor.end();
}

/// While config is wrong, what the rules said before is still there to read; nobody is counted by it.
#[test]
fn a_mistake_in_config_leaves_names_and_columns_to_read() {
    let scratch = people();
    let text =
        format!("metrics:\n  paid: count(payments)\n{RULES}  - id: more\n    when: paid > 1\n");
    scratch.rules(&text);
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", &text);
    expect_hints(&mut editor, &["2", "0"]);
    let config = scratch.read("config.yaml");
    editor.open(
        "config.yaml",
        &format!("{config}\nfrobnicate: 1\ntimezone: Nowhere\n"),
    );
    editor.until(|e| !e.codes("config.yaml").is_empty());
    let words = hover(&mut editor, &text, "paid > 1");
    assert!(words.contains("metric `paid`: number"), "{words}");
    let words = hover(&mut editor, &text, "= 1");
    assert!(
        words.contains("not counted: the errors in config have to be fixed first"),
        "{words}"
    );
    let params = editor.position("rules/all.yaml", &text, "paid > 1");
    let found = editor.ask("textDocument/definition", params).unwrap();
    assert_eq!(found[0]["range"]["start"]["line"], 1);
    // Of a text that is another one by now nothing is told by the old places.
    let edited = format!("# more\n{text}");
    editor.write("rules/all.yaml", &edited);
    let params = editor.position("rules/all.yaml", &edited, "paid > 1");
    assert_eq!(
        editor.ask("textDocument/definition", params).unwrap(),
        Value::Null
    );
    editor.end();
}

#[test]
fn nobody_is_named_by_a_private_column() {
    let scratch = people();
    let config = scratch.read("config.yaml");
    scratch.write("config.yaml", format!("{config}\nprivate: [name]\n"));
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    let words = hover(&mut editor, RULES, "= 1");
    assert!(
        words.contains("**3** yes") && !words.contains("Anna"),
        "{words}"
    );
    editor.end();
}

#[test]
fn nobody_is_named_where_the_editor_hides_names() {
    let scratch = people();
    let options = json!({ "trusted": true, "hideNames": true });
    let mut editor = Editor::with(&scratch, options, json!({}));
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    let words = hover(&mut editor, RULES, "= 1");
    assert!(
        words.contains("**3** yes") && !words.contains("Anna"),
        "{words}"
    );
    assert_eq!(offered(&mut editor, "name = \""), []);
    editor.end();
}

/// However the condition is written, a value is offered as it must stand there, or not at all.
#[test]
fn values_are_offered_as_yaml_wants_them() {
    let scratch = people();
    for (id, name) in [
        (1, "a # b"),
        (2, "x: y"),
        (3, "it''s"),
        (4, "say \"hi\""),
        (5, "two\nlines"),
    ] {
        scratch.sql(&format!(
            "update clients set name = '{name}' where id = {id}"
        ));
    }
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["0"]);
    for (before, behind, count) in [
        ("name = \"", "\"", 2),
        ("'name = \"", "\"'", 4),
        ("\"name = \\\"", "\\\"\"", 4),
        ("|\n      name = \"", "\"", 4),
    ] {
        let typed = RULES.replace("studio_id = 1 and name starts with \"A\"", before);
        editor.write("rules/all.yaml", &typed);
        let last = typed.trim_end_matches('\n').lines().last().unwrap();
        let params = json!({ "textDocument": { "uri": editor.uri("rules/all.yaml") },
            "position": { "line": typed.lines().count() - 1, "character": last.len() } });
        let answer = editor.ask("textDocument/completion", params).unwrap();
        let items = answer.as_array().unwrap().clone();
        assert_eq!(items.len(), count, "{before}: {items:#?}");
        for item in items {
            let value = item["textEdit"]["newText"].as_str().unwrap();
            let text = format!("{}{value}{behind}\n", typed.trim_end_matches('\n'));
            scratch.rules(&text);
            let found = scratch.muster(&["check", "--format", "json"]);
            assert_eq!(found.code, 0, "{text}{}{}", found.out, found.err);
            assert!(!found.out.contains("absent-value"), "{text}{}", found.out);
        }
    }
    editor.end();
}

/// Nobody types, and the database comes back.
#[test]
fn a_database_that_is_there_again_is_read_without_an_edit() {
    let scratch = people();
    let database = std::fs::read(scratch.database()).unwrap();
    std::fs::write(
        scratch.database(),
        "this is no database, and longer than a hundred bytes".repeat(9),
    )
    .unwrap();
    let mut editor = Editor::new(&scratch);
    let text = RULES.replace("studio_id = 1", "no_such_column = 1");
    editor.open("rules/all.yaml", &text);
    editor.until(|e| {
        e.shown.values().flatten().any(|d| {
            d["message"]
                .as_str()
                .unwrap()
                .contains("not a SQLite database")
        })
    });
    assert_eq!(editor.codes("rules/all.yaml"), Vec::<String>::new());
    std::fs::write(scratch.database(), database).unwrap();
    editor.until(|e| e.codes("rules/all.yaml") == ["unknown-name"]);
    editor.end();
}

#[test]
fn an_untrusted_folder_has_no_people() {
    let scratch = people();
    let mut editor = Editor::with(&scratch, json!({}), json!({}));
    editor.open("rules/all.yaml", RULES);
    editor.listen(Duration::from_millis(800));
    assert_eq!(hints(&mut editor), Vec::<String>::new());
    assert!(!hover(&mut editor, RULES, "= 1").contains("yes"));
    editor.end();
}

#[test]
fn a_question_can_be_cancelled() {
    let scratch = people();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    // The text has just been opened, and nothing is compiled yet.
    let params = editor.position("rules/all.yaml", RULES, "= 1");
    let id = editor.send("textDocument/hover", params);
    editor.tell(
        "$/cancelRequest",
        json!({ "id": id.to_string().parse::<i32>().unwrap() }),
    );
    let answer = editor.answer(&id);
    assert_eq!(answer, Err(lsp_server::ErrorCode::RequestCanceled as i32));
    assert!(editor.ask("textDocument/hover", Value::Null).is_err());
    editor.end();
}
