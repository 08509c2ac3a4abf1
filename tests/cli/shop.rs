//! Clients and their orders in files, which an import makes a database of.

use super::desk::Desk;

/// Twenty clients and these files; what config says of files, of which `orders` is made, and of further collections.
pub fn shop(files: &[(&str, &str)], said: &str, collections: &str) -> Desk {
    let desk = Desk::empty();
    let clients: String = (1..=20).map(|n| format!("{n},Ann {n}\n")).collect();
    desk.write("in/clients.csv", format!("id,name\n{clients}"));
    for (name, text) in files {
        desk.write(&format!("in/{name}"), text);
    }
    desk.write(
        "config.yaml",
        format!(
            "database: sqlite:in.db\nresults: sqlite:results.db\ntimezone: UTC\nguard: off\n\
             subject: {{ name: client, table: clients, key: id, label: name }}\n\
             collections:\n  orders: {{ table: orders, subject: client, at: at }}\n{collections}\
             import:\n  folder: in\n  files:\n{said}"
        ),
    );
    desk
}

/// How many rows a table has.
pub fn rows(desk: &Desk, table: &str) -> i64 {
    let connection = rusqlite::Connection::open(desk.path("in.db")).unwrap();
    let sql = format!("select count(*) from {table}");
    connection.query_row(&sql, [], |row| row.get(0)).unwrap()
}

/// All that a command says.
pub fn all(desk: &Desk, code: i32, arguments: &[&str]) -> String {
    let said = desk.expect(code, arguments);
    said.out + &said.err
}
