//! What people see of a run that is held, and what they can write about it.

use super::desk::Desk;

/// Fifty members, of whom all but two are guests after [`lose`].
fn desk(guard: &str) -> Desk {
    let desk = Desk::empty();
    desk.sql_in(
        "d.db",
        "create table clients (id integer primary key, name text, kind text);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 50)
         insert into clients select i, 'Client ' || i, 'member' from n;",
    );
    desk.write(
        "config.yaml",
        format!(
            "database: sqlite:d.db\ntimezone: UTC\n\
             subject: {{ name: client, table: clients, key: id, label: name }}\n{guard}\n"
        ),
    );
    desk.write(
        "rules/r.yaml",
        "segments:\n  - { id: members, when: kind = \"member\" }\n",
    );
    desk
}

fn lose(desk: &Desk) {
    desk.sql_in("d.db", "update clients set kind = 'guest' where id > 2");
}

#[test]
fn a_held_run_is_shown_with_what_to_do_and_either_option_publishes_it() {
    for option in ["--accept", "--publish"] {
        let desk = desk("");
        desk.expect(0, &["run"]);
        lose(&desk);
        let said = desk.expect(1, &["run"]);
        assert!(said.out.contains("members"), "{}", said.out);
        assert!(
            said.err.contains(
                "held, and not published: 48 memberships would change since run 1, as of "
            ),
            "{}",
            said.err
        );
        assert!(
            said.err.contains("\n  most in `members` 50 → 2\n"),
            "{}",
            said.err
        );
        let dry = desk.expect(1, &["run", "--dry-run"]);
        assert!(
            dry.err.contains("a run would be held: 48 memberships"),
            "{}",
            dry.err
        );
        let status = desk.expect(1, &["status"]).out;
        assert!(status.contains("\n  most in `members` 50 → 2"), "{status}");
        assert_eq!(status.matches("48 memberships").count(), 1, "{status}");
        let json = desk.expect(1, &["status", "--format", "json"]).out;
        assert!(json.contains("48 out; most in `members`"), "{json}");
        let shown = desk.expect(1, &["segments", "--format", "csv"]);
        assert!(shown.out.contains("50"), "{}", shown.out);
        assert!(
            shown
                .err
                .contains("is held, so this is what was published before it"),
            "{}",
            shown.err
        );
        let said = desk.expect(0, &["run", option]);
        assert!(
            said.err.contains("note: accepted: 48 memberships"),
            "{}",
            said.err
        );
        let is_alias = said
            .err
            .contains("what is held is published with `--accept`");
        assert_eq!(is_alias, option == "--publish", "{}", said.err);
        desk.expect(0, &["segments"]);
        desk.expect(0, &["status"]);
    }
}

#[test]
fn what_a_guard_cannot_be_is_told_with_its_place() {
    for (guard, words) in [
        (
            "guard: on",
            "`guard` must be `off`, or limits such as `{ moves: 50%, at_least: 20 }`",
        ),
        ("guard: [50%]", "`guard` must be `off`, or limits"),
        (
            "guard: { moves: 50 }",
            "must be a share above 0% with its sign, such as `50%`",
        ),
        (
            "guard: { moves: -5% }",
            "must be a share above 0% with its sign",
        ),
        (
            "guard: { at_least: many }",
            "must be a whole number from 0 on",
        ),
        ("guard: { move: 50% }", "did you mean `moves`?"),
        ("guard: { except: [member] }", "did you mean `members`?"),
    ] {
        let desk = desk(guard);
        let said = desk.expect(2, &["check"]);
        assert!(said.err.contains(words), "{guard}: {}", said.err);
        assert!(said.err.contains("config.yaml:4"), "{guard}: {}", said.err);
    }
    for guard in [
        "guard: off",
        "guard: {}",
        "guard: { moves: 250%, at_least: 0, except: members }",
    ] {
        desk(guard).expect(0, &["check"]);
    }
}

#[test]
fn accepting_is_no_part_of_looking_or_of_the_timetable() {
    let desk = desk("");
    for other in ["--dry-run", "--due"] {
        let said = desk.expect(2, &["run", "--accept", other]);
        assert!(said.err.contains("cannot be used with"), "{}", said.err);
    }
}

#[test]
fn several_are_called_as_config_says() {
    let desk = desk("");
    let said = desk.expect(0, &["run"]).err;
    assert!(said.contains("50 clients and 0 rows"), "{said}");
    let config = desk.read("config.yaml");
    let told = |name: &str| {
        desk.write("config.yaml", config.replace("name: client,", name));
        desk.expect(0, &["run"]).err
    };
    let said = told("name: family,");
    assert!(said.contains("50 families and 0 rows"), "{said}");
    let said = told("name: Kunde, plural: Kunden,");
    assert!(said.contains("50 Kunden and 0 rows"), "{said}");
}
