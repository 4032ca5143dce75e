//! The metrics window over a meter of an SDK says what the one over the store says.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::collections::BTreeMap;

use http::{HeaderMap, Request, Response, StatusCode, header};
use opentelemetry::metrics::MeterProvider;
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, Metric, MetricData};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use tower::{Layer, Service};
use tower_telemetry::metrics::{self, FamilySnapshot, LabelText, Metrics, OtelMetrics, Series};
use tower_telemetry::{Label, Observer, Route, Signal, SignalExt, current};
use tower_telemetry_testing::{Reply, Scripted, ScriptedBody, call, read_body, run};

#[derive(Clone)]
struct Tier;

impl Label for Tier {
    const NAME: &'static str = "tier";
    const VALUES: &'static [&'static str] = &["free", "paid"];

    fn index(&self) -> usize {
        1
    }
}

/// Writes a label, as a handler would.
#[derive(Clone)]
struct Write;

impl Signal for Write {
    type Observer = Self;

    fn start(&self, _: &tower_telemetry::Exchange, _: &mut http::request::Parts) -> Self {
        Self
    }
}

impl Observer for Write {
    type Guard = ();

    fn enter(&self) {
        current().unwrap().label(Tier);
    }
}

/// An SDK that keeps what it exports.
struct Sdk {
    provider: SdkMeterProvider,
    exported: InMemoryMetricExporter,
}

impl Sdk {
    fn new() -> Self {
        let exported = InMemoryMetricExporter::default();
        let reader = PeriodicReader::builder(exported.clone()).build();
        Self { provider: SdkMeterProvider::builder().with_reader(reader).build(), exported }
    }

    fn window(&self) -> OtelMetrics<(Tier,)> {
        let builder = OtelMetrics::builder(&self.provider.meter("shop")).with_label::<Tier>();
        builder.with_body_sizes().with_head_times().build()
    }

    fn metrics(&self) -> BTreeMap<String, Told> {
        self.provider.force_flush().unwrap();
        let exported = self.exported.get_finished_metrics().unwrap();
        let scopes = exported.last().unwrap().scope_metrics();
        scopes
            .flat_map(|scope| scope.metrics())
            .map(|metric| (metric.name().to_owned(), exported_as(metric)))
            .collect()
    }
}

/// What a metric says, in words of neither side.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    unit: String,
    help: String,
    kind: &'static str,
    bounds: Vec<f64>,
    points: BTreeMap<String, Vec<u64>>,
}

fn exported_as(metric: &Metric) -> Told {
    let mut told = Told {
        unit: metric.unit().to_owned(),
        help: metric.description().to_owned(),
        kind: "",
        bounds: Vec::new(),
        points: BTreeMap::new(),
    };
    match metric.data() {
        AggregatedMetrics::F64(MetricData::Histogram(histogram)) => {
            told.kind = "histogram";
            for point in histogram.data_points() {
                told.bounds = point.bounds().collect();
                told.points.insert(attributes(point.attributes()), point.bucket_counts().collect());
            }
        }
        AggregatedMetrics::U64(MetricData::Histogram(histogram)) => {
            told.kind = "histogram";
            for point in histogram.data_points() {
                told.bounds = point.bounds().collect();
                let numbers = point.bucket_counts().chain([point.sum()]);
                told.points.insert(attributes(point.attributes()), numbers.collect());
            }
        }
        AggregatedMetrics::U64(MetricData::Sum(sum)) => {
            told.kind = "counter";
            assert!(sum.is_monotonic());
            for point in sum.data_points() {
                told.points.insert(attributes(point.attributes()), vec![point.value()]);
            }
        }
        AggregatedMetrics::I64(MetricData::Sum(sum)) => {
            told.kind = "up-down counter";
            assert!(!sum.is_monotonic());
            for point in sum.data_points() {
                told.points.insert(attributes(point.attributes()), vec![point.value().try_into().unwrap()]);
            }
        }
        other => panic!("{}: {other:?}", metric.name()),
    }
    told
}

fn attributes<'a>(attributes: impl Iterator<Item = &'a KeyValue>) -> String {
    let mut each: Vec<String> = attributes
        .map(|attribute| match &attribute.value {
            Value::I64(integer) => format!("{}={integer} ", attribute.key),
            text => format!("{}=\"{text}\" ", attribute.key),
        })
        .collect();
    each.sort();
    each.concat()
}

fn kept_as(family: &FamilySnapshot) -> Told {
    let point = |series: Series<'_>| {
        let mut labels: Vec<String> = series
            .labels()
            .iter()
            .map(|label| match label.value() {
                LabelText::Integer(integer) => format!("{}={integer} ", label.name()),
                text => text.with_str(|text| format!("{}=\"{text}\" ", label.name())),
            })
            .collect();
        labels.sort();
        let numbers = match series.value() {
            metrics::Value::Counter(number) | metrics::Value::Gauge(number) => vec![number.as_f64() as u64],
            metrics::Value::Histogram(value) => {
                let is_whole = family.measure() == Some(metrics::Measure::Whole);
                let sum = is_whole.then(|| value.sum() as u64);
                value.buckets().iter().copied().chain(sum).collect()
            }
            other => panic!("{other:?}"),
        };
        (labels.concat(), numbers)
    };
    Told {
        unit: family.descriptor().unit().to_owned(),
        help: family.descriptor().help().to_owned(),
        kind: match family.kind() {
            metrics::Kind::Counter => "counter",
            metrics::Kind::UpDownCounter => "up-down counter",
            metrics::Kind::Histogram => "histogram",
            other => panic!("{other:?}"),
        },
        bounds: family.bounds().to_vec(),
        points: family.series().map(point).filter(|(_, numbers)| says_something(family, numbers)).collect(),
    }
}

