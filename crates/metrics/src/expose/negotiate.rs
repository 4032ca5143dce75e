//! Which format a scraper gets.

use super::accept::{self, MediaRange};
use super::escaping::Escaping;
use super::format::{Format, Syntax};

/// From the plainest: where a scraper has no preference, it gets the first.
const OFFERED: [Syntax; 4] = [Syntax::Text0, Syntax::OpenMetrics, Syntax::Text1, Syntax::Protobuf];

/// Chooses the format for a scraper that sent this `Accept`; several headers are one, joined by commas.
///
/// ```
/// use tower_telemetry_metrics::expose::{Escaping, Format, Syntax, negotiate};
///
/// assert_eq!(negotiate(None), Format::TEXT);
/// let prometheus = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
///     application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,\
///     text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
/// assert_eq!(negotiate(Some(prometheus)), Format::new(Syntax::OpenMetrics, Escaping::AllowUtf8));
/// ```
///
/// The highest weight wins, then the place in the header; a format takes the weight of the range that names it most
/// exactly (RFC 9110, section 12.5.1). `escaping` is that of the same range, `underscores` if there is none.
/// Nobody is refused: a header that is missing, is no `Accept` or names nothing that is offered gets text 0.0.4.
///
/// Never panics, and reads the header in time linear in its length.
pub fn negotiate(accept: Option<&str>) -> Format {
    // For each syntax the range that names it most exactly: the first of these.
    let mut named: [Option<Match>; OFFERED.len()] = [None; OFFERED.len()];
    for (place, range) in accept::ranges(accept.unwrap_or_default()).enumerate() {
        for (syntax, best) in OFFERED.iter().zip(&mut named) {
            if let Some(exactness) = exactness(*syntax, &range)
                && best.is_none_or(|best| exactness > best.exactness)
            {
                let escaping = range.parameter("escaping").and_then(|value| Escaping::named(&value));
                let escaping = escaping.unwrap_or_default();
                *best = Some(Match { exactness, weight: range.weight, place, escaping });
            }
        }
    }
    let accepted = OFFERED.iter().zip(named).filter_map(|(syntax, best)| Some((syntax, best?)));
    let mut chosen: Option<(Syntax, Match)> = None;
    for (syntax, best) in accepted.filter(|(_, best)| best.weight > 0) {
        if chosen.is_none_or(|(_, chosen)| best.is_before(chosen)) {
            chosen = Some((*syntax, best));
        }
    }
    chosen.map_or(Format::TEXT, |(syntax, best)| Format::new(syntax, best.escaping))
}

/// A range that names a syntax.
#[derive(Clone, Copy, Debug)]
struct Match {
    exactness: Exactness,
    weight: u16,
    place: usize,
    escaping: Escaping,
}

/// How exactly: the later the more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exactness {
    Anything,
    Kind,
    Type,
    Version,
}

impl Match {
    fn is_before(self, other: Self) -> bool {
        self.weight > other.weight || self.weight == other.weight && self.place < other.place
    }
}

fn exactness(syntax: Syntax, range: &MediaRange<'_>) -> Option<Exactness> {
    let (kind, subtype) = match syntax {
        Syntax::Text0 | Syntax::Text1 => ("text", "plain"),
        Syntax::OpenMetrics => ("application", "openmetrics-text"),
        Syntax::Protobuf => ("application", "vnd.google.protobuf"),
    };
    if range.is("*", "*") {
        return Some(Exactness::Anything);
    }
    if range.is(kind, "*") {
        return Some(Exactness::Kind);
    }
    if !range.is(kind, subtype) {
        return None;
    }
    let is = |name, value: &str| range.parameter(name).is_some_and(|given| given.eq_ignore_ascii_case(value));
    match syntax {
        // The type is that of all protobuf; the parameters say whose messages, and how they are put together.
        Syntax::Protobuf => (is("proto", "io.prometheus.client.MetricFamily") && is("encoding", "delimited"))
            .then_some(Exactness::Version),
        Syntax::Text0 => version(range, "0.0.4"),
        Syntax::Text1 | Syntax::OpenMetrics => version(range, "1.0.0"),
    }
}

