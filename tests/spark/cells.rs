//! What each type of Spark is worth as a cell, and what is told of what cannot be one.

use muster::connector::Connector;
use muster::connector::spark::SparkConnector;
use muster::engine::OwnedCell;

use crate::support::spark::Spark;

fn shown(cell: &OwnedCell) -> String {
    match cell {
        OwnedCell::Text(text) => format!("text {}", String::from_utf8_lossy(text)),
        OwnedCell::Null => "nothing".to_owned(),
        OwnedCell::Integer(whole) => format!("whole {whole}"),
        OwnedCell::Real(real) => format!("real {real:?}"),
        OwnedCell::Blob(_) => "bytes".to_owned(),
    }
}

#[test]
fn every_type_has_its_cell() {
    let Some(spark) = Spark::open() else {
        return;
    };
    spark.python("every_type.py", &[&spark.table("cells")]);
    let known = [
        ("yes", "boolean", "whole 1"),
        ("tiny", "integer", "whole -128"),
        ("small", "integer", "whole -32768"),
        ("whole", "integer", "whole 7"),
        ("long", "integer", "whole 9223372036854775807"),
        ("short", "double precision", "real 0.1"),
        ("real", "double precision", "real 0.1"),
        ("not_a_number", "double precision", "nothing"),
        ("endless", "double precision", "real inf"),
        ("price", "numeric(12,2)", "real -0.5"),
        ("even", "numeric(12,2)", "whole 3"),
        ("exact", "numeric(38,4)", "text -12345678901234567.0009"),
        ("text", "text", "text Ä`'\\%"),
        ("blank", "text", "text "),
        ("day", "date", "text 0001-01-01"),
        ("clock", "timestamp", "text 2025-03-30 02:30:00.000005"),
        ("instant", "timestamp", "text 2025-03-30 02:30:00Z"),
        ("bytes", "", "bytes"),
    ];
    let snapshot = SparkConnector::new(&spark.server()).snapshot().unwrap();
    let schema = snapshot.schema().unwrap();
    let columns = &schema.tables["cells"].columns;
    let declared = columns.iter().map(|column| column.declared.as_str());
    let declared: Vec<&str> = declared.take(known.len()).collect();
    assert_eq!(declared, known.map(|(_, declared, _)| declared));
    let names = known.map(|(name, ..)| name);
    let rows = snapshot.first_rows("cells", &names, 2).unwrap();
    let cells: Vec<String> = rows[0].iter().map(shown).collect();
    assert_eq!(cells, known.map(|(.., cell)| cell));
    assert!(rows[1].iter().all(|cell| *cell == OwnedCell::Null));
    let unreadable = columns[known.len()..].iter().map(|column| {
        let words = column.unreadable.as_deref().unwrap();
        words.split(',').next().unwrap().to_owned()
    });
    assert_eq!(
        unreadable.collect::<Vec<_>>(),
        ["array<bigint>", "struct<a:bigint>"]
    );
    // A key is the text, or the whole number that the text writes.
    for (column, key, is_there) in [
        ("text", "Ä`'\\%", true),
        ("text", "ä`'\\%", false),
        ("whole", "7", true),
        ("whole", "07", false),
        ("whole", "seven", false),
        ("even", "3", true),
        ("yes", "1", false),
    ] {
        let found = snapshot.has_key("cells", column, key).unwrap();
        assert_eq!(found, is_there, "{column} {key}");
        let keys = [key].into();
        let rows = snapshot.rows_with("cells", &["tiny"], column, &keys);
        assert_eq!(rows.unwrap().len(), usize::from(is_there), "{column} {key}");
    }
    assert_eq!(snapshot.row_count("cells", 10), 2);
    assert_eq!(snapshot.row_count("cells", 1), 1);
    let texts = snapshot.distinct_texts("cells", "text", 9, 9).unwrap();
    assert_eq!(texts.unwrap().len(), 1);
    assert_eq!(
        snapshot.distinct_texts("cells", "text", 9, 1).unwrap(),
        None
    );
}
