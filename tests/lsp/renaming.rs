//! Any name gets another one: from wherever it is asked the same edits come, everything compiles after them, and all means
//! what it meant.

use std::collections::{BTreeMap, BTreeSet};

use muster::catalog::Schema;
use muster::decode::check_name;
use muster::ir::Meanings;
use muster::source::parse;
use serde_json::{Value, json};

use crate::editor::Editor;
use crate::findings::copy;
use crate::support::cases;
use crate::support::compiled::{CONFIG, TABLES, compile_texts, demo_tables};
use crate::support::database::schema_of;
use crate::support::scratch::Scratch;

/// Texts by the names of their files.
type Texts = BTreeMap<String, String>;

/// Everything that config can name, by every name.
const EVERYTHING: &str = "
guard: { moves: 50%, at_least: 20, except: [regulars, 'others'] }
active: in list vips or exists(visits) or loyal
lists:
  vips: { file: vips.csv }
fields:
  kind: { label: Kind, one: 'if(loyal, \"Loyal\", \"New\")' }
  category: { any: visits in last 90 days, of: class.category }
  paid: { any: payments where amount > 10, of: status }
values:
  preset: subscriptions
  money: { from: payments, amount: amount }
  recurring: { from: packages, amount: price, every: product, while: is_intro = no }
  add:
    - { id: average, of: avg(spent), format: money }
health:
  churn: { among: exists(visits), when: not exists(visits in next 90 days) }
  factors:
    - { id: comes, value: visits_30d, zero: 0, full: 8, reason: \"came seldom\" }
export:
  columns: [id, visits_30d, round(spent), score]
  labels: { id: No., visits_30d: Visits, \"round(spent)\": Spent }
reports:
  - id: weekly
    to: [a@example.com]
    segments: [regulars, others]
    where: loyal and count(visits) > 1
    columns:
      - id
      - visits_30d
      - 'round(spent)'
    hold: { data_older_than: { visits: 36 hours }, except: regulars }
  - { id: daily, to: a@example.com, columns: [id, round(spent)], segments: regulars }
mail: { from: \"Segments <a@example.com>\", file: out }
";

const RULES: &str = "\
buckets: [Loyal, Lost]
metrics:
  visits_30d: count(visits in last 30 days)
  spent: sum(payments.amount where amount > 0)   # all of it
  loyal: \"`visits_30d` >= 3 and spent > 10\"
  usual: 'avg(visits_30d) within studio'
segments:
  - id: regulars           # who comes often
    bucket: Loyal
    when: |
      loyal  # and nobody else
      and visits_30d > usual
      and top 50% by `spent` within network
  - name: Others
    \"id\": others
    bucket: \"Loyal\"
    when: >-
      not in segment regulars
      and exists(visits where minutes > length(client.name))
  - { filter: { kind: Loyal, category: [Yoga] }, id: flow, bucket: Lost }
  - id:
      below
    filter: { segments: [regulars, others] }
  - {
      id: wide,   # over several lines
      when: in segment below,
    }
  - id: |-
      blocky
    when: in segment wide
  -
    when: in segment `others` and last(visits).minutes > 3
    id: 'last_id'
    was: before
";

const LADDER: &str = "\
ladder: steps
among: loyal or in list vips
segments:\r
  - { id: top_step, bucket: Lost, when: visits_30d > 9 }\r
  - id: rest\r
    bucket: Lost\r
";

const TEST: &str = "\
now: 2026-03-15 06:00
given:
  anna: { visits: { every: 2 days, from: 20 days ago }, payments: [{ at: 2 days ago, amount: 50 }] }
  ben:
    payments: &one
      - { at: 3 days ago, amount: 1 }
crowd: { copies_of: anna, count: 2, jitter: { visits: 1 } }
tests:
  - name: a regular
    person: anna
    not_in: [others]
    in: top_step
    values: { visits_30d: 10, round(spent): 50, loyal: yes }
  - name: another
    person: ben
    alone: yes
    not_in: regulars
";

fn everything() -> Texts {
    let texts = [
        ("config.yaml", format!("{CONFIG}{EVERYTHING}")),
        ("rules/all.yaml", RULES.to_owned()),
        ("rules/ladder.yaml", LADDER.to_owned()),
        ("rules/tests/a.yaml", TEST.to_owned()),
        ("vips.csv", "1\n2\n".to_owned()),
    ];
    texts
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text))
        .collect()
}

/// What a project comes to.
struct Compiled {
    /// What is wrong: how often which code is told.
    codes: Vec<&'static str>,
    meanings: Option<Meanings>,
    segments: Vec<String>,
    /// Which of the segments that were there before go on under which id.
    renamed: Vec<(String, String)>,
}

fn compiled(texts: &Texts, schema: &Schema, before: &[String]) -> Compiled {
    let named = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    let named: Vec<_> = named.collect();
    let of = |findings: &[muster::diagnostic::Finding]| {
        let mut codes: Vec<_> = findings.iter().map(|finding| finding.code.name()).collect();
        codes.sort_unstable();
        codes
    };
    match compile_texts(&named, schema, Default::default()) {
        Ok(project) => {
            let before = before.iter().map(String::as_str).collect();
            let renamed = project.rules.renamed(&before).into_iter();
            let segments = project.rules.segments.iter();
            Compiled {
                codes: of(&project.findings),
                meanings: Some(project.ir.meanings()),
                segments: segments.map(|segment| segment.id.value.clone()).collect(),
                renamed: renamed
                    .map(|(was, id)| (was.to_owned(), id.to_owned()))
                    .collect(),
            }
        }
        Err((_, findings)) => Compiled {
            codes: of(&findings),
            meanings: None,
            segments: Vec::new(),
            renamed: Vec::new(),
        },
    }
}

/// What is asked, where, of an editor that has a project open.
struct Renamer<'s> {
    scratch: &'s Scratch,
    editor: Editor,
    texts: Texts,
    schema: Schema,
    wrong: Vec<String>,
    /// How many renames were made.
    made: usize,
}

