//! The share lost by score: a point per score band, with its interval.

use std::fmt::Write;

use super::bars::scored;
use crate::chart::Frame;
use crate::validation::Proof;

/// Draws the bands into a panel.
pub(super) fn draw(svg: &mut String, frame: &Frame, proof: &Proof) {
    frame.open(svg);
    let x = |score: f64| frame.left + (frame.right - frame.left) * score / 100.0;
    let (customers, lost) = scored(proof);
    if customers > 0 {
        frame.everybody(svg, lost as f64 / customers as f64);
    }
    for band in &proof.bands {
        let middle = x(f64::from(band.from + band.to) / 2.0);
        let mark = format!("{}–{}", band.from, band.to);
        frame.mark(svg, middle, &mark, band.customers);
        let (Some(share), Some(interval), Some(mean)) = (band.share(), band.interval, band.mean)
        else {
            continue;
        };
        let (at, y) = (x(mean), frame.y(share));
        let beyond = at > frame.right - 40.0;
        let _ = writeln!(
            svg,
            "<line class=\"whisker\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>\n\
             <circle class=\"dot\" cx=\"{at:.1}\" cy=\"{y:.1}\" r=\"4.5\"/>\n\
             <text class=\"value{}\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            frame.y(interval.low),
            frame.y(interval.high),
            if beyond { " end" } else { "" },
            if beyond { frame.right } else { at + 8.0 },
            if beyond { y - 11.0 } else { y - 5.0 },
            frame.percent(share),
        );
    }
}
