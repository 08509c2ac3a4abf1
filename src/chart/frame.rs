//! A panel: its heading, its grid of values, and the mapping of values to positions.

use std::fmt::Write;

use crate::diagnostic::visible;

/// The kind of a chart's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Fractions of 1, shown in percent.
    Shares,
    /// Whole numbers.
    Counts,
}

/// The position and scale of one chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    pub top: f64,
    pub left: f64,
    pub right: f64,
    pub height: f64,
    pub scale: Scale,
    /// The largest value drawn, at least 0.
    pub highest: f64,
    pub decimal: char,
    pub group: char,
    pub least_grouped: usize,
    pub title: String,
    pub under: String,
    /// The label of the axis below the chart.
    pub axis: String,
}

impl Frame {
    /// The y coordinate of 0.
    pub fn floor(&self) -> f64 {
        self.top + self.height - 76.0
    }

    /// The y coordinate of a value; larger values than the chart holds stay at its top.
    pub fn y(&self, share: f64) -> f64 {
        let ceiling = self.top + 64.0;
        let part = (share / self.ceiling()).clamp(0.0, 1.0);
        self.floor() - part * (self.floor() - ceiling)
    }

    /// The value at the chart's top: the next grid line above all values drawn.
    fn ceiling(&self) -> f64 {
        let step = self.step();
        ((self.highest / step).floor() + 1.0).max(1.0) * step
    }

    /// A round distance between grid lines, such that there are about four.
    fn step(&self) -> f64 {
        let fits = |step: &f64| self.highest / step <= 4.5;
        match self.scale {
            Scale::Shares => {
                let mut steps = [0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2].into_iter();
                steps.find(fits).unwrap_or(0.25)
            }
            Scale::Counts => {
                let tens = (0..18).map(|power| 10_f64.powi(power));
                let mut steps = tens.flat_map(|ten| [ten, 2.0 * ten, 5.0 * ten]);
                steps.find(fits).unwrap_or(1e18)
            }
        }
    }

    /// A fraction in percent, with as many decimals as needed.
    pub fn percent(&self, share: f64) -> String {
        let decimals = usize::from(share > 0.0 && share < 0.0995);
        self.rounded(share, decimals)
    }

    /// An integer with thousands separators.
    pub fn whole(&self, number: usize) -> String {
        let digits = number.to_string();
        let mut text = String::new();
        for (place, digit) in digits.chars().enumerate() {
            let is_grouped = digits.len() >= self.least_grouped;
            if is_grouped && place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(self.group);
            }
            text.push(digit);
        }
        text
    }

    fn rounded(&self, share: f64, decimals: usize) -> String {
        let text = format!("{:.decimals$}%", share * 100.0);
        text.replace('.', &self.decimal.to_string())
    }

    /// Draws the heading, the grid lines with their values, and the axis label.
    pub fn open(&self, svg: &mut String) {
        let (left, right) = (self.left, self.right);
        let head = left - 44.0;
        let _ = writeln!(
            svg,
            "<text class=\"head\" x=\"{head}\" y=\"{}\">{}</text>\n\
             <text class=\"small\" x=\"{head}\" y=\"{}\">{}</text>",
            self.top + 22.0,
            escaped(&self.title),
            self.top + 40.0,
            escaped(&self.under),
        );
        let step = self.step();
        let decimals = match step {
            step if step < 0.005 => 2,
            step if step < 0.01 => 1,
            _ => 0,
        };
        let mut share: f64 = 0.0;
        while share <= self.ceiling() + step / 2.0 {
            let y = self.y(share);
            let label = match self.scale {
                Scale::Shares => self.rounded(share, decimals),
                Scale::Counts => self.whole(share as usize),
            };
            let _ = writeln!(
                svg,
                "<line class=\"grid\" x1=\"{left}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\n\
                 <text class=\"tick end\" x=\"{}\" y=\"{:.1}\">{label}</text>",
                left - 8.0,
                y + 4.0,
            );
            share += step;
        }
        let _ = writeln!(
            svg,
            "<text class=\"small middle\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            f64::midpoint(left, right),
            self.floor() + 52.0,
            escaped(&self.axis),
        );
    }

    /// Draws the share of everybody as a line across the chart. Its label is above the chart, next to a sample of the
    /// line, because inside the chart it would eventually overlap numbers.
    pub fn everybody(&self, svg: &mut String, share: f64) {
        let y = self.y(share);
        let (sample, words) = (
            self.top + 18.0,
            format!("everybody: {}", self.percent(share)),
        );
        let begin = self.right - 8.0 * words.len() as f64;
        let _ = writeln!(
            svg,
            "<line class=\"all\" x1=\"{}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\n\
             <line class=\"all\" x1=\"{}\" x2=\"{}\" y1=\"{sample}\" y2=\"{sample}\"/>\n\
             <text class=\"alltext end\" x=\"{}\" y=\"{}\">{words}</text>",
            self.left,
            self.right,
            begin - 30.0,
            begin - 4.0,
            self.right,
            self.top + 22.0,
        );
    }

    /// Draws a tick label below the chart, with its number of customers.
    pub fn mark(&self, svg: &mut String, x: f64, mark: &str, customers: usize) {
        let (floor, customers) = (self.floor(), self.whole(customers));
        let _ = writeln!(
            svg,
            "<text class=\"middle\" x=\"{x:.1}\" y=\"{:.1}\">{mark}</text>\n\
             <text class=\"tick middle\" x=\"{x:.1}\" y=\"{:.1}\">{customers}</text>",
            floor + 17.0,
            floor + 33.0,
        );
    }
}

/// A text escaped for XML, on one line. Characters with no place in display text, such as direction marks, are made
/// visible as on a terminal; characters that XML cannot represent are left out.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c => safe.push(c),
        }
    }
    safe
}
