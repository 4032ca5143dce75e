//! The table of names: every metric, attribute, span name, log field and header of the workspace.
//!
//! Dashboards and alerts hang on these, so they are API. Those of the OpenTelemetry semantic
//! conventions are at version [`CONVENTIONS`]; names of our own live under `tower_telemetry.`.
//! The reference in `docs/names.md` is made from [`TABLE`].

use http::StatusCode;

/// The version of the semantic conventions that the names follow.
pub const CONVENTIONS: &str = "1.45.0";

/// The schema URL of that version.
pub const SCHEMA_URL: &str = "https://opentelemetry.io/schemas/1.45.0";

/// What stands for a value of the wire that is not known: methods, gRPC methods, errors, hosts.
pub const OTHER: &str = "_OTHER";

/// What a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A metric.
    Metric,
    /// An attribute of spans, and a label of the metrics that list it.
    Attribute,
    /// A field of a log line.
    Field,
    /// A header of a request or a response.
    Header,
    /// A value of `error.type`.
    ErrorType,
    /// What the keys of some attributes begin with.
    AttributePrefix,
    /// An event.
    Event,
    /// An attribute of the resource, which all signals share.
    ResourceAttribute,
    /// A label or a piece of structured metadata in Loki.
    Loki,
}

/// Who defines a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The semantic conventions, stable.
    Stable,
    /// The semantic conventions, in development.
    Development,
    /// Another standard, or common use.
    Common,
    /// This project.
    Own,
}

/// What kind of instrument records a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Instrument {
    /// A sum that only grows.
    Counter,
    /// A value that goes up and down.
    UpDownCounter,
    /// A distribution.
    Histogram,
    /// A value read when it is asked for.
    Gauge,
}

/// A metric: its name as OpenTelemetry writes it, its instrument and its unit (UCUM).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// The name, with dots.
    pub name: &'static str,
    /// The instrument.
    pub instrument: Instrument,
    /// The unit: `s`, `By`, `{request}`.
    pub unit: &'static str,
    /// What it counts or measures, in one sentence.
    pub help: &'static str,
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What it names.
    pub kind: Kind,
    /// The name.
    pub name: &'static str,
    /// Who defines it.
    pub origin: Origin,
    /// What it says, in one sentence; for metrics with instrument and unit.
    pub help: &'static str,
    /// The metric, if it is one.
    pub metric: Option<Metric>,
}

