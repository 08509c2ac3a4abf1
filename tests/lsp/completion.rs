//! What is offered while somebody types.

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::findings::studio;

const RULES: &str = "\
buckets: [Loyal]
metrics:
  visits_30d: count(visits in last 30 days)
  last_package: last(packages)
  newest: last(visits)
segments:
  - id: regulars
    bucket: Loyal
    when: visits_30d >= 3
";

/// What is offered at the `¦` of a text.
fn offered(editor: &mut Editor, text: &str) -> Vec<String> {
    let items = items(editor, "rules/new.yaml", text);
    let labels = items
        .iter()
        .map(|item| item["label"].as_str().unwrap().to_owned());
    labels.collect()
}

/// The same in any file, as the server answers it.
pub fn items(editor: &mut Editor, name: &str, text: &str) -> Vec<Value> {
    let byte = text.find('¦').expect("a cursor");
    let text = text.replace('¦', "");
    editor.write(name, &text);
    let before = &text[..byte];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let character = before[start..].encode_utf16().count();
    let params = json!({ "textDocument": { "uri": editor.uri(name) },
        "position": { "line": before.matches('\n').count(), "character": character } });
    let answer = editor.ask("textDocument/completion", params).unwrap();
    let items = answer.as_array().or_else(|| answer["items"].as_array());
    items.cloned().unwrap_or_default()
}

/// Holds what would be written at the `¦` of texts, each with some of that, and what is not.
#[track_caller]
fn writes(editor: &mut Editor, name: &str, texts: &[(&str, &[&str], &[&str])]) {
    for (text, there, absent) in texts {
        let items = items(editor, name, text);
        let found = items
            .iter()
            .map(|item| item["textEdit"]["newText"].as_str().unwrap());
        let found: Vec<&str> = found.collect();
        for one in *there {
            assert!(found.contains(one), "{text}: no {one} in {found:?}");
        }
        for one in *absent {
            assert!(!found.contains(one), "{text}: {one} in {found:?}");
        }
    }
}

/// A key is given once, an item of a list begins with a dash, and behind a list in brackets comes a comma.
#[test]
fn what_is_there_already_is_not_offered_again() {
    let scratch = studio();
    let config = format!(
        "{}\nfields:\n  level: {{ label: Level, one: name, values: [Gold, Silver] }}\n  who: {{ label: Who, one: name }}\n",
        scratch.read("config.yaml")
    );
    scratch.write("config.yaml", config);
    scratch.rules(RULES);
    let mut editor = Editor::new(&scratch);
    editor.open("rules/new.yaml", "");
    let start = editor.position("rules/new.yaml", "", "");
    editor.ask("textDocument/definition", start).unwrap();
    writes(
        &mut editor,
        "rules/new.yaml",
        &[
            (
                "segments:\n  - id: a\n    ¦\n    when: yes\n  - id: b\n    name: B\n",
                &["name: ", "bucket: "],
                &["id: ", "when: "],
            ),
            (
                "segments:\n  - ¦\n    when: yes\n",
                &["id: "],
                &["when: ", "- id: "],
            ),
            (
                "segments:\n  - { id: a, ¦, when: yes }\n",
                &["name: "],
                &["id: ", "when: "],
            ),
            ("segments:\n  ¦", &["- id: "], &["id: "]),
            (
                "segments:\n  - id: a\n    filter:\n      level: Gold\n      ¦",
                &["who: "],
                &["level: "],
            ),
            (
                "segments:\n  - id: a\n    filter: { level: [Gold] ¦",
                &[],
                &["Gold", "level: ", "who: "],
            ),
            ("segments:\n  - { id: a, bucket: ¦", &["Loyal"], &[]),
            (
                "segments:\n  - { id: a, bucket: \"Loyal\" ¦",
                &[],
                &["Loyal", "name: "],
            ),
            (
                "segments:\n  - id: a\n    filter: { level: [Gold,\n      ¦",
                &["Silver"],
                &["who: "],
            ),
            (
                "segments:\n  - id: a\n    filter: { level: [Gold],\n      ¦",
                &["who: "],
                &["level: ", "Silver"],
            ),
        ],
    );
    editor.end();
}

