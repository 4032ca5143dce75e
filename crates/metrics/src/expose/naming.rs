//! Which name a dotted name has on a page.

use super::escaping::{Escaping, Naked};
use super::{name, unit};
use crate::store::{Descriptor, Kind};

/// How dotted names become names of Prometheus, before a scraper has them escaped.
///
/// The OpenTelemetry specification calls it the translation strategy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Names {
    /// `UnderscoreEscapingWithSuffixes`: `http_server_request_duration_seconds`, for every scraper.
    #[default]
    Underscores,
    /// `NoUTF8EscapingWithSuffixes`: `http.server.request.duration_seconds`, for the scrapers that can read it;
    /// others get it escaped. Prometheus 3 can unless told otherwise, so to choose this is to rename all series.
    Dotted,
}

/// How names are translated and escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Naming {
    pub(crate) names: Names,
    pub(crate) escaping: Escaping,
}

/// Where a resource is told. Queries join on the name, so it is the same for everybody.
const TARGET_INFO: &str = "target.info";

impl Naming {
    /// The name of a metric: with its unit, and with `_total` if it is a counter.
    pub(crate) fn metric(self, descriptor: &Descriptor, kind: Kind) -> String {
        let name = match self.translates_to_underscores() || descriptor.name() == TARGET_INFO {
            true => name::metric(descriptor, kind),
            false => dotted(descriptor, kind),
        };
        self.escaping.escape(name, Naked::Metric)
    }

    /// The name of a label. Never with the two leading underscores that Prometheus keeps for itself.
    pub(crate) fn label(self, label: &str) -> String {
        let label = match self.translates_to_underscores() || label.is_empty() || label.starts_with("__") {
            true => name::label(label),
            false => label.to_owned(),
        };
        let mut label = self.escaping.escape(label, Naked::Label);
        if label.starts_with("__") {
            label.insert_str(0, "key");
        }
        label
    }

    /// Whether every name is the one that a scraper without a wish gets.
    pub(crate) fn has_plain_names(self) -> bool {
        self.translates_to_underscores() && self.escaping != Escaping::Dots
    }

    /// A scraper that wants underscores gets the names that everybody gets, whatever the strategy: that is a form
    /// of the escaping in which two names of a store are never one.
    fn translates_to_underscores(self) -> bool {
        self.names == Names::Underscores || self.escaping == Escaping::Underscores
    }
}

fn dotted(descriptor: &Descriptor, kind: Kind) -> String {
    let mut name = descriptor.name().to_owned();
    if kind == Kind::Counter
        && let Some(rest) = name.strip_suffix("total")
        && let Some(rest) =
            rest.strip_suffix(|char: char| !name::is_kept(char)).filter(|rest| !rest.is_empty())
    {
        name.truncate(rest.len());
    }
    let unit = unit::suffix(descriptor.unit());
    // As in underscores, so that names which are two there are two here.
    if !unit.is_empty() && !name::ends_with_word(&name::legal(&name, name::is_kept), &unit) {
        name.push('_');
        name.push_str(&unit);
    }
    if name.is_empty() {
        name.push('_');
    }
    if kind == Kind::Counter {
        name.push_str("_total");
    }
    name
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[track_caller]
    fn check(
        descriptor: (&'static str, &'static str, Kind),
        names: Names,
        escaping: Escaping,
        expected: &str,
    ) {
        let (name, unit, kind) = descriptor;
        let naming = Naming { names, escaping };
        assert_eq!(naming.metric(&Descriptor::new(name, unit, ""), kind), expected);
    }

    #[test]
    fn a_metric_is_named_as_the_strategy_and_the_scraper_say() {
        use Escaping::{AllowUtf8, Dots, Underscores, Values};
        let size = ("foo.bar", "By", Kind::Counter);
        check(size, Names::Underscores, AllowUtf8, "foo_bar_bytes_total");
        check(size, Names::Underscores, Values, "foo_bar_bytes_total");
        check(size, Names::Underscores, Dots, "foo__bar__bytes__total");
        check(size, Names::Dotted, AllowUtf8, "foo.bar_bytes_total");
        check(size, Names::Dotted, Underscores, "foo_bar_bytes_total");
        check(size, Names::Dotted, Dots, "foo_dot_bar__bytes__total");
        check(size, Names::Dotted, Values, "U__foo_2e_bar__bytes__total");
    }

    #[test]
    fn dotted_names_get_their_suffixes_once() {
        for (name, unit, kind, expected) in [
            ("http.server.request.duration", "s", Kind::Histogram, "http.server.request.duration_seconds"),
            ("jobs.total", "", Kind::Counter, "jobs_total"),
            ("jobs", "", Kind::Counter, "jobs_total"),
            ("wait.seconds", "s", Kind::Gauge, "wait.seconds"),
            ("seconds", "s", Kind::Gauge, "seconds"),
            ("wind.meters.per.second", "m/s", Kind::Gauge, "wind.meters.per.second"),
            ("milliseconds", "s", Kind::Gauge, "milliseconds_seconds"),
            ("target.info", "", Kind::Gauge, "target_info"),
            ("", "", Kind::Gauge, "_"),
            ("", "", Kind::Counter, "__total"),
            (".total", "", Kind::Counter, ".total_total"),
        ] {
            check((name, unit, kind), Names::Dotted, Escaping::AllowUtf8, expected);
        }
    }

    #[test]
    fn a_label_never_has_a_reserved_name() {
        for (label, escaping, expected) in [
            ("http.route", Escaping::AllowUtf8, "http.route"),
            ("__name__", Escaping::AllowUtf8, "_name_"),
            ("_name_", Escaping::Dots, "key__name__"),
            ("__a.b", Escaping::Values, "_a_b"),
            ("a.b", Escaping::Underscores, "a_b"),
        ] {
            assert_eq!(Naming { names: Names::Dotted, escaping }.label(label), expected);
        }
    }
}
