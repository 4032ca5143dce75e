//! What arrives at a collector, beside what the store says.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::HeaderValue;
use opentelemetry_proto::tonic::metrics::v1::AggregationTemporality;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_sdk::Resource;
use tower_telemetry_core::TraceIds;
use tower_telemetry_core::names::metric;
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_metrics::{
    Bounds, Buckets, Counter, Descriptor, Gauge, Histogram, HistogramSample, LabelValue, Labels, ManualClock,
    Native, NativeSample, Place, Sample, Store, SummarySample,
};

use super::attributes::nanos;
use super::exporter::Exporter;
use super::histograms::Layout;
use super::settings::Settings;
use super::temporality::Temporality;
use super::told::{metrics_of, numbers_in, numbers_of};
use crate::otlp::receiver::{Answer, Receiver, destination};
use crate::otlp::{Backoff, Protocol, Signal};

const BOTH: [Protocol; 2] = [Protocol::Grpc, Protocol::HttpProtobuf];
const QUICK: Backoff =
    Backoff { attempts: 3, first: Duration::from_millis(1), longest: Duration::from_millis(2) };
const EXPORTS: &str = metric::OTLP_EXPORTS.name;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Job(&'static str, u16);

impl Labels for Job {
    const NAMES: &'static [&'static str] = &["queue", "exit"];

    fn value(&self, index: usize) -> Option<LabelValue> {
        match index {
            0 => Some(self.0.into()),
            _ => Some(self.1.into()),
        }
    }
}

/// A shop with one metric of each kind.
struct Shop {
    store: Store,
    jobs: Arc<Counter>,
    level: Arc<Gauge>,
    active: Arc<Gauge>,
    wait: Arc<Histogram>,
}

impl Shop {
    fn new() -> Self {
        let store = Store::new();
        let mails = Job("mails", 7);
        let known = Place::Known;
        let jobs = store.counter_family(Descriptor::new("shop.jobs", "{job}", "Jobs done.")).unwrap();
        let level = store.gauge_family(Descriptor::new("shop.level", "L", "Of the tank.")).unwrap();
        let active = Descriptor::of(metric::HTTP_SERVER_ACTIVE_REQUESTS);
        let active = store.gauge_family(active).unwrap();
        let bounds = Bounds::from_seconds(&[0.125, 1.0]).unwrap();
        let buckets = Buckets::Both(bounds, Native::default());
        let wait = store.histogram_family(Descriptor::new("shop.wait", "s", ""), buckets).unwrap();
        store.collector(|out: &mut dyn FnMut(Sample<'_>)| {
            out(Sample::gauge(&Descriptor::new("target.info", "", ""), &[("service.name", "shop")], 1_u64));
            out(Sample::counter(&Descriptor::new("shop.collected", "", ""), &[("tank", "a")], 2.5));
        });
        Self {
            jobs: jobs.series(&mails, known),
            level: level.series(&(), known),
            active: active.series(&(), known),
            wait: wait.series(&mails, known),
            store,
        }
    }

    fn work(&self, times: u64) {
        self.jobs.add(times);
        self.level.set(-4);
        self.active.set(3);
        for time in 0..times {
            self.wait.record(Duration::from_millis(125 << (time % 5)));
        }
    }

    fn exporter(&self, protocol: Protocol, addr: SocketAddr) -> Exporter {
        self.exporter_of(settings(protocol, addr))
    }

    fn exporter_of(&self, settings: Settings) -> Exporter {
        let resource = Resource::builder_empty().with_service_name("shop").build();
        Exporter::new(settings, resource, self.store.clone()).unwrap()
    }

    /// Without the target's info, which travels as the resource.
    fn numbers(&self) -> BTreeMap<String, f64> {
        let mut numbers = numbers_in(&self.store.snapshot());
        assert_eq!(numbers.remove("target.info{service.name=shop,}"), Some(1.0));
        numbers
    }

    fn exports(&self, outcome: &str) -> Option<f64> {
        self.store.snapshot().value(EXPORTS, &[("signal", "metrics"), ("outcome", outcome)])
    }
}

fn settings(protocol: Protocol, addr: SocketAddr) -> Settings {
    let mut destination = destination(Signal::Metrics, protocol, addr);
    destination.headers.insert("api-key", HeaderValue::from_static("secret"));
    Settings {
        destination,
        interval: Duration::from_secs(60),
        temporality: Temporality::Cumulative,
        layout: Layout::Explicit,
    }
}

