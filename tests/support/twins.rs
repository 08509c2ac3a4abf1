//! The demo studio twice, with the shipped config and rules: in a SQLite file, and where a server finds the same rows.

use super::program::Said;
use super::scratch::Scratch;

pub struct Twins([Scratch; 2]);

impl Twins {
    /// `take_over` lets the server have the rows of a file, and gives what stands behind `database:` for them.
    pub fn new(take_over: impl FnOnce(&Scratch) -> String) -> Self {
        let made = Scratch::shipped();
        made.put_clock("2026-03-15T10:00:00Z");
        made.expect(0, &["demo"]);
        let on_server = take_over(&made);
        Self(["sqlite:studio.db".to_owned(), on_server].map(|database| {
            let twin = Scratch::shipped();
            twin.put_clock("2026-03-15T10:00:00Z");
            let shipped = "database: sqlite:demo/studio.db";
            let here = format!("database: {database}\nresults: sqlite:results.db");
            twin.edit("config.yaml", shipped, &here);
            std::fs::copy(made.database(), twin.path("studio.db")).unwrap();
            twin
        }))
    }

    /// Changes a file of both.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        for twin in &self.0 {
            twin.edit(file, from, to);
        }
    }

    /// Expects both to say the same of a command, and gives what is said of the server's rows.
    #[track_caller]
    pub fn expect_same(&self, command: &[&str]) -> Said {
        let [of_file, of_server] = self.0.each_ref().map(|twin| twin.muster(command));
        assert_eq!(
            of_file.code, of_server.code,
            "{command:?}\n{of_file:?}\n{of_server:?}"
        );
        assert!(of_server.code < 2, "{command:?}\n{of_server:?}");
        // How long it took differs.
        let out = |text: &str| {
            let lines = text.lines().filter(|line| !line.contains(" s"));
            lines.collect::<String>()
        };
        assert_eq!(
            out(&of_file.out),
            out(&of_server.out),
            "{command:?}\n{}",
            of_server.err
        );
        of_server
    }
}