/// Where a word stands that may be a name.
struct Word {
    file: String,
    line: usize,
    /// In UTF-16 units.
    from: usize,
    text: String,
}

/// The words of the files, each in its first places.
fn words(texts: &Texts, places: usize) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    for (file, text) in texts.iter().filter(|(name, _)| name.ends_with(".yaml")) {
        for (line, words) in text.lines().enumerate() {
            let mut units = 0;
            for part in words.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_') {
                let word = part.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_');
                if found.iter().filter(|known| known.text == word).count() < places
                    && !word.is_empty()
                {
                    found.push(Word {
                        file: file.clone(),
                        line,
                        from: units,
                        text: word.to_owned(),
                    });
                }
                units += part.encode_utf16().count();
            }
        }
    }
    found
}

impl<'s> Renamer<'s> {
    fn new(scratch: &'s Scratch, texts: Texts, tables: &str) -> Self {
        for (name, text) in &texts {
            scratch.write(name, text);
        }
        std::fs::create_dir_all(scratch.database().parent().unwrap()).unwrap();
        scratch.sql(tables);
        Self {
            editor: Editor::new(scratch),
            scratch,
            texts,
            schema: schema_of(tables),
            wrong: Vec::new(),
            made: 0,
        }
    }

    fn ask(&mut self, word: &Word, method: &str, new: &str) -> Option<Value> {
        let params = json!({
            "textDocument": { "uri": self.editor.uri(&word.file) },
            "position": { "line": word.line, "character": word.from },
            "newName": new,
        });
        let answer = self
            .editor
            .ask(&format!("textDocument/{method}"), params)
            .ok()?;
        (!answer.is_null()).then_some(answer)
    }

    /// The texts after a rename.
    fn after(&self, answer: &Value) -> Texts {
        let mut texts = self.texts.clone();
        for (uri, edits) in answer["changes"].as_object().unwrap() {
            let name = self.texts.keys().find(|name| self.editor.uri(name) == *uri);
            let name = name.unwrap_or_else(|| panic!("{uri} is none of the files"));
            texts.insert(name.clone(), Editor::edited(&self.texts[name], edits));
        }
        texts
    }

    /// Renames whatever each word names, if it names anything.
    fn all(&mut self, words: &[Word], new: &[&str]) {
        let before = compiled(&self.texts, &self.schema, &[]);
        let mut known: BTreeSet<String> = BTreeSet::new();
        for word in words {
            // The same for every place of a name: from one of them the same edits come as from another.
            let new = new[word.text.len() % new.len()];
            let Some(answer) = self.ask(word, "rename", new) else {
                continue;
            };
            if known.insert(answer.to_string()) {
                self.made += 1;
                let now = self.after(&answer);
                self.judge(&before, &now, (word, &word.text, new));
            }
        }
    }

