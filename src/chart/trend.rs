//! A sparkline of text height that shows how a number changed, and a larger chart with entries and exits below it. Both
//! are for embedding in a page: they have neither styles nor a frame of their own.

use std::fmt::Write;

use super::escaped;

const STEP: usize = 5;
const SMALL: f64 = 18.0;

/// Draws numbers as a sparkline; `None` if there are fewer than two.
pub fn small_trend(title: &str, values: &[f64]) -> Option<String> {
    if values.len() < 2 {
        return None;
    }
    let width = (values.len() - 1) * STEP + 2;
    let points = points(values, STEP as f64, (1.0, 1.0), SMALL - 2.0);
    Some(format!(
        "<svg class=\"trend\" viewBox=\"0 0 {width} {SMALL}\" width=\"{width}\" height=\"{SMALL}\" role=\"img\" \
         aria-label=\"{}\"><polyline points=\"{points}\"/></svg>",
        escaped(title)
    ))
}

/// A point of a [`size_chart`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SizePoint {
    pub size: f64,
    pub entered: u64,
    pub left: u64,
}

const WIDTH: f64 = 720.0;
const LINE: f64 = 130.0;
const MOVES: f64 = 34.0;
const HEIGHT: f64 = LINE + 2.0 * MOVES + 14.0;

/// Draws a size over time as a line with a zero baseline and, below it, how many entered (upwards) and left (downwards)
/// each time. Classes: `size`, `entered`, `left`, `axis`. `id` distinguishes the title and description from those of
/// other charts on the page.
pub fn size_chart(id: &str, title: &str, description: &str, all: &[SizePoint]) -> String {
    let (id, step) = (escaped(id), WIDTH / all.len().max(1) as f64);
    let sizes: Vec<f64> = all.iter().map(|point| point.size).collect();
    let highest = sizes.iter().copied().fold(1.0, f64::max);
    let moved = all.iter().map(|point| point.entered.max(point.left));
    let most = moved.max().unwrap_or(0).max(1) as f64;
    let foot = LINE + 7.0 + MOVES;
    let mut svg = format!(
        "<svg class=\"history\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-what\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-what\">{}</desc>\
         <line class=\"axis\" x1=\"0\" x2=\"{WIDTH}\" y1=\"{LINE}\" y2=\"{LINE}\"/>\
         <line class=\"axis\" x1=\"0\" x2=\"{WIDTH}\" y1=\"{foot}\" y2=\"{foot}\"/>",
        escaped(title),
        escaped(description)
    );
    let line: Vec<String> = sizes
        .iter()
        .zip(0..)
        .map(|(size, place)| {
            let x = (f64::from(place) + 0.5) * step;
            format!("{x:.1},{:.1}", LINE - size / highest * (LINE - 6.0))
        })
        .collect();
    match line.as_slice() {
        [one] => {
            let (x, y) = one.split_once(',').unwrap_or(("0", "0"));
            let _ = write!(
                svg,
                "<circle class=\"size\" cx=\"{x}\" cy=\"{y}\" r=\"4\"/>"
            );
        }
        line => {
            let _ = write!(
                svg,
                "<polyline class=\"size\" points=\"{}\"/>",
                line.join(" ")
            );
        }
    }
    let bar = (step * 0.7).clamp(1.0, 14.0);
    for (point, place) in all.iter().zip(0..) {
        let x = (f64::from(place) + 0.5) * step - bar / 2.0;
        for (class, count, up) in [
            ("entered", point.entered, true),
            ("left", point.left, false),
        ] {
            if count > 0 {
                let height = (count as f64 / most * MOVES).max(1.0);
                let y = if up { foot - height } else { foot };
                let _ = write!(
                    svg,
                    "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{bar:.1}\" height=\"{height:.1}\"/>"
                );
            }
        }
    }
    svg.push_str("</svg>");
    svg
}

/// The points of a line, scaled between its smallest and largest value; in the middle if all are equal.
fn points(values: &[f64], step: f64, (left, top): (f64, f64), height: f64) -> String {
    let ends = values
        .iter()
        .fold((f64::MAX, f64::MIN), |(low, high), value| {
            (low.min(*value), high.max(*value))
        });
    let (low, high) = ends;
    let point = |(value, place): (&f64, u32)| {
        let share = if high > low {
            (value - low) / (high - low)
        } else {
            0.5
        };
        let (x, y) = (left + f64::from(place) * step, top + (1.0 - share) * height);
        format!("{x:.0},{y:.0}")
    };
    let points: Vec<String> = values.iter().zip(0..).map(point).collect();
    points.join(" ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_goes_from_its_smallest_to_its_largest() {
        assert_eq!(small_trend("one", &[3.0]), None);
        let svg = small_trend("<3 to 5>", &[3.0, 5.0]).unwrap();
        assert!(svg.contains("points=\"1,17 6,1\""), "{svg}");
        assert!(svg.contains("&lt;3 to 5&gt;"), "{svg}");
        assert!(
            small_trend("flat", &[2.0, 2.0])
                .unwrap()
                .contains("1,9 6,9")
        );
    }

    #[test]
    fn who_came_and_went_stands_below_the_size() {
        let point = SizePoint {
            size: 4.0,
            entered: 2,
            left: 0,
        };
        let svg = size_chart("s", "Size", "", &[point, SizePoint { left: 1, ..point }]);
        assert_eq!(svg.matches("class=\"entered\"").count(), 2);
        assert_eq!(svg.matches("class=\"left\"").count(), 1);
    }
}
