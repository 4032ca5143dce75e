//! What arrives at a collector, beside the lines that tell the same events.

use std::convert::Infallible;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use http::{Request, Response};
use http_body_util::Empty;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::current;
use tower_telemetry_core::names::{header, metric};
use tower_telemetry_trace::InExchange;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;

use crate::Telemetry;
use crate::otlp::Protocol;
use crate::otlp::receiver::{Answer, Receiver};
use crate::settings::Environment;

type Body = Empty<bytes::Bytes>;
type Read = fn(&'static str) -> Option<String>;

/// What is written, byte for byte.
#[derive(Clone, Debug, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// The line that has this in it.
    fn with(&self, text: &str) -> String {
        let lines = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        lines.lines().find(|line| line.contains(text)).unwrap().to_owned()
    }
}

/// A service, its lines and its way to a collector.
struct Shop {
    telemetry: Telemetry,
    lines: Lines,
    _subscriber: tracing::subscriber::DefaultGuard,
}

impl Shop {
    fn new(read: Read) -> Self {
        let lines = Lines::default();
        let writer = lines.clone();
        let telemetry = Telemetry::builder("shop")
            .without_admin()
            .without_subscriber()
            .with_log_writer(move || writer.clone())
            .init_in(Environment::of(read))
            .unwrap();
        // The receiver is on the same thread: what its server says is none of the shop's.
        let subscriber = tracing_subscriber::registry().with(LevelFilter::INFO).with(telemetry.log_layer());
        let subscriber = tracing::subscriber::set_default(subscriber.with(telemetry.otlp_log_layer()));
        Self { telemetry, lines, _subscriber: subscriber }
    }

    /// A request whose handler tells something, and a task of it something else.
    async fn request(&self) {
        let service = self.telemetry.http_server().layer(service_fn(|_: Request<Body>| async {
            assert!(current().unwrap().set("shop.basket", 3));
            let outer =
                tracing::info_span!("shop", customer = "nobody", late = tracing::field::Empty, size = 2.5);
            // Again and again: the last counts, and nothing of the others stays.
            for number in 0..1_000 {
                outer.record("late", number);
            }
            outer.in_scope(|| {
                let inner = tracing::info_span!("checkout", customer = "ann", order = 1, open = true);
                inner.in_scope(|| tracing::warn!(order = 7_u64, trace_id = "mine", "in the handler"));
            });
            let task = async {
                tracing::error!(
                    error = &std::io::Error::other("broken") as &dyn std::error::Error,
                    "in a task"
                );
            };
            tokio::spawn(task.in_exchange()).await.unwrap();
            Ok::<_, Infallible>(Response::new(Body::new()))
        }));
        let request = Request::get("/").header(header::X_REQUEST_ID, "mine-7").body(Body::new()).unwrap();
        drop(service.oneshot(request).await.unwrap());
    }
}

fn records(request: &ExportLogsServiceRequest) -> Vec<(&str, &LogRecord)> {
    let scopes = request.resource_logs.iter().flat_map(|resource| &resource.scope_logs);
    let record = |scope| {
        let scope: &opentelemetry_proto::tonic::logs::v1::ScopeLogs = scope;
        let name = scope.scope.as_ref().unwrap().name.as_str();
        scope.log_records.iter().map(move |record| (name, record))
    };
    scopes.flat_map(record).collect()
}

fn record<'a>(request: &'a ExportLogsServiceRequest, body: &str) -> (&'a str, &'a LogRecord) {
    let is_it = |record: &LogRecord| {
        let body_of = record.body.as_ref().unwrap().value.as_ref().unwrap();
        *body_of == Value::StringValue(body.to_owned())
    };
    records(request).into_iter().find(|(_, record)| is_it(record)).unwrap()
}

fn attribute(attributes: &[KeyValue], key: &str) -> Option<Value> {
    let mut found = attributes.iter().filter(|attribute| attribute.key == key);
    let first = found.next();
    assert!(found.next().is_none(), "{key} stands twice in {attributes:?}");
    first?.value.as_ref()?.value.clone()
}

fn text(text: &str) -> Option<Value> {
    Some(Value::StringValue(text.to_owned()))
}

