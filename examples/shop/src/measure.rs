//! The measure of the shop: the metric store, read as a board.

use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

use tower_telemetry::{
    core::names::{
        Metric, attribute,
        metric::{
            EXCHANGES_ENDED, HTTP_CLIENT_ACTIVE_REQUESTS, HTTP_CLIENT_REQUEST_DURATION,
            HTTP_SERVER_ACTIVE_REQUESTS, HTTP_SERVER_REQUEST_DURATION, RPC_CLIENT_ACTIVE_CALLS,
            RPC_CLIENT_CALL_DURATION, RPC_SERVER_ACTIVE_CALLS, RPC_SERVER_CALL_DURATION,
        },
    },
    metrics::{HistogramValue, Snapshot, Value},
};

use crate::{
    board::{Address, Board, ErrorClass, Fate, Latency, Panel, RouteRow},
    shipping::JobQueue,
    watch::Watch,
};

/// How many rates are remembered for the curves.
const REMEMBERED: usize = 200;

/// Rates and quantiles are taken over this many looks, to be calm.
const OVER: usize = 12;

/// A protocol on one side, and the metrics that tell of it.
struct View {
    title: &'static str,
    side: &'static str,
    protocol: &'static str,
    duration: Metric,
    active: Metric,
}

const VIEWS: [View; 4] = [
    View {
        title: "HTTP server",
        side: "server",
        protocol: "http",
        duration: HTTP_SERVER_REQUEST_DURATION,
        active: HTTP_SERVER_ACTIVE_REQUESTS,
    },
    View {
        title: "HTTP client",
        side: "client",
        protocol: "http",
        duration: HTTP_CLIENT_REQUEST_DURATION,
        active: HTTP_CLIENT_ACTIVE_REQUESTS,
    },
    View {
        title: "gRPC server",
        side: "server",
        protocol: "grpc",
        duration: RPC_SERVER_CALL_DURATION,
        active: RPC_SERVER_ACTIVE_CALLS,
    },
    View {
        title: "gRPC client",
        side: "client",
        protocol: "grpc",
        duration: RPC_CLIENT_CALL_DURATION,
        active: RPC_CLIENT_ACTIVE_CALLS,
    },
];

/// Fills a board with each look.
#[derive(Debug)]
pub(crate) struct Measure {
    addresses: Vec<Address>,
    jobs: Option<JobQueue>,
    watch: Watch,
    looks: VecDeque<(Instant, Snapshot)>,
    histories: [VecDeque<u64>; VIEWS.len()],
}

impl Measure {
    pub(crate) fn new(addresses: Vec<Address>, jobs: Option<JobQueue>, watch: Watch) -> Self {
        Self { addresses, jobs, watch, looks: VecDeque::new(), histories: Default::default() }
    }

    #[allow(clippy::disallowed_methods, reason = "the view keeps its own time")]
    pub(crate) fn look(&mut self) -> Board {
        let now = (Instant::now(), self.watch.store().snapshot());
        let before = self.looks.front().unwrap_or(&now);
        let span = Span {
            seconds: now.0.duration_since(before.0).as_secs_f64().max(0.001),
            now: &now.1,
            before: &before.1,
        };
        let mut routes = Vec::new();
        let mut panels = Vec::new();
        for (view, history) in VIEWS.iter().zip(&mut self.histories) {
            let panel = span.panel(view, history);
            routes.extend(span.routes(view));
            panels.push(panel);
        }
        routes.sort_by(|one, other| other.per_second.total_cmp(&one.per_second));
        remember(&mut self.looks, now, OVER);
        Board {
            uptime: self.watch.feed().uptime(),
            addresses: self.addresses.clone(),
            panels,
            queue: self.jobs.as_ref().map(JobQueue::depth).unwrap_or_default(),
            routes,
            feed: self.watch.feed().rows(),
        }
    }
}

/// Two looks at the store, and the time between them.
struct Span<'a> {
    seconds: f64,
    now: &'a Snapshot,
    before: &'a Snapshot,
}

