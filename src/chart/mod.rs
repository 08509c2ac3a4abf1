//! Charts in plain SVG, without scripts or embedded fonts. They follow the reader's light or dark setting, and have
//! titles and descriptions for screen readers.

mod columns;
mod frame;
mod trend;

pub use columns::column_chart;
pub use frame::{Frame, Scale, escaped};
pub use trend::{SizePoint, size_chart, small_trend};

use std::fmt::Write;

/// The texts of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Captions {
    /// The question that it answers, or what it shows.
    pub title: String,
    /// The plural word for subjects: `clients`.
    pub subjects: String,
    /// The finding in one or two lines, below the title.
    pub finding: Vec<String>,
    /// What was counted, in small print at the bottom: dates, horizon, numbers.
    pub foot: Vec<String>,
    /// The decimal separator of the locale.
    pub decimal: char,
    /// The thousands separator of the locale.
    pub group: char,
    /// The minimum number of digits that are grouped in the locale.
    pub least_grouped: usize,
}

/// A panel with its drawing function.
pub type Panel<'p> = (Frame, &'p dyn Fn(&mut String, &Frame));

/// The texts of a panel.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelWords {
    pub title: String,
    pub under: String,
    /// The label of the axis below the chart.
    pub axis: String,
}

const WIDTH: f64 = 760.0;
const PANEL: f64 = 330.0;
const MARGIN: f64 = 28.0;

impl Captions {
    /// Draws panels one below the other. The result is well-formed for any data, because all texts are escaped.
    pub fn picture(&self, panels: &[Panel<'_>]) -> String {
        let body = self.head() + panels.len() as f64 * PANEL;
        let height = body + 18.0 * self.foot.len() as f64 + 30.0;
        let title = escaped(&self.title);
        let mut svg = String::new();
        let _ = write!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
             height=\"{height}\" role=\"img\" aria-labelledby=\"title what\">\n\
             <title id=\"title\">{title}</title>\n\
             <desc id=\"what\">{}</desc>\n<style>{STYLE}</style>\n\
             <rect class=\"paper\" width=\"{WIDTH}\" height=\"{height}\"/>\n\
             <text class=\"title\" x=\"{MARGIN}\" y=\"40\">{title}</text>\n",
            escaped(&self.finding.join(" ")),
        );
        lines(&mut svg, "said", &self.finding, 66.0, 20.0);
        for (frame, draw) in panels {
            draw(&mut svg, frame);
        }
        lines(&mut svg, "small", &self.foot, body + 14.0, 18.0);
        svg.push_str("</svg>\n");
        svg
    }

    /// The frame of a panel; `place` counts from 0.
    pub fn frame(&self, place: u32, scale: Scale, highest: f64, words: PanelWords) -> Frame {
        Frame {
            top: self.head() + f64::from(place) * PANEL,
            left: MARGIN + 44.0,
            right: WIDTH - MARGIN,
            height: PANEL,
            scale,
            highest,
            decimal: self.decimal,
            group: self.group,
            least_grouped: self.least_grouped,
            title: words.title,
            under: words.under,
            axis: words.axis,
        }
    }

    /// The height of title and finding.
    fn head(&self) -> f64 {
        58.0 + 20.0 * self.finding.len() as f64
    }
}

fn lines(svg: &mut String, class: &str, lines: &[String], from: f64, step: f64) {
    let mut y = from;
    for line in lines {
        let _ = writeln!(
            svg,
            "<text class=\"{class}\" x=\"{MARGIN}\" y=\"{y}\">{}</text>",
            escaped(line)
        );
        y += step;
    }
}

/// Colours are repeated in the rules: many viewers support neither variables nor media queries, and show the light
/// ones.
const STYLE: &str = "
text { font-family: system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; font-size: 12px; fill: #1d2733; }
.paper { fill: #ffffff; }
.title { font-size: 21px; font-weight: 600; }
.said { font-size: 14px; }
.head { font-size: 15px; font-weight: 600; }
.small, .tick { fill: #5b6775; }
.tick { font-size: 11px; }
.value { font-weight: 600; }
.value, .alltext { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round; }
.middle { text-anchor: middle; }
.end { text-anchor: end; }
.grid { stroke: #e3e7ec; stroke-width: 1; }
.bar, .dot { fill: #2f6db3; }
.whisker { stroke: #2f6db3; stroke-width: 1.5; }
.line { fill: none; stroke: #2f6db3; stroke-width: 2; }
.tried { stroke: #b4500a; stroke-dasharray: 5 4; }
.all { stroke: #b4500a; stroke-width: 1.5; stroke-dasharray: 5 4; }
.alltext { fill: #b4500a; }
@media (prefers-color-scheme: dark) {
text { fill: #e8ebf0; }
.paper { fill: #14181f; }
.small, .tick { fill: #a3adba; }
.value, .alltext { stroke: #14181f; }
.grid { stroke: #2d3541; }
.bar, .dot { fill: #6fa8ea; }
.whisker, .line { stroke: #6fa8ea; }
.tried { stroke: #f0a35b; }
.all { stroke: #f0a35b; }
.alltext { fill: #f0a35b; }
}
";
