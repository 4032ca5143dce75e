//! The shop's own account beside what the receiver told of.

use std::collections::BTreeMap;

use super::told::Told;
use crate::summary::{ENDINGS, VERDICTS};

const STARTED: &str = "tower_telemetry.exchanges.started";
const ENDED: &str = "tower_telemetry.exchanges.ended";
/// One of these records every exchange that ends.
const DURATIONS: [&str; 4] = [
    "http.server.request.duration",
    "http.client.request.duration",
    "rpc.server.call.duration",
    "rpc.client.call.duration",
];

/// What was not received, or differs from the counts of the summary.
pub(crate) fn wrong(counts: &BTreeMap<&str, u64>, told: &Told) -> Vec<String> {
    let mut wrong = told.wrong.clone();
    let mut compare = |what: &str, received: Option<f64>, counted: &str| {
        let Some(counted) = counts.get(counted) else {
            wrong.push(format!("the summary has no {counted}"));
            return;
        };
        match received {
            None => wrong.push(format!("{what} was not received; the shop counted {counted}")),
            Some(received) if (received - *counted as f64).abs() > 0.5 => {
                wrong.push(format!("{what} is {received} to the receiver, and {counted} to the shop"));
            }
            Some(_) => {}
        }
    };
    compare(STARTED, told.total(STARTED, None), "started");
    compare(ENDED, told.total(ENDED, None), "ended");
    for (key, values) in [("ending", &ENDINGS[..]), ("verdict", &VERDICTS[..])] {
        for value in values {
            compare(&format!("{ENDED} with {key}={value}"), told.total(ENDED, Some((key, value))), value);
        }
    }
    let durations = DURATIONS.map(|metric| told.total(metric, None));
    compare("the count of all durations", durations.into_iter().sum(), "ended");
    let missing = DURATIONS.iter().zip(durations).filter(|(_, count)| count.is_none_or(|count| count < 1.0));
    wrong.extend(missing.map(|(metric, _)| format!("{metric} was not received")));
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str, attributes: &str, value: u64) -> String {
        format!(
            r#"{{"points": [{{"service": "shop", "name": "{name}", "cumulative": true, "time": 1,
            "attributes": {{{attributes}}}, "value": {value}}}]}}"#
        )
    }

    fn counts() -> BTreeMap<&'static str, u64> {
        let ones = ENDINGS.iter().chain(&VERDICTS).map(|name| (*name, 1));
        // Five endings and four verdicts have a series each here, each with one exchange.
        [("started", 9), ("ended", 9)].into_iter().chain(ones).collect()
    }

    fn received(durations: [u64; 4]) -> Told {
        let mut all = Told::default();
        all.add(&told(STARTED, "", 9));
        for (key, values) in [("ending", &ENDINGS[..]), ("verdict", &VERDICTS[..])] {
            values.iter().for_each(|value| {
                all.add(&told(ENDED, &format!("\"{key}\": \"{value}\""), 1));
            });
        }
        DURATIONS.iter().zip(durations).for_each(|(metric, count)| {
            all.add(&told(metric, "", count));
        });
        all
    }

    #[test]
    fn what_was_received_as_it_was_counted_is_right() {
        assert_eq!(wrong(&counts(), &received([3, 2, 2, 2])), Vec::<String>::new());
    }

    #[test]
    fn everything_is_missing_where_nothing_was_received() {
        let named = wrong(&counts(), &Told::default()).join("\n");
        for metric in [STARTED, ENDED].iter().chain(&DURATIONS) {
            assert!(named.contains(&format!("{metric} was not received")), "{metric} in {named}");
        }
    }

    #[test]
    fn a_lost_duration_and_a_lost_metric_are_found() {
        assert_eq!(wrong(&counts(), &received([3, 2, 2, 1])).len(), 1);
        assert_eq!(wrong(&counts(), &received([5, 2, 2, 0])).len(), 1);
    }

    #[test]
    fn a_count_that_differs_is_found() {
        for name in ["started", "complete", "cancelled"] {
            let mut counts = counts();
            counts.insert(name, 8);
            assert_eq!(wrong(&counts, &received([3, 2, 2, 2])).len(), 1, "{name}");
            counts.remove(name);
            assert_eq!(wrong(&counts, &received([3, 2, 2, 2])).len(), 1, "{name}");
        }
    }
}
