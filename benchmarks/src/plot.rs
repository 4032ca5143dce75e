//! Bar charts as SVG, for the documentation: instructions, which are the same on a busy machine and on a quiet one.

use std::{fmt::Write, fs};

use crate::{
    Result,
    report::{shown, spread},
    rounds::Found,
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/images");

/// Each chart: its file, its title, and the bars in their order.
const CHARTS: [(&str, &str, &[&str]); 3] = [
    (
        "benchmark-http",
        "HTTP server: instructions that are added to one request (1 % of traces)",
        &[
            "http/floor-full-1",
            "http/ours-metrics",
            "http/ours-trace-1",
            "http/ours-full-1",
            "http/peer-axum-otel-metrics",
            "http/peer-axum-prometheus",
            "http/peer-tower-otel-trace-1",
            "http/peer-axum-tracing-otel-1",
            "http/peer-contrib-full-1",
            "http/peer-tower-otel-full-1",
        ],
    ),
    (
        "benchmark-grpc",
        "gRPC server: instructions that are added to one unary call (1 % of traces)",
        &[
            "grpc/floor-full-1",
            "grpc/ours-metrics",
            "grpc/ours-trace-1",
            "grpc/ours-full-1",
            "grpc/peer-tower-otel-metrics",
            "grpc/peer-tower-otel-trace-1",
            "grpc/peer-tonic-tracing-otel-1",
            "grpc/peer-full-1",
        ],
    ),
    (
        "benchmark-log",
        "JSON line: instructions that are added to the least that one can be",
        &[
            "log/ours",
            "log/peer-emit",
            "log/peer-logforth",
            "log/peer-bunyan",
            "log/peer-json-subscriber",
            "log/peer-fmt-json-lean",
            "log/peer-fmt-json",
        ],
    ),
];

/// The width of names, of the longest bar, and of what stands behind it.
const COLUMNS: [f64; 3] = [250.0, 400.0, 90.0];
const BAR: f64 = 18.0;
const LINE: f64 = 26.0;

/// Draws the charts whose cases were run.
///
/// # Errors
///
/// None was, or a file cannot be written.
pub(crate) fn write(found: &Found) -> Result {
    let mut drawn = 0;
    for (file, title, names) in CHARTS {
        let bars: Option<Vec<(&str, f64)>> =
            names.iter().map(|name| Some((*name, added(found, name)?))).collect();
        let Some(bars) = bars else { continue };
        fs::write(format!("{FOLDER}/{file}.svg"), chart(title, &bars))?;
        drawn += 1;
    }
    if drawn == 0 {
        Err("no chart has all its cases: charts want the peers, and a valgrind".into())
    } else {
        Ok(())
    }
}

/// Instructions over the first case of the group, which is its base.
fn added(found: &Found, name: &str) -> Option<f64> {
    let instructions = |wanted: &dyn Fn(&str) -> bool| {
        let (_, values) = found.iter().find(|(case, _)| wanted(case))?;
        spread(values.get("instr")?).map(|[_, median, _]| median)
    };
    let (group, _) = name.split_once('/')?;
    let base = instructions(&|case| case.split_once('/').is_some_and(|(other, _)| other == group))?;
    Some(instructions(&|case| case == name)? - base)
}

fn chart(title: &str, bars: &[(&str, f64)]) -> String {
    let [names, longest, behind] = COLUMNS;
    let (width, height) = (names + longest + behind, LINE * (bars.len() as f64 + 1.5));
    let most = bars.iter().map(|(_, value)| *value).fold(1.0, f64::max);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"13\">\n<title>{title}</title>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"8\" y=\"20\" font-weight=\"bold\">{title}</text>\n"
    );
    for (index, (name, value)) in bars.iter().enumerate() {
        let y = LINE * (index as f64 + 1.2);
        let length = (value / most * longest).max(1.0);
        let color = match name.split_once('/') {
            Some((_, case)) if case.starts_with("ours") => "#1f77b4",
            Some((_, case)) if case.starts_with("floor") => "#8c8c8c",
            _ => "#e0a458",
        };
        let (text, behind) = (y + BAR * 0.72, names + length + 6.0);
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{text:.1}\" text-anchor=\"end\">{name}</text>\
             <rect x=\"{names}\" y=\"{y:.1}\" width=\"{length:.1}\" height=\"{BAR}\" fill=\"{color}\"/>\
             <text x=\"{behind:.1}\" y=\"{text:.1}\">{}</text>",
            names - 8.0,
            shown(*value),
        );
    }
    svg.push_str("</svg>\n");
    svg
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_bar_is_what_a_case_adds_to_the_first_of_its_group() {
        let case =
            |name: &str, instructions| (name.to_owned(), BTreeMap::from([("instr", vec![instructions])]));
        let found = vec![case("grpc/bare", 1.0), case("http/bare", 100.0), case("http/ours", 150.0)];
        assert_eq!(added(&found, "http/ours"), Some(50.0));
        assert_eq!(added(&found, "http/peer"), None);
        assert_eq!(
            chart("A title", &[("http/ours", 50.0), ("http/peer", 100.0)]).matches("<rect").count(),
            3
        );
    }
}
