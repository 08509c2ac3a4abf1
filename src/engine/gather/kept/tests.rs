//! Values that are packed must come out unchanged.

use proptest::prelude::*;

use super::block::KeptColumn;
use super::values::Values;
use crate::engine::column::{MISSING_DATE, MISSING_I64};
use crate::engine::gather::decode::{self, Fit};
use crate::engine::{Cell, Column, OwnedCell};
use crate::time::InstantReader;
use crate::value::{ColumnType, Truth};

fn extreme() -> impl Strategy<Value = i64> {
    let ends = vec![MISSING_I64, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX];
    prop_oneof![
        prop::sample::select(ends),
        any::<i64>(),
        (0..9_i64).prop_map(|n| 1_700_000_000_000_000 + n * 1_000_000),
        Just(MISSING_I64),
    ]
}

fn number() -> impl Strategy<Value = f64> {
    let odd = vec![
        f64::NAN,
        -0.0,
        0.0,
        1e300,
        f64::MIN_POSITIVE,
        0.1 + 0.2,
        9_007_199_254_740_993.0,
        -9.223_372_036_854_775e18,
    ];
    prop_oneof![
        4 => (-500..500_i32).prop_map(f64::from),
        4 => (-500..500_i32).prop_map(|n| f64::from(n) / 100.0),
        1 => prop::sample::select(odd),
    ]
}

#[test]
fn how_a_value_fits_takes_a_byte() {
    assert_eq!(size_of::<Fit>(), 1);
}

fn fit() -> impl Strategy<Value = Fit> {
    prop::sample::select(vec![Fit::GOOD, Fit::MISSING, Fit::MISFIT, Fit::SECONDS])
}

fn cell() -> impl Strategy<Value = OwnedCell> {
    prop_oneof![
        6 => (-9..9_i64).prop_map(OwnedCell::Integer),
        1 => extreme().prop_map(OwnedCell::Integer),
        1 => number().prop_filter("equal to itself", |x| !x.is_nan()).prop_map(OwnedCell::Real),
        1 => Just(OwnedCell::Null),
        1 => "[a-cäß]{0,3}".prop_map(|text| OwnedCell::Text(text.into_bytes().into())),
        1 => prop::collection::vec(any::<u8>(), 0..4).prop_map(|bytes| OwnedCell::Text(bytes.into())),
        1 => prop::collection::vec(any::<u8>(), 0..4).prop_map(|bytes| OwnedCell::Blob(bytes.into())),
    ]
}

/// Values of one kind: a few distinct ones, or any.
fn some<T: std::fmt::Debug + Clone + 'static>(
    few: impl Strategy<Value = T> + 'static,
    any: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<Vec<T>> {
    let few = prop::collection::vec(few, 0..300);
    few.boxed()
        .prop_union(prop::collection::vec(any, 0..300).boxed())
        .boxed()
}

fn columns() -> impl Strategy<Value = (ColumnType, Column)> {
    let cents = (-500..500_i32).prop_map(|n| f64::from(n) / 100.0);
    let answers = vec![Truth::Yes, Truth::No, Truth::Unknown];
    let days = prop_oneof![any::<i32>(), Just(MISSING_DATE), Just(i32::MAX)];
    let texts = prop::option::of("[a-c]{0,2}|[äß]{9}");
    prop_oneof![
        some(cents, number()).prop_map(|x| (ColumnType::Number, Column::Number(x))),
        some((-500..500_i32).prop_map(f64::from), number())
            .prop_map(|x| (ColumnType::Number, Column::Number(x))),
        some((0..70_000_i64).prop_map(|n| n * 10_000), extreme())
            .prop_map(|x| (ColumnType::Money, Column::Money(x))),
        some(Just(5_i64), extreme()).prop_map(|x| (ColumnType::Instant, Column::Instant(x))),
        some(0..9_i32, days).prop_map(|x| (ColumnType::Date, Column::Date(x))),
        some(Just(Truth::Yes), prop::sample::select(answers))
            .prop_map(|x| (ColumnType::Boolean, Column::Truth(x))),
        some(Just(None), texts)
            .prop_map(|x| (ColumnType::Text, Column::Text(x.into_iter().collect()))),
    ]
}

/// Equal only for equal bits, because a missing number is not equal to itself and 0 equals -0.
fn bits(column: &Column) -> String {
    match column {
        Column::Number(numbers) => {
            let bits: Vec<u64> = numbers.iter().map(|x| x.to_bits()).collect();
            format!("{bits:?}")
        }
        other => format!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_come_out_bit_for_bit(
        (ty, column) in columns(),
        fits in prop::collection::vec(fit(), 300),
        alike in any::<bool>(),
    ) {
        let rows = column.len();
        let fits = match alike {
            true => fits.iter().take(1).cycle().take(rows).copied().collect::<Vec<_>>(),
            false => fits.into_iter().take(rows).collect(),
        };
        let packed = Values::pack(&column, &fits);
        let (mut unpacked, mut again) = (decode::empty(ty), Vec::new());
        packed.unpack(rows, &mut unpacked, &mut again);
        prop_assert_eq!(bits(&column), bits(&unpacked));
        prop_assert_eq!(fits, again);
    }

    #[test]
    fn cells_come_out_as_they_are(cells in prop::collection::vec(cell(), 0..300), only in any::<bool>()) {
        let is_whole = |cell: &OwnedCell| matches!(cell, OwnedCell::Integer(_) | OwnedCell::Null);
        let cells: Vec<OwnedCell> = cells.into_iter().filter(|cell| !only || is_whole(cell)).collect();
        let mut making = KeptColumn::Cells(String::new()).making();
        let mut times = InstantReader::new(chrono_tz::UTC);
        for round in 0..2 {
            for cell in &cells {
                making.push(cell.lent(), &mut times);
            }
            let packed = making.pack();
            let mut found = Vec::new();
            packed.cells(cells.len(), |cell| found.push(told(cell)));
            let each = cells.iter().map(|cell| told(cell.lent())).collect::<Vec<_>>();
            prop_assert_eq!(&found, &each, "in turn, batch {}", round);
            let one_by_one: Vec<String> = (0..cells.len()).map(|row| told(packed.cell(row))).collect();
            prop_assert_eq!(&one_by_one, &each, "one by one, batch {}", round);
        }
    }
}

fn told(cell: Cell<'_>) -> String {
    match cell {
        Cell::Real(real) => format!("{:x}", real.to_bits()),
        other => format!("{other:?}"),
    }
}

#[test]
fn times_in_seconds_and_whole_cents_take_few_bytes() {
    let bytes = |column: &Column| Values::pack(column, &vec![Fit::GOOD; column.len()]).bytes();
    let rows = 2_048_i64;
    let seconds = (0..rows).map(|n| (1_700_000_000 + n * 37) * 1_000_000);
    assert_eq!(bytes(&Column::Instant(seconds.collect())), 2 * 2_048);
    let cents = (0..rows).map(|n| (n % 90) as f64 * 0.5);
    assert_eq!(bytes(&Column::Number(cents.collect())), 2_048);
    assert_eq!(bytes(&Column::Money(vec![70_000; 2_048])), 0);
    assert_eq!(bytes(&Column::Instant(vec![MISSING_I64; 2_048])), 0);
}
