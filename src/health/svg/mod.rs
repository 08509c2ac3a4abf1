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
    let highest = highest(proof);
    let frame = |top: f64, title, under, axis| Frame {
        top,
        left: MARGIN + 44.0,
        right: WIDTH - MARGIN,
        height: PANEL,
        highest,
        decimal: captions.decimal,
        title,
        under,
        axis,
    };
    let subjects = &captions.subjects;
    let tenths = frame(
        head,
        format!("Share of {subjects} who left, by tenth"),
        format!("on each date the {subjects} stand in order of health and are cut into ten groups"),
        "tenth, least healthy first".to_string(),
    );
    bars::draw(&mut svg, &tenths, proof);
    let scale = frame(
        head + PANEL,
        "What a score meant".to_string(),
        format!(
            "of the {subjects} with such a score, how many left; the whisker is the 95% interval"
        ),
        "health score".to_string(),
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

/// The highest share that is drawn.
fn highest(proof: &Proof) -> f64 {
    let bars = proof.deciles.iter().filter_map(super::Decile::share);
    let points = proof.bands.iter().filter_map(super::Band::share);
    bars.chain(points).fold(0.0, f64::max)
}

const STYLE: &str = "
svg { --paper: #ffffff; --ink: #1d2733; --quiet: #5b6775; --grid: #e3e7ec; --bar: #2f6db3; --all: #b4500a; }
@media (prefers-color-scheme: dark) {
svg { --paper: #14181f; --ink: #e8ebf0; --quiet: #a3adba; --grid: #2d3541; --bar: #6fa8ea; --all: #f0a35b; } }
text { font-family: system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; font-size: 12px; fill: var(--ink); }
.paper { fill: var(--paper); }
.title { font-size: 21px; font-weight: 600; }
.said { font-size: 14px; }
.head { font-size: 15px; font-weight: 600; }
.small, .tick { fill: var(--quiet); }
.tick { font-size: 11px; }
.value { font-weight: 600; }
.middle { text-anchor: middle; }
.end { text-anchor: end; }
.grid { stroke: var(--grid); stroke-width: 1; }
.bar { fill: var(--bar); }
.dot { fill: var(--bar); }
.whisker { stroke: var(--bar); stroke-width: 1.5; }
.all { stroke: var(--all); stroke-width: 1.5; stroke-dasharray: 5 4; }
.alltext { fill: var(--all); }
";
