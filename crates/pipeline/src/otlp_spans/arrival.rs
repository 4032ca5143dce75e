//! What arrives at a collector, beside what ended and what was counted.

use std::net::SocketAddr;
use std::time::Duration;

use http::HeaderValue;
use opentelemetry::KeyValue;
use opentelemetry::trace::{Span as _, SpanKind, Tracer, TracerProvider};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, SpanProcessor};
use tower_telemetry_core::names::metric;
use tower_telemetry_metrics::Store;

use super::enabled::SpanExport;
use crate::background::Background;
use crate::otlp::batches::{Counts, Dropped, Settings};
use crate::otlp::receiver::{Answer, Receiver, Taken, destination};
use crate::otlp::{Backoff, Compression, Protocol, Signal};

const BOTH: [Protocol; 2] = [Protocol::Grpc, Protocol::HttpProtobuf];
/// Longer than any test.
const LONG: Duration = Duration::from_secs(600);
const QUICK: Backoff =
    Backoff { attempts: u32::MAX, first: Duration::from_millis(1), longest: Duration::from_millis(5) };

fn settings(protocol: Protocol, addr: SocketAddr) -> Settings {
    Settings {
        destination: destination(Signal::Traces, protocol, addr),
        capacity: 2048,
        batch: 512,
        delay: LONG,
        patience: Duration::from_secs(30),
        backoff: QUICK,
    }
}

/// Spans, their way out and what is told of it.
struct Shop {
    provider: SdkTracerProvider,
    export: SpanExport,
    store: Store,
    background: Option<Background>,
}

impl Shop {
    fn new(settings: Settings) -> Self {
        let (store, background) = (Store::new(), Background::start().unwrap());
        let export = SpanExport::start(settings, &store, &background).unwrap();
        let provider = SdkTracerProvider::builder()
            .with_resource(Resource::builder_empty().with_service_name("shop").build())
            .with_span_processor(export.clone())
            .build();
        Self { provider, export, store, background: Some(background) }
    }

    fn work(&self, times: usize) {
        let tracer = self.provider.tracer("test");
        for _ in 0..times {
            tracer.span_builder("order").with_kind(SpanKind::Server).start(&tracer).end();
        }
    }

    /// The counts, which the pages tell as well.
    fn counts(&self) -> Counts {
        let counts = self.export.counts();
        let snapshot = self.store.snapshot();
        let told = |metric: &str| snapshot.total(metric, &[]) as u64;
        assert_eq!(told(metric::OTLP_SPANS_FINISHED.name), counts.finished);
        assert_eq!(told(metric::OTLP_SPANS_EXPORTED.name), counts.exported);
        assert_eq!(told(metric::OTLP_SPANS_DROPPED.name), counts.dropped.total());
        assert_eq!(told(metric::OTLP_SPANS_WAITING.name), counts.waiting());
        counts
    }

    /// Flushes without holding up a receiver on the runtime of the test.
    async fn flush(&self) {
        let export = self.export.clone();
        tokio::task::spawn_blocking(move || export.force_flush()).await.unwrap().unwrap();
    }

    async fn finish(&self) {
        let export = self.export.clone();
        tokio::task::spawn_blocking(move || export.finish()).await.unwrap();
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        if let Some(background) = self.background.take() {
            background.stop();
        }
    }
}

fn spans_of(taken: &Taken) -> Vec<Span> {
    let resources = taken.traces().resource_spans.into_iter();
    resources.flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans).collect()
}

/// All spans that have come by now.
fn arrived(receiver: &mut Receiver) -> usize {
    std::iter::from_fn(|| receiver.waiting()).map(|taken| spans_of(&taken).len()).sum()
}

#[tokio::test]
async fn a_span_arrives_as_it_ended() {
    for (protocol, compression) in BOTH.into_iter().zip([Compression::Gzip, Compression::None]) {
        let mut receiver = Receiver::start(protocol, &[]).await;
        let mut settings = settings(protocol, receiver.addr);
        settings.destination.headers.insert("api-key", HeaderValue::from_static("secret"));
        settings.destination.compression = compression;
        let shop = Shop::new(settings);
        let tracer = shop.provider.tracer("test");
        let mut span = tracer.span_builder("GET /orders").with_kind(SpanKind::Client).start(&tracer);
        span.set_attribute(KeyValue::new("http.response.status_code", 200));
        let context = span.span_context().clone();
        span.end();
        shop.flush().await;

        let taken = receiver.next().await;
        assert_eq!(taken.headers.get("api-key").unwrap(), "secret");
        let request = taken.traces();
        let resource = &request.resource_spans[0];
        assert_eq!(resource.resource.as_ref().unwrap().attributes[0].key, "service.name");
        assert_eq!(resource.scope_spans[0].scope.as_ref().unwrap().name, "test");
        let span = &resource.scope_spans[0].spans[0];
        assert_eq!((&*span.name, span.kind), ("GET /orders", 3));
        assert_eq!(span.trace_id, context.trace_id().to_bytes());
        assert_eq!(span.span_id, context.span_id().to_bytes());
        assert_eq!(span.attributes[0].key, "http.response.status_code");
        assert!(span.end_time_unix_nano >= span.start_time_unix_nano);
        assert_eq!(shop.counts(), Counts { finished: 1, exported: 1, ..Counts::default() });
    }
}

