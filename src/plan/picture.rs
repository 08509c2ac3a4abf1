//! A chart of what edits do: each segment before and after, and who enters and leaves.

use std::fmt::Write;

use super::{Plan, PlannedSegment};
use crate::chart::{Captions, Frame, Panel, PanelWords, Scale, escaped};
use crate::store::Direction;

/// How many segments are side by side in a panel.
const BESIDE: usize = 5;

/// How many characters of a name fit on a line, and how many lines under a pair of bars.
const FITS: (usize, usize) = (19, 2);

/// Draws a pair of bars for each segment in which somebody moves, five per panel, all on one scale; `by` has the causes
/// of each segment's movements, in words.
pub fn draw_plan(plan: &Plan, by: &[String], captions: &Captions) -> String {
    let sizes = plan.segments.iter();
    let sizes = sizes.map(|segment| segment.before.max(segment.after));
    let highest = sizes.max().unwrap_or(0) as f64;
    let segments: Vec<usize> = (0..plan.segments.len()).collect();
    let draw = |places: &[usize], svg: &mut String, frame: &Frame| {
        frame.open(svg);
        for (slot, place) in places.iter().enumerate() {
            if let (Some(segment), Some(by)) = (plan.segments.get(*place), by.get(*place)) {
                let moved = [Direction::Entered, Direction::Left].map(|way| {
                    let movers = plan.movers_of(*place);
                    movers.filter(|mover| mover.direction == way).count()
                });
                pair(svg, frame, slot, (segment, moved, by));
            }
        }
    };
    let panels = segments.chunks(BESIDE).zip(0..).map(|(places, panel)| {
        let words = PanelWords {
            title: format!("How many {} are in it", captions.subjects),
            under: "pale: now; full: then".to_owned(),
            axis: String::new(),
        };
        let frame = captions.frame(panel, Scale::Counts, highest, words);
        (frame, move |svg: &mut String, frame: &Frame| {
            draw(places, svg, frame);
        })
    });
    let panels: Vec<_> = panels.collect();
    let panels: Vec<Panel<'_>> = panels
        .iter()
        .map(|(frame, draw)| (frame.clone(), draw as _))
        .collect();
    captions.picture(&panels)
}

/// Two bars with their numbers, with the segment's name and its movers below.
fn pair(
    svg: &mut String,
    frame: &Frame,
    slot: usize,
    (segment, moved, by): (&PlannedSegment, [usize; 2], &str),
) {
    let wide = (frame.right - frame.left) / BESIDE as f64;
    let middle = frame.left + wide * (slot as f64 + 0.5);
    let [entered, left] = moved.map(|number| frame.whole(number));
    let [before, after] = [segment.before, segment.after].map(|number| frame.whole(number));
    let _ = writeln!(
        svg,
        "<g><title>{}: {before} now, {after} then, {entered} in, {left} out{}</title>",
        escaped(&segment.name),
        escaped(&match by {
            "" => String::new(),
            by => format!(", by {by}"),
        }),
    );
    let bars = [(segment.before, -35.0, 0.4), (segment.after, 3.0, 1.0)];
    for (size, beside, opacity) in bars {
        let (x, y) = (middle + beside, frame.y(size as f64));
        let _ = writeln!(
            svg,
            "<rect class=\"bar\" opacity=\"{opacity}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"32\" height=\"{:.1}\"/>\n\
             <text class=\"value middle\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            frame.floor() - y,
            x + 16.0,
            y - 5.0,
            frame.whole(size),
        );
    }
    let mut y = frame.floor() + 16.0;
    for line in broken(&segment.name) {
        let line = escaped(&line);
        let _ = writeln!(
            svg,
            "<text class=\"middle\" x=\"{middle:.1}\" y=\"{y:.1}\">{line}</text>"
        );
        y += 14.0;
    }
    let _ = writeln!(
        svg,
        "<text class=\"tick middle\" x=\"{middle:.1}\" y=\"{y:.1}\">{entered} in, {left} out</text></g>"
    );
}

/// A name in lines that fit under a pair of bars; `…` marks a cut.
fn broken(name: &str) -> Vec<String> {
    let (width, most) = FITS;
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        let long = word.chars().count();
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + long <= width => {
                *line += " ";
                *line += word;
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let is_whole = lines.len() <= most;
    lines.truncate(most);
    let last = lines.len().saturating_sub(1);
    for (place, line) in lines.iter_mut().enumerate() {
        let ends = place < last || is_whole;
        if line.chars().count() > width || !ends {
            *line = line.chars().take(width - 1).collect::<String>() + "…";
        }
    }
    lines
}
