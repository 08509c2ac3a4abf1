//! The margin of a comparison: how far it is from its other answer.

use super::figures::position;
use super::parts::Reader;
use super::rank_context::boundary;
use super::unit::{Margin, Side, Unit, bounds_of, unit_of};
use crate::language::typed::{Comparison, Kind, PopulationFunction, Typed};
use crate::time::Window;
use crate::value::{Truth, Value};

impl Reader<'_> {
    /// The margin of a comparison; `None` for other conditions, and if a value is missing or has no order.
    pub(super) fn margin(&self, typed: &Typed) -> Option<Margin> {
        let holds = match self.value(typed) {
            Value::Truth(Truth::Yes) => true,
            Value::Truth(Truth::No) => false,
            _ => return None,
        };
        let marks = &self.marks;
        match &typed.kind {
            Kind::Compare(comparison, left, right) => {
                let in_percent = self.has_percent(typed);
                self.bounded(*comparison, (left, right), holds, in_percent)
            }
            Kind::Between(of, low, high) => {
                let [value, low, high] = [of, low, high].map(|part| position(&self.value(part)));
                let (value, low, high) = (value?, low?, high?);
                let unit = self.unit(of, of);
                let [least, most] = bounds_of(of, &|name| self.metric(name));
                let to_low = if low <= least {
                    f64::INFINITY
                } else {
                    value - low
                };
                let to_high = if high >= most {
                    f64::INFINITY
                } else {
                    high - value
                };
                Some(match (holds, value < low) {
                    (true, _) if to_low.min(to_high).is_infinite() => return None,
                    (true, _) => unit.margin(Side::Inside, to_low.min(to_high), marks),
                    (false, true) if low > most => return None,
                    (false, false) if high < least => return None,
                    (false, true) => {
                        unit.margin(Side::Below, unit.least(low - value, false), marks)
                    }
                    (false, false) => {
                        unit.margin(Side::Above, unit.least(value - high, false), marks)
                    }
                })
            }
            Kind::InWindow(of, window) => self.in_window(of, window, holds),
            Kind::Population(population) => {
                let of = population.of.as_ref()?;
                let top = match population.function {
                    PopulationFunction::TopShare(_) | PopulationFunction::TopCount(_) => true,
                    PopulationFunction::BottomShare(_) | PopulationFunction::BottomCount(_) => {
                        false
                    }
                    _ => return None,
                };
                let value = position(&self.value(of))?;
                let edge = boundary(self.project, self.evaluation, self.place, (of, typed), top)?;
                let unit = self.unit(of, of);
                let side = match (holds, value < edge) {
                    (true, _) => Side::Inside,
                    (false, true) => Side::Below,
                    (false, false) => Side::Above,
                };
                Some(unit.margin(side, (value - edge).abs(), marks))
            }
            _ => None,
        }
    }

    fn bounded(
        &self,
        comparison: Comparison,
        (left, right): (&Typed, &Typed),
        holds: bool,
        in_percent: bool,
    ) -> Option<Margin> {
        use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        // `3 < visits` is about the visits.
        let is_fixed = |side: &Typed| matches!(side.kind, Kind::Constant(_) | Kind::Moment(_));
        let (comparison, left, right) = match (is_fixed(left), is_fixed(right), comparison) {
            (true, false, Less) => (Greater, right, left),
            (true, false, LessOrEqual) => (GreaterOrEqual, right, left),
            (true, false, Greater) => (Less, right, left),
            (true, false, GreaterOrEqual) => (LessOrEqual, right, left),
            (true, false, same) => (same, right, left),
            _ => (comparison, left, right),
        };
        let (value, bound) = (position(&self.value(left))?, position(&self.value(right))?);
        let [least, most] = bounds_of(left, &|name| self.metric(name));
        // Whether no possible value gives the other answer while the other side stays as it is.
        let is_out_of_reach = match (comparison, holds) {
            (Greater, true) | (LessOrEqual, false) => bound < least,
            (GreaterOrEqual, true) | (Less, false) => bound <= least,
            (Less, true) | (GreaterOrEqual, false) => bound > most,
            (LessOrEqual, true) | (Greater, false) => bound >= most,
            (Equal | NotEqual, _) => !(least..=most).contains(&bound),
        };
        if is_out_of_reach {
            return None;
        }
        let side = match (
            holds,
            value < bound || (value == bound && comparison == Greater),
        ) {
            (true, _) => Side::Inside,
            (false, true) => Side::Below,
            (false, false) => Side::Above,
        };
        let unit = match in_percent {
            true => Unit::Points,
            false => self.unit(left, right),
        };
        let apart = (value - bound).abs();
        match (comparison, side) {
            // Any different value gives the other answer.
            (Equal, Side::Inside) | (NotEqual, _) => None,
            (Equal, _) if unit == Unit::Time => Some(unit.margin(Side::Apart, apart, &self.marks)),
            (_, Side::Inside) => Some(unit.margin(side, apart, &self.marks)),
            _ => {
                let strict = matches!(comparison, Greater | Less);
                Some(unit.margin(side, unit.least(apart, strict), &self.marks))
            }
        }
    }

    fn in_window(&self, of: &Typed, window: &Window, holds: bool) -> Option<Margin> {
        let clock = &self.evaluation.clock;
        let at = match self.value(of) {
            Value::Instant(at) => at,
            Value::Date(day) => clock.midnight(day),
            _ => return None,
        };
        let bounds = clock.bounds(window);
        let (side, apart) = match (holds, at < bounds.from) {
            (true, _) if bounds.from == i64::MIN => return None,
            (true, _) => (Side::Inside, at - bounds.from),
            (false, true) => (Side::Below, bounds.from - at),
            (false, false) => (Side::Above, at - bounds.to),
        };
        Some(Unit::Time.margin(side, apart.max(0) as f64, &self.marks))
    }

    /// The unit of a value or, if that is unknown, of the value it is compared with.
    fn unit(&self, first: &Typed, second: &Typed) -> Unit {
        let of_metric = |name: &str| self.metric(name);
        let known = (&self.project.catalog, self.project.config.currency.as_str());
        let unit = unit_of(first, known, &of_metric);
        let unit = unit.or_else(|| unit_of(second, known, &of_metric));
        unit.unwrap_or(Unit::Bare)
    }
}