#[tokio::test]
async fn a_coding_is_used_where_it_is_asked_for() {
    for compression in [Compression::Gzip, Compression::None] {
        for protocol in BOTH {
            let mut receiver = Receiver::start(protocol, &[]).await;
            let mut settings = settings(protocol, receiver.addr);
            settings.destination.compression = compression;
            let shop = Shop::new(settings);
            shop.work(100);
            shop.flush().await;
            let taken = receiver.next().await;
            let header = match protocol {
                Protocol::Grpc => "grpc-encoding",
                Protocol::HttpProtobuf => "content-encoding",
            };
            let coded = taken.headers.get(header).is_some_and(|coding| coding == "gzip");
            assert_eq!(coded, compression == Compression::Gzip, "{protocol:?}");
            assert_eq!(spans_of(&taken).len(), 100);
        }
    }
}

#[tokio::test]
async fn a_full_batch_does_not_wait_for_time() {
    let mut receiver = Receiver::start(Protocol::Grpc, &[]).await;
    let shop = Shop::new(Settings { batch: 3, ..settings(Protocol::Grpc, receiver.addr) });
    shop.work(7);
    let sizes = [spans_of(&receiver.next().await).len(), spans_of(&receiver.next().await).len()];
    assert_eq!(sizes, [3, 3]);
    shop.flush().await;
    assert_eq!(spans_of(&receiver.next().await).len(), 1);
}

#[tokio::test]
async fn a_span_does_not_wait_for_others_for_ever() {
    let mut receiver = Receiver::start(Protocol::Grpc, &[]).await;
    let delay = Duration::from_millis(5);
    let shop = Shop::new(Settings { delay, ..settings(Protocol::Grpc, receiver.addr) });
    shop.work(1);
    assert_eq!(spans_of(&receiver.next().await).len(), 1);
}

#[tokio::test]
async fn a_span_that_was_not_sampled_is_not_exported() {
    let receiver = Receiver::start(Protocol::Grpc, &[]).await;
    let shop = Shop::new(settings(Protocol::Grpc, receiver.addr));
    let provider = SdkTracerProvider::builder()
        .with_sampler(Sampler::AlwaysOff)
        .with_span_processor(shop.export.clone())
        .build();
    provider.tracer("test").start("order").end();
    assert_eq!(shop.counts(), Counts::default());
}

#[tokio::test]
async fn a_collector_that_stumbles_gets_all_in_the_end() {
    for protocol in BOTH {
        let mut receiver = Receiver::start(protocol, &[Answer::Unavailable; 3]).await;
        let shop = Shop::new(settings(protocol, receiver.addr));
        shop.work(5);
        shop.flush().await;
        let attempts: Vec<_> = std::iter::from_fn(|| receiver.waiting()).collect();
        assert_eq!(attempts.iter().map(|taken| spans_of(taken).len()).collect::<Vec<_>>(), [5; 4]);
        assert_eq!(shop.counts(), Counts { finished: 5, exported: 5, ..Counts::default() });
        let exports = [("signal", "traces"), ("outcome", "success")];
        assert_eq!(shop.store.snapshot().value(metric::OTLP_EXPORTS.name, &exports), Some(1.0));
    }
}

#[tokio::test]
async fn what_the_collector_refuses_is_counted_and_not_tried_again() {
    for protocol in BOTH {
        let answers = [Answer::Invalid, Answer::Partial(2)];
        let mut receiver = Receiver::start(protocol, &answers).await;
        let shop = Shop::new(settings(protocol, receiver.addr));
        for _ in 0..2 {
            shop.work(5);
            shop.flush().await;
        }
        assert_eq!(arrived(&mut receiver), 10);
        let dropped = Dropped { refused: 7, ..Dropped::default() };
        assert_eq!(shop.counts(), Counts { finished: 10, exported: 3, dropped });
    }
}