    fn judge(&mut self, before: &Compiled, now: &Texts, (word, old, new): (&Word, &str, &str)) {
        let after = compiled(now, &self.schema, &before.segments);
        let place = format!("{}:{} {}", word.file, word.line + 1, word.text);
        let diff = || {
            let lines = now.iter().flat_map(|(name, text)| {
                let old: Vec<&str> = self.texts[name].lines().collect();
                let new = text.lines().filter(move |line| !old.contains(line));
                new.map(move |line| format!("    {name}: {line}\n"))
            });
            lines.collect::<String>()
        };
        // What could be no name is one now: that takes an error away.
        let mut left = before.codes.clone();
        let brings = |code: &&str| match left.iter().position(|known| known == code) {
            Some(known) => {
                left.swap_remove(known);
                false
            }
            None => true,
        };
        if after.codes.iter().any(brings) {
            let (then, now) = (&before.codes, &after.codes);
            let told = format!("{place}: {old} → {new}: {then:?} → {now:?}\n{}", diff());
            self.wrong.push(told);
        } else if after.meanings != before.meanings && old != "vips" {
            self.wrong.push(format!(
                "{place}: {old} → {new}: means something else\n{}",
                diff()
            ));
        }
        for (name, text) in now.iter().filter(|(name, _)| name.ends_with(".yaml")) {
            if parse(muster::source::FileId(0), text).is_err()
                != parse(muster::source::FileId(0), &self.texts[name]).is_err()
            {
                self.wrong.push(format!(
                    "{place}: {old} → {new}: {name} is no YAML\n{}",
                    diff()
                ));
            }
        }
        let is_segment =
            before.segments.iter().any(|id| id == old) && after.segments.iter().any(|id| id == new);
        // Nothing was run here, so that what `was:` says already stays.
        let is_segment = is_segment && old != "last_id";
        let goes_on = after
            .renamed
            .iter()
            .any(|(was, id)| was == old && id == new);
        if is_segment && before.codes.is_empty() && !goes_on && check_name(old).is_ok() {
            self.wrong.push(format!(
                "{place}: {old} → {new}: its history ends\n{}",
                diff()
            ));
        }
    }

    /// What `muster` says of the texts after a rename.
    fn holds(&self, texts: &Texts, command: &[&str]) -> Result<(), String> {
        for (name, text) in texts {
            self.scratch.write(name, text);
        }
        let said = self.scratch.muster(command);
        for (name, text) in &self.texts {
            self.scratch.write(name, text);
        }
        match said.code {
            0 => Ok(()),
            _ => Err(format!("{}\n{}", said.out, said.err)),
        }
    }

    /// What lies on the disk is opened anew.
    fn restart(&mut self) {
        std::mem::replace(&mut self.editor, Editor::new(self.scratch)).end();
    }

    fn end(self) {
        let Self { editor, wrong, .. } = self;
        editor.end();
        assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    }
}

/// Names that a person may give: of letters, words that mean something elsewhere, and what YAML may take for no text.
const NEW: [&str; 8] = [
    "zz_new",
    "größe_neu",
    "last",
    "Count",
    "top",
    "null",
    "segment",
    "days",
];

/// In so many places each.
const PLACES: usize = 4;

#[test]
fn whatever_can_be_named_can_be_renamed() {
    let scratch = Scratch::new();
    let mut renamer = Renamer::new(&scratch, everything(), TABLES);
    renamer.holds(&everything(), &["check"]).unwrap();
    renamer.holds(&everything(), &["test"]).unwrap();
    let words = words(&renamer.texts, PLACES);
    for new in [&NEW[..1], &NEW] {
        renamer.all(&words, new);
    }
    assert!(renamer.made > 40, "{}", renamer.made);
    // As a person would see it: everything is accepted, the tests pass.
    let mut told = Vec::new();
    for name in [
        "visits_30d",
        "spent",
        "loyal",
        "regulars",
        "others",
        "visits",
        "payments",
        "kind",
        "vips",
        "studio",
    ] {
        let mut places = words.iter().filter(|word| word.text == name);
        let answer = places.find_map(|word| renamer.ask(word, "rename", "zz_new"));
        let answer = answer.unwrap_or_else(|| panic!("{name} cannot be renamed"));
        let now = renamer.after(&answer);
        for command in ["check", "test"] {
            let held = renamer.holds(&now, &[command]);
            told.extend(
                held.err()
                    .map(|words| format!("{name}: muster {command}: {words}")),
            );
        }
    }
    renamer.wrong.extend(told);
    renamer.end();
}

/// Of two names between two runs the first is the one with a history.
#[test]
fn a_segment_that_is_renamed_twice_keeps_its_history() {
    let scratch = Scratch::new();
    let text = "segments:\n  - id: first\n    when: yes\n";
    let texts = [("config.yaml", CONFIG), ("rules/all.yaml", text)];
    let texts = texts.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let mut renamer = Renamer::new(&scratch, texts.into(), TABLES);
    assert_eq!(scratch.muster(&["run"]).code, 0);
    for (old, new, expected) in [
        ("first", "second", "  - id: second\n    was: first\n"),
        ("second", "third", "  - id: third\n    was: first\n"),
    ] {
        renamer.restart();
        let words = words(&renamer.texts, 1);
        let word = words.iter().find(|word| word.text == old).unwrap();
        let answer = renamer.ask(word, "rename", new).unwrap();
        renamer.texts = renamer.after(&answer);
        let now = &renamer.texts["rules/all.yaml"];
        assert!(now.contains(expected), "{now}");
        scratch.rules(now);
    }
    // Run as the third, it is what the fourth was.
    assert_eq!(scratch.muster(&["run"]).code, 0);
    renamer.restart();
    let words = words(&renamer.texts, 1);
    let word = words.iter().find(|word| word.text == "third").unwrap();
    let answer = renamer.ask(word, "rename", "fourth").unwrap();
    let now = &renamer.after(&answer)["rules/all.yaml"];
    assert!(now.contains("  - id: fourth\n    was: third\n"), "{now}");
    renamer.end();
}