/// What config names of the database, and of itself.
#[test]
fn tables_and_columns_are_offered_in_config() {
    let scratch = studio();
    scratch.sql("create table muster_more (id integer primary key)");
    let mut editor = Editor::new(&scratch);
    let config = scratch.read("config.yaml");
    let reports = "reports:\n  - { id: managers, to: [a@example.com] }\n";
    let config = format!("{config}\n{reports}");
    editor.open("config.yaml", &config);
    let start = editor.position("config.yaml", &config, "");
    editor.ask("textDocument/definition", start).unwrap();
    let at_end = |more: &str| format!("{config}{more}");
    let within = |from: &str, to: &str| config.replacen(from, to, 1);
    for (text, there, absent) in [
        (
            within("table: visits", "table: ¦"),
            &["visits", "studios"][..],
            &["client_id", "muster_more"][..],
        ),
        (
            within("at: attended_at", "at: ¦"),
            &["attended_at", "client_id", "class.category"],
            &["birthday"],
        ),
        (
            within("by: class_id", "by: ¦"),
            &["class_id"],
            &["category"],
        ),
        (
            within("{ table: classes, key: id", "{ table: classes, key: ¦"),
            &["id", "category"],
            &["attended_at"],
        ),
        (
            within("studio: studio_id", "studio: ¦"),
            &["studio_id", "studio.network_id"],
            &["class_id"],
        ),
        (
            at_end("private: [¦]\n"),
            &["name", "studio.name"],
            &["attended_at"],
        ),
        (
            at_end("schedules:\n  - { id: a, cron: '0 6 * * *', reports: [¦] }\n"),
            &["managers"],
            &[],
        ),
        (
            at_end("private:\n  - ¦\n"),
            &["name", "studio.name"],
            &["attended_at", "- name"],
        ),
        (
            at_end("private:\n  - name\n  - stud¦\n"),
            &["studio.name"],
            &["attended_at"],
        ),
        (
            within(
                "{ table: interests, subject: client_id }",
                "\n    table: interests\n    private:\n      - ¦",
            ),
            &["topic"],
            &["name"],
        ),
        (
            at_end("schedules:\n  - id: a\n    cron: '0 6 * * *'\n    reports:\n      - ¦\n"),
            &["managers"],
            &[],
        ),
        (
            at_end("schedules:\n  - id: a\n    cron: '0 6 * * *'\n    reports:\n      ¦\n"),
            &["- managers"],
            &["managers"],
        ),
    ] {
        writes(&mut editor, "config.yaml", &[(&text, there, absent)]);
    }
    editor.end();
}

/// People by what stands under `given:`, and what they have by the columns that rules can name.
#[test]
fn the_people_of_a_test_file_are_offered() {
    let scratch = studio();
    scratch.rules(RULES);
    let mut editor = Editor::new(&scratch);
    let name = "rules/tests/a.yaml";
    editor.open(name, "");
    let start = editor.position(name, "", "");
    editor.ask("textDocument/definition", start).unwrap();
    let given = "now: 2026-03-15 06:00\ngiven:\n  anna: { name: Anna }\n  bo:\n    visits:\n      - at: 2026-01-01\n";
    let with = |more: &str| format!("{given}{more}");
    for (text, there, absent) in [
        (
            with("tests:\n  - name: a\n    person: ¦\n"),
            &["anna", "bo"][..],
            &["name"][..],
        ),
        (with("crowd: { copies_of: ¦ }\n"), &["anna", "bo"], &[]),
        (
            with("tests:\n  - name: a\n    not_in: ¦\n"),
            &["regulars", "others"],
            &["anna"],
        ),
        (
            with("    ¦"),
            &["birthday: ", "payments: ", "studio: "],
            &["visits: ", "class: "],
        ),
        (
            with("        ¦"),
            &["minutes: ", "class: "],
            &["at: ", "birthday: "],
        ),
        (
            with("    studio: { ¦ }"),
            &["name: ", "network_id: "],
            &["birthday: "],
        ),
    ] {
        writes(&mut editor, name, &[(&text, there, absent)]);
    }
    editor.end();
}

