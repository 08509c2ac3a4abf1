//! Population functions against the definitions, read literally.

use muster::value::{ColumnType as T, Money, Truth, Value};
use proptest::prelude::*;

use super::harness::Table;

/// Few different values, so that there are ties; some missing, some far apart.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => (0..6_i32).prop_map(f64::from),
        2 => (0..100_i32).prop_map(|n| f64::from(n) / 10.0),
        1 => -1e6..1e6_f64,
        2 => Just(f64::NAN),
    ]
}

fn population() -> impl Strategy<Value = (Vec<f64>, Vec<Option<u8>>)> {
    (0..40_usize).prop_flat_map(|n| {
        (
            prop::collection::vec(number(), n),
            prop::collection::vec(prop::option::weighted(0.9, 0..3_u8), n),
        )
    })
}

/// A value in billionths, as a person would round it.
fn nine(x: f64) -> i128 {
    let text = format!("{x:.12}");
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest.to_owned()),
        None => (1, text),
    };
    let digits: i128 = text.replace('.', "").parse().unwrap();
    sign * ((digits + 500) / 1000)
}

fn close(found: &Value, wanted: Option<f64>) -> bool {
    match (found, wanted) {
        (Value::Missing, None) => true,
        (Value::Number(x), Some(y)) => (x - y).abs() <= 1e-9 * y.abs().max(1.0),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn as_defined((x, studio) in population(), k in 1..7_u32, p in 1..100_u32) {
        let scopes: Vec<String> = studio
            .iter()
            .map(|s| s.map_or("-".to_owned(), |s| s.to_string()))
            .collect();
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let table = Table::default()
            .numbers("x", &x)
            .with("studio", T::Text, &scopes)
            .scope("studio");
        let texts = [
            "rank(x) within studio".to_owned(),
            "percentile(x) within studio".to_owned(),
            format!("bin({k}, x) within studio"),
            format!("ntile({k}, x) within studio"),
            "position(x) within studio".to_owned(),
            format!("top {p}% by x within studio"),
            format!("bottom {k} by x within studio"),
            "sum(x) within studio".to_owned(),
            "avg(x) within studio".to_owned(),
            format!("quantile({p}%, x) within studio"),
            "size() within studio".to_owned(),
            "max(x) within studio".to_owned(),
        ];
        let names: Vec<String> = (0..texts.len()).map(|i| format!("m{i}")).collect();
        let metrics: Vec<_> = names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
        let found = table.metrics(&metrics);

        for i in 0..x.len() {
            let all: Vec<usize> = (0..x.len()).filter(|j| studio[*j] == studio[i]).collect();
            let group: Vec<usize> = all.iter().copied().filter(|j| !x[*j].is_nan()).collect();
            let n = group.len();
            let scoped = studio[i].is_some();
            let placed = scoped && !x[i].is_nan();
            let mine = if placed { nine(x[i]) } else { 0 };
            let ahead = group.iter().filter(|j| nine(x[**j]) > mine).count();
            let below = group.iter().filter(|j| nine(x[**j]) < mine).count();
            let position = below + group.iter().filter(|j| nine(x[**j]) == mine && **j < i).count();
            let if_placed = |value: f64| placed.then_some(value);
            prop_assert!(close(&found[0][i], if_placed(1.0 + ahead as f64)));
            let share = if n <= 1 { 0.0 } else { below as f64 / (n as f64 - 1.0) };
            prop_assert!(close(&found[1][i], if_placed(share)));
            let bin = k as usize * below / n.max(1);
            prop_assert!(close(&found[2][i], if_placed(1.0 + bin as f64)));
            let mut tile = 0;
            let mut end = 0;
            while placed && end <= position {
                end += n / k as usize + usize::from(tile < n % k as usize);
                tile += 1;
            }
            prop_assert!(close(&found[3][i], if_placed(tile as f64)));
            prop_assert!(close(&found[4][i], if_placed(1.0 + position as f64)));
            let truth = |holds: bool| Value::Truth(if placed { Truth::certain(holds) } else { Truth::Unknown });
            prop_assert_eq!(&found[5][i], &truth(ahead * 100 < p as usize * n));
            prop_assert_eq!(&found[6][i], &truth(below < k as usize));
            let sum = group.iter().map(|j| nine(x[*j])).sum::<i128>() as f64 / 1e9;
            prop_assert!(close(&found[7][i], scoped.then_some(sum)));
            prop_assert!(close(&found[8][i], (scoped && n > 0).then(|| sum / n as f64)));
            let mut sorted: Vec<f64> = group.iter().map(|j| x[*j]).collect();
            sorted.sort_by(f64::total_cmp);
            let quantile = (n > 0).then(|| {
                let at = (n - 1) * p as usize;
                let (low, rest) = (at / 100, (at % 100) as f64 / 100.0);
                sorted[low] + (sorted[(low + 1).min(n - 1)] - sorted[low]) * rest
            });
            prop_assert!(close(&found[9][i], quantile.filter(|_| scoped)));
            prop_assert!(close(&found[10][i], scoped.then_some(all.len() as f64)));
            prop_assert!(close(&found[11][i], sorted.last().copied().filter(|_| scoped)));
        }
    }

    #[test]
    fn order_does_not_matter(x in prop::collection::vec(-1e9..1e9_f64, 1..60), seed in any::<u64>()) {
        let mut shuffled = x.clone();
        let mut state = seed;
        for i in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(i, (state >> 33) as usize % (i + 1));
        }
        for text in ["sum(x)", "avg(x)", "median(x)", "quantile(37%, x)"] {
            let value = |x: &[f64]| Table::default().numbers("x", x).values(text).remove(0);
            prop_assert_eq!(value(&x), value(&shuffled));
        }
    }

    #[test]
    fn money_is_read_as_it_is_shown(amount in (i64::MIN + 1)..=i64::MAX) {
        let read = Money::parse(&Money(amount).to_string()).unwrap();
        prop_assert_eq!((read.amount, read.lossy), (Money(amount), false));
    }

    #[test]
    fn doubles_of_money_lose_nothing(amount in -1_000_000_000_000..1_000_000_000_000_i64) {
        let read = Money::from_f64(amount as f64 / 10_000.0).unwrap();
        prop_assert_eq!((read.amount, read.lossy), (Money(amount), false));
    }

    #[test]
    fn numbers_compare_by_nine_decimals(a in -1e6..1e6_f64, step in -30..30_i32) {
        let b = a + f64::from(step) * 1e-10;
        let wanted = Some(muster::value::number::billionths(a).cmp(&muster::value::number::billionths(b)));
        prop_assert_eq!(muster::value::number::order(a, b), wanted);
        prop_assert_eq!(muster::value::number::billionths(a).unwrap(), nine_of_shortest(a));
    }
}

/// Nine decimals of the shortest decimal that names the double.
fn nine_of_shortest(x: f64) -> i128 {
    let text = x.abs().to_string();
    let (whole, places) = text.split_once('.').unwrap_or((&text, ""));
    let places = format!("{places:0<10}");
    let size: i128 = format!("{whole}{}", &places[..9]).parse().unwrap();
    let up = places.as_bytes()[9] >= b'5';
    (size + i128::from(up)) * if x < 0.0 { -1 } else { 1 }
}
