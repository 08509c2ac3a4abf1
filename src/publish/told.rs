//! The result of a publication, in words.

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The run that the tables belong to.
    pub run: i64,
    /// Tables that were missing and were recreated.
    pub made: Vec<String>,
    /// Whether readers certainly saw everything at once.
    pub is_at_once: bool,
}

impl Done {
    /// What the operator has to do now; `None` if nothing.
    pub fn words(&self) -> Option<String> {
        let made = listed(&self.made).map(|tables| {
            let verb = was(&self.made);
            format!(
                "{tables} {verb} missing on the server, and {verb} recreated: grant the rights again, and recreate the views"
            )
        });
        let mixed = (!self.is_at_once).then(|| {
            "the server took so long that a query in the meantime may have read tables of two runs: repeat \
             every query of the last few minutes"
                .to_owned()
        });
        let words: Vec<String> = made.into_iter().chain(mixed).collect();
        (!words.is_empty()).then(|| words.join("; "))
    }
}

/// A list of table names; `None` if there are none.
pub(super) fn listed(tables: &[String]) -> Option<String> {
    let names: Vec<String> = tables.iter().map(|table| format!("`{table}`")).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn was(tables: &[String]) -> &'static str {
    match tables {
        [_] => "was",
        _ => "were",
    }
}