/// The same over both protocols, and with a trace that is not sampled.
async fn check(shop: Shop, receiver: &mut Receiver) {
    shop.request().await;
    shop.telemetry.shutdown().await;
    let request = receiver.next().await.logs();
    let resource = request.resource_logs[0].resource.as_ref().unwrap();
    assert_eq!(attribute(&resource.attributes, "service.name"), text("shop"));

    let (scope, handler) = record(&request, "in the handler");
    assert!(scope.ends_with("otlp_logs::arrival"), "{scope}");
    assert_eq!((handler.severity_number, &*handler.severity_text), (13, "WARN"));
    assert!(handler.time_unix_nano > 0 && handler.event_name.is_empty());
    assert_eq!(attribute(&handler.attributes, "request_id"), text("mine-7"));
    // Last write wins, as on the line: the event's over the span's.
    assert_eq!(attribute(&handler.attributes, "order"), Some(Value::IntValue(7)));
    assert_eq!(attribute(&handler.attributes, "customer"), text("ann"));
    assert_eq!(attribute(&handler.attributes, "late"), Some(Value::IntValue(999)));
    assert_eq!(attribute(&handler.attributes, "size"), Some(Value::DoubleValue(2.5)));
    assert_eq!(attribute(&handler.attributes, "open"), Some(Value::BoolValue(true)));
    assert_eq!(attribute(&handler.attributes, "shop.basket"), Some(Value::IntValue(3)));
    assert_eq!(attribute(&handler.attributes, "trace_id"), None);
    let (_, task) = record(&request, "in a task");
    assert_eq!((task.severity_number, &*task.severity_text), (17, "ERROR"));
    assert_eq!(attribute(&task.attributes, "exception.message"), text("broken"));
    let (scope, access) = record(&request, "exchange ended");
    assert_eq!(scope, tower_telemetry_log::ACCESS_TARGET);
    assert_eq!(attribute(&access.attributes, "ending"), text("complete"));
    for (body, record) in [("in the handler", handler), ("in a task", task), ("exchange ended", access)] {
        let line = shop.lines.with(body);
        let id = |key: &str, bytes: &[u8]| format!("\"{key}\":\"{}\"", const_hex::encode(bytes));
        assert!(line.contains(&id("trace_id", &record.trace_id)), "{line} and {record:?}");
        assert!(line.contains(&id("span_id", &record.span_id)), "{line} and {record:?}");
        assert_eq!(record.trace_id, handler.trace_id);
        assert_eq!(attribute(&record.attributes, "request_id"), text("mine-7"));
    }
    let snapshot = shop.telemetry.store().snapshot();
    let all = records(&request).len() as f64;
    assert_eq!(snapshot.value(metric::OTLP_LOGS_FINISHED.name, &[]), Some(all));
    assert_eq!(snapshot.value(metric::OTLP_LOGS_EXPORTED.name, &[]), Some(all));
    assert_eq!(snapshot.value(metric::OTLP_LOGS_WAITING.name, &[]), Some(0.0));
    assert_eq!(snapshot.value(metric::OTLP_LOGS_CAPACITY.name, &[]), Some(2048.0));
}

#[tokio::test]
async fn a_record_has_the_ids_of_its_line_over_grpc() {
    static ENDPOINT: OnceLock<String> = OnceLock::new();
    let mut receiver = Receiver::start(Protocol::Grpc, &[]).await;
    ENDPOINT.set(format!("http://{}", receiver.addr)).unwrap();
    let shop = Shop::new(|name| match name {
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT" => ENDPOINT.get().cloned(),
        "OTEL_EXPORTER_OTLP_PROTOCOL" => Some("grpc".into()),
        _ => None,
    });
    check(shop, &mut receiver).await;
}

#[tokio::test]
async fn a_record_of_a_trace_that_is_not_sampled_has_its_ids_too() {
    static ENDPOINT: OnceLock<String> = OnceLock::new();
    let mut receiver = Receiver::start(Protocol::HttpProtobuf, &[]).await;
    ENDPOINT.set(format!("http://{}/v1/logs", receiver.addr)).unwrap();
    let shop = Shop::new(|name| match name {
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT" => ENDPOINT.get().cloned(),
        "OTEL_TRACES_SAMPLER" => Some("always_off".into()),
        _ => None,
    });
    check(shop, &mut receiver).await;
}

#[tokio::test]
async fn what_does_not_arrive_is_counted() {
    static ENDPOINT: OnceLock<String> = OnceLock::new();
    let mut receiver = Receiver::start(Protocol::HttpProtobuf, &[Answer::Invalid]).await;
    ENDPOINT.set(format!("http://{}/v1/logs", receiver.addr)).unwrap();
    let shop = Shop::new(|name| match name {
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT" => ENDPOINT.get().cloned(),
        "OTEL_BLRP_MAX_QUEUE_SIZE" => Some("4".into()),
        // No batch is full before all are there.
        "OTEL_BLRP_SCHEDULE_DELAY" => Some("600000".into()),
        _ => None,
    });
    // On a runtime of one thread the batch of four leaves when this is through.
    for number in 0..3 {
        tracing::info!(number, "told");
    }
    shop.telemetry.shutdown().await;
    tracing::info!("after the end");
    assert_eq!(records(&receiver.next().await.logs()).len(), 3);
    let snapshot = shop.telemetry.store().snapshot();
    let dropped = |reason| snapshot.value(metric::OTLP_LOGS_DROPPED.name, &[("reason", reason)]);
    assert_eq!((dropped("refused"), dropped("shutdown")), (Some(3.0), Some(1.0)));
    let failures = [("signal", "logs"), ("outcome", "failure")];
    assert_eq!(snapshot.value(metric::OTLP_EXPORTS.name, &failures), Some(1.0));
}

