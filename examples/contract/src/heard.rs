//! The questions, and what was answered.

use http::{HeaderName, HeaderValue, header};
use tower_telemetry_core::names::header::{TRACEPARENT, X_TRACE_ID};
use tower_telemetry_core::trace_ids::{TraceFlags, TraceId};
use tower_telemetry_core::{RequestId, TraceIds};

use crate::answer::Answer;
use crate::ask::{Ask, Protocol};
use crate::client::{Client, ClientError};

/// Request ids that a header can hold and that nobody may take, by what is wrong with them.
const HOSTILE: [(&str, &[u8]); 6] = [
    ("a space", b"evil id"),
    ("quotes", b"evil\"id\""),
    ("a separator", b"evil;id,id"),
    ("markup", b"<evil>${id}"),
    ("no UTF-8", b"evil\xff\xfe"),
    ("other letters", "evil\u{202e}\u{e9}".as_bytes()),
];

/// Longer than an id may be, and than many a buffer.
const LONG: usize = 8 * 1024 - 256;

/// What a service answered to each question.
#[derive(Debug, Clone)]
pub struct Heard {
    pub(crate) id_header: HeaderName,
    /// To a plain request, and to the same again.
    pub(crate) plain: [Answer; 2],
    /// To one with a request id, which was this.
    pub(crate) named: (RequestId, Answer),
    /// To ones with hostile request ids, by what is wrong with them.
    pub(crate) hostile: Vec<(&'static str, HeaderValue, Answer)>,
    /// To one with two request ids.
    pub(crate) twice: Answer,
    /// To one for a path that it cannot know.
    pub(crate) nowhere: Answer,
    /// To `HEAD`, where there is such a question.
    pub(crate) head: Option<Answer>,
    /// To one with this `traceparent`.
    pub(crate) traced: (TraceIds, Answer),
    /// To one with a `traceparent` that is malformed, and holds this trace id.
    pub(crate) forged: (TraceId, Answer),
    /// To one with this `x-trace-id` alone.
    pub(crate) titled: (TraceId, Answer),
    /// To one with this `traceparent`, and an `x-trace-id` that disagrees.
    pub(crate) disagreeing: (TraceIds, Answer),
    /// To one from a page of another origin.
    pub(crate) foreign: Answer,
}

impl Heard {
    /// Asks all questions, one after the other.
    ///
    /// # Errors
    /// One of them was not answered.
    pub async fn of(client: &Client, ask: &Ask) -> Result<Self, ClientError> {
        let id = |value: HeaderValue| (ask.id_header.clone(), value);
        let named = RequestId::new(&format!("contract.{}", TraceId::random()));
        let named = named.unwrap_or_else(|| unreachable!("letters, digits and a dot"));
        let mut hostile = Vec::new();
        let long = vec![b'x'; LONG];
        for (fault, sent) in HOSTILE.into_iter().chain([("7,936 bytes", long.as_slice())]) {
            if let Ok(sent) = HeaderValue::from_bytes(sent) {
                let answer = client.ask(ask, &[id(sent.clone())]).await?;
                hostile.push((fault, sent, answer));
            }
        }
        let twice = [id(named.header_value()), id(HeaderValue::from_static("another"))];
        // The flag says that the trace is not sampled: nobody is made to keep anything.
        let (traced, forged) = (TraceIds::random(TraceFlags::NONE), TraceIds::random(TraceFlags::NONE));
        let malformed = format!("{forged}-and-more");
        let (titled, other) = (TraceId::random(), TraceId::random());
        let traceparent = |ids: &TraceIds| (TRACEPARENT, ids.to_header_value());
        Ok(Self {
            plain: [client.ask(ask, &[]).await?, client.ask(ask, &[]).await?],
            named: (named.clone(), client.ask(ask, &[id(named.header_value())]).await?),
            hostile,
            twice: client.ask(ask, &twice).await?,
            nowhere: client.ask(&ask.of_nowhere(), &[]).await?,
            head: match ask.protocol {
                Protocol::Http => Some(client.ask_head(ask).await?),
                Protocol::Grpc => None,
            },
            traced: (traced, client.ask(ask, &[traceparent(&traced)]).await?),
            forged: (forged.trace_id, client.ask(ask, &[(TRACEPARENT, value(&malformed))]).await?),
            titled: (titled, client.ask(ask, &[(X_TRACE_ID, value(&titled.to_string()))]).await?),
            disagreeing: {
                let headers = [traceparent(&traced), (X_TRACE_ID, value(&other.to_string()))];
                (traced, client.ask(ask, &headers).await?)
            },
            foreign: client.ask(ask, &[(header::ORIGIN, value("https://contract.example"))]).await?,
            id_header: ask.id_header.clone(),
        })
    }
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| unreachable!("letters, digits and marks"))
}
