//! A small column chart of counts for embedding in a page: it has neither styles nor a frame of its own.

use std::fmt::Write;

use super::escaped;

const COLUMN: usize = 12;
const GAP: usize = 3;
const HEIGHT: f64 = 56.0;

/// Draws counts as columns, the largest at full height. Classes: `columns`, and `none` for a count of 0, which is drawn
/// as a line at the bottom. `id` distinguishes the title and description from those of other charts on the page.
pub fn column_chart(id: &str, title: &str, description: &str, counts: &[u64]) -> String {
    let width = counts.len() * (COLUMN + GAP);
    let highest = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let id = escaped(id);
    let mut svg = format!(
        "<svg class=\"columns\" viewBox=\"0 0 {width} {HEIGHT}\" width=\"{width}\" height=\"{HEIGHT}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-what\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-what\">{}</desc>",
        escaped(title),
        escaped(description)
    );
    for (place, count) in counts.iter().enumerate() {
        let height = (*count as f64 / highest * (HEIGHT - 2.0)).max(1.0);
        let class = if *count == 0 { " class=\"none\"" } else { "" };
        let _ = write!(
            svg,
            "<rect{class} x=\"{}\" y=\"{:.1}\" width=\"{COLUMN}\" height=\"{height:.1}\"/>",
            place * (COLUMN + GAP),
            HEIGHT - height,
        );
    }
    svg.push_str("</svg>");
    svg
}
