//! A test that is made of a real client holds, and tells nothing of them that it need not.

use super::desk::Desk;

const MADE: &str = "rules/tests/made.yaml";

/// The demo with a private note on each client, which rules read.
fn studio() -> Desk {
    let desk = Desk::demo();
    desk.sql("alter table clients add column notes text; update clients set notes = 'Said in confidence by ' || id || ', and more'");
    desk.edit(
        "config.yaml",
        "timezone:",
        "private: [email, phone, birthday, notes]\ntimezone:",
    );
    desk.write(
        "rules/notes.yaml",
        "segments:\n  - { id: noted, when: notes is not missing }\n  - { id: confided, when: 'notes contains \"confidence\"' }\n",
    );
    desk
}

/// Clients from all over the table: their keys, names and what config calls private.
fn some_clients(desk: &Desk) -> Vec<[String; 4]> {
    let connection = desk.connection();
    let sql = "select id, name, email, coalesce(phone, email) from clients where id % 157 = 11 order by id";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        let key: i64 = row.get(0)?;
        Ok([key.to_string(), row.get(1)?, row.get(2)?, row.get(3)?])
    });
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn what_is_made_of_a_client_passes_and_does_not_tell_who_it_is() {
    let desk = studio();
    let clients = some_clients(&desk);
    assert!(clients.len() > 10, "{}", clients.len());
    let mut active = 0;
    for [key, name, email, phone] in clients {
        let made = format!("rules/tests/made_{key}.yaml");
        let said = desk.expect(0, &["test", "--from", &key, "--out", &made]);
        let text = desk.read(&made);
        for secret in [&name, &email, &phone, "Said in", "and more"] {
            assert!(!text.contains(secret), "{key}: {secret}\n{text}");
            assert!(!said.err.contains(secret), "{key}: {}", said.err);
        }
        assert!(!text.contains(&format!("id: {key}")), "{text}");
        assert!(
            said.err.contains("read it before you commit it"),
            "{}",
            said.err
        );
        active += usize::from(!text.contains("active: no"));
    }
    desk.expect(0, &["test", "made_"]);
    desk.expect(0, &["check"]);
    assert!(active > 3, "{active}");
}

#[test]
fn what_cannot_be_said_is_left_out_with_the_reason() {
    let desk = studio();
    let key = desk.client("birthday is not null").to_string();
    let said = desk.expect(0, &["test", "--from", &key, "--out", MADE]);
    let alone = "left out: low_utilization, high_utilization, high_attend, high_spend: it depends on who else is there";
    assert!(said.err.replace('\n', " ").contains(alone), "{}", said.err);
    let private = "left out: confided: it depends on";
    assert!(said.err.contains(private), "{}", said.err);
    assert!(
        desk.read(MADE).contains("notes: text 1"),
        "{}",
        desk.read(MADE)
    );
    // Of one segment alone.
    let said = desk.expect(0, &["test", "--from", &key, "--segment", "birthday"]);
    assert!(
        !said
            .out
            .contains("visits:\n      - { attended_at: 1 day ago, is"),
        "{}",
        said.out
    );
    assert!(!said.out.contains("payments:"), "{}", said.out);
    assert!(said.out.contains("birthday: 400 days ago"), "{}", said.out);
    assert!(said.out.contains("not_in: [birthday]"), "{}", said.out);
    let said = desk.expect(2, &["test", "--from", &key, "--segment", "high_attend"]);
    assert!(
        said.err
            .contains("high_attend: it depends on who else is there"),
        "{}",
        said.err
    );
}

#[test]
fn nothing_is_written_over_and_nobody_is_guessed() {
    let desk = studio();
    let key = desk.client("1").to_string();
    desk.write("mine.yaml", "mine");
    let said = desk.expect(2, &["test", "--from", &key, "--out", "mine.yaml"]);
    assert!(said.err.contains("is there already"), "{}", said.err);
    assert_eq!(desk.read("mine.yaml"), "mine");
    let said = desk.expect(2, &["test", "--from", "nobody at all"]);
    assert!(
        said.err.contains("nobody has the key or name"),
        "{}",
        said.err
    );
    let said = desk.expect(2, &["test", "--from", &key, "--segment", "birthdai"]);
    assert!(
        said.err.contains("did you mean `birthday`?"),
        "{}",
        said.err
    );
    desk.expect(2, &["test", "--from", &key, "--mutate"]);
    desk.expect(2, &["test", "--out", "x.yaml"]);
    desk.expect(2, &["test", "--from", &key, "--format", "json"]);
}

/// Columns in forms of all kinds; a payment and a visit that lie on a boundary stay where they are, all else is moved.
#[test]
fn only_what_an_answer_hangs_on_stays_as_it_is() {
    let desk = Desk::empty();
    desk.write(
        "config.yaml",
        "database: sqlite:studio.db
timezone: America/New_York
subject:
  name: guest
  table: guests
  key: code
  label: [first, last]
  at: joined
  where: kind != \"staff\"
  types: { joined: unix, birthday: { date: \"%d/%m/%Y\" } }
  lookups: { studio: { table: studios, key: id, by: studio_id } }
collections:
  sales: { table: sales, subject: bill.guest, at: bill.paid, types: { amount: cents }, lookups: { bill: { table: bills, key: id, by: bill_id, types: { paid: unix_ms } } } }
",
    );
    desk.put_clock("2026-03-15T10:00:00Z");
    desk.rules(
        "segments:
  - { id: payer, when: sum(sales.amount) >= 125 }
  - { id: lately, when: exists(sales in last 30 days where bill.till = \"front\") }
  - { id: soho, when: 'studio.name = \"Soho\" and studio_id != 9' }
  - { id: born, when: anniversary(birthday) = today }
  - { id: called, when: 'first = \"Ada\"' }
",
    );
    desk.sql(
        "create table guests (code text primary key, first text, last text, kind text, joined integer, birthday text, studio_id integer);
         create table studios (id integer primary key, name text);
         create table bills (id integer primary key, guest text, paid integer, till text);
         create table sales (id integer primary key, bill_id integer, amount integer);
         insert into studios values (7, 'Soho');
         insert into guests values ('AL-1815', 'Ada', 'Lovelace', 'regular', unixepoch('2025-02-08'), '15/03/1990', 7);
         with recursive n (value) as (select 1 union all select value + 1 from n where value < 9)
           insert into bills select value, 'AL-1815', 1000 * (unixepoch('2026-03-15T10:00:00Z') - value * 864000 - 4321), iif(value = 1, 'front', 'back of ' || value) from n;
         insert into sales select id, id, 1234 from bills;
         insert into sales values (10, 9, 1543);",
    );
    let said = desk.expect(
        0,
        &[
            "test",
            "--from",
            "ada love",
            "--out",
            "rules/tests/ada.yaml",
        ],
    );
    let text = desk.read("rules/tests/ada.yaml");
    for secret in ["Ada", "Lovelace", "AL-1815", "1815", "back of", "studio_id"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    for kept in ["Soho", "front", "in: [payer, lately, soho, born]"] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    assert!(text.contains("amount: 12.00"), "{text}");
    assert!(said.err.contains("birthday (1)"), "{}", said.err);
    assert!(said.err.contains("sales.amount ("), "{}", said.err);
    assert!(
        said.err.contains("left out: called: it depends on"),
        "{}",
        said.err
    );
    desk.expect(0, &["test"]);
}
