//! A chart of a proof: the deciles as bars, and the share lost by score as points with their intervals.

mod bars;
mod points;

use super::proof::Proof;
use crate::chart::{Captions, Frame, PanelWords, Scale};

/// Draws a proof.
pub fn draw(proof: &Proof, captions: &Captions) -> String {
    let subjects = &captions.subjects;
    let tenths = PanelWords {
        title: format!("Share of {subjects} that left, by tenth"),
        under: format!(
            "on each date the {subjects} stand in order of health and are cut into ten groups"
        ),
        axis: format!("tenth, least healthy first; below it how many {subjects} are in it"),
    };
    let scores = PanelWords {
        title: "What a score meant".to_string(),
        under: format!(
            "of the {subjects} with such a score, how many left; the whisker is the 95% interval"
        ),
        axis: format!("health score; below it how many {subjects} had it"),
    };
    captions.picture(&[
        (
            captions.frame(0, Scale::Shares, highest_bar(proof), tenths),
            &|svg: &mut String, frame: &Frame| bars::draw(svg, frame, proof),
        ),
        (
            captions.frame(1, Scale::Shares, highest_point(proof), scores),
            &|svg: &mut String, frame: &Frame| points::draw(svg, frame, proof),
        ),
    ])
}

/// The highest share lost in a decile.
fn highest_bar(proof: &Proof) -> f64 {
    let bars = proof.deciles.iter().filter_map(super::Decile::share);
    bars.fold(0.0, f64::max)
}

/// The highest point, including its whisker if enough customers are behind it.
fn highest_point(proof: &Proof) -> f64 {
    let points = proof.bands.iter().filter_map(|band| {
        let whisker = band.interval.filter(|_| band.customers >= 20);
        band.share().map(|share| whisker.map_or(share, |i| i.high))
    });
    points.fold(0.0, f64::max)
}
