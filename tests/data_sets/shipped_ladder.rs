//! The ladder that comes with the project, and the same as `init` writes it, over real data: whoever has bought
//! stands on exactly one rung, everyone else on none. Of the one that `init` writes every rung is needed.

use std::collections::BTreeSet;

use crate::answers::Answers;
use crate::support::data_set::DataSet;
use crate::support::skipping::say;

/// A data set in which the payments are what it calls otherwise.
struct Shop {
    set: &'static str,
    day: &'static str,
    subject: (&'static str, &'static str),
    payments: (&'static str, &'static str),
}

impl Shop {
    fn assert_one_rung_each(&self) {
        let Some(set) = DataSet::open(self.set) else {
            return;
        };
        let (subjects, key) = self.subject;
        let (payments, at) = self.payments;
        let config = format!(
            "database: sqlite:{}.sqlite
rules: shipped/*.yaml
timezone: UTC
subject: {{ name: customer, table: {subjects}, key: {key}, label: {key} }}
collections:
  payments: {{ table: {payments}, subject: {key}, at: {at}, types: {{ amount: money }} }}
",
            self.set
        );
        set.folder.write("config.yaml", &config);
        self.assert_over(&set, include_str!("../../rules/rfm.yaml"));
        let used = self.assert_over(&set, &muster::init::usual_ladder());
        assert_eq!(used.len(), 8, "{used:?}");
    }

    /// The rungs on which anybody stands.
    fn assert_over(&self, set: &DataSet, ladder: &str) -> BTreeSet<String> {
        set.folder.write("shipped/rfm.yaml", ladder);
        let answers = Answers::at(set, self.day);
        // That nobody stands on two is asserted where the rungs are collected.
        let rungs = answers.rungs("rfm");
        let standing: BTreeSet<String> = rungs.keys().cloned().collect();
        let purchases = answers.metric("purchases");
        let buyers: BTreeSet<String> = purchases
            .iter()
            .filter(|(_, count)| **count > 0.0)
            .map(|(key, _)| key.clone())
            .collect();
        assert_eq!(standing, buyers);
        say(&format!(
            "{}: the ladder holds {} buyers of {} customers, each on one rung",
            self.set,
            buyers.len(),
            purchases.len()
        ));
        rungs.into_values().map(str::to_owned).collect()
    }
}

#[test]
fn orders() {
    Shop {
        set: "rfm_orders",
        day: "2006-12-31",
        subject: ("customers", "customer_id"),
        payments: ("orders", "ordered_at"),
    }
    .assert_one_rung_each();
}

#[test]
fn donations() {
    Shop {
        set: "donor_analytics",
        day: "2025-04-20",
        subject: ("donors", "donor_id"),
        payments: ("donations", "donated_at"),
    }
    .assert_one_rung_each();
}

#[test]
fn baskets() {
    Shop {
        set: "completejourney",
        day: "2018-01-01",
        subject: ("customers", "customer_id"),
        payments: ("visits", "visited_at"),
    }
    .assert_one_rung_each();
}
