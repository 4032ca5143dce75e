//! Telemetry that keeps what it is told.

use std::ops::Deref;
use std::time::Duration;

use tower_telemetry_core::names::metric;
use tracing::Dispatch;
use tracing::subscriber::DefaultGuard;

use super::fail::{fail, listed};
use super::kept_lines::KeptLines;
use super::kept_spans::KeptSpans;
use super::spare;
use super::test_line::TestLine;
use super::test_metric::TestMetric;
use super::test_span::TestSpan;
use crate::builder::TelemetryBuilder;
use crate::error::InitError;
use crate::log_format::LogFormat;
use crate::resource::Detection;
use crate::settings::Environment;
use crate::telemetry::Telemetry;

/// How long exchanges may take to end.
const PATIENCE: Duration = Duration::from_secs(10);
/// An exchange that is not sampled ends without a word.
const LOOK: Duration = Duration::from_millis(5);

/// [`Telemetry`] for a test: it keeps spans, metrics and lines in memory, to be asserted on.
///
/// It takes nothing global, reads no environment and listens nowhere, so that tests run beside each other in one
/// process. Layers and all else are those of [`Telemetry`], which it dereferences to.
///
/// Lines are those of the thread that made it, as long as it lives: on a runtime of one thread, which `#[tokio::test]`
/// gives, those of every task. Where a task runs on another thread, give it the
/// [dispatcher](Self::dispatch) (`tracing::instrument::WithSubscriber`). It stays on its thread; a clone of the
/// [`Telemetry`] goes anywhere.
///
/// ```
/// # async fn run() {
/// use tower::{Layer, ServiceExt, service_fn};
/// use tower_telemetry_pipeline::Telemetry;
///
/// let telemetry = Telemetry::test();
/// let service = telemetry.http_server().layer(service_fn(|_: http::Request<String>| async {
///     tracing::info!(order = 7, "accepted");
///     Ok::<_, std::convert::Infallible>(http::Response::new(String::new()))
/// }));
/// service.oneshot(http::Request::new(String::new())).await.unwrap();
///
/// telemetry.settled().await;
/// let span = telemetry.span("GET");
/// span.has("http.response.status_code", 200).has_no("error.type");
/// telemetry.metric("http_server_request_duration_seconds").with("http_response_status_code", 200).has_count(1);
/// telemetry.line("accepted").has("order", 7).has("trace_id", span.trace_id());
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run());
/// ```
#[derive(Debug)]
pub struct TestTelemetry {
    telemetry: Telemetry,
    spans: KeptSpans,
    lines: KeptLines,
    dispatch: Dispatch,
    _subscriber: DefaultGuard,
}

impl Telemetry {
    /// Telemetry for a test, which keeps what it is told in memory.
    ///
    /// # Panics
    /// If the system gives no thread.
    #[must_use]
    #[track_caller]
    pub fn test() -> TestTelemetry {
        match Self::builder("test").test() {
            Ok(telemetry) => telemetry,
            Err(error) => fail(&format!("no telemetry for the test: {error}")),
        }
    }
}

impl TelemetryBuilder {
    /// Telemetry for a test, with what was chosen; but it takes nothing global, reads no environment and listens
    /// nowhere.
    ///
    /// # Errors
    /// As [`init`](Self::init).
    pub fn test(self) -> Result<TestTelemetry, InitError> {
        spare::keep();
        let (spans, lines) = (KeptSpans::default(), KeptLines::default());
        let builder = self
            .without_admin()
            .without_subscriber()
            .with_resource_detection(Detection::Off)
            .with_span_processor(spans.clone())
            .with_log_writer(lines.clone())
            .with_log_format(LogFormat::Json);
        let (telemetry, dispatch) = builder.init_apart(Environment::empty())?;
        let subscriber = tracing::dispatcher::set_default(&dispatch);
        Ok(TestTelemetry { telemetry, spans, lines, dispatch, _subscriber: subscriber })
    }
}

