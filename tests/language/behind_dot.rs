//! Directly behind a point any word is a field's name, the language's own words too.

use muster::decode::RESERVED;
use muster::language::ast::{Expr, ExprKind};
use muster::language::parse;

use crate::support::compiled::Compiled;

/// Words that mean something in a condition, everywhere or in their place.
fn words() -> Vec<String> {
    let in_place = [
        "with", "present", "distinct", "segment", "top", "bottom", "last", "previous", "next",
        "the", "this", "calendar", "from", "to", "since", "ago", "week", "month", "quarter",
        "year", "minute", "hours", "day", "days", "if", "count", "sum", "first", "exists",
        "everyone", "null",
    ];
    let all = RESERVED.iter().chain(&in_place);
    all.flat_map(|word| [(*word).to_owned(), word.to_uppercase()])
        .collect()
}

/// What stands around a path with the word in it; `@` is the word.
const PLACES: &[&str] = &[
    "client.@ = 1",
    "client.@ = \"a\" or client.@ = \"b\"",
    "not client.@",
    "-client.@ - client.@ > 0",
    "client.@ in (1, 2)",
    "client.@ not in (client.@, 2)",
    "client.@ between client.@ and client.@",
    "client.@ contains \"a\"",
    "client.@ starts with client.@",
    "client.@ not ends with \"a\"",
    "client.@ is missing",
    "client.@ is not present",
    "client.@ in last 30 days",
    "client.@ from client.@ to client.@",
    "client.@ since client.@",
    "client.@ in today",
    "studio.@.@ = 1",
    "last(passes).@ in (1)",
    "last(passes).@ > now",
    "last(passes where x.@ = 1).@.@ in next 7 days",
    "count(distinct passes.@) > 0",
    "count(distinct passes.@ in last 30 days where a.@ and b.@) > 0",
    "sum(passes.@ where passes.@ > 3) > 0",
    "top 10% by client.@ within studio",
    "bottom 3 by last(passes).@ - 1",
    "avg(client.@) within studio > 1",
    "if(client.@, client.@, studio.@) = 1",
    "client.`@` = 1",
];

#[test]
fn every_word_is_a_field_behind_a_dot() {
    for word in words() {
        for place in PLACES {
            let text = place.replace('@', &word);
            let read = parse(&text).unwrap_or_else(|failure| panic!("{text}: {failure:#?}"));
            let bare = place.replace("`@`", "@").replace('@', &word);
            assert_eq!(read.to_string(), bare, "{text}");
            assert_eq!(parse(&read.to_string()).as_ref(), Ok(&read), "{text}");
        }
    }
}

/// Words that newer versions brought: what was a name before is one still.
const NEWER: &[&str] = &[
    "any",
    "of",
    "list",
    "fiscal",
    "year",
    "years",
    "calendar",
    "week",
    "hour",
    "domain",
    "concat",
    "mod",
    "sample",
    "day_of_month",
    "stddev",
    "median",
    "quantile",
];

/// Where names stand without a point before them; `@` is one.
const NAMES: &[&str] = &[
    "@ = 1",
    "not @ and @ or @",
    "-@ - @ > 0",
    "@ in (1, @)",
    "@ in (@)",
    "x contains @",
    "x contains @ or @ contains \"a\"",
    "x starts with @ and x not ends with @",
    "x contains any of (@, \"a\")",
    "@ contains any of (@)",
    "x between @ and @",
    "@ is missing",
    "@ in last 3 days",
    "@ in last 3 calendar weeks",
    "@ in this fiscal year",
    "@ from @ to @",
    "@ since @",
    "in segment @",
    "in list @",
    "count(@) > 1",
    "count(@ in last 30 days where @ > 1)",
    "sum(@.@ where @) > @",
    "last(@).@ > 1",
    "top 10% by @ within @",
    "avg(@) within @ > 1",
    "if(@, @, 1) = 1",
    "@.@ = 1",
];

#[test]
fn newer_words_are_names_as_before() {
    for word in NEWER {
        for place in NAMES {
            let text = place.replace('@', word);
            let read = parse(&text).unwrap_or_else(|failure| panic!("{text}: {failure:#?}"));
            let quoted = parse(&place.replace('@', &format!("`{word}`")));
            assert_eq!(Ok(&read), quoted.as_ref(), "{text}");
            assert_eq!(parse(&read.to_string()).as_ref(), Ok(&read), "{text}");
        }
    }
}

/// What is no field all the same, and a point that nothing follows.
#[test]
fn what_is_no_word_needs_backticks() {
    for text in [
        "client.2fa = 1",
        "client. = 1",
        "client.\"a\" = 1",
        "client..a = 1",
        "client.a-b.(c)",
    ] {
        assert!(parse(text).is_err(), "{text}");
    }
    let Ok(Expr {
        kind: ExprKind::Path(names),
        ..
    }) = parse("client.`2fa`.`a b`.`c``d`")
    else {
        panic!("no path")
    };
    let names: Vec<&str> = names.iter().map(|n| n.text.as_str()).collect();
    assert_eq!(names, ["client", "2fa", "a b", "c`d"]);
}

/// Through config, a preset's column, a field, a filter and a rule, to a checked tree.
#[test]
fn columns_called_as_words_are_found() {
    const CONFIG: &str = "
database: sqlite:x.db
timezone: UTC
subject:
  name: client
  table: clients
  key: id
  lookups: { home: { table: homes, key: id, by: home_id } }
  where: client.not is missing
scopes: { home: home.in }
collections:
  passes: { table: passes, subject: client_id, at: starts, key: id, where: client.id > 0 }
active: last(passes).ends > now
fields:
  pass: { label: Pass, one: last(passes).by }
  kinds: { label: Kinds, any: passes, of: '`by`' }
values:
  add:
    - { id: sold, label: Sold, description: what was paid last, format: money, of: sum(last(passes).missing) }
health:
  factors:
    - { id: a, value: last(passes).missing, zero: 0, full: 1, reason: \"paid {value}\" }
";
    const TABLES: &str = "
CREATE TABLE homes (id INTEGER PRIMARY KEY, \"in\" TEXT);
CREATE TABLE clients (id INTEGER PRIMARY KEY, home_id INTEGER, \"not\" TEXT, \"or\" INTEGER);
CREATE TABLE passes (id INTEGER PRIMARY KEY, client_id INTEGER, starts DATETIME, ends DATETIME, \"by\" TEXT, missing DECIMAL(10,2));
";
    const RULES: &str = "
metrics:
  pass: last(passes)
segments:
  - { id: a, when: last(passes).ends > now and pass.by = \"x\" and client.or > 1 and home.in = \"y\" }
  - { id: b, filter: { pass: x, kinds: y } }
  - { id: c, filter: { kinds: y }, when: pass.ends in next 7 days }
";
    let world = Compiled::with(CONFIG, TABLES, RULES);
    let told: Vec<String> = world.findings.iter().map(|f| f.message.clone()).collect();
    assert_eq!(told, Vec::<String>::new());
    assert!(world.checked.segments.iter().all(Option::is_some));
}