/// The store finds all places of an exchange at once: a histogram among them may stay without a recording.
fn says_something(family: &FamilySnapshot, numbers: &[u64]) -> bool {
    family.kind() != metrics::Kind::Histogram || numbers.iter().any(|number| *number > 0)
}

fn request(path: &str, content: &'static str) -> Request<()> {
    let request = Request::builder().method("POST").uri(path).header(header::CONTENT_TYPE, content);
    request.header(header::CONTENT_LENGTH, 42).body(()).unwrap()
}

/// Sends one request of each sort through the layer: answered, refused, failed, dropped; HTTP and gRPC.
fn traffic<L>(layer: &L)
where
    L: Layer<Scripted<ScriptedBody>>,
    L::Service: Service<Request<()>>,
    <L::Service as Service<Request<()>>>::Response: Answered,
{
    let mut status = HeaderMap::new();
    status.insert("grpc-status", "5".parse().unwrap());
    let mut gone = Response::new(ScriptedBody::new().end());
    *gone.status_mut() = StatusCode::GONE;
    let shop = Route::template("/things/{id}");
    let inventory = Route::rpc("shop.v1.Inventory/Get");
    for (path, content, route, reply) in [
        (
            "/things/1",
            "text/plain",
            shop,
            Reply::response(Response::new(ScriptedBody::new().data("seven b").end())),
        ),
        ("/things/2", "text/plain", shop, Reply::response(gone)),
        ("/scan", "text/plain", Route::UNMATCHED, Reply::response(Response::new(ScriptedBody::new().end()))),
        (
            "/shop.v1.Inventory/Get",
            "application/grpc",
            inventory,
            Reply::response(Response::new(ScriptedBody::new().data("x").trailers(status).end())),
        ),
    ] {
        let mut request = request(path, content);
        request.extensions_mut().insert(route);
        let mut service = layer.layer(Scripted::new([reply]));
        if let Some(Ok(answer)) = run(call(&mut service, request)) {
            answer.read();
        }
    }
    let mut service = layer.layer(Scripted::new([Reply::never()]));
    drop(call(&mut service, request("/things/3", "text/plain")));
}

/// An answer that can be read to its end.
trait Answered {
    fn read(self);
}

impl<B: http_body::Body> Answered for Response<B> {
    fn read(self) {
        read_body(Box::pin(self.into_body()).as_mut());
    }
}

#[test]
fn both_windows_say_the_same_of_the_same_exchanges() {
    let sdk = Sdk::new();
    let builder = Metrics::builder().with_label::<Tier>();
    let ours = builder.with_body_sizes().with_head_times().build().unwrap();
    let windows = (Write, ours.clone(), sdk.window());
    traffic(&windows.clone().server());
    traffic(&windows.client());

    let exported = sdk.metrics();
    let snapshot = ours.store().snapshot();
    for (name, told) in &exported {
        let kept = kept_as(snapshot.family(name).unwrap_or_else(|| panic!("{name} is not in the store")));
        assert_eq!((name, told), (name, &kept));
    }
    // Nothing is left out, but what the store says of itself and what it computes.
    let own = ["series.refused", "samples.refused", "values.refused", "oldest.age"];
    let own = own.map(|name| format!("tower_telemetry.{name}"));
    let kept = snapshot.families().iter().filter(|family| family.series().len() > 0);
    let kept =
        kept.map(|family| family.descriptor().name()).filter(|name| !own.iter().any(|own| own == name));
    assert_eq!(kept.collect::<Vec<_>>(), exported.keys().collect::<Vec<_>>());

    let duration = &exported["http.server.request.duration"];
    assert_eq!(duration.bounds.len(), 14, "of the conventions, not of the SDK");
    assert!(duration.points.keys().any(|point| point.contains("tier=\"paid\"")), "{duration:?}");
    let active = &exported["http.server.active_requests"];
    assert_eq!((active.kind, active.points.values().flatten().sum::<u64>()), ("up-down counter", 0));
}

#[test]
fn what_is_in_flight_is_told_until_it_is_dropped() {
    let sdk = Sdk::new();
    let mut service = sdk.window().server().layer(Scripted::<ScriptedBody>::new([Reply::never()]));
    let in_flight = call(&mut service, request("/things/1", "text/plain"));
    let active = || sdk.metrics()["http.server.active_requests"].points.clone();
    let expected = |number| {
        let attributes = "http.request.method=\"POST\" url.scheme=\"http\" ".to_owned();
        BTreeMap::from([(attributes, vec![number])])
    };
    assert_eq!(active(), expected(1));
    drop(in_flight);
    assert_eq!(active(), expected(0));
}
