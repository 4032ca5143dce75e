//! What a case adds to the base of its group, which is the first case of it.

use crate::{
    report::{group, spread},
    rounds::Found,
};

/// How a figure is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// As it is.
    All(&'static str),
    /// A millionth of it: nanoseconds as milliseconds.
    Millionth(&'static str),
    /// What there is more of it than in the base.
    Added(&'static str),
    /// The CPU time that is added, as a multiple of what another case adds.
    TimeOf(&'static str),
}

impl Of {
    /// The figure of a case, where it was measured.
    pub(crate) fn read(self, found: &Found, case: &str) -> Option<f64> {
        match self {
            Self::All(metric) => figure(found, case, metric),
            Self::Millionth(metric) => Some(figure(found, case, metric)? / 1e6),
            Self::Added(metric) => over_base(found, case, metric),
            Self::TimeOf(other) => {
                Some(over_base(found, case, "cpu_ns")? / over_base(found, other, "cpu_ns")?)
            }
        }
    }
}

/// The median of a metric of a case.
pub(crate) fn figure(found: &Found, case: &str, metric: &str) -> Option<f64> {
    let (_, values) = found.iter().find(|(name, _)| name == case)?;
    spread(values.get(metric)?).map(|[_, median, _]| median)
}

/// The first case of its group, itself or another.
pub(crate) fn base<'a>(found: &'a Found, case: &str) -> Option<&'a str> {
    found.iter().map(|(name, _)| name.as_str()).find(|name| group(name) == group(case))
}

/// What a case has more of a metric than its base.
///
/// CPU time is taken from the ratio, which is one of the same round: what a busy machine adds to both is not in it.
pub(crate) fn over_base(found: &Found, case: &str, metric: &str) -> Option<f64> {
    let of_base = figure(found, base(found, case)?, metric)?;
    match metric {
        "cpu_ns" => Some((figure(found, case, "ratio")? - 1.0) * of_base),
        _ => Some(figure(found, case, metric)? - of_base),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_a_case_adds_is_over_the_first_of_its_group() {
        let case = |name: &str, values: &[(&'static str, f64)]| {
            let values = values.iter().map(|(metric, value)| (*metric, vec![*value]));
            (name.to_owned(), BTreeMap::from_iter(values))
        };
        let found = vec![
            case("grpc/bare", &[("instr", 1.0)]),
            case("http/bare", &[("instr", 100.0), ("cpu_ns", 800.0)]),
            case("http/ours", &[("instr", 150.0), ("cpu_ns", 9_000.0), ("ratio", 2.0)]),
        ];
        assert_eq!(over_base(&found, "http/ours", "instr"), Some(50.0));
        assert_eq!(over_base(&found, "http/ours", "cpu_ns"), Some(800.0));
        assert_eq!(over_base(&found, "http/peer", "instr"), None);
        assert_eq!(Of::All("ratio").read(&found, "http/ours"), Some(2.0));
        assert_eq!(Of::TimeOf("http/ours").read(&found, "http/ours"), Some(1.0));
    }
}