#[test]
fn keys_and_words_fit_their_place() {
    let scratch = studio();
    scratch.rules(RULES);
    let mut editor = Editor::new(&scratch);
    editor.open("rules/new.yaml", "");
    // Once something waits for it, the first state is compiled.
    let start = editor.position("rules/new.yaml", "", "");
    editor.ask("textDocument/definition", start).unwrap();
    for (typed, there, absent) in [
        ("¦", &["metrics", "segments", "ladder"][..], &["when"][..]),
        (
            "segments:\n  - id: new\n    ¦",
            &["when", "bucket", "description"],
            &["metrics"],
        ),
        (
            "segments:\n  - { id: new, ¦",
            &["when", "bucket"],
            &["metrics"],
        ),
        (
            "segments:\n  - id: new\n    bucket: ¦",
            &["Loyal"],
            &["visits"],
        ),
        (
            "segments:\n  - id: new\n    when: ¦",
            &["visits_30d", "visits", "count", "name", "not"],
            &["and", "days"],
        ),
        (
            "segments:\n  - id: new\n    when: visits_30d ¦",
            &["and", "between", ">="],
            &["count"],
        ),
        (
            "segments:\n  - id: new\n    when: to¦",
            &["top", "bottom"],
            &["and"],
        ),
        (
            "segments:\n  - id: new\n    when: top 20% ¦",
            &["by"],
            &["and", "visits"],
        ),
        (
            "segments:\n  - id: new\n    when: top 20% by visits_30d ¦",
            &["within", "and"],
            &["visits"],
        ),
        (
            "segments:\n  - id: new\n    when: name contains ¦",
            &["any of", "name"],
            &["and"],
        ),
        (
            "segments:\n  - id: new\n    when: in segment ¦",
            &["regulars"],
            &["visits_30d"],
        ),
        (
            "segments:\n  - id: new\n    when: count(visits in ¦",
            &["last 30 days", "this month"],
            &["count"],
        ),
        (
            "segments:\n  - id: new\n    when: count(visits in last 30 ¦",
            &["days", "months"],
            &["count"],
        ),
        (
            "segments:\n  - id: new\n    when: exists(visits.¦",
            &["at", "class", "client_id"],
            &["count", "visits_30d"],
        ),
        (
            "segments:\n  - id: new\n    when: count(visits where ¦",
            &["client_id", "at", "visits_30d"],
            &["and"],
        ),
        (
            "segments:\n  - id: new\n    when: last(packages).¦",
            &["purchased_at", "at"],
            &["count"],
        ),
        (
            "segments:\n  - id: new\n    when: last_package.¦",
            &["purchased_at"],
            &["count"],
        ),
        (
            "segments:\n  - id: new\n    when: newest.¦",
            &["class", "at"],
            &["category"],
        ),
        (
            "segments:\n  - id: new\n    when: newest.class.¦",
            &["category"],
            &["class", "at"],
        ),
        (
            "segments:\n  - id: new\n    when: last(visits).class.¦",
            &["category"],
            &["class", "at"],
        ),
        (
            "segments:\n  - id: new\n    when:\n      visits_30d > 3 and v¦",
            &["visits_30d"],
            &["and"],
        ),
        (
            "segments:\n  - id: new\n    when:\n      count(visits\n      where ¦",
            &["client_id", "at"],
            &["and"],
        ),
        (
            "segments:\n  - id: new\n    when: client.¦",
            &["name"],
            &["count"],
        ),
        (
            "segments:\n  - id: new\n    when: avg(visits_30d) within ¦",
            &["studio", "network", "everyone"],
            &["count"],
        ),
        (
            "segments:\n  - id: new\n    when: |\n      visits_30d > 3\n      and ¦",
            &["visits_30d", "count"],
            &["and"],
        ),
        (
            "segments:\n  - id: new\n    when: 'visits_30d > 3 and ¦",
            &["visits_30d", "count"],
            &["and"],
        ),
    ] {
        let found = offered(&mut editor, typed);
        for name in there {
            assert!(
                found.iter().any(|one| one == name),
                "{typed}: no {name} in {found:?}"
            );
        }
        for name in absent {
            assert!(
                !found.iter().any(|one| one == name),
                "{typed}: {name} in {found:?}"
            );
        }
    }
    editor.end();
}

/// A name with blanks takes the place of all that is typed of it.
#[test]
fn a_name_in_backticks_takes_the_place_of_its_beginning() {
    let scratch = studio();
    scratch.rules(RULES);
    scratch.sql("alter table clients add column \"shoe size\" integer");
    let mut editor = Editor::new(&scratch);
    editor.open("rules/new.yaml", "");
    let start = editor.position("rules/new.yaml", "", "");
    editor.ask("textDocument/definition", start).unwrap();
    for (typed, label) in [("`shoe si", "`shoe size`"), ("sho", "shoe size")] {
        let when = "    when: id > 3 and ";
        let text = format!("segments:\n  - id: new\n{when}{typed}");
        editor.write("rules/new.yaml", &text);
        let end = when.len() + typed.len();
        let params = json!({ "textDocument": { "uri": editor.uri("rules/new.yaml") },
            "position": { "line": 2, "character": end } });
        let items = editor.ask("textDocument/completion", params).unwrap();
        let items = items.as_array().unwrap();
        let item = items.iter().find(|item| item["label"] == label).unwrap();
        // Editors hold the label, or what is written, against what is typed.
        assert_eq!(item["filterText"], Value::Null);
        let edit = &item["textEdit"];
        assert_eq!(edit["newText"], "`shoe size`");
        assert_eq!(edit["range"]["start"]["character"], when.len());
        assert_eq!(edit["range"]["end"]["character"], end);
    }
    editor.end();
}

/// Whatever is cut off and wherever the cursor stands: an answer.
#[test]
fn every_place_of_every_beginning_has_an_answer() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    let text = RULES.replace("visits_30d >= 3", "'é€😀' = name and {\"a: [`");
    editor.open("rules/all.yaml", &text);
    for (cut, _) in text.char_indices().step_by(9) {
        editor.write("rules/all.yaml", &text[..cut]);
        for (line, character) in [(0, 0), (5, 7), (7, 30), (99, 99)] {
            let params = json!({ "textDocument": { "uri": editor.uri("rules/all.yaml") },
                "position": { "line": line, "character": character } });
            for feature in [
                "completion",
                "documentSymbol",
                "semanticTokens/full",
                "foldingRange",
            ] {
                editor
                    .ask(&format!("textDocument/{feature}"), params.clone())
                    .unwrap();
            }
        }
    }
    editor.end();
}