fn version(range: &MediaRange<'_>, offered: &str) -> Option<Exactness> {
    match range.parameter("version") {
        None => Some(Exactness::Type),
        Some(version) => (version == offered).then_some(Exactness::Version),
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PROTOBUF: &str =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    #[track_caller]
    fn check(accept: &str, syntax: Syntax, escaping: Escaping) {
        assert_eq!(negotiate(Some(accept)), Format::new(syntax, escaping), "{accept}");
    }

    #[test]
    fn nobody_is_refused() {
        assert_eq!(negotiate(None), Format::TEXT);
        for accept in [
            "",
            "garbage",
            "application/json",
            "*/*;q=0",
            "text/plain;q=0",
            "application/openmetrics-text;q=0",
            "text/plain;version=9",
            "application/openmetrics-text;version=0.0.1",
            "application/vnd.google.protobuf",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "*/*",
            "text/*",
            "text/plain",
        ] {
            assert_eq!(negotiate(Some(accept)), Format::TEXT, "{accept}");
        }
    }

    #[test]
    fn the_highest_weight_wins_and_then_the_place() {
        use Escaping::{AllowUtf8, Underscores};
        check("application/openmetrics-text", Syntax::OpenMetrics, Underscores);
        check("text/plain;q=0.5,application/openmetrics-text;q=0.6", Syntax::OpenMetrics, Underscores);
        check("text/plain;q=0.6,application/openmetrics-text;q=0.5", Syntax::Text0, Underscores);
        check("text/plain,application/openmetrics-text", Syntax::Text0, Underscores);
        check("application/openmetrics-text,text/plain", Syntax::OpenMetrics, Underscores);
        check("application/*", Syntax::OpenMetrics, Underscores);
        check("text/plain;version=1.0.0;escaping=allow-utf-8, */*;q=0.1", Syntax::Text1, AllowUtf8);
        check(&format!("{PROTOBUF};q=0.7,application/openmetrics-text;q=0.6"), Syntax::Protobuf, Underscores);
    }

    #[test]
    fn a_range_that_names_a_format_exactly_overrules_a_wider_one() {
        use Escaping::Underscores;
        check("*/*, text/plain;q=0", Syntax::OpenMetrics, Underscores);
        check("text/*;q=0.1, text/plain;version=1.0.0;q=0.9", Syntax::Text1, Underscores);
        check("text/plain;q=0.9, text/plain;version=0.0.4;q=0.1", Syntax::Text1, Underscores);
    }

    #[test]
    fn the_escaping_is_that_of_the_range_that_won() {
        check("application/openmetrics-text;escaping=dots", Syntax::OpenMetrics, Escaping::Dots);
        check("application/openmetrics-text;escaping=\"values\"", Syntax::OpenMetrics, Escaping::Values);
        check("application/openmetrics-text;escaping=none", Syntax::OpenMetrics, Escaping::Underscores);
        check("a/b;escaping=dots,text/plain;version=1.0.0", Syntax::Text1, Escaping::Underscores);
        check("text/plain;version=0.0.4;escaping=allow-utf-8", Syntax::Text0, Escaping::Underscores);
        check("text/plain;version=0.0.4;escaping=values", Syntax::Text0, Escaping::Values);
    }

    /// Pieces of an honest header, in any order.
    fn pieces() -> impl Strategy<Value = String> {
        let pieces = [
            "text/plain",
            "application/openmetrics-text",
            "*/*",
            ";",
            ",",
            "=",
            "q",
            "q=0.5",
            "version=1.0.0",
            "escaping=dots",
            "\"",
            "\\",
            " ",
            "\t",
            "/",
            PROTOBUF,
            "é",
            "\u{0}",
            "q=1.",
            "*",
        ];
        prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..400)
            .prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_header_gets_a_format(accept in prop_oneof![pieces(), any::<String>()]) {
            let format = negotiate(Some(&accept));
            prop_assert_eq!(negotiate(Some(format.content_type())), format);
        }
    }

    #[test]
    fn a_header_of_8_kib_is_read_to_its_end() {
        for piece in [",", ";", "\"", "\\", "q=0,", "*/*;q=0,", "a/b;c=\"\\\"\","] {
            let garbage = piece.repeat(8192 / piece.len());
            assert_eq!(negotiate(Some(&garbage)), Format::TEXT, "{piece}");
        }
        let late = format!("{}application/openmetrics-text", "a/b,".repeat(2000));
        check(&late, Syntax::OpenMetrics, Escaping::Underscores);
    }
}