#[tokio::test]
async fn the_collector_gets_what_the_store_says_at_the_same_moment() {
    for protocol in BOTH {
        let shop = Shop::new();
        shop.work(7);
        let mut receiver = Receiver::start(protocol, &[]).await;
        let mut exporter = shop.exporter(protocol, receiver.addr);
        for _ in 0..2 {
            let expected = shop.numbers();
            exporter.export(Backoff::NONE).await;
            let taken = receiver.next().await;
            assert_eq!(numbers_of(&taken.metrics()), expected, "{protocol:?}");
            assert_eq!(expected.get("shop.jobs{queue=mails,exit=7,}"), Some(&7.0));
            assert_eq!(taken.headers.get("api-key").unwrap(), "secret");
            assert_eq!(receiver.waiting().map(|taken| taken.metrics()), None);
        }
        assert_eq!(shop.exports("success"), Some(2.0));
    }
}

#[tokio::test]
async fn each_metric_says_what_it_is_and_since_when() {
    let shop = Shop::new();
    let ids = TraceIds::random(TraceFlags::SAMPLED);
    shop.work(1);
    shop.wait.record_with(Duration::from_secs(4), Some(&ids));
    let mut receiver = Receiver::start(Protocol::Grpc, &[]).await;
    shop.exporter(Protocol::Grpc, receiver.addr).export(Backoff::NONE).await;
    let request = receiver.next().await.metrics();

    let resource = &request.resource_metrics[0];
    let service = &resource.resource.as_ref().unwrap().attributes[0];
    assert_eq!(service.key, "service.name");
    let scope = &resource.scope_metrics[0];
    assert_eq!(scope.scope.as_ref().unwrap().name, "tower-telemetry");
    assert_eq!(scope.schema_url, "https://opentelemetry.io/schemas/1.45.0");

    let find = |name: &str| metrics_of(&request).find(|metric| metric.name == name).unwrap();
    let jobs = find("shop.jobs");
    assert_eq!((&*jobs.unit, &*jobs.description), ("{job}", "Jobs done."));
    let cumulative = i32::from(AggregationTemporality::Cumulative);
    let sum = |name| match find(name).data.as_ref().unwrap() {
        Data::Sum(sum) => (sum.is_monotonic, sum.aggregation_temporality),
        other => panic!("{other:?}"),
    };
    assert_eq!(sum("shop.jobs"), (true, cumulative));
    assert_eq!(sum("http.server.active_requests"), (false, cumulative));
    assert!(matches!(find("shop.level").data, Some(Data::Gauge(_))));

    let Some(Data::Histogram(histogram)) = &find("shop.wait").data else { panic!("no histogram") };
    let point = &histogram.data_points[0];
    let snapshot = shop.store.snapshot();
    let created = snapshot.family("shop.wait").unwrap().series().next().unwrap().created().unwrap();
    assert_eq!(point.start_time_unix_nano, nanos(created));
    assert!(point.time_unix_nano >= point.start_time_unix_nano);
    let exemplar = &point.exemplars[0];
    assert_eq!(exemplar.trace_id, ids.trace_id.to_bytes());
    assert_eq!(exemplar.span_id, ids.span_id.to_bytes());
}

#[tokio::test]
async fn an_exemplar_is_told_once() {
    let shop = Shop::new();
    shop.wait.record_with(Duration::from_secs(4), Some(&TraceIds::random(TraceFlags::SAMPLED)));
    let mut receiver = Receiver::start(Protocol::Grpc, &[]).await;
    let mut exporter = shop.exporter(Protocol::Grpc, receiver.addr);
    let mut told = Vec::new();
    for _ in 0..2 {
        exporter.export(Backoff::NONE).await;
        let request = receiver.next().await.metrics();
        let wait = metrics_of(&request).find(|metric| metric.name == "shop.wait").cloned().unwrap();
        let Some(Data::Histogram(histogram)) = wait.data else { panic!("no histogram") };
        told.push(histogram.data_points[0].exemplars.len());
    }
    assert_eq!(told, [1, 0]);
}

#[tokio::test]
async fn exponential_buckets_count_the_same() {
    for temporality in [Temporality::Cumulative, Temporality::Delta] {
        let shop = Shop::new();
        let mut receiver = Receiver::start(Protocol::Grpc, &[]).await;
        let settings =
            Settings { layout: Layout::Exponential, temporality, ..settings(Protocol::Grpc, receiver.addr) };
        let mut exporter = shop.exporter_of(settings);
        let mut counts = Vec::new();
        for round in 0..3 {
            // The second round spreads the values so far that the scale has to fall.
            let spread = if round == 1 { 1_000_000_000 } else { 1 };
            for step in 1..=100 {
                shop.wait.record(Duration::from_nanos(step * spread));
            }
            exporter.export(Backoff::NONE).await;
            let request = receiver.next().await.metrics();
            let wait = metrics_of(&request).find(|metric| metric.name == "shop.wait").cloned().unwrap();
            let Some(Data::ExponentialHistogram(histogram)) = wait.data else { panic!("not exponential") };
            let point = histogram.data_points.into_iter().next().unwrap();
            let buckets = point.positive.unwrap();
            assert_eq!(buckets.bucket_counts.iter().sum::<u64>() + point.zero_count, point.count);
            // Where the buckets lie: of 1 to 100, half is above 50.
            let base = 2_f64.powf(2_f64.powi(-point.scale));
            let above = |limit: f64| -> u64 {
                let counts = (buckets.offset..).zip(&buckets.bucket_counts);
                counts.filter(|(index, _)| base.powi(*index) >= limit).map(|(_, count)| count).sum()
            };
            counts.push((point.count, above(0.5)));
        }
        let expected = match temporality {
            Temporality::Cumulative => [(100, 0), (200, 100), (300, 100)],
            _ => [(100, 0), (100, 100), (100, 0)],
        };
        assert_eq!(counts, expected, "{temporality:?}");
    }
}

