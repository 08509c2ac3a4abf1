//! The values of segments against a whole table of reference, column by column.

use muster::value::Value;

use crate::answers::Answers;
use crate::support::data_set::Row;
use crate::support::skipping::say;

/// The columns that every table has, and the values that come to them.
const COMMON: [(&str, &str); 6] = [
    ("size", "size"),
    ("total_value", "total_value"),
    ("mean_recency_days", "mean_recency"),
    ("median_recency_days", "median_recency"),
    ("median_frequency", "median_frequency"),
    ("median_monetary", "median_monetary"),
];

/// A table of reference whose rows are the rungs of a ladder.
pub struct Published<'a> {
    pub name: &'a str,
    pub ladder: &'a str,
    pub table: Vec<Row>,
    /// The columns beside the common ones, and the values that come to them.
    pub columns: &'a [(&'a str, &'a str)],
    /// How many places its numbers are rounded to.
    pub places: i32,
}

impl Published<'_> {
    /// Every number of the table is that of the value, at the precision it is printed with; an empty
    /// field is a missing value.
    pub fn assert_reproduced(&self, answers: &Answers) {
        let columns: Vec<_> = COMMON.iter().chain(self.columns).collect();
        let unnamed: Vec<_> = self.table[0]
            .keys()
            .filter(|column| *column != "segment" && columns.iter().all(|(name, _)| name != column))
            .collect();
        assert!(unnamed.is_empty(), "not compared: {unnamed:?}");
        for row in &self.table {
            for (column, value) in &columns {
                let segment = &row["segment"];
                let found = answers.value(self.ladder, segment, value);
                self.compare(&row[*column], &found, &format!("{value} of {segment}"));
            }
        }
        say(&format!(
            "{}: {} segments by {} values, each number as printed",
            self.name,
            self.table.len(),
            columns.len()
        ));
    }

    fn compare(&self, printed: &str, found: &Value, what: &str) {
        if printed.is_empty() {
            assert_eq!(*found, Value::Missing, "{what}");
            return;
        }
        let expected: f64 = printed.parse().unwrap();
        #[allow(clippy::cast_precision_loss)]
        let (number, places) = match found {
            Value::Number(number) => (*number, self.places),
            Value::Money(money) => (money.0 as f64 / 10_000.0, self.places.min(4)),
            other => panic!("{what} is {other:?} and not {printed}"),
        };
        let half_a_unit = 0.5 * 10_f64.powi(-places);
        let off = (number - expected).abs();
        assert!(
            off <= half_a_unit + 1e-9,
            "{what}: {number} and not {printed}"
        );
    }
}
