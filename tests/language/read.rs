//! Text in, canonical text out.

use muster::language::parse;

/// A text and what it prints as; one that is canonical already prints as itself.
pub const READ: &[(&str, &str)] = &[
    ("package_used >= 75% or package_elapsed > 75%", ""),
    ("established and visits_30d < 50% * visits_prev_30d", ""),
    (
        "established\nand visits_2_months < 50% * avg(visits_2_months) within studio\nand not in segment increasing_frequency\n",
        "established and visits_2_months < 50% * avg(visits_2_months) within studio and not in segment increasing_frequency",
    ),
    (
        "visits_60d > 0 and top 20% by visits_60d within network",
        "",
    ),
    (
        "count(reservations in last 30 days where source = \"ClassPass\") > 3",
        "",
    ),
    ("count(visits in previous 30 days)", ""),
    ("count(visits in last 2 months)", ""),
    ("first(visits).at < 60 days ago", ""),
    ("last(packages)", ""),
    ("last_package.used_count / last_package.total_count", ""),
    (
        "elapsed(last_package.purchased_at, last_package.expires_at)",
        "",
    ),
    (
        "COUNT(visits IN LAST 1 DAYS WHERE Class.Name IS NOT Missing)",
        "count(visits in last 1 day where Class.Name is not missing)",
    ),
    ("count(distinct visits.class.category in this month)", ""),
    (
        "count(distinct) + count(distinct in today)",
        "count(`distinct`) + count(`distinct` in today)",
    ),
    (
        "sum(payments.amount in last 60 days where status = 'paid')",
        "sum(payments.amount in last 60 days where status = \"paid\")",
    ),
    ("visits from 90 days ago to 30 days ago", ""),
    ("visits not from 2025-01-01 to today - 1 day", ""),
    ("count(visits since 2025-01-01)", ""),
    ("last(packages).expires_at in next 14 days", ""),
    ("exists(visits in last calendar quarter)", ""),
    ("a or b and not c = d", ""),
    ("not not a", ""),
    ("not (a or b) and (c)", ""),
    ("1 + 2 * -x - (3 - 4) / 5%", ""),
    ("x between 1 and 2 and y not between a + 1 and b", ""),
    (
        "x in (1, 2, 3) or name not in ('it''s', \"say \"\"so\"\"\")",
        "x in (1, 2, 3) or name not in (\"it's\", \"say \"\"so\"\"\")",
    ),
    (
        "name contains 'a' and name not starts with 'b' and name not\nends # why\n with 'c'",
        "name contains \"a\" and name not starts with \"b\" and name not ends with \"c\"",
    ),
    ("email is present and phone is not present", ""),
    ("anniversary(birthday) <= today + 7 days", ""),
    ("expires_at > 24 hours from now", ""),
    (
        "`first name` = \"x\" and visits.`by` > 1 and `a``b` = 1",
        "`first name` = \"x\" and visits.by > 1 and `a``b` = 1",
    ),
    (
        "last + day + top + count + segment + from + since + to + ago + the > month",
        "",
    ),
    (
        "top 100 by x and bottom 10% by (rank(x) within studio) + 1 within `the studio`",
        "",
    ),
    (
        "top 20% by sum(payments.amount in last 60 days) within network",
        "",
    ),
    (
        "band(x, quantile(20%, x) within studio + 1, quantile(40%, x) within studio + 1)",
        "",
    ),
    ("size() > 3 and true and FALSE", "size() > 3 and yes and no"),
    ("if(exists(visits), visits_60d)", ""),
    (
        "day_of_week(at) = \"Mon\" # only Mondays",
        "day_of_week(at) = \"Mon\"",
    ),
    ("(in segment a) = no", ""),
    ("größe > 1 and 名前 = \"山\"", ""),
    ("since since 1 quarter ago", ""),
    ("x = 1 - 1", ""),
    ("2025-01-01 - 3 days", ""),
];

#[test]
fn reads_and_prints() {
    for (text, canonical) in READ {
        let expr = parse(text).unwrap_or_else(|e| panic!("{text}: {e:#?}"));
        let printed = expr.to_string();
        let canonical = if canonical.is_empty() {
            text
        } else {
            canonical
        };
        assert_eq!(&printed, canonical);
        assert_eq!(parse(&printed).unwrap(), expr, "{printed}");
    }
}
