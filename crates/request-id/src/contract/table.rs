//! Which headers are written, for whom.

use tower_telemetry_core::Trust;

use crate::contract::audience::Audience;
use crate::contract::duties::Duties;

/// What a response tells its caller beside the request id: a table of headers and who is told.
///
/// | header | says | told by default |
/// |---|---|---|
/// | `server-timing: trace;desc=00-..` | the ids of the server's span, and whether it is sampled | trusted callers |
/// | `server-timing: head;dur=0.412` | milliseconds from arrival to the response head | everybody |
/// | `x-response-time-ms` | the same in whole milliseconds; never the time to the end | everybody |
/// | `x-cache-status` | a [`CacheStatus`](tower_telemetry_core::CacheStatus), where there is one | everybody |
/// | `x-trace-id` | the trace id alone | nobody |
/// | `traceresponse` | the ids as an earlier draft of W3C Trace Context had them | nobody |
///
/// `server-timing` is appended: what the program says there stays. Pages of other origins may read these headers where
/// they may read the response: they are appended to `access-control-expose-headers`.
///
/// ```
/// use tower_telemetry_core::SignalExt;
/// use tower_telemetry_request_id::{Audience, RequestIds, ResponseContract};
///
/// let contract = ResponseContract::new()
///     .with_trace_id(Audience::Everybody) // so that a customer can quote it
///     .with_head_timing(Audience::Trusted);
/// let layer = RequestIds::new().with_contract(contract).server();
/// # let _ = layer;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use = "it is told to the window with `RequestIds::with_contract`"]
pub struct ResponseContract {
    trace_timing: Audience,
    head_timing: Audience,
    response_time: Audience,
    cache_status: Audience,
    trace_id: Audience,
    traceresponse: Audience,
    exposed: Exposed,
}

/// Whether pages of other origins may read the headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Exposed {
    /// Where the response says that such may read it.
    WithTheResponse,
    Never,
}

impl ResponseContract {
    /// The contract as the table has it by default.
    pub const fn new() -> Self {
        Self {
            trace_timing: Audience::Trusted,
            head_timing: Audience::Everybody,
            response_time: Audience::Everybody,
            cache_status: Audience::Everybody,
            trace_id: Audience::Nobody,
            traceresponse: Audience::Nobody,
            exposed: Exposed::WithTheResponse,
        }
    }

    /// Tells these the ids of the server's span, in `server-timing`.
    ///
    /// A trace window with a decision of its own tells callers that are believed of traces that it keeps, whatever is
    /// said here: that is turned off at the window.
    pub const fn with_trace_timing(mut self, audience: Audience) -> Self {
        self.trace_timing = audience;
        self
    }

    /// Tells these the time to the response head, in `server-timing`.
    pub const fn with_head_timing(mut self, audience: Audience) -> Self {
        self.head_timing = audience;
        self
    }

    /// Tells these the time to the response head, in `x-response-time-ms`.
    pub const fn with_response_time(mut self, audience: Audience) -> Self {
        self.response_time = audience;
        self
    }

    /// Tells these what a cache had to do with the response, in `x-cache-status`.
    pub const fn with_cache_status(mut self, audience: Audience) -> Self {
        self.cache_status = audience;
        self
    }

    /// Tells these the trace id alone, in `x-trace-id`.
    pub const fn with_trace_id(mut self, audience: Audience) -> Self {
        self.trace_id = audience;
        self
    }

    /// Tells these the ids of the server's span, in `traceresponse`.
    pub const fn with_traceresponse(mut self, audience: Audience) -> Self {
        self.traceresponse = audience;
        self
    }

    /// Leaves `access-control-expose-headers` as the program has it.
    pub const fn without_exposed_headers(mut self) -> Self {
        self.exposed = Exposed::Never;
        self
    }

    /// What is to be done at the head of a response to such a caller.
    pub(crate) fn duties(self, caller: Trust) -> Duties {
        let Self { trace_timing, head_timing, response_time, cache_status, trace_id, traceresponse, exposed } =
            self;
        let rows = [
            (trace_timing, Duties::TRACE_TIMING),
            (head_timing, Duties::HEAD_TIMING),
            (response_time, Duties::RESPONSE_TIME),
            (cache_status, Duties::CACHE_STATUS),
            (trace_id, Duties::TRACE_ID),
            (traceresponse, Duties::TRACERESPONSE),
        ];
        let told = rows.into_iter().filter(|(audience, _)| audience.includes(caller));
        let duties = told.fold(Duties::CONTRACT, |duties, (_, duty)| duties.and(duty));
        match exposed {
            Exposed::WithTheResponse => duties.and(Duties::EXPOSE_WITH_RESPONSE),
            Exposed::Never => duties,
        }
    }
}

impl Default for ResponseContract {
    fn default() -> Self {
        Self::new()
    }
}