#[tokio::test]
async fn differences_add_up_to_the_whole_whatever_fails_between() {
    let answers = [Answer::Partial(0), Answer::Unavailable, Answer::Invalid];
    for protocol in BOTH {
        let shop = Shop::new();
        let mut receiver = Receiver::start(protocol, &answers).await;
        let settings = Settings { temporality: Temporality::Delta, ..settings(protocol, receiver.addr) };
        let mut exporter = shop.exporter_of(settings);
        let mut added: BTreeMap<String, f64> = BTreeMap::new();
        let (mut ended, mut started) = (None, None);
        for (round, arrives) in [(1, true), (2, false), (3, false), (4, true), (0, true)] {
            shop.work(round);
            exporter.export(Backoff::NONE).await;
            let request = receiver.next().await.metrics();
            if !arrives {
                continue;
            }
            for (name, number) in numbers_of(&request) {
                *added.entry(name).or_default() += number;
            }
            let jobs = metrics_of(&request).find(|metric| metric.name == "shop.jobs").cloned();
            let Some(Data::Sum(sum)) = jobs.and_then(|jobs| jobs.data) else {
                assert_eq!(round, 0, "only a series that rests is left out");
                continue;
            };
            assert_eq!(sum.aggregation_temporality, i32::from(AggregationTemporality::Delta));
            let point = &sum.data_points[0];
            started = Some(point.start_time_unix_nano);
            if let Some(ended) = ended.replace(point.time_unix_nano) {
                assert_eq!(started, Some(ended), "no gap and no overlap");
            }
        }
        assert!(started.is_some());
        let sums = |numbers: BTreeMap<String, f64>| -> BTreeMap<String, f64> {
            let counted = |name: &str| !name.starts_with("shop.level") && !name.contains("active_requests");
            let own = |name: &str| name.starts_with("tower_telemetry");
            numbers.into_iter().filter(|(name, _)| counted(name) && !own(name)).collect()
        };
        assert_eq!(sums(added), sums(shop.numbers()), "{protocol:?}");
        assert_eq!((shop.exports("success"), shop.exports("failure")), (Some(3.0), Some(2.0)));
    }
}

#[tokio::test]
async fn a_counter_of_a_collector_is_told_whole_where_memory_is_low() {
    let shop = Shop::new();
    let mut receiver = Receiver::start(Protocol::Grpc, &[]).await;
    let settings =
        Settings { temporality: Temporality::LowMemory, ..settings(Protocol::Grpc, receiver.addr) };
    let mut exporter = shop.exporter_of(settings);
    let mut told = Vec::new();
    for _ in 0..2 {
        shop.work(1);
        exporter.export(Backoff::NONE).await;
        let numbers = numbers_of(&receiver.next().await.metrics());
        let number = |name| numbers.get(name).copied();
        told.push((number("shop.collected{tank=a,}"), number("shop.jobs{queue=mails,exit=7,}")));
    }
    assert_eq!(told, [(Some(2.5), Some(1.0)); 2]);
}

#[tokio::test]
async fn an_export_is_tried_again_where_that_helps_and_only_there() {
    for protocol in BOTH {
        let shop = Shop::new();
        let answers = [
            Answer::Unavailable,
            Answer::Unavailable,
            Answer::Partial(0),
            Answer::Invalid,
            Answer::Partial(2),
        ];
        let mut receiver = Receiver::start(protocol, &answers).await;
        let mut exporter = shop.exporter(protocol, receiver.addr);
        let mut attempts = Vec::new();
        for _ in 0..3 {
            exporter.export(QUICK).await;
            attempts.push(std::iter::from_fn(|| receiver.waiting()).count());
        }
        assert_eq!(attempts, [3, 1, 1], "{protocol:?}");
        let exports = ["success", "partial", "failure"].map(|outcome| shop.exports(outcome));
        assert_eq!(exports, [Some(1.0); 3], "{protocol:?}");
    }
}