#[tokio::test]
async fn a_collector_that_is_away_costs_no_more_than_the_queue_and_is_found_again() {
    for protocol in BOTH {
        let addr = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let away = Settings { capacity: 8, batch: 4, patience: LONG, ..settings(protocol, addr) };
        let shop = Shop::new(away);
        shop.work(100);
        let counts = shop.counts();
        // One batch may be on its way.
        assert!((88..=92).contains(&counts.dropped.queue_full), "{counts:?}");
        assert_eq!(counts.waiting() + counts.dropped.queue_full, 100);

        let mut receiver = Receiver::at(protocol, addr, &[]).await;
        shop.flush().await;
        let Counts { finished, exported, dropped } = shop.counts();
        assert_eq!(arrived(&mut receiver) as u64, exported);
        assert_eq!(
            (finished, exported + dropped.queue_full, dropped.total()),
            (100, 100, dropped.queue_full)
        );
        shop.work(1);
        shop.flush().await;
        assert_eq!(arrived(&mut receiver), 1);
    }
}

#[tokio::test]
async fn patience_with_a_collector_that_is_away_has_an_end() {
    for protocol in BOTH {
        let addr = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let shop = Shop::new(Settings { patience: Duration::from_millis(20), ..settings(protocol, addr) });
        shop.work(5);
        shop.flush().await;
        let dropped = Dropped { unreachable: 5, ..Dropped::default() };
        assert_eq!(shop.counts(), Counts { finished: 5, exported: 0, dropped });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_end_loses_no_span_that_ends_while_it_comes() {
    for protocol in BOTH {
        let mut receiver = Receiver::start(protocol, &[]).await;
        let shop = Shop::new(Settings { batch: 16, ..settings(protocol, receiver.addr) });
        let (started, start) = std::sync::mpsc::channel();
        let ended = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..2)
                .map(|_| {
                    let (shop, started) = (&shop, started.clone());
                    scope.spawn(move || {
                        for span in 0..3_000 {
                            shop.work(1);
                            if span == 100 {
                                started.send(()).unwrap();
                            }
                        }
                        3_000
                    })
                })
                .collect();
            start.recv().unwrap();
            let export = shop.export.clone();
            scope.spawn(move || export.finish());
            workers.into_iter().map(|worker| worker.join().unwrap()).sum::<u64>()
        });
        shop.finish().await;
        let counts = shop.counts();
        assert_eq!((counts.finished, counts.waiting()), (ended, 0), "{counts:?}");
        assert_eq!(arrived(&mut receiver) as u64, counts.exported, "{counts:?}");
        shop.work(1);
        assert_eq!(shop.counts().dropped.shutdown, counts.dropped.shutdown + 1);
    }
}

#[tokio::test]
async fn the_end_waits_for_a_collector_that_stumbles() {
    let mut receiver = Receiver::start(Protocol::HttpProtobuf, &[Answer::Unavailable]).await;
    let shop = Shop::new(settings(Protocol::HttpProtobuf, receiver.addr));
    shop.work(5);
    shop.finish().await;
    assert_eq!(arrived(&mut receiver), 10);
    assert_eq!(shop.counts(), Counts { finished: 5, exported: 5, ..Counts::default() });
}

#[tokio::test]
async fn the_end_does_not_wait_for_a_collector_that_is_away() {
    for protocol in BOTH {
        let addr = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        // In the middle of a long pause it is told to end.
        let backoff = Backoff { attempts: u32::MAX, first: LONG, longest: LONG };
        let shop = Shop::new(Settings { batch: 2, patience: 10 * LONG, backoff, ..settings(protocol, addr) });
        shop.work(20);
        shop.finish().await;
        // Which of the two it was depends on how soon the first connection was refused.
        let Counts { finished, exported, dropped } = shop.counts();
        let lost = dropped.unreachable + dropped.shutdown;
        assert_eq!((finished, exported, lost), (20, 0, 20), "{protocol:?}: {dropped:?}");
    }
}

#[tokio::test]
async fn the_end_comes_on_time_where_a_collector_never_answers() {
    for protocol in BOTH {
        let receiver = Receiver::start(protocol, &[Answer::Silence; 9]).await;
        let shop = Shop::new(Settings { batch: 2, ..settings(protocol, receiver.addr) });
        shop.work(5);
        let export = shop.export.clone();
        let end = move || export.shutdown_with_timeout(Duration::from_millis(50));
        tokio::task::spawn_blocking(end).await.unwrap().unwrap();
        let dropped = Dropped { shutdown: 5, ..Dropped::default() };
        assert_eq!(shop.counts(), Counts { finished: 5, exported: 0, dropped });
    }
}
