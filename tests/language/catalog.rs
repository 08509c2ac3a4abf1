//! Config held against the database: types, keys, spelling, and what is gone.

use muster::catalog::{Collection, ColumnRef, ColumnState};
use muster::diagnostic::Severity;
use muster::language::check::MetricDefinition;
use muster::language::typed::Kind;
use muster::value::ColumnType;

use crate::support::compiled::{CONFIG, Compiled, TABLES};

const RULES: &str = "
metrics:
  spent: sum(payments.amount in last 60 days where status = \"paid\")
  often: count(visits)
segments:
  - { id: payers, when: spent > 100 }
  - { id: regulars, when: often > 3 }
";

fn collection<'w>(world: &'w Compiled, name: &str) -> &'w Collection {
    let mut all = world.catalog.collections.iter();
    all.find(|c| c.name == name).unwrap()
}

#[test]
fn a_declared_type_decides_how_a_column_is_read() {
    use ColumnType::{Boolean, Date, Instant, Money, Number, Text};
    let told = [
        ("BOOLEAN", Some(Boolean)),
        ("bool", Some(Boolean)),
        ("DATETIME", Some(Instant)),
        ("TIMESTAMP WITH TIME ZONE", Some(Instant)),
        ("DATE", Some(Date)),
        ("DECIMAL(10,2)", Some(Money)),
        ("NUMERIC(12, 4)", Some(Money)),
        ("NUMERIC(12,5)", Some(Number)),
        ("DECIMAL(10)", Some(Number)),
        ("DECIMAL(10,0)", Some(Number)),
        ("NUMERIC", Some(Number)),
        ("INTEGER", Some(Number)),
        ("UNSIGNED BIG INT", Some(Number)),
        ("REAL", Some(Number)),
        ("DOUBLE PRECISION", Some(Number)),
        ("FLOAT", Some(Number)),
        ("VARCHAR(255)", Some(Text)),
        ("TEXT", Some(Text)),
        ("CLOB", Some(Text)),
        ("BLOB", None),
        ("", None),
    ];
    let columns: Vec<String> = told
        .iter()
        .enumerate()
        .map(|(i, (declared, _))| format!("c{i} {declared}"))
        .collect();
    let tables = TABLES.replace("  nickname\n", &format!("  {}\n", columns.join(", ")));
    let world = Compiled::with(CONFIG, &tables, RULES);
    for (i, (declared, ty)) in told.iter().enumerate() {
        let state = ty.map_or(ColumnState::Untyped, ColumnState::Present);
        let column = &world.catalog.subject.columns[&format!("c{i}")];
        assert_eq!(*column, state, "{declared}");
    }
}

#[test]
fn names_are_spelled_as_the_database_spells_them() {
    let config = CONFIG
        .replace("table: visits", "table: VISITS")
        .replace("at: attended_at", "at: Attended_At");
    let world = Compiled::with(&config, TABLES, RULES);
    assert_eq!(world.codes(), Vec::<&str>::new());
    let visits = collection(&world, "visits");
    assert_eq!(visits.entity.table, "visits");
    assert_eq!(visits.at, Some(ColumnRef::own("attended_at")));
}

#[test]
fn a_time_column_is_a_point_in_time_whatever_it_is_declared_as() {
    let tables = TABLES
        .replace("attended_at DATETIME", "attended_at TEXT")
        .replace("purchased_at DATETIME", "purchased_at DATE")
        .replace("paid_at DATETIME", "paid_at")
        .replace("reserved_at DATETIME", "reserved_at INTEGER");
    let config = CONFIG.replace(
        "at: reserved_at",
        "at: reserved_at, types: { reserved_at: unix_ms }",
    );
    let world = Compiled::with(&config, &tables, RULES);
    let read_as = |name| collection(&world, name).at_type;
    assert_eq!(read_as("visits"), Some(ColumnType::Instant));
    assert_eq!(read_as("packages"), Some(ColumnType::Date));
    assert_eq!(read_as("payments"), Some(ColumnType::Instant));
    assert_eq!(read_as("reservations"), Some(ColumnType::UnixMs));
    assert_eq!(read_as("interests"), None);
    let wrong = config.replace("unix_ms", "text");
    assert_eq!(
        Compiled::with(&wrong, &tables, RULES).codes(),
        ["invalid-value"]
    );
}

#[test]
fn the_key_of_rows_is_the_only_column_of_the_primary_key() {
    let tables = TABLES.replace(
        "CREATE TABLE interests (id INTEGER PRIMARY KEY, client_id INTEGER, topic TEXT)",
        "CREATE TABLE interests (client_id INTEGER, topic TEXT, PRIMARY KEY (client_id, topic))",
    );
    let world = Compiled::with(CONFIG, &tables, RULES);
    let key = |name| collection(&world, name).key.clone();
    assert_eq!(key("visits").as_deref(), Some("id"));
    assert_eq!(key("reservations"), None);
    assert_eq!(key("interests"), None);
}