#[tokio::test]
async fn a_collector_that_was_down_gets_all_when_it_is_back() {
    for protocol in BOTH {
        let shop = Shop::new();
        shop.work(3);
        let addr = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let mut exporter = shop.exporter(protocol, addr);
        exporter.export(QUICK).await;
        assert_eq!(shop.exports("failure"), Some(1.0), "{protocol:?}");

        let mut receiver = Receiver::at(protocol, addr, &[]).await;
        let expected = shop.numbers();
        exporter.export(QUICK).await;
        assert_eq!(numbers_of(&receiver.next().await.metrics()), expected, "{protocol:?}");
        assert_eq!(shop.exports("success"), Some(1.0), "{protocol:?}");
    }
}

#[tokio::test]
async fn a_series_that_began_anew_is_told_whole() {
    let time = ManualClock::new(SystemTime::UNIX_EPOCH);
    let store = Store::with_clock(time.clock());
    let jobs = Descriptor::new("shop.jobs", "", "").with_idle_expiry(Duration::from_secs(60));
    let jobs = store.counter_family::<()>(jobs).unwrap();
    let mut receiver = Receiver::start(Protocol::Grpc, &[]).await;
    let settings = Settings { temporality: Temporality::Delta, ..settings(Protocol::Grpc, receiver.addr) };
    let resource = Resource::builder_empty().build();
    let mut exporter = Exporter::new(settings, resource, store.clone()).unwrap();
    let mut told = Vec::new();
    for _ in 0..2 {
        jobs.series(&(), Place::Known).add(5);
        exporter.export(Backoff::NONE).await;
        told.push(numbers_of(&receiver.next().await.metrics()).get("shop.jobs{}").copied());
        // One look sees the series rest, the next lets it go.
        for _ in 0..2 {
            drop(store.snapshot());
            time.advance(Duration::from_secs(61));
        }
        assert_eq!(store.snapshot().value("shop.jobs", &[]), None);
    }
    assert_eq!(told, [Some(5.0); 2]);
}

#[tokio::test]
async fn what_a_collector_tells_arrives_as_it_is() {
    let store = Store::new();
    store.collector(|out: &mut dyn FnMut(Sample<'_>)| {
        let wait = Descriptor::new("shop.wait", "s", "");
        out(Sample::histogram(&wait, &[], HistogramSample::new(&[-1.0], &[2, 1], -3.5)));
        let (positive, negative) = ((4, &[1, 2][..]), (-3, &[5][..]));
        let native = NativeSample { schema: 2, zero_threshold: 0.5, zero_count: 1, positive, negative };
        let size = Descriptor::new("shop.size", "", "");
        out(Sample::histogram(&size, &[], HistogramSample::native(native, 7.0)));
        let pause = Descriptor::new("shop.pause", "s", "");
        out(Sample::summary(&pause, &[], SummarySample { quantiles: &[(0.5, 0.25)], count: 7, sum: 3.5 }));
        out(Sample::up_down_counter(&Descriptor::new("shop.open", "", ""), &[], -2_i64));
    });
    let mut receiver = Receiver::start(Protocol::Grpc, &[]).await;
    let resource = Resource::builder_empty().build();
    let settings = settings(Protocol::Grpc, receiver.addr);
    Exporter::new(settings, resource, store).unwrap().export(Backoff::NONE).await;
    let request = receiver.next().await.metrics();
    let find = |name: &str| metrics_of(&request).find(|metric| metric.name == name).unwrap().data.clone();
    let Some(Data::Histogram(wait)) = find("shop.wait") else { panic!("no histogram") };
    let point = &wait.data_points[0];
    assert_eq!((point.sum, point.count, &point.bucket_counts[..]), (Some(-3.5), 3, &[2, 1][..]));
    assert_eq!(point.explicit_bounds, [-1.0]);
    let Some(Data::ExponentialHistogram(size)) = find("shop.size") else { panic!("not exponential") };
    let point = &size.data_points[0];
    assert_eq!((point.scale, point.count, point.zero_count, point.zero_threshold), (2, 9, 1, 0.5));
    let (positive, negative) = (point.positive.as_ref().unwrap(), point.negative.as_ref().unwrap());
    assert_eq!((positive.offset, &positive.bucket_counts[..]), (4, &[1, 2][..]));
    assert_eq!((negative.offset, &negative.bucket_counts[..]), (-3, &[5][..]));
    let Some(Data::Summary(pause)) = find("shop.pause") else { panic!("no summary") };
    let point = &pause.data_points[0];
    assert_eq!((point.count, point.sum), (7, 3.5));
    assert_eq!((point.quantile_values[0].quantile, point.quantile_values[0].value), (0.5, 0.25));
    let Some(Data::Sum(open)) = find("shop.open") else { panic!("no sum") };
    assert!(!open.is_monotonic);
}