/// Bounds of duration histograms in seconds, as the conventions advise.
pub const DURATION_BOUNDS: &[f64] =
    &[0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Bounds in seconds of what may last for hours: streams, sessions.
pub const LIFETIME_BOUNDS: &[f64] =
    &[0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3_600.0, 14_400.0, 43_200.0, 86_400.0];

macro_rules! metrics {
    ($($(#[doc = $help:literal])+ $id:ident = $name:literal, $instrument:ident, $unit:literal, $origin:ident;)+) => {
        /// Metrics.
        pub mod metric {
            use super::{Instrument, Metric};
            $($(#[doc = $help])+ pub const $id: Metric = Metric {
                name: $name, instrument: Instrument::$instrument, unit: $unit, help: concat!($($help),+).trim_ascii(),
            };)+
        }
        const METRICS: &[Entry] = &[$(Entry {
            kind: Kind::Metric, name: $name, origin: Origin::$origin, help: metric::$id.help, metric: Some(metric::$id),
        }),+];
    };
}

macro_rules! texts {
    ($(#[$doc:meta])* $module:ident, $table:ident, $kind:ident;
     $($(#[doc = $help:literal])+ $id:ident = $name:literal, $origin:ident;)+) => {
        $(#[$doc])*
        pub mod $module {
            $($(#[doc = $help])+ pub const $id: &str = $name;)+
        }
        const $table: &[Entry] = &[$(Entry {
            kind: Kind::$kind, name: $name, origin: Origin::$origin, help: concat!($($help),+).trim_ascii(), metric: None,
        }),+];
    };
}

macro_rules! headers {
    ($($(#[doc = $help:literal])+ $id:ident = $name:literal, $origin:ident;)+) => {
        /// Headers.
        pub mod header {
            use http::HeaderName;
            $($(#[doc = $help])+ pub const $id: HeaderName = HeaderName::from_static($name);)+
        }
        const HEADERS: &[Entry] = &[$(Entry {
            kind: Kind::Header, name: $name, origin: Origin::$origin, help: concat!($($help),+).trim_ascii(), metric: None,
        }),+];
    };
}

metrics! {
    /// Duration of HTTP server requests, from arrival to the end of the response body.
    HTTP_SERVER_REQUEST_DURATION = "http.server.request.duration", Histogram, "s", Stable;
    /// Duration of HTTP client requests, from sending to the end of the response body.
    HTTP_CLIENT_REQUEST_DURATION = "http.client.request.duration", Histogram, "s", Stable;
    /// Duration of inbound remote procedure calls, to the end of the stream.
    RPC_SERVER_CALL_DURATION = "rpc.server.call.duration", Histogram, "s", Stable;
    /// Duration of outbound remote procedure calls, to the end of the stream.
    RPC_CLIENT_CALL_DURATION = "rpc.client.call.duration", Histogram, "s", Stable;
    /// Number of HTTP server requests in flight.
    HTTP_SERVER_ACTIVE_REQUESTS = "http.server.active_requests", UpDownCounter, "{request}", Development;
    /// Number of HTTP client requests in flight.
    HTTP_CLIENT_ACTIVE_REQUESTS = "http.client.active_requests", UpDownCounter, "{request}", Development;
    /// Number of remote procedure calls in flight, inbound.
    RPC_SERVER_ACTIVE_CALLS = "tower_telemetry.rpc.server.active_calls", UpDownCounter, "{call}", Own;
    /// Number of remote procedure calls in flight, outbound.
    RPC_CLIENT_ACTIVE_CALLS = "tower_telemetry.rpc.client.active_calls", UpDownCounter, "{call}", Own;
    /// Bytes of HTTP request body received, as counted or announced.
    HTTP_SERVER_REQUEST_BODY_SIZE = "http.server.request.body.size", Histogram, "By", Development;
    /// Bytes of HTTP response body sent, streams counted truly.
    HTTP_SERVER_RESPONSE_BODY_SIZE = "http.server.response.body.size", Histogram, "By", Development;
    /// Bytes of HTTP request body sent, as counted or announced.
    HTTP_CLIENT_REQUEST_BODY_SIZE = "http.client.request.body.size", Histogram, "By", Development;
    /// Bytes of HTTP response body received, streams counted truly.
    HTTP_CLIENT_RESPONSE_BODY_SIZE = "http.client.response.body.size", Histogram, "By", Development;
    /// From arrival to the response head.
    HEAD_DURATION = "tower_telemetry.head.duration", Histogram, "s", Own;
    /// How long a service that was not ready was waited for before it took a request.
    READY_WAIT = "tower_telemetry.ready.wait", Histogram, "s", Own;
    /// Exchanges that a server is made to serve at once, beside those in flight.
    CAPACITY = "tower_telemetry.capacity", UpDownCounter, "{exchange}", Own;
    /// Requests that came to a limit, by what became of them there.
    LIMIT_REQUESTS = "tower_telemetry.limit.requests", Counter, "{request}", Own;
    /// How long requests waited at a limit before it let them through.
    LIMIT_WAIT = "tower_telemetry.limit.wait", Histogram, "s", Own;
    /// Requests in flight behind a limit.
    LIMIT_IN_FLIGHT = "tower_telemetry.limit.in_flight", UpDownCounter, "{request}", Own;
    /// Requests that a limit lets through at once.
    LIMIT_CAPACITY = "tower_telemetry.limit.capacity", UpDownCounter, "{request}", Own;
    /// gRPC messages sent: those of responses on a server, those of requests on a client.
    MESSAGES_SENT = "tower_telemetry.rpc.messages.sent", Counter, "{message}", Own;
    /// gRPC messages received: those of requests on a server, those of responses on a client.
    MESSAGES_RECEIVED = "tower_telemetry.rpc.messages.received", Counter, "{message}", Own;
    /// From arrival to the end of event streams and of calls with more than one message in a direction.
    STREAM_DURATION = "tower_telemetry.stream.duration", Histogram, "s", Own;
    /// Event streams, and calls with more than one message in a direction, that are open.
    STREAMS_ACTIVE = "tower_telemetry.streams.active", UpDownCounter, "{stream}", Own;
    /// From the upgrade of a connection to the end of its session, where the exchange is carried into it.
    SESSION_DURATION = "tower_telemetry.session.duration", Histogram, "s", Own;
    /// Sessions that go on after an upgrade, where the exchange is carried into them.
    SESSIONS_ACTIVE = "tower_telemetry.sessions.active", UpDownCounter, "{session}", Own;
    /// The age of the oldest exchange in flight.
    OLDEST_AGE = "tower_telemetry.oldest.age", Gauge, "s", Own;
    /// HTTP responses by status, beside durations that do not tell it.
    HTTP_SERVER_RESPONSES = "tower_telemetry.http.server.responses", Counter, "{response}", Own;
    /// HTTP responses received by status, beside durations that do not tell it.
    HTTP_CLIENT_RESPONSES = "tower_telemetry.http.client.responses", Counter, "{response}", Own;
    /// Inbound calls by status, beside durations that do not tell it.
    RPC_SERVER_RESPONSES = "tower_telemetry.rpc.server.responses", Counter, "{response}", Own;
    /// Outbound calls by status, beside durations that do not tell it.
    RPC_CLIENT_RESPONSES = "tower_telemetry.rpc.client.responses", Counter, "{response}", Own;
    /// Requests, under the name of older dashboards.
    CLASSIC_HTTP_REQUESTS = "http.requests", Counter, "{request}", Common;
    /// Duration of requests, under the name of older dashboards.
    CLASSIC_HTTP_DURATION = "http.request.duration", Histogram, "s", Common;
    /// Outbound requests, under the name of older dashboards.
    CLASSIC_HTTP_CLIENT_REQUESTS = "http.client.requests", Counter, "{request}", Common;
    /// Duration of outbound requests, under the name of older dashboards.
    CLASSIC_HTTP_CLIENT_DURATION = "http.client.requests.duration", Histogram, "s", Common;
    /// Calls that began, under the name of older dashboards.
    CLASSIC_GRPC_SERVER_STARTED = "grpc.server.started", Counter, "{call}", Common;
    /// Calls that ended, under the name of older dashboards.
    CLASSIC_GRPC_SERVER_HANDLED = "grpc.server.handled", Counter, "{call}", Common;
    /// Duration of calls, under the name of older dashboards.
    CLASSIC_GRPC_SERVER_HANDLING = "grpc.server.handling", Histogram, "s", Common;
    /// Outbound calls that began, under the name of older dashboards.
    CLASSIC_GRPC_CLIENT_STARTED = "grpc.client.started", Counter, "{call}", Common;
    /// Outbound calls that ended, under the name of older dashboards.
    CLASSIC_GRPC_CLIENT_HANDLED = "grpc.client.handled", Counter, "{call}", Common;
    /// Duration of outbound calls, under the name of older dashboards.
    CLASSIC_GRPC_CLIENT_HANDLING = "grpc.client.handling", Histogram, "s", Common;
    /// Exchanges that began, by side and protocol.
    EXCHANGES_STARTED = "tower_telemetry.exchanges.started", Counter, "{exchange}", Own;
    /// Exchanges that ended, by side, protocol, ending and verdict; the sum equals those started once all are over.
    EXCHANGES_ENDED = "tower_telemetry.exchanges.ended", Counter, "{exchange}", Own;
    /// Lookups that a full family sent to its overflow series.
    SERIES_REFUSED = "tower_telemetry.series.refused", Counter, "{lookup}", Own;
    /// Samples of collectors that could not be told: a name or labels that another has.
    SAMPLES_REFUSED = "tower_telemetry.samples.refused", Counter, "{sample}", Own;
    /// Recordings that no value can take: NaN, which never leaves one that it has entered, and what would lower a sum.
    VALUES_REFUSED = "tower_telemetry.values.refused", Counter, "{value}", Own;
    /// Metrics that will go, with the day of their end.
    DEPRECATED_INFO = "tower_telemetry.deprecated.info", Gauge, "", Own;
    /// Traces, or parts of traces in this process, that the sampler kept, by reason.
    TRACES_KEPT = "tower_telemetry.traces.kept", Counter, "{trace}", Own;
    /// Traces, or parts of traces in this process, that were to be kept and were not, for want of budget.
    TRACES_REFUSED = "tower_telemetry.traces.refused", Counter, "{trace}", Own;
    /// Spans of the program within requests whose end decides that were lost for want of room, by reason.
    INNER_SPANS_DROPPED = "tower_telemetry.inner_spans.dropped", Counter, "{span}", Own;
    /// Estimated size of the spans of the program that wait for the ends of their requests.
    INNER_SPANS_SIZE = "tower_telemetry.inner_spans.size", Gauge, "By", Own;
    /// Malformed traceparent, b3 or uber-trace-id headers; each began a new trace.
    TRACEPARENTS_REFUSED = "tower_telemetry.traceparents.refused", Counter, "{header}", Own;
    /// Malformed tracestate headers; each was dropped, and its traceparent kept.
    TRACESTATES_REFUSED = "tower_telemetry.tracestates.refused", Counter, "{header}", Own;
    /// Members of baggage that were malformed, or beyond its limits; each was dropped alone.
    BAGGAGE_REFUSED = "tower_telemetry.baggage.refused", Counter, "{member}", Own;
    /// Headers x-trace-id that were malformed, or disagreed with the traceparent beside them; each was ignored.
    TRACE_IDS_REFUSED = "tower_telemetry.trace_ids.refused", Counter, "{header}", Own;
    /// Malformed request ids; each was replaced by a new one.
    REQUEST_IDS_REFUSED = "tower_telemetry.request_ids.refused", Counter, "{header}", Own;
    /// Log lines that could not be written.
    LOG_LINES_LOST = "tower_telemetry.log.lines.lost", Counter, "{line}", Own;
    /// Access lines that a rule held back.
    LOG_LINES_HELD_BACK = "tower_telemetry.log.lines.held_back", Counter, "{line}", Own;
    /// Exports over OTLP that came to an end, retries included, by signal and outcome.
    OTLP_EXPORTS = "tower_telemetry.otlp.exports", Counter, "{export}", Own;
    /// Sampled spans that ended; each is exported, dropped, or waits.
    OTLP_SPANS_FINISHED = "tower_telemetry.otlp.spans.finished", Counter, "{span}", Own;
    /// Spans that a collector took over OTLP.
    OTLP_SPANS_EXPORTED = "tower_telemetry.otlp.spans.exported", Counter, "{span}", Own;
    /// Spans that no collector has, by the reason why.
    OTLP_SPANS_DROPPED = "tower_telemetry.otlp.spans.dropped", Counter, "{span}", Own;
    /// Spans that wait for their export, or are on their way.
    OTLP_SPANS_WAITING = "tower_telemetry.otlp.spans.waiting", UpDownCounter, "{span}", Own;
    /// How many spans may wait.
    OTLP_SPANS_CAPACITY = "tower_telemetry.otlp.spans.capacity", UpDownCounter, "{span}", Own;
    /// Log records that were handed over for export; each is exported, dropped, or waits.
    OTLP_LOGS_FINISHED = "tower_telemetry.otlp.logs.finished", Counter, "{record}", Own;
    /// Log records that a collector took over OTLP.
    OTLP_LOGS_EXPORTED = "tower_telemetry.otlp.logs.exported", Counter, "{record}", Own;
    /// Log records that no collector has, by the reason why.
    OTLP_LOGS_DROPPED = "tower_telemetry.otlp.logs.dropped", Counter, "{record}", Own;
    /// Log records that wait for their export, or are on their way.
    OTLP_LOGS_WAITING = "tower_telemetry.otlp.logs.waiting", UpDownCounter, "{record}", Own;
    /// How many log records may wait.
    OTLP_LOGS_CAPACITY = "tower_telemetry.otlp.logs.capacity", UpDownCounter, "{record}", Own;
    /// Pushes to Loki by what each attempt came to.
    LOKI_PUSHES = "tower_telemetry.loki.pushes", Counter, "{push}", Own;
    /// Log lines for Loki, those of an earlier process in the spool among them; each is pushed, dropped, or waits.
    LOKI_LINES_TOLD = "tower_telemetry.loki.lines.told", Counter, "{line}", Own;
    /// Log lines that Loki took.
    LOKI_LINES_PUSHED = "tower_telemetry.loki.lines.pushed", Counter, "{line}", Own;
    /// Log lines that Loki did not get, by level and by the reason why.
    LOKI_LINES_DROPPED = "tower_telemetry.loki.lines.dropped", Counter, "{line}", Own;
    /// Log lines that wait in memory or in the spool, or are on their way.
    LOKI_LINES_WAITING = "tower_telemetry.loki.lines.waiting", UpDownCounter, "{line}", Own;
    /// Memory of the log lines that wait for Loki.
    LOKI_QUEUE_SIZE = "tower_telemetry.loki.queue.size", Gauge, "By", Own;
    /// How much memory the log lines that wait for Loki may take.
    LOKI_QUEUE_CAPACITY = "tower_telemetry.loki.queue.capacity", Gauge, "By", Own;
    /// Bytes of the spool of log lines on disk.
    LOKI_SPOOL_SIZE = "tower_telemetry.loki.spool.size", Gauge, "By", Own;
    /// Bytes of the spool that could not be read: the end of a write that a crash cut short, or damage.
    LOKI_SPOOL_DAMAGED = "tower_telemetry.loki.spool.damaged", Counter, "By", Own;
    /// Writes and reads of the spool that failed.
    LOKI_SPOOL_FAILURES = "tower_telemetry.loki.spool.failures", Counter, "{failure}", Own;
    /// The resource that the metrics belong to.
    TARGET_INFO = "target.info", Gauge, "", Common;
    /// CPU time of the process.
    PROCESS_CPU_TIME = "process.cpu.time", Counter, "s", Development;
    /// Physical memory in use by the process.
    PROCESS_MEMORY_USAGE = "process.memory.usage", UpDownCounter, "By", Development;
    /// Threads of the process.
    PROCESS_THREAD_COUNT = "process.thread.count", UpDownCounter, "{thread}", Development;
    /// File descriptors that the process holds open.
    PROCESS_OPEN_FILE_DESCRIPTORS = "process.unix.file_descriptor.count", UpDownCounter, "{file_descriptor}", Development;
    /// Time since the process started.
    PROCESS_UPTIME = "process.uptime", Gauge, "s", Development;
    /// The build that runs: always 1, with its version and profile as labels.
    BUILD_INFO = "tower_telemetry.build.info", Gauge, "", Own;
    /// Worker threads of the tokio runtime.
    RUNTIME_WORKERS = "tower_telemetry.runtime.workers", UpDownCounter, "{thread}", Own;
    /// Worker threads of the tokio runtime that wait for something to do.
    RUNTIME_WORKERS_PARKED = "tower_telemetry.runtime.workers.parked", UpDownCounter, "{thread}", Own;
    /// Time that a worker of the tokio runtime was busy; its rate is the worker's share of busy time.
    RUNTIME_WORKER_BUSY_TIME = "tower_telemetry.runtime.worker.busy_time", Counter, "s", Own;
    /// Times that a worker of the tokio runtime went to wait for something to do.
    RUNTIME_WORKER_PARKS = "tower_telemetry.runtime.worker.parks", Counter, "{park}", Own;
    /// Share of busy time over the last second, 0 to 1, over all workers of the tokio runtime.
    RUNTIME_BUSY = "tower_telemetry.runtime.busy", Gauge, "1", Own;
    /// Tasks of the tokio runtime that are alive.
    RUNTIME_TASKS_ALIVE = "tower_telemetry.runtime.tasks.alive", UpDownCounter, "{task}", Own;
    /// Tasks that wait in the global queue of the tokio runtime.
    RUNTIME_GLOBAL_QUEUE_DEPTH = "tower_telemetry.runtime.global_queue.depth", UpDownCounter, "{task}", Own;
    /// Whether tasks of the runtime leak: 0 no, 1 perhaps, 2 yes.
    RUNTIME_TASKS_LEAK = "tower_telemetry.runtime.tasks.leak", Gauge, "", Own;
    /// How fast tasks of the runtime leak, if they do.
    RUNTIME_TASKS_GROWTH = "tower_telemetry.runtime.tasks.growth", Gauge, "{task}/s", Own;
    /// Counted tasks that are alive, by the place that spawned them.
    SITE_TASKS_ALIVE = "tower_telemetry.runtime.site.tasks.alive", UpDownCounter, "{task}", Own;
    /// Counted tasks that began, by the place that spawned them.
    SITE_TASKS_STARTED = "tower_telemetry.runtime.site.tasks.started", Counter, "{task}", Own;
    /// Whether tasks of a place leak: 0 no, 1 perhaps, 2 yes.
    SITE_TASKS_LEAK = "tower_telemetry.runtime.site.tasks.leak", Gauge, "", Own;
    /// How fast tasks of a place leak, if they do.
    SITE_TASKS_GROWTH = "tower_telemetry.runtime.site.tasks.growth", Gauge, "{task}/s", Own;
    /// Items that wait for a worker of a pool.
    POOL_QUEUE_DEPTH = "tower_telemetry.runtime.pool.queue.depth", UpDownCounter, "{item}", Own;
    /// Time that items waited for a worker of a pool.
    POOL_QUEUE_WAIT = "tower_telemetry.runtime.pool.queue.wait", Histogram, "s", Own;
    /// Jobs of a pool that panicked.
    POOL_PANICS = "tower_telemetry.runtime.pool.panics", Counter, "{panic}", Own;
    /// Items that left the queue of a pool and never met a worker.
    POOL_QUEUE_ABANDONED = "tower_telemetry.runtime.pool.queue.abandoned", Counter, "{item}", Own;
}

texts! {
    /// Attributes of spans and labels of metrics.
    attribute, ATTRIBUTES, Attribute;
    /// The known HTTP method, or `_OTHER`.
    HTTP_REQUEST_METHOD = "http.request.method", Stable;
    /// The HTTP method as sent, where it is not a known one; on spans only.
    HTTP_REQUEST_METHOD_ORIGINAL = "http.request.method_original", Stable;
    /// Which attempt this is of a request that is sent again; absent on the first.
    HTTP_REQUEST_RESEND_COUNT = "http.request.resend_count", Stable;
    /// The HTTP status code.
    HTTP_RESPONSE_STATUS_CODE = "http.response.status_code", Stable;
    /// The matched route template; absent where nothing matched.
    HTTP_ROUTE = "http.route", Stable;
    /// The scheme of the request target: `http`, `https` or `_OTHER`.
    URL_SCHEME = "url.scheme", Stable;
    /// The path of the request target; on server spans only.
    URL_PATH = "url.path", Stable;
    /// The query of the request target, with secrets redacted; on server spans only.
    URL_QUERY = "url.query", Stable;
    /// The whole URL, with credentials and secrets redacted; on client spans only.
    URL_FULL = "url.full", Stable;
    /// The route template of an outgoing request.
    URL_TEMPLATE = "url.template", Development;
    /// The HTTP version on the wire: `1.0`, `1.1`, `2` or `3`.
    NETWORK_PROTOCOL_VERSION = "network.protocol.version", Stable;
    /// The address of the other end of the connection; on spans only.
    NETWORK_PEER_ADDRESS = "network.peer.address", Stable;
    /// The port that goes with `network.peer.address`.
    NETWORK_PEER_PORT = "network.peer.port", Stable;
    /// `tcp`, or `udp` for HTTP/3; on spans, by choice.
    NETWORK_TRANSPORT = "network.transport", Stable;
    /// The address of the client before all proxies, as they tell it, else that of the peer; on server spans only.
    CLIENT_ADDRESS = "client.address", Stable;
    /// The port that goes with `client.address`; on server spans, by choice.
    CLIENT_PORT = "client.port", Stable;
    /// The host that the client speaks to; on server spans the host that was asked for.
    SERVER_ADDRESS = "server.address", Stable;
    /// The port that goes with `server.address`.
    SERVER_PORT = "server.port", Stable;
    /// The `user-agent` header; on spans only.
    USER_AGENT_ORIGINAL = "user_agent.original", Stable;
    /// The kind of error that the exchange ended with; absent on success.
    ERROR_TYPE = "error.type", Stable;
    /// The RPC system: `grpc`.
    RPC_SYSTEM_NAME = "rpc.system.name", Stable;
    /// The gRPC method as `package.Service/Method`, or `_OTHER`.
    RPC_METHOD = "rpc.method", Stable;
    /// The gRPC method as called, where it is not a known one; on spans only.
    RPC_METHOD_ORIGINAL = "rpc.method_original", Stable;
    /// The gRPC status code by name, such as `DEADLINE_EXCEEDED`.
    RPC_STATUS_CODE = "rpc.status_code", Stable;
    /// Which end of an exchange was watching: `server` or `client`.
    SIDE = "side", Own;
    /// `http`, `grpc` or `grpc_web`.
    PROTOCOL = "protocol", Own;
    /// The route template or the gRPC method; absent where nothing matched.
    ROUTE = "route", Own;
    /// The HTTP method, under the name of older dashboards.
    CLASSIC_METHOD = "method", Common;
    /// The route, under the name of older dashboards; `_UNMATCHED` where nothing matched.
    CLASSIC_ENDPOINT = "endpoint", Common;
    /// The HTTP status code, under the name of older dashboards.
    CLASSIC_STATUS_CODE = "status_code", Common;
    /// The gRPC service, under the name of older dashboards.
    CLASSIC_GRPC_SERVICE = "grpc_service", Common;
    /// The gRPC method, under the name of older dashboards.
    CLASSIC_GRPC_METHOD = "grpc_method", Common;
    /// The gRPC status code, under the name of older dashboards.
    CLASSIC_GRPC_CODE = "grpc_code", Common;
    /// How an exchange ended: `complete`, `failed`, `dropped`, `panicked` or `upgraded`.
    ENDING = "ending", Own;
    /// Whose matter the ending was: `ok`, `caller_fault`, `service_fault` or `cancelled`.
    VERDICT = "verdict", Own;
    /// The family whose series are full.
    FAMILY = "family", Own;
    /// The signal that was exported: `metrics`, `traces` or `logs`.
    SIGNAL = "signal", Own;
    /// What an export came to: `success`, `partial` (some of it was refused) or `failure`; a push to Loki: `success`,
    /// `retry` or `refused`.
    OUTCOME = "outcome", Own;
    /// Why something was dropped: `queue_full`, `unreachable` (until patience ended), `refused` (by the collector) or
    /// `shutdown`, `spool_full` or `expired` (of a spool on disk), `request_spans`, `request_bytes`, `process_bytes` or `late` (a limit of inner spans); why a trace was kept: a value of `sampling.reason`.
    REASON = "reason", Own;
    /// What a cache had to do with a response: `hit`, `stale`, `miss` or `bypass`.
    CACHE_STATUS = "cache_status", Own;
    /// The level of a log line: `ERROR`, `WARN`, `INFO`, `DEBUG` or `TRACE`.
    LEVEL = "level", Common;
    /// The name of a limit.
    LIMIT = "limit", Own;
    /// What became of a request at a limit: `admitted`, `refused` or `abandoned`.
    ADMISSION = "admission", Own;
    /// The version of the software that was built.
    VERSION = "version", Own;
    /// How the software was built: `debug` or `release`.
    PROFILE = "profile", Own;
    /// The number of a worker thread, from 0.
    WORKER = "worker", Own;
    /// The place in the source that spawned a task, as `file:line:column`, or `_OTHER` for places beyond those kept.
    SITE = "site", Own;
    /// The name of a worker pool.
    POOL = "pool", Own;
    /// `true` on the one series that takes what does not fit a full family.
    OVERFLOW = "otel.metric.overflow", Common;
    /// How an exchange ended, on its span.
    SPAN_ENDING = "tower_telemetry.ending", Own;
    /// Whose matter the ending was, on the span of the exchange.
    SPAN_VERDICT = "tower_telemetry.verdict", Own;
    /// The request id, on the span of the exchange.
    REQUEST_ID = "tower_telemetry.request_id", Own;
    /// Why the span is kept: `head`, `error`, `slow`, `forced`, `new_route` or `hint`.
    SAMPLING_REASON = "sampling.reason", Own;
    /// The part of the sampler's budget that refused: `errors`, `slow` or `head`.
    BUDGET = "budget", Own;
    /// How many calls of the exchange have no span, because more of them waited for its end than are kept.
    CALLS_DROPPED = "tower_telemetry.calls.dropped", Own;
    /// `head` on a span that ends at the response head, as one of a long stream may; absent on all others.
    SPAN_UNTIL = "tower_telemetry.span.until", Own;
    /// Bytes of request body, as announced; on spans, by choice.
    REQUEST_BODY_SIZE = "http.request.body.size", Development;
    /// Bytes of response body that passed; on spans, by choice.
    RESPONSE_BODY_SIZE = "http.response.body.size", Development;
    /// Bytes of the frame that an event of a span tells.
    FRAME_SIZE = "tower_telemetry.frame.size", Own;
}

texts! {
    /// Attributes of the resource: who tells, the same for metrics, spans and log records.
    resource, RESOURCE, ResourceAttribute;
    /// The name of the service.
    SERVICE_NAME = "service.name", Stable;
    /// The version of the service, where the program or the environment tells it.
    SERVICE_VERSION = "service.version", Stable;
    /// What the service is a part of, where the program or the environment tells it.
    SERVICE_NAMESPACE = "service.namespace", Stable;
    /// A random UUID of the process, unless the environment tells another id.
    SERVICE_INSTANCE_ID = "service.instance.id", Stable;
    /// Where it runs, such as `production`, where the program or the environment tells it.
    DEPLOYMENT_ENVIRONMENT_NAME = "deployment.environment.name", Stable;
    /// `opentelemetry`: what the spans are made with.
    TELEMETRY_SDK_NAME = "telemetry.sdk.name", Stable;
    /// `rust`.
    TELEMETRY_SDK_LANGUAGE = "telemetry.sdk.language", Stable;
    /// The version of what the spans are made with.
    TELEMETRY_SDK_VERSION = "telemetry.sdk.version", Stable;
    /// `tower-telemetry`.
    TELEMETRY_DISTRO_NAME = "telemetry.distro.name", Stable;
    /// The version of tower-telemetry.
    TELEMETRY_DISTRO_VERSION = "telemetry.distro.version", Stable;
    /// The name of the host.
    HOST_NAME = "host.name", Development;
    /// The id of the machine, as its operating system has it; not in a container.
    HOST_ID = "host.id", Development;
    /// The processor that the program was built for, such as `amd64` or `arm64`.
    HOST_ARCH = "host.arch", Development;
    /// The operating system, such as `linux`, `darwin` or `windows`.
    OS_TYPE = "os.type", Development;
    /// The name of the operating system's distribution.
    OS_NAME = "os.name", Development;
    /// The version of the operating system's distribution.
    OS_VERSION = "os.version", Development;
    /// Name and version of the operating system's distribution, for people.
    OS_DESCRIPTION = "os.description", Development;
    /// The id of the process.
    PROCESS_PID = "process.pid", Development;
    /// The name of the file that runs.
    PROCESS_EXECUTABLE_NAME = "process.executable.name", Development;
    /// The path of the file that runs.
    PROCESS_EXECUTABLE_PATH = "process.executable.path", Development;
    /// The id of the container that the process runs in.
    CONTAINER_ID = "container.id", Stable;
    /// The cluster, where the environment tells it.
    K8S_CLUSTER_NAME = "k8s.cluster.name", Stable;
    /// The namespace of the pod.
    K8S_NAMESPACE_NAME = "k8s.namespace.name", Stable;
    /// The node that the pod runs on, where the environment tells it.
    K8S_NODE_NAME = "k8s.node.name", Stable;
    /// The pod.
    K8S_POD_NAME = "k8s.pod.name", Stable;
    /// The UID of the pod, where the environment tells it.
    K8S_POD_UID = "k8s.pod.uid", Stable;
    /// The container within the pod, where the environment tells it.
    K8S_CONTAINER_NAME = "k8s.container.name", Stable;
    /// The deployment of the pod, where the environment tells it.
    K8S_DEPLOYMENT_NAME = "k8s.deployment.name", Stable;
    /// `aws`, `azure`, `gcp` or `heroku`, where the environment tells it.
    CLOUD_PROVIDER = "cloud.provider", Development;
    /// The service of the cloud that runs the process, such as `aws_lambda`.
    CLOUD_PLATFORM = "cloud.platform", Development;
    /// The region of the cloud.
    CLOUD_REGION = "cloud.region", Development;
}

texts! {
    /// What the keys of captured headers begin with; a `.` and the name of the header in lower case follow.
    header_prefix, HEADER_PREFIXES, AttributePrefix;
    /// Headers of an HTTP request, by choice.
    HTTP_REQUEST_HEADER = "http.request.header", Stable;
    /// Headers of an HTTP response, by choice.
    HTTP_RESPONSE_HEADER = "http.response.header", Stable;
    /// Metadata of a gRPC request, by choice.
    RPC_REQUEST_HEADER = "rpc.request.header", Development;
    /// Metadata of the head of a gRPC response, by choice.
    RPC_RESPONSE_HEADER = "rpc.response.header", Development;
    /// Metadata of the trailers of a gRPC response, by choice.
    RPC_RESPONSE_TRAILER = "rpc.response.trailer", Development;
}

texts! {
    /// Events: log records that have a name, and what is told in the midst of a span.
    event, EVENTS, Event;
    /// An error of the service or its body, or a panic, ended an HTTP request of a server.
    HTTP_SERVER_REQUEST_EXCEPTION = "http.server.request.exception", Development;
    /// An error ended an HTTP request of a client.
    HTTP_CLIENT_REQUEST_EXCEPTION = "http.client.request.exception", Development;
    /// An error of the service or its body, or a panic, ended a call of a gRPC server.
    RPC_SERVER_CALL_EXCEPTION = "rpc.server.call.exception", Development;
    /// An error ended a call of a gRPC client.
    RPC_CLIENT_CALL_EXCEPTION = "rpc.client.call.exception", Development;
    /// A frame of response body passed; on spans, by choice.
    FRAME = "tower_telemetry.frame", Own;
}

texts! {
    /// Labels of a stream of log lines in Loki, and what stands beside a line there.
    loki, LOKI, Loki;
    /// The name of the service.
    SERVICE_NAME = "service_name", Common;
    /// The namespace of the service.
    SERVICE_NAMESPACE = "service_namespace", Common;
    /// Where the service is deployed.
    DEPLOYMENT_ENVIRONMENT_NAME = "deployment_environment_name", Common;
    /// The cluster that the service runs in.
    CLUSTER = "cluster", Common;
    /// The job that Prometheus scrapes it as: the namespace and the name of the service.
    JOB = "job", Common;
    /// The level of the line, as a label by choice.
    LEVEL = "level", Common;
    /// The trace id, beside the line.
    TRACE_ID = "trace_id", Common;
    /// The span id, beside the line.
    SPAN_ID = "span_id", Common;
    /// The request id, beside the line.
    REQUEST_ID = "request_id", Common;
    /// The trace of whoever asked for the work, beside the line.
    LINKED_TRACE_ID = "linked_trace_id", Own;
    /// The route of the exchange, beside the line.
    ROUTE = "route", Common;
    /// The instance of the service, beside the line.
    INSTANCE = "instance", Common;
    /// The pod that the process runs in, beside the line.
    POD = "pod", Common;
}

texts! {
    /// Fields of a log line.
    field, FIELDS, Field;
    /// When the event happened, RFC 3339 in UTC with microseconds.
    TIMESTAMP = "timestamp", Common;
    /// `ERROR`, `WARN`, `INFO`, `DEBUG` or `TRACE`.
    LEVEL = "level", Common;
    /// The module, or what an event names instead.
    TARGET = "target", Common;
    /// The text of the event.
    MESSAGE = "message", Common;
    /// The trace id of the exchange, 32 hex digits.
    TRACE_ID = "trace_id", Common;
    /// The span id of the exchange, 16 hex digits.
    SPAN_ID = "span_id", Common;
    /// The request id of the exchange.
    REQUEST_ID = "request_id", Common;
    /// The name of the service.
    SERVICE_NAME = "service.name", Stable;
    /// From arrival to the end of the exchange, in milliseconds; on access lines.
    DURATION_MS = "duration_ms", Own;
    /// From arrival to the response head, in milliseconds; on access lines.
    HEAD_MS = "head_ms", Own;
    /// Bytes of request body, as counted or announced; on access lines.
    REQUEST_BODY_SIZE = "http.request.body.size", Development;
    /// gRPC messages of the request, where they are counted; on access lines.
    REQUEST_MESSAGES = "request_messages", Own;
    /// gRPC messages of the response; on access lines.
    RESPONSE_MESSAGES = "response_messages", Own;
    /// Bytes of response body; on access lines.
    RESPONSE_BODY_SIZE = "http.response.body.size", Development;
    /// The type of an error that ended an exchange, a panic's included: what `error.type` says; on exception events.
    EXCEPTION_TYPE = "exception.type", Stable;
    /// The trace of whoever asked for the work that the line is about, where the work has a trace of its own.
    LINKED_TRACE_ID = "linked_trace_id", Own;
    /// Access lines that a rule has held back since the last one that it let through.
    HELD_BACK = "held_back", Own;
    /// The request id that a caller sent and that was not taken, in sanitised form.
    CLIENT_REQUEST_ID = "client_request_id", Own;
}

texts! {
    /// Values of `error.type` beside status codes, gRPC codes and names of error types.
    error_type, ERROR_TYPES, ErrorType;
    /// The service or its body panicked.
    PANIC = "panic", Own;
    /// Something waited too long.
    TIMEOUT = "timeout", Own;
    /// A load-shedding layer refused the request.
    OVERLOADED = "overloaded", Own;
    /// Nobody listens at the address.
    CONNECTION_REFUSED = "connection_refused", Own;
    /// The peer reset the connection.
    CONNECTION_RESET = "connection_reset", Own;
    /// The connection was aborted.
    CONNECTION_ABORTED = "connection_aborted", Own;
    /// The peer closed the connection while it was written to.
    BROKEN_PIPE = "broken_pipe", Own;
    /// The connection ended in the middle of something.
    UNEXPECTED_EOF = "unexpected_eof", Own;
}

headers! {
    /// W3C Trace Context: the trace, the parent span and the flags. Read and written.
    TRACEPARENT = "traceparent", Common;
    /// W3C Trace Context: vendors' own entries, passed on. Read and written.
    TRACESTATE = "tracestate", Common;
    /// The ids of the server's span and whether its part of the trace is kept, as the metric `trace`, and the time to
    /// the response head, as `head`; entries of others stay. Read and written.
    SERVER_TIMING = "server-timing", Common;
    /// The ids of the server's span and whether its part of the trace is kept. Read; written by choice.
    TRACERESPONSE = "traceresponse", Common;
    /// The trace, alone. Read from callers without `traceparent`; written by choice.
    X_TRACE_ID = "x-trace-id", Common;
    /// The time to the response head, in whole milliseconds. Written.
    X_RESPONSE_TIME_MS = "x-response-time-ms", Common;
    /// What a cache had to do with a response: `HIT`, `STALE`, `MISS` or `BYPASS`. Read and written.
    X_CACHE_STATUS = "x-cache-status", Common;
    /// W3C Baggage: what the services of one request tell each other. Read and written.
    BAGGAGE = "baggage", Common;
    /// B3 in one header: trace, span, sampling state, parent. Read and written by choice.
    B3 = "b3", Common;
    /// B3 in several headers: the trace. Read and written by choice.
    X_B3_TRACE_ID = "x-b3-traceid", Common;
    /// B3 in several headers: the span. Read and written by choice.
    X_B3_SPAN_ID = "x-b3-spanid", Common;
    /// B3 in several headers: the parent of the span; removed from what is sent.
    X_B3_PARENT_SPAN_ID = "x-b3-parentspanid", Common;
    /// B3 in several headers: whether the trace is sampled. Read and written by choice.
    X_B3_SAMPLED = "x-b3-sampled", Common;
    /// B3 in several headers: `1` asks for the whole trace. Read and written by choice.
    X_B3_FLAGS = "x-b3-flags", Common;
    /// Jaeger: trace, span, parent and flags. Read and written by choice.
    UBER_TRACE_ID = "uber-trace-id", Common;
    /// The id of a request, read from callers, told in the response, sent on to callees.
    X_REQUEST_ID = "x-request-id", Common;
    /// The client, the host and the scheme before all proxies (RFC 7239), as they tell it. Read.
    FORWARDED = "forwarded", Common;
    /// The client before all proxies, as they tell it. Read.
    X_FORWARDED_FOR = "x-forwarded-for", Common;
    /// The host that the client asked for, as a proxy tells it. Read.
    X_FORWARDED_HOST = "x-forwarded-host", Common;
    /// When a job was handed to a broker, in milliseconds of Unix time. Read and written beside the job.
    X_ENQUEUED_AT = "x-enqueued-at", Own;
    /// The scheme that the client used, as a proxy tells it. Read.
    X_FORWARDED_PROTO = "x-forwarded-proto", Common;
    /// The status of a gRPC call, in the trailers or the head. Read.
    GRPC_STATUS = "grpc-status", Common;
    /// The tenant of a push to Loki. Written.
    X_SCOPE_ORG_ID = "x-scope-orgid", Common;
}

/// What the header of a member of Jaeger's baggage begins with; its key follows.
pub const JAEGER_BAGGAGE_PREFIX: &str = "uberctx-";

/// Every name, by kind, in the order of their declaration.
pub const TABLE: &[&[Entry]] =
    &[METRICS, ATTRIBUTES, RESOURCE, HEADER_PREFIXES, EVENTS, FIELDS, LOKI, ERROR_TYPES, HEADERS];

/// The HTTP version as `network.protocol.version` wants it.
#[must_use]
pub fn protocol_version(version: http::Version) -> Option<&'static str> {
    match version {
        http::Version::HTTP_09 => Some("0.9"),
        http::Version::HTTP_10 => Some("1.0"),
        http::Version::HTTP_11 => Some("1.1"),
        http::Version::HTTP_2 => Some("2"),
        http::Version::HTTP_3 => Some("3"),
        _ => None,
    }
}

/// The status code as text, such as `503`, without an allocation.
#[must_use]
pub fn status_text(status: StatusCode) -> &'static str {
    static DIGITS: [u8; 2_700] = digits();
    let at = usize::from(status.as_u16()).saturating_sub(100).saturating_mul(3);
    // A `StatusCode` is from 100 to 999, so there is always a text.
    DIGITS.get(at..at + 3).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or(OTHER)
}

/// `100101102...999`.
#[allow(clippy::indexing_slicing, reason = "in a constant, an index out of bounds does not compile")]
const fn digits() -> [u8; 2_700] {
    let mut digits = [b'0'; 2_700];
    let mut code = 100;
    while code < 1_000 {
        let at = (code - 100) * 3;
        digits[at] = b'0' + (code / 100) as u8;
        digits[at + 1] = b'0' + (code / 10 % 10) as u8;
        digits[at + 2] = b'0' + (code % 10) as u8;
        code += 1;
    }
    digits
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_status_has_its_text() {
        for code in [100, 101, 200, 404, 503, 599, 999] {
            let text = StatusCode::from_u16(code).map(status_text).ok();
            assert_eq!(text, Some(code.to_string()).as_deref());
        }
    }

    #[test]
    fn a_name_is_defined_once_for_its_kind() {
        for kind in TABLE {
            let names: HashSet<_> = kind.iter().map(|entry| entry.name).collect();
            assert_eq!(names.len(), kind.len());
        }
    }

    #[test]
    fn metrics_of_our_own_say_so_in_their_name() {
        for entry in METRICS {
            assert_eq!(
                entry.origin == Origin::Own,
                entry.name.starts_with("tower_telemetry."),
                "{}",
                entry.name
            );
        }
    }
}
