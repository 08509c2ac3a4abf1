//! The constants that values are compared with, in order.

use std::cmp::Ordering;

use super::cells::Cells;
use super::moments::Distance;
use super::ranges::Range;
use crate::ir::{NodeId, Op, Program};
use crate::language::typed::Comparison;
use crate::time::{Moment, days_of_date};
use crate::value::{Money, Value, number};

/// The most constants that are distinguished.
const MOST: usize = 60;

/// A constant.
#[derive(Debug, Clone, PartialEq)]
pub enum Point {
    Number(f64),
    Money(Money),
    Text(String),
    /// Days since 1970-01-01.
    Date(i32),
    /// A point in time that moves with the run.
    Moment(Distance),
}

impl Point {
    /// The constant that a node is, if it is one.
    pub fn of(program: &Program, node: NodeId) -> Option<Self> {
        match &program.nodes.get(node)?.op {
            Op::Constant(Value::Number(number)) => Some(Self::Number(*number)),
            Op::Constant(Value::Money(amount)) => Some(Self::Money(*amount)),
            Op::Constant(Value::Text(text)) => Some(Self::Text(text.clone())),
            Op::Constant(Value::Date(days)) => Some(Self::Date(*days)),
            Op::Moment(Moment::Date(date)) => Some(Self::Date(days_of_date(*date))),
            Op::Moment(moment) => Distance::of(moment).map(Self::Moment),
            Op::Negate(inner) => match Self::of(program, *inner)? {
                Self::Number(number) => Some(Self::Number(-number)),
                Self::Money(Money(amount)) => Some(Self::Money(Money(amount.checked_neg()?))),
                _ => None,
            },
            _ => None,
        }
    }

    /// How two constants compare, in every run; `None` if that depends on the day.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => number::order(*a, *b),
            (Self::Money(a), Self::Money(b)) => Some(a.cmp(b)),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Date(a), Self::Date(b)) => Some(a.cmp(b)),
            (Self::Moment(a), Self::Moment(b)) => a.order(b),
            _ => None,
        }
    }
}

/// The constants that one term is compared with, ascending. They divide its possible values into parts: below the first (part 1), the first (part
/// 2), between the first and the second (part 3), and so on.
#[derive(Debug, Clone, Default)]
pub struct Points(Vec<Point>);

impl Points {
    /// Adds a constant, unless its order among the others is uncertain or there are too many.
    pub fn add(&mut self, point: Point) {
        let mut at = 0;
        for known in &self.0 {
            match known.order(&point) {
                None | Some(Ordering::Equal) => return,
                Some(Ordering::Less) => at += 1,
                Some(Ordering::Greater) => {}
            }
        }
        if self.0.len() < MOST {
            self.0.insert(at, point);
        }
    }

    /// The parts in which a comparison with one of the constants holds; `None` for a constant that is not among them.
    pub fn cells(&self, comparison: Comparison, point: &Point) -> Option<Cells> {
        let mut known = self.0.iter();
        let index = known.position(|known| known.order(point) == Some(Ordering::Equal))?;
        let at = 2 + 2 * index;
        let less = Cells::parts(1, at - 1);
        let equal = Cells::part(at);
        let greater = Cells::parts(at + 1, self.last());
        Some(match comparison {
            Comparison::Equal => equal,
            Comparison::NotEqual => less.or(greater),
            Comparison::Less => less,
            Comparison::LessOrEqual => less.or(equal),
            Comparison::Greater => greater,
            Comparison::GreaterOrEqual => greater.or(equal),
        })
    }

    /// All parts except the missing one.
    pub fn present(&self) -> Cells {
        Cells::parts(1, self.last())
    }

    fn last(&self) -> usize {
        1 + 2 * self.0.len()
    }

    /// The parts in which a value within a range can lie.
    pub fn possible(&self, range: &Range) -> Cells {
        let present = (1..=self.last())
            .filter(|part| range.meets(self.bounds(*part)))
            .fold(Cells::NONE, |all, part| all.or(Cells::part(part)));
        match range.missing {
            true => present.or(Cells::MISSING),
            false => present,
        }
    }

    /// The numbers between which a part lies; both are the same for a part that is a single number.
    fn bounds(&self, part: usize) -> [f64; 2] {
        match part % 2 {
            0 => [self.before(part / 2), self.before(part / 2)],
            _ => [self.before(part / 2), self.at(part / 2)],
        }
    }

    /// The number at an index; infinity after the last one.
    fn at(&self, place: usize) -> f64 {
        match self.0.get(place) {
            Some(Point::Number(number)) => *number,
            _ => f64::INFINITY,
        }
    }

    /// The number before an index; negative infinity before the first one.
    fn before(&self, place: usize) -> f64 {
        match place.checked_sub(1).and_then(|place| self.0.get(place)) {
            Some(Point::Number(number)) => *number,
            _ => f64::NEG_INFINITY,
        }
    }

    /// How many of the numbers, from the first on, satisfy a test.
    fn first_so(&self, is_so: impl Fn(f64) -> bool) -> usize {
        self.0
            .partition_point(|point| matches!(point, Point::Number(number) if is_so(*number)))
    }

    /// The parts that lie wholly below `least`, or wholly above `most`.
    pub fn beyond(&self, least: f64, most: f64) -> Cells {
        let below = self.first_so(|number| number < least);
        let last_below = match self.at(below) <= least {
            true => 2 * below + 1,
            false => 2 * below,
        };
        let up_to = self.first_so(|number| number <= most);
        let first_above = match self.before(up_to) >= most {
            true => 2 * up_to + 1,
            false => 2 * up_to + 2,
        };
        Cells::parts(1, last_below).or(Cells::parts(first_above, self.last()))
    }

    /// The least and the greatest whole number in some parts.
    pub fn whole_span(&self, cells: Cells) -> [f64; 2] {
        let Some([first, last]) = cells.ends() else {
            return [f64::INFINITY, f64::NEG_INFINITY];
        };
        let ([least, _], [_, most]) = (self.bounds(first), self.bounds(last));
        [
            if first % 2 == 0 {
                least
            } else {
                least.floor() + 1.0
            },
            if last % 2 == 0 {
                most
            } else {
                most.ceil() - 1.0
            },
        ]
    }
}