impl Span<'_> {
    fn panel(&self, view: &View, history: &mut VecDeque<u64>) -> Panel {
        let ended = |labels: &[(&str, &str)]| {
            let labels =
                [&[(attribute::SIDE, view.side), (attribute::PROTOCOL, view.protocol)], labels].concat();
            self.rate(EXCHANGES_ENDED, &labels)
        };
        let per_second = ended(&[]);
        remember(history, per_second.round() as u64, REMEMBERED);
        let errors = Fate::ALL.map(|fate| {
            let verdict = match fate {
                Fate::CallerFault => "caller_fault",
                Fate::ServiceFault => "service_fault",
                Fate::Cancelled => "cancelled",
            };
            ErrorClass { fate, per_second: ended(&[(attribute::VERDICT, verdict)]) }
        });
        let all: Buckets = self.recorded(view).map(|(_, buckets, _)| buckets).sum();
        Panel {
            title: view.title,
            per_second,
            history: history.iter().copied().collect(),
            errors: errors.into(),
            latency: all.latency(),
            in_flight: Some(self.now.total(view.active.name, &[]).max(0.0) as u64),
            oldest: None,
        }
    }

    /// The rows of a view, one for each method and route.
    fn routes(&self, view: &View) -> Vec<RouteRow> {
        let mut rows: HashMap<String, (Buckets, u64)> = HashMap::new();
        for (route, buckets, went_wrong) in self.recorded(view) {
            let (sum, wrong) = rows.entry(route).or_default();
            *wrong += if went_wrong { buckets.count() } else { 0 };
            sum.add(&buckets);
        }
        let rows = rows.into_iter().filter(|(_, (buckets, _))| buckets.count() > 0);
        rows.map(|(route, (buckets, wrong))| RouteRow {
            side: view.title,
            route,
            per_second: buckets.count() as f64 / self.seconds,
            errors: wrong as f64 / buckets.count() as f64,
            latency: buckets.latency(),
        })
        .collect()
    }

    /// What each series recorded between the looks: its route, its buckets, and whether it stands for errors.
    fn recorded(&self, view: &View) -> impl Iterator<Item = (String, Buckets, bool)> {
        let series = |snapshot: &Snapshot| {
            let mut all = HashMap::new();
            for series in snapshot.family(view.duration.name).iter().flat_map(|family| family.series()) {
                let labels: Vec<_> = series
                    .labels()
                    .iter()
                    .map(|label| (label.name().to_owned(), label.value().with_str(str::to_owned)))
                    .collect();
                if let Value::Histogram(value) = series.value() {
                    all.insert(labels, Buckets::of(value));
                }
            }
            all
        };
        let before = series(self.before);
        series(self.now).into_iter().map(move |(labels, mut buckets)| {
            if let Some(earlier) = before.get(&labels) {
                buckets.take_away(earlier);
            }
            let value =
                |name: &str| labels.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
            let route = [attribute::HTTP_ROUTE, attribute::URL_TEMPLATE, attribute::RPC_METHOD]
                .iter()
                .find_map(|name| value(name))
                .unwrap_or("(unmatched)");
            let route = match value(attribute::HTTP_REQUEST_METHOD) {
                Some(method) => format!("{method} {route}"),
                None => route.to_owned(),
            };
            let status = value(attribute::HTTP_RESPONSE_STATUS_CODE);
            let went_wrong = value(attribute::ERROR_TYPE).is_some()
                || status.is_some_and(|status| status.starts_with(['4', '5']))
                || value(attribute::RPC_STATUS_CODE).is_some_and(|code| code != "OK");
            (route, buckets, went_wrong)
        })
    }

    fn rate(&self, metric: Metric, labels: &[(&str, &str)]) -> f64 {
        let total = |snapshot: &Snapshot| snapshot.total(metric.name, labels);
        (total(self.now) - total(self.before)).max(0.0) / self.seconds
    }
}

/// The buckets of one or several series.
#[derive(Debug, Clone, Default, PartialEq)]
struct Buckets {
    bounds: Vec<f64>,
    counts: Vec<u64>,
}

impl Buckets {
    fn of(value: HistogramValue<'_>) -> Self {
        Self { bounds: value.bounds().to_vec(), counts: value.buckets().to_vec() }
    }

    fn add(&mut self, other: &Self) {
        if self.counts.is_empty() {
            self.clone_from(other);
            return;
        }
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, more)| *count += more);
    }

    fn take_away(&mut self, earlier: &Self) {
        let pairs = self.counts.iter_mut().zip(&earlier.counts);
        pairs.for_each(|(count, less)| *count = count.saturating_sub(*less));
    }

    fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    fn latency(&self) -> Latency {
        Latency { p50: self.quantile(0.5), p99: self.quantile(0.99) }
    }

    /// As `histogram_quantile` of Prometheus: within its bucket, by straight line.
    fn quantile(&self, q: f64) -> Option<Duration> {
        let rank = q * self.count() as f64;
        let (mut below, mut lower) = (0.0, 0.0);
        for (index, count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let count = *count as f64;
            lower = index.checked_sub(1).and_then(|index| self.bounds.get(index)).copied().unwrap_or(0.0);
            if below + count >= rank {
                let upper = self.bounds.get(index).copied().unwrap_or(lower);
                return Duration::try_from_secs_f64(lower + (upper - lower) * (rank - below) / count).ok();
            }
            below += count;
        }
        (self.count() > 0).then(|| Duration::from_secs_f64(lower))
    }
}

impl std::iter::Sum for Buckets {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |mut sum, buckets| {
            sum.add(&buckets);
            sum
        })
    }
}

fn remember<T>(memory: &mut VecDeque<T>, new: T, at_most: usize) {
    memory.push_back(new);
    if memory.len() > at_most {
        memory.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_lies_within_its_bucket() {
        let buckets = Buckets { bounds: vec![0.1, 0.2, 0.4], counts: vec![50, 40, 9, 1] };
        assert_eq!(buckets.quantile(0.5), Some(Duration::from_millis(100)));
        assert_eq!(buckets.quantile(0.99), Some(Duration::from_millis(400)));
        assert_eq!(buckets.quantile(1.0), Some(Duration::from_millis(400)));
        assert_eq!(Buckets::default().quantile(0.5), None);
    }
}
