//! The deciles as bars.

use std::fmt::Write;

use super::frame::Frame;
use crate::health::Proof;

/// Draws the deciles into a panel.
pub(super) fn draw(svg: &mut String, frame: &Frame, proof: &Proof) {
    frame.open(svg);
    let slot = (frame.right - frame.left) / 10.0;
    for decile in &proof.deciles {
        let place = decile.decile as f64 - 1.0;
        let x = frame.left + place * slot;
        let middle = x + slot / 2.0;
        frame.mark(svg, middle, &decile.decile.to_string(), decile.customers);
        let Some(share) = decile.share() else {
            continue;
        };
        let y = frame.y(share);
        let _ = writeln!(
            svg,
            "<rect class=\"bar\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"2\"/>\n\
             <text class=\"value middle\" x=\"{middle:.1}\" y=\"{:.1}\">{}</text>",
            x + slot * 0.14,
            slot * 0.72,
            frame.floor() - y,
            y - 6.0,
            frame.percent(share),
        );
    }
    let (customers, lost) = scored(proof);
    if customers > 0 {
        frame.everybody(svg, lost as f64 / customers as f64);
    }
}

/// Everybody who had a score, and how many of them left.
pub(super) fn scored(proof: &Proof) -> (usize, usize) {
    let deciles = proof.deciles.iter();
    deciles.fold((0, 0), |sum, decile| {
        (sum.0 + decile.customers, sum.1 + decile.lost)
    })
}