#[test]
fn a_table_that_is_gone_makes_stale_only_what_reads_it() {
    let world = Compiled::after(
        &[("payments", "paid_at")],
        CONFIG,
        &format!("{TABLES}; DROP TABLE payments"),
        RULES,
    );
    assert_eq!(world.codes(), ["missing-table"]);
    assert_eq!(world.findings[0].severity, Severity::Stale);
    let [spent, often] = world.checked.metrics.as_slice() else {
        panic!("{:?}", world.checked.metrics)
    };
    let MetricDefinition::Value(spent) = &spent.definition else {
        panic!("{spent:?}")
    };
    let Kind::Gone(reason) = &spent.kind else {
        panic!("{spent:?}")
    };
    assert_eq!(reason, "the table `payments` is not in the database");
    let MetricDefinition::Value(often) = &often.definition else {
        panic!("{often:?}")
    };
    assert!(matches!(often.kind, Kind::Aggregate(_)));
}

#[test]
fn a_column_that_was_read_before_is_gone_and_any_other_is_a_slip() {
    let tables = TABLES.replace("  status TEXT\n", "  state TEXT\n");
    let world = Compiled::with(CONFIG, &tables, RULES);
    assert_eq!(world.codes(), ["unknown-name"]);
    let world = Compiled::after(&[("payments", "status")], CONFIG, &tables, RULES);
    assert_eq!(world.codes(), ["missing-column"]);
    assert_eq!(world.findings[0].severity, Severity::Stale);
    assert!(world.findings[0].location.is_some());
    let unused = Compiled::after(&[("payments", "status")], CONFIG, &tables, "");
    assert_eq!(unused.codes(), Vec::<&str>::new());
}

#[test]
fn a_key_column_that_is_gone_takes_its_collection_with_it() {
    let tables = TABLES.replace(
        "client_id INTEGER,\n  paid_at",
        "customer INTEGER,\n  paid_at",
    );
    let world = Compiled::after(&[("payments", "client_id")], CONFIG, &tables, RULES);
    assert_eq!(world.codes(), ["missing-column"]);
    assert!(collection(&world, "payments").entity.gone.is_some());
}

#[test]
fn a_filter_of_config_that_reads_a_gone_column_takes_its_collection_with_it() {
    let config = CONFIG.replace("at: paid_at", "at: paid_at, where: status = \"paid\"");
    let tables = TABLES.replace("  status TEXT\n", "  state TEXT\n");
    let rules = "segments: [{ id: payers, when: count(payments) > 0 }]";
    let world = Compiled::after(&[("payments", "status")], &config, &tables, rules);
    assert_eq!(world.codes(), ["missing-column"]);
    let Some(Kind::Compare(_, count, _)) = world.checked.segments.as_slice()[0]
        .as_ref()
        .map(|s| &s.kind)
    else {
        panic!("{:?}", world.checked.segments)
    };
    assert!(matches!(count.kind, Kind::Gone(_)));
}

#[test]
fn scopes_lead_over_lookups() {
    let world = Compiled::with(CONFIG, TABLES, RULES);
    assert_eq!(
        world.catalog.scopes.as_slice()[1].1,
        ["studio", "network_id"]
    );
    assert_eq!(world.checked.scopes.len(), 2);
    let lost = CONFIG.replace("studio.network_id", "stduio.network_id");
    assert_eq!(
        Compiled::with(&lost, TABLES, RULES).codes(),
        ["unknown-name"]
    );
    let lost = CONFIG.replace("studio.network_id", "studio.group_id");
    assert_eq!(
        Compiled::with(&lost, TABLES, RULES).codes(),
        ["unknown-name"]
    );
    let read = [("studios", "group_id")];
    assert_eq!(
        Compiled::after(&read, &lost, TABLES, RULES).codes(),
        ["missing-column"]
    );
}

#[test]
fn a_metric_cannot_have_the_name_of_a_collection_or_of_the_subject() {
    let world = Compiled::with_rules("metrics: { visits: 1, client: 2 }");
    assert_eq!(world.codes(), ["duplicate-id", "duplicate-id"]);
}

#[test]
fn a_closed_list_that_lacks_what_its_field_can_be_is_told() {
    let field = |values: &str| {
        let one = "if(exists(visits), \"High\", if(exists(packages), \"Low\", \"Idle\"))";
        let config =
            format!("{CONFIG}\nfields:\n  often: {{ one: '{one}', values: [{values}] }}\n");
        Compiled::with(
            &config,
            TABLES,
            "segments:\n  - { id: a, when: exists(visits) }\n",
        )
    };
    let lacking = field("High, Low");
    assert_eq!(lacking.codes(), ["unknown-field-value"]);
    assert!(
        !lacking
            .findings
            .iter()
            .any(muster::diagnostic::Finding::is_error)
    );
    let told = &lacking.findings[0].message;
    assert_eq!(
        told,
        "`often` can be `Idle`, which is missing from its `values:`"
    );
    assert!(field("High, Low, Idle").codes().is_empty());
}
