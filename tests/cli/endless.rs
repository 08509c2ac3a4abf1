//! Texts of any length in the data are cut to a line where people read them.

use crate::support::scratch::Scratch;

#[test]
fn endless_texts_are_cut_where_people_read() {
    let scratch = Scratch::around("shop.db");
    scratch.sql(
        "create table people (id integer primary key, note text);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 5)
         insert into people select i, replace(hex(zeroblob(100000)), '00', 'é') || i from n",
    );
    scratch.write(
        "config.yaml",
        "database: sqlite:shop.db\ntimezone: UTC\nsubject: { name: person, table: people, key: id, label: note }\n",
    );
    scratch.rules("segments:\n  - { id: noted, when: note = \"éa\" or id > 0 }\n");
    let said = scratch.muster(&["check"]);
    let told = said.out + &said.err;
    assert!(
        told.contains("absent-value") && told.contains("ééé…"),
        "{told:.2000}"
    );
    assert!(told.len() < 5_000, "{}", told.len());
    scratch.expect(0, &["run"]);
    let list = scratch.expect(0, &["clients"]).out;
    assert!(
        list.contains("ééé…") && list.len() < 50_000,
        "{}",
        list.len()
    );
    let whole = scratch.expect(0, &["clients", "--format", "csv"]).out;
    assert!(
        whole.len() > 1_000_000,
        "other forms have all: {}",
        whole.len()
    );
}
