//! Rows of horizontal bars with their figures.

use std::fmt::Write;

use crate::report::read_easily;

/// What a bar stands for; it has its colour by that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Floor,
    Ours,
    Peer,
}

/// A row: one bar for each value.
#[derive(Debug, Clone)]
pub(super) struct Bar<'a> {
    pub(super) kind: Kind,
    pub(super) label: &'a str,
    pub(super) values: Vec<f64>,
}

impl Kind {
    const fn color(self) -> &'static str {
        match self {
            Self::Floor => "#9aa0a6",
            Self::Ours => "#1a6fb5",
            Self::Peer => "#e0a458",
        }
    }
}

/// The width of labels, of the longest bar, and of what stands behind it.
const COLUMNS: [f64; 3] = [290.0, 390.0, 80.0];
/// Above the first row, with and without a legend.
const HEAD: f64 = 62.0;
const LEGEND: f64 = 24.0;
const FOOT: f64 = 10.0;
/// The height of a bar, and what lies between rows.
const BAR: f64 = 16.0;
const GAP: f64 = 9.0;
/// Further bars of a row are so much paler.
const PALER: f64 = 0.45;

/// The chart as a file.
pub(super) fn chart(title: &str, figure: &str, legend: &[&str], bars: &[Bar<'_>]) -> String {
    let [labels, longest, behind] = COLUMNS;
    let head = if legend.is_empty() { HEAD } else { HEAD + LEGEND };
    let rows: f64 = bars.iter().map(|bar| BAR * bar.values.len() as f64 + GAP).sum();
    let (width, height) = (labels + longest + behind, head + rows + FOOT);
    let most = bars.iter().flat_map(|bar| &bar.values).copied().fold(1.0, f64::max);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"system-ui, 'Segoe UI', Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"#24292f\">\n\
         <title>{title}</title>\n<rect width=\"{width}\" height=\"{height}\" rx=\"6\" fill=\"#fff\"/>\n\
         <text x=\"16\" y=\"27\" font-size=\"15\" font-weight=\"600\">{title}</text>\n\
         <text x=\"16\" y=\"46\" font-size=\"12\" fill=\"#57606a\">{figure}</text>\n"
    );
    for (index, text) in legend.iter().enumerate() {
        let (x, y) = (labels + 200.0 * index as f64, HEAD);
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"12\" height=\"12\" fill=\"{}\" fill-opacity=\"{}\"/>\
             <text x=\"{}\" y=\"{}\" font-size=\"12\">{text}</text>",
            Kind::Ours.color(),
            opacity(index),
            x + 18.0,
            y + 10.5,
        );
    }
    let _ = writeln!(svg, "<path d=\"M{labels} {} V{}\" stroke=\"#d0d7de\"/>", head - 2.0, head + rows);
    let mut y = head;
    for Bar { kind, label, values } in bars {
        let middle = y + BAR * values.len() as f64 / 2.0 + 4.5;
        let weight = if *kind == Kind::Ours { "600" } else { "400" };
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{middle:.1}\" text-anchor=\"end\" font-weight=\"{weight}\">{label}</text>",
            labels - 10.0
        );
        for (index, value) in values.iter().enumerate() {
            let length = (value / most * longest).max(1.0);
            let _ = writeln!(
                svg,
                "<rect x=\"{labels}\" y=\"{y:.1}\" width=\"{length:.1}\" height=\"{}\" fill=\"{}\" \
                 fill-opacity=\"{}\"/><text x=\"{:.1}\" y=\"{:.1}\" font-size=\"12\">{}</text>",
                BAR - 1.0,
                kind.color(),
                opacity(index),
                labels + length + 6.0,
                y + BAR - 4.0,
                read_easily(*value),
            );
            y += BAR;
        }
        y += GAP;
    }
    svg.push_str("</svg>\n");
    svg
}

fn opacity(index: usize) -> f64 {
    if index == 0 { 1.0 } else { PALER }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_is_the_highest_figure() {
        let bar = |kind, label, values| Bar { kind, label, values };
        let svg = chart(
            "A title",
            "of something",
            &["one", "two"],
            &[bar(Kind::Ours, "ours", vec![50.0, 100.0]), bar(Kind::Peer, "a peer", vec![25.0, 1_000.0])],
        );
        // The ground, two of the legend, and a bar for each figure.
        assert_eq!(svg.matches("<rect").count(), 7);
        assert!(svg.contains("width=\"390.0\"") && svg.contains(">1,000</text>"));
    }
}
