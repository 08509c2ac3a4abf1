//! Small changes of an expression that resemble mistakes, each with a description.

use crate::language::typed::{
    Aggregate, Comparison, Kind, Measure, Population, PopulationFunction, Typed,
};
use crate::language::without_comments;
use crate::project::Project;
use crate::time::{Direction, Duration, Moment, Unit, Window};
use crate::value::{Money, Type, Value};

const DAY: Duration = Duration {
    count: 1,
    unit: Unit::Day,
};

/// An expression with its replacement.
pub(super) struct Change {
    pub(super) to: Typed,
    /// The effect: "becomes `more than 75%`".
    pub(super) words: String,
}

/// The changes of an expression itself, not of its parts.
pub(super) fn changes(project: &Project, typed: &Typed) -> Vec<Change> {
    let words = |typed: &Typed| words(project, typed);
    let change = |kind: Kind, words: String| Change {
        to: Typed {
            kind,
            ..typed.clone()
        },
        words,
    };
    let written = words(typed);
    match &typed.kind {
        Kind::Compare(comparison, a, b) => {
            let others = other_comparisons(*comparison).iter();
            let others = others.map(|other| {
                let becomes = format!("`{written}` becomes {} `{}`", relation(*other), words(b));
                change(Kind::Compare(*other, a.clone(), b.clone()), becomes)
            });
            others.collect()
        }
        Kind::Between(x, low, high) => {
            let side = |comparison, bound: &Typed, which: &str| {
                let kind = Kind::Compare(comparison, x.clone(), Box::new(bound.clone()));
                change(kind, format!("`{written}` loses its {which} bound"))
            };
            vec![
                side(Comparison::GreaterOrEqual, low, "upper"),
                side(Comparison::LessOrEqual, high, "lower"),
            ]
        }
        Kind::And(parts) => of_parts(parts, &written, true, change, words),
        Kind::Or(parts) => of_parts(parts, &written, false, change, words),
        Kind::Not(inner) => vec![change(
            inner.kind.clone(),
            format!("`{written}` loses its `not`"),
        )],
        Kind::Constant(value) => {
            let moved = moved_values(value, written.ends_with('%')).into_iter();
            let moved = moved.map(|(value, becomes)| {
                change(
                    Kind::Constant(value),
                    format!("`{written}` becomes `{becomes}`"),
                )
            });
            moved.collect()
        }
        Kind::Moment(moment @ (Moment::Ago(_) | Moment::FromNow(_) | Moment::Date(_))) => {
            let moved = [(Direction::Earlier, "earlier"), (Direction::Later, "later")];
            let moved = moved.map(|(direction, word)| {
                let moment = Moment::Shifted(Box::new(moment.clone()), DAY, direction);
                let becomes = format!("`{written}` is a day {word}");
                change(Kind::Moment(moment), becomes)
            });
            moved.into()
        }
        Kind::Aggregate(aggregate) => {
            let others = other_aggregates(aggregate).into_iter();
            let others = others.map(|(aggregate, becomes)| {
                let kind = Kind::Aggregate(Box::new(aggregate));
                change(kind, format!("`{written}` {becomes}"))
            });
            others.collect()
        }
        Kind::Population(population) => {
            let others = other_populations(population).into_iter();
            let others = others.map(|(function, becomes)| {
                let population = Population {
                    function,
                    ..(**population).clone()
                };
                let kind = Kind::Population(Box::new(population));
                change(kind, format!("`{written}` {becomes}"))
            });
            others.collect()
        }
        Kind::InWindow(x, window) => {
            let others = other_windows(window).into_iter();
            let others = others.map(|(window, becomes)| {
                let kind = Kind::InWindow(x.clone(), window);
                change(kind, format!("`{written}` {becomes}"))
            });
            others.collect()
        }
        _ => Vec::new(),
    }
}

/// Swaps `and` and `or`, and drops each part.
fn of_parts(
    parts: &[Typed],
    written: &str,
    is_and: bool,
    change: impl Fn(Kind, String) -> Change,
    words: impl Fn(&Typed) -> String,
) -> Vec<Change> {
    let join = |parts: Vec<Typed>, is_and: bool| match is_and {
        true => Kind::And(parts),
        false => Kind::Or(parts),
    };
    let (from, to) = match is_and {
        true => ("and", "or"),
        false => ("or", "and"),
    };
    let swapped = join(parts.to_vec(), !is_and);
    let mut changes = vec![change(
        swapped,
        format!("`{from}` becomes `{to}` in `{written}`"),
    )];
    for (place, part) in parts.iter().enumerate() {
        let rest = parts.iter().enumerate();
        let rest = rest.filter(|(other, _)| *other != place);
        let mut rest: Vec<Typed> = rest.map(|(_, part)| part.clone()).collect();
        let kind = match (rest.len(), rest.pop()) {
            (1, Some(only)) => only.kind,
            (_, last) => {
                rest.extend(last);
                join(rest, is_and)
            }
        };
        changes.push(change(
            kind,
            format!("`{}` is left out of `{written}`", words(part)),
        ));
    }
    changes
}

/// The other side of a boundary, and the opposite direction.
fn other_comparisons(comparison: Comparison) -> &'static [Comparison] {
    match comparison {
        Comparison::Equal => &[Comparison::NotEqual],
        Comparison::NotEqual => &[Comparison::Equal],
        Comparison::Less => &[Comparison::LessOrEqual, Comparison::Greater],
        Comparison::LessOrEqual => &[Comparison::Less, Comparison::GreaterOrEqual],
        Comparison::Greater => &[Comparison::GreaterOrEqual, Comparison::Less],
        Comparison::GreaterOrEqual => &[Comparison::Greater, Comparison::LessOrEqual],
    }
}

