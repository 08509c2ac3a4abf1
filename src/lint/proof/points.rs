//! Constants that values are compared with, in their order.

use std::cmp::Ordering;

use super::cells::Cells;
use super::moments::Distance;
use super::ranges::Range;
use crate::ir::{NodeId, Op, Program};
use crate::language::typed::Comparison;
use crate::time::{Moment, days_of_date};
use crate::value::{Money, Value, number};

/// More constants than these are not told apart.
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
    /// The constant that a node is.
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

    /// How two compare, in every run; none where that depends on the day.
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

/// The constants that one term is compared with, ascending. They cut what it can be into parts: below the first (part
/// 1), the first (part 2), between the first and the second (part 3), and so on.
#[derive(Debug, Clone, Default)]
pub struct Points(Vec<Point>);

impl Points {
    /// Takes one in, unless it has no certain place among them or there are too many.
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

    /// The parts in which a comparison with one of them holds; none for a constant that is none of them.
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

    /// All parts but the missing one.
    pub fn present(&self) -> Cells {
        Cells::parts(1, self.last())
    }

    fn last(&self) -> usize {
        1 + 2 * self.0.len()
    }

    /// The parts in which a value of a range can lie.
    pub fn possible(&self, range: &Range) -> Cells {
        let present = (1..=self.last())
            .filter(|part| range.meets(self.bounds(*part)))
            .fold(Cells::NONE, |all, part| all.or(Cells::part(part)));
        match range.missing {
            true => present.or(Cells::MISSING),
            false => present,
        }
    }

    /// Between which numbers a part lies; both are the number itself for a part that is one.
    pub fn bounds(&self, part: usize) -> [f64; 2] {
        let number = |index: Option<usize>, otherwise| match index.and_then(|i| self.0.get(i)) {
            Some(Point::Number(number)) => *number,
            _ => otherwise,
        };
        let below = (part / 2).checked_sub(1);
        let above = match part % 2 {
            0 => below,
            _ => Some(part / 2),
        };
        [
            number(below, f64::NEG_INFINITY),
            number(above, f64::INFINITY),
        ]
    }

    /// The parts that lie wholly below a number, or wholly above it.
    pub fn beyond(&self, least: f64, most: f64) -> Cells {
        let parts = (1..=self.last()).filter(|part| {
            let [low, high] = self.bounds(*part);
            let is_number = part % 2 == 0;
            match is_number {
                true => low < least || low > most,
                false => high <= least || low >= most,
            }
        });
        parts.fold(Cells::NONE, |all, part| all.or(Cells::part(part)))
    }

    /// The least and the greatest whole number in some parts.
    pub fn whole_span(&self, cells: Cells) -> [f64; 2] {
        let parts = (1..=self.last()).filter(|part| Cells::part(*part).within(cells));
        parts.fold([f64::INFINITY, f64::NEG_INFINITY], |[least, most], part| {
            let [low, high] = self.bounds(part);
            let (low, high) = match part % 2 {
                0 => (low, high),
                _ => (low.floor() + 1.0, high.ceil() - 1.0),
            };
            [least.min(low), most.max(high)]
        })
    }
}
