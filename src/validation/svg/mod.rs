//! A picture of a proof: the deciles as bars, and what a score meant as points with their intervals.
//!
//! Plain SVG, no script and no font of its own. It follows the reader's light or dark setting, and is read
//! aloud by its title and description.

mod bars;
mod frame;
mod points;

use std::fmt::Write;

use super::proof::Proof;
use frame::{Frame, escaped};

/// The words of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Captions {
    /// What several of the subjects are called: `clients`.
    pub subjects: String,
    /// The finding in one or two lines, under the title.
    pub finding: Vec<String>,
    /// What was counted, small, at the foot: dates, horizon, numbers.
    pub foot: Vec<String>,
    /// The decimal mark of the reader's country.
    pub decimal: char,
    /// What stands between thousands there.
    pub group: char,
}

const WIDTH: f64 = 760.0;
const PANEL: f64 = 330.0;
const MARGIN: f64 = 28.0;

/// Draws a proof. Whatever the data, the picture is well-formed: the captions are escaped.
pub fn draw(proof: &Proof, captions: &Captions) -> String {
    let head = 58.0 + 20.0 * captions.finding.len() as f64;
    let foot = 18.0 * captions.foot.len() as f64 + 30.0;
    let height = head + 2.0 * PANEL + foot;
    let mut svg = String::new();
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" role=\"img\" aria-labelledby=\"title what\">\n\
         <title id=\"title\">Does health tell who leaves?</title>\n\
         <desc id=\"what\">{}</desc>\n<style>{STYLE}</style>\n\
         <rect class=\"paper\" width=\"{WIDTH}\" height=\"{height}\"/>\n\
         <text class=\"title\" x=\"{MARGIN}\" y=\"40\">Does health tell who leaves?</text>\n",
        escaped(&captions.finding.join(" ")),
    );
    lines(&mut svg, "said", &captions.finding, 66.0, 20.0);
    let frame = |top: f64, highest: f64, title, under, axis| Frame {
        top,
        left: MARGIN + 44.0,
        right: WIDTH - MARGIN,
        height: PANEL,
        highest,
        decimal: captions.decimal,
        group: captions.group,
        title,
        under,
        axis,
    };
    let subjects = &captions.subjects;
    let tenths = frame(
        head,
        highest_bar(proof),
        format!("Share of {subjects} that left, by tenth"),
        format!("on each date the {subjects} stand in order of health and are cut into ten groups"),
        format!("tenth, least healthy first; below it how many {subjects} are in it"),
    );
    bars::draw(&mut svg, &tenths, proof);
    let scale = frame(
        head + PANEL,
        highest_point(proof),
        "What a score meant".to_string(),
        format!(
            "of the {subjects} with such a score, how many left; the whisker is the 95% interval"
        ),
        format!("health score; below it how many {subjects} had it"),
    );
    points::draw(&mut svg, &scale, proof);
    lines(
        &mut svg,
        "small",
        &captions.foot,
        head + 2.0 * PANEL + 14.0,
        18.0,
    );
    svg.push_str("</svg>\n");
    svg
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

/// The highest share of a tenth.
fn highest_bar(proof: &Proof) -> f64 {
    let bars = proof.deciles.iter().filter_map(super::Decile::share);
    bars.fold(0.0, f64::max)
}

/// The highest point of a score, with its whisker where enough customers stand behind it.
fn highest_point(proof: &Proof) -> f64 {
    let points = proof.bands.iter().filter_map(|band| {
        let whisker = band.interval.filter(|_| band.customers >= 20);
        band.share().map(|share| whisker.map_or(share, |i| i.high))
    });
    points.fold(0.0, f64::max)
}

/// Colours stand in the rules themselves: many viewers know neither variables nor media queries, and show
/// the light ones.
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
.all { stroke: #b4500a; stroke-width: 1.5; stroke-dasharray: 5 4; }
.alltext { fill: #b4500a; }
@media (prefers-color-scheme: dark) {
text { fill: #e8ebf0; }
.paper { fill: #14181f; }
.small, .tick { fill: #a3adba; }
.value, .alltext { stroke: #14181f; }
.grid { stroke: #2d3541; }
.bar, .dot { fill: #6fa8ea; }
.whisker { stroke: #6fa8ea; }
.all { stroke: #f0a35b; }
.alltext { fill: #f0a35b; }
}
";