/// What would be wrong, or mean something else without a word, and what nobody can read.
#[test]
fn a_name_that_would_break_something_is_refused() {
    let scratch = Scratch::new();
    let mut renamer = Renamer::new(&scratch, everything(), TABLES);
    let words = words(&renamer.texts, 1);
    for (old, new) in [
        ("regulars", "all"),
        ("regulars", "others"),
        ("spent", "score"),
        ("spent", "health"),
        ("spent", "birthday"),
        ("network", "everyone"),
        ("category", "segments"),
        ("kind", "category"),
        ("payments", "client"),
    ] {
        let word = words.iter().find(|word| word.text == old).unwrap();
        assert_eq!(renamer.ask(word, "rename", new), None, "{old} → {new}");
    }
    let broken = RULES.replace("'avg(visits_30d)", "'avg((visits_30d)");
    renamer.editor.open("rules/all.yaml", &broken);
    let word = words.iter().find(|word| word.text == "visits_30d").unwrap();
    assert_eq!(renamer.ask(word, "rename", "zz_new"), None);
    let word = words.iter().find(|word| word.text == "regulars").unwrap();
    assert!(renamer.ask(word, "rename", "zz_new").is_some());
    renamer
        .editor
        .write("rules/all.yaml", "segments:\n  - id: regulars\n when: x\n");
    assert_eq!(renamer.ask(word, "rename", "zz_new"), None);
    // A file that cannot be read, and uses the name or not.
    renamer.editor.write("rules/all.yaml", RULES);
    let far =
        |id: &str| format!("segments:\n  - id: far\n    when: in segment {id}\n   name: Far\n");
    renamer.editor.open("rules/far.yaml", &far("regulars"));
    let word = words.iter().find(|word| word.text == "regulars").unwrap();
    assert_eq!(renamer.ask(word, "rename", "zz_new"), None);
    renamer.editor.write("rules/far.yaml", &far("nobody"));
    assert!(renamer.ask(word, "rename", "zz_new").is_some());
    renamer.end();
}

/// Every how many words and cases are tried: `MUSTER_EVERY_NAME=1` tries all.
fn step() -> usize {
    match std::env::var_os("MUSTER_EVERY_NAME") {
        Some(_) => 1,
        None => 8,
    }
}

#[test]
fn names_of_the_shipped_rules_can_be_renamed() {
    let scratch = Scratch::shipped();
    let mut texts = Texts::new();
    for path in glob::glob(scratch.path("**/*.yaml").to_str().unwrap()).unwrap() {
        let path = path.unwrap();
        let name = path
            .strip_prefix(scratch.folder())
            .unwrap()
            .to_str()
            .unwrap();
        texts.insert(name.to_owned(), scratch.read(name));
    }
    let mut renamer = Renamer::new(&scratch, texts, &demo_tables());
    let words = words(&renamer.texts, 1);
    let words: Vec<Word> = words.into_iter().step_by(step()).collect();
    renamer.all(&words, &["zz_new"]);
    assert!(renamer.made > 40 / step(), "{}", renamer.made);
    renamer.end();
}

#[test]
fn names_of_all_cases_can_be_renamed() {
    let (mut wrong, mut made) = (Vec::new(), 0);
    // Lists are read from the disk alone.
    for case in cases::all()
        .into_iter()
        .filter(|case| !case.folder.join("lists").exists())
        .step_by(step())
    {
        let scratch = Scratch::new();
        let config = (
            "config.yaml".to_owned(),
            case.read_or("config.yaml", CONFIG),
        );
        copy(&case.folder, &case.folder, &scratch);
        let texts: Texts = case.rules().into_iter().chain([config]).collect();
        let mut own = texts.clone();
        own.retain(|_, text| text != CONFIG);
        let words = words(&own, 1);
        let mut renamer = Renamer::new(&scratch, texts, &case.read_or("schema.sql", TABLES));
        renamer.all(&words, &NEW);
        made += renamer.made;
        let folder = case.folder.display();
        wrong.extend(
            renamer
                .wrong
                .drain(..)
                .map(|words| format!("{folder}: {words}")),
        );
        renamer.end();
    }
    assert!(made > 300 / step(), "{made}");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