impl TestTelemetry {
    /// Waits until every exchange that began has ended, and so has every span.
    ///
    /// An exchange ends with its response body. A client that has read all of it may be ahead of its server.
    ///
    /// # Panics
    /// If that takes longer than 10 seconds; the message says what is in flight.
    pub async fn settled(&self) {
        let settled = async {
            while self.in_flight() > 0.0 || self.spans.open() > 0 {
                // An error says that it is time to look again.
                let _ = tokio::time::timeout(LOOK, self.spans.another()).await;
            }
        };
        if tokio::time::timeout(PATIENCE, settled).await.is_err() {
            fail(&format!(
                "{} exchanges and {} spans have not ended within {PATIENCE:?}",
                self.in_flight(),
                self.spans.open()
            ));
        }
    }

    /// The spans that ended, in the order of their ends.
    #[must_use]
    pub fn spans(&self) -> Vec<TestSpan> {
        self.spans.ended().into_iter().map(TestSpan::new).collect()
    }

    /// The one span of this name that ended.
    ///
    /// # Panics
    /// If there is none, or more than one; the message lists the spans.
    #[must_use]
    #[track_caller]
    pub fn span(&self, name: &str) -> TestSpan {
        one(self.spans(), |span| span.name() == name, &format!("span called {name:?}"))
    }

    /// The one span of this name that a server made: the client that called it has one of the same name.
    ///
    /// # Panics
    /// If there is none, or more than one; the message lists the spans.
    #[must_use]
    #[track_caller]
    pub fn server_span(&self, name: &str) -> TestSpan {
        let is_it = |span: &TestSpan| span.name() == name && span.kind() == "server";
        one(self.spans(), is_it, &format!("server span called {name:?}"))
    }

    /// The one span of this name that a client made.
    ///
    /// # Panics
    /// If there is none, or more than one; the message lists the spans.
    #[must_use]
    #[track_caller]
    pub fn client_span(&self, name: &str) -> TestSpan {
        let is_it = |span: &TestSpan| span.name() == name && span.kind() == "client";
        one(self.spans(), is_it, &format!("client span called {name:?}"))
    }

    /// A metric as it stands now, by its name of OpenTelemetry (`http.server.request.duration`) or of Prometheus
    /// (`http_server_request_duration_seconds`).
    ///
    /// # Panics
    /// If there is none; the message lists the names.
    #[must_use]
    #[track_caller]
    pub fn metric(&self, name: &str) -> TestMetric {
        TestMetric::find(name, self.store().snapshot())
    }

    /// The lines that were written, in their order.
    #[must_use]
    pub fn lines(&self) -> Vec<TestLine> {
        self.lines.text().lines().filter_map(TestLine::read).collect()
    }

    /// The one line with this message.
    ///
    /// # Panics
    /// If there is none, or more than one; the message lists the lines.
    #[must_use]
    #[track_caller]
    pub fn line(&self, message: &str) -> TestLine {
        one(self.lines(), |line| line.message() == message, &format!("line {message:?}"))
    }

    /// The dispatcher that takes the lines, for work on other threads.
    #[must_use]
    pub fn dispatch(&self) -> Dispatch {
        self.dispatch.clone()
    }

    fn in_flight(&self) -> f64 {
        let snapshot = self.store().snapshot();
        let total = |metric: &str| snapshot.total(metric, &[]);
        total(metric::EXCHANGES_STARTED.name) - total(metric::EXCHANGES_ENDED.name)
    }
}

impl Deref for TestTelemetry {
    type Target = Telemetry;

    fn deref(&self) -> &Telemetry {
        &self.telemetry
    }
}

#[track_caller]
fn one<T: ToString>(all: Vec<T>, is_it: impl Fn(&T) -> bool, what: &str) -> T {
    let names = all.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut found = all.into_iter().filter(is_it);
    match (found.next(), found.count()) {
        (Some(one), 0) => one,
        (None, _) => fail(&format!("there is no {what}; there are:{}", listed(names, "none"))),
        (Some(_), more) => fail(&format!("there are {} of the {what}:{}", more + 1, listed(names, "none"))),
    }
}