fn relation(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "equal to",
        Comparison::NotEqual => "other than",
        Comparison::Less => "less than",
        Comparison::LessOrEqual => "at most",
        Comparison::Greater => "more than",
        Comparison::GreaterOrEqual => "at least",
    }
}

/// One more and one less; for a percentage, by one hundredth.
fn moved_values(value: &Value, is_share: bool) -> Vec<(Value, String)> {
    match value {
        Value::Number(number) if is_share => [-1.0, 1.0]
            .map(|by| {
                let percent = number * 100.0 + by;
                let shown = format!("{}%", (percent * 1e6).round() / 1e6);
                (Value::Number(percent / 100.0), shown)
            })
            .into(),
        Value::Number(number) => [-1.0, 1.0]
            .map(|by| (Value::Number(number + by), (number + by).to_string()))
            .into(),
        Value::Money(amount) => {
            let moved = [-10_000, 10_000].into_iter();
            let moved = moved.filter_map(|by| amount.0.checked_add(by).map(Money));
            moved
                .map(|amount| (Value::Money(amount), amount.to_string()))
                .collect()
        }
        Value::Date(day) => [-1, 1]
            .map(|by| Value::Date(day.saturating_add(by)))
            .map(|date| (date.clone(), date.to_string()))
            .into(),
        _ => Vec::new(),
    }
}

/// Another window, all rows, or another function of the rows.
fn other_aggregates(aggregate: &Aggregate) -> Vec<(Aggregate, String)> {
    let with = |change: &dyn Fn(&mut Aggregate), words: String| {
        let mut changed = aggregate.clone();
        change(&mut changed);
        (changed, words)
    };
    let windows = other_windows(&aggregate.window).into_iter();
    let mut others: Vec<_> = windows
        .map(|(window, words)| with(&|one| one.window = window.clone(), words))
        .collect();
    if aggregate.filter.is_some() {
        others.push(with(
            &|one| one.filter = None,
            "loses its `where`".to_owned(),
        ));
    }
    let measure = match &aggregate.measure {
        Measure::Sum(of) if of.ty == Type::Number => Some((Measure::Avg(of.clone()), "avg")),
        Measure::Sum(of) | Measure::Avg(of) | Measure::Min(of) | Measure::Quantile(of, _) => {
            Some((Measure::Max(of.clone()), "max"))
        }
        Measure::Max(of) => Some((Measure::Min(of.clone()), "min")),
        Measure::First(of) => Some((Measure::Last(of.clone()), "last")),
        Measure::Last(of) => Some((Measure::First(of.clone()), "first")),
        Measure::Count | Measure::Exists | Measure::CountDistinct(_) | Measure::Stddev(_) => None,
    };
    others.extend(measure.map(|(measure, name)| {
        let words = format!("takes the `{name}`");
        with(&|one| one.measure = measure.clone(), words)
    }));
    others
}

/// A window a day longer and a day shorter, or a day earlier and a day later.
fn other_windows(window: &Window) -> Vec<(Window, String)> {
    let shifted = |moment: Moment, direction| Moment::Shifted(Box::new(moment), DAY, direction);
    let both = [(Direction::Earlier, "earlier"), (Direction::Later, "later")];
    let moved = both.into_iter().filter_map(|(direction, word)| {
        let window = match window {
            Window::Last(length) => {
                Window::FromTo(shifted(Moment::Ago(*length), direction), Moment::Now)
            }
            Window::Previous(length) => {
                let twice = Duration {
                    count: length.count.checked_mul(2)?,
                    ..*length
                };
                let from = shifted(Moment::Ago(twice), direction);
                Window::FromTo(from, shifted(Moment::Ago(*length), direction))
            }
            Window::Next(length) => {
                Window::FromTo(Moment::Now, shifted(Moment::FromNow(*length), direction))
            }
            Window::Since(moment) => Window::Since(shifted(moment.clone(), direction)),
            _ => return None,
        };
        let what = match window {
            Window::FromTo(Moment::Now, _) => "ends",
            _ => "begins",
        };
        Some((window, format!("{what} a day {word}")))
    });
    moved.collect()
}

/// One place more or less, the other end, or a median instead of a mean.
fn other_populations(population: &Population) -> Vec<(PopulationFunction, String)> {
    use PopulationFunction as P;
    let share = |top: fn(f64) -> P, of: f64| {
        [of - 1.0, of + 1.0].map(|of| (top(of), format!("becomes {of}%")))
    };
    let count = |top: fn(u64) -> P, of: u64| {
        [of.saturating_sub(1), of + 1].map(|of| (top(of), format!("becomes {of}")))
    };
    let (ends, sides): (Option<P>, Vec<(P, String)>) = match population.function {
        P::TopShare(of) => (Some(P::BottomShare(of)), share(P::TopShare, of).into()),
        P::BottomShare(of) => (Some(P::TopShare(of)), share(P::BottomShare, of).into()),
        P::TopCount(of) => (Some(P::BottomCount(of)), count(P::TopCount, of).into()),
        P::BottomCount(of) => (Some(P::TopCount(of)), count(P::BottomCount, of).into()),
        P::Avg => (
            None,
            vec![(P::Quantile(0.5), "takes the median".to_owned())],
        ),
        _ => (None, Vec::new()),
    };
    let ends = ends.map(|end| (end, "takes the other end".to_owned()));
    sides.into_iter().chain(ends).collect()
}

fn words(project: &Project, typed: &Typed) -> String {
    without_comments(project.checked.source_map.words(typed.span))
}
