//! The deciles as bars.

use std::fmt::Write;

use crate::chart::Frame;
use crate::validation::{Decile, Proof};

/// Draws the deciles into a panel.
pub(super) fn draw(svg: &mut String, frame: &Frame, proof: &Proof) {
    frame.open(svg);
    let slot = (frame.right - frame.left) / 10.0;
    let middle = |decile: &Decile| frame.left + (decile.decile as f64 - 0.5) * slot;
    for decile in &proof.deciles {
        let x = middle(decile);
        frame.mark(svg, x, &decile.decile.to_string(), decile.customers);
        let Some(share) = decile.share() else {
            continue;
        };
        let y = frame.y(share);
        let _ = writeln!(
            svg,
            "<rect class=\"bar\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"2\"/>",
            x - slot * 0.36,
            slot * 0.72,
            frame.floor() - y,
        );
    }
    let (customers, lost) = scored(proof);
    if customers > 0 {
        frame.everybody(svg, lost as f64 / customers as f64);
    }
    // Last, so that nothing is drawn over a number.
    for decile in &proof.deciles {
        let Some(share) = decile.share() else {
            continue;
        };
        let _ = writeln!(
            svg,
            "<text class=\"value middle\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            middle(decile),
            frame.y(share) - 6.0,
            frame.percent(share),
        );
    }
}

/// The number of customers with a score, and the number of them that left.
pub(super) fn scored(proof: &Proof) -> (usize, usize) {
    let deciles = proof.deciles.iter();
    deciles.fold((0, 0), |sum, decile| {
        (sum.0 + decile.customers, sum.1 + decile.lost)
    })
}