#[tokio::test]
async fn a_name_is_told_and_a_record_of_the_log_crate_is_its_own() {
    static ENDPOINT: OnceLock<String> = OnceLock::new();
    let mut receiver = Receiver::start(Protocol::HttpProtobuf, &[]).await;
    ENDPOINT.set(format!("http://{}/v1/logs", receiver.addr)).unwrap();
    let shop = Shop::new(|name| match name {
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT" => ENDPOINT.get().cloned(),
        "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT" => Some("2".into()),
        "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT" => Some("8".into()),
        _ => None,
    });
    tracing::info!(name: "shop.order", order = 7, "accepted");
    // As the bridge of the `log` crate writes it.
    tracing::event!(name: "log event", target: "log", tracing::Level::INFO, { log.target = "old::kit", log.line = 7 }, "old");
    tracing::info!(one = "a long text", two = 2, three = 3, "limits");
    shop.telemetry.shutdown().await;
    let request = receiver.next().await.logs();
    assert_eq!(record(&request, "accepted").1.event_name, "shop.order");
    let (scope, old) = record(&request, "old");
    assert_eq!((scope, &*old.event_name, old.attributes.len()), ("old::kit", "", 0));
    assert!(old.trace_id.is_empty() && old.span_id.is_empty());
    let (_, limited) = record(&request, "limits");
    assert_eq!((limited.attributes.len(), limited.dropped_attributes_count), (2, 1));
    assert_eq!(attribute(&limited.attributes, "one"), text("a long t"));
}

/// A value that does this when it is told.
struct Tells(fn());

impl std::fmt::Debug for Tells {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (self.0)();
        f.write_str("told")
    }
}

#[tokio::test]
async fn a_value_that_panics_or_logs_where_it_is_told_harms_nobody() {
    static ENDPOINT: OnceLock<String> = OnceLock::new();
    let mut receiver = Receiver::start(Protocol::HttpProtobuf, &[]).await;
    ENDPOINT.set(format!("http://{}/v1/logs", receiver.addr)).unwrap();
    let shop = Shop::new(|name| match name {
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT" => ENDPOINT.get().cloned(),
        _ => None,
    });
    let panics = Tells(|| std::panic::resume_unwind(Box::new("as asked")));
    tracing::info!(value = ?panics, "lost");
    tracing::info_span!("in_a_span", value = ?panics).in_scope(|| tracing::info!("kept"));
    tracing::info!(value = ?Tells(|| tracing::info!("within")), "around");
    shop.telemetry.shutdown().await;
    let request = receiver.next().await.logs();
    let (_, kept) = record(&request, "kept");
    assert_eq!(attribute(&kept.attributes, "value"), None);
    let (_, around) = record(&request, "around");
    assert_eq!(attribute(&around.attributes, "value"), text("told"));
    // What is said within is not heard here: a thread's own subscriber is not asked while it is being told something.
    assert!(!format!("{request:?}").contains("lost"));
}

#[tokio::test]
async fn nothing_is_exported_where_nobody_asks_for_it() {
    for read in [
        (|_| None) as Read,
        |name| match name {
            "OTEL_EXPORTER_OTLP_ENDPOINT" => Some("http://127.0.0.1:9".into()),
            "OTEL_LOGS_EXPORTER" => Some("none".into()),
            "OTEL_TRACES_EXPORTER" | "OTEL_METRICS_EXPORTER" => Some("none".into()),
            _ => None,
        },
        |name| match name {
            "OTEL_EXPORTER_OTLP_ENDPOINT" => Some("http://127.0.0.1:9".into()),
            "OTEL_SDK_DISABLED" => Some("true".into()),
            _ => None,
        },
    ] {
        let shop = Shop::new(read);
        assert!(shop.telemetry.otlp_log_layer().is_none());
        tracing::info!("on the line");
        assert!(shop.lines.with("on the line").contains("\"service.name\":\"shop\""));
        shop.telemetry.shutdown().await;
    }
}
