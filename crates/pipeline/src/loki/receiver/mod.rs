//! A Loki for tests, as strict as its documentation: what a real one refuses or stores otherwise is seen here.
//!
//! Success is 204. 400 stores the lines of the push that are right. A line that is there already, with the same time and
//! text, is taken once. Labels, lines and metadata have the limits of Loki's defaults.

mod push;
mod selector;
mod server;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, Method, Response, StatusCode};
use prost::Message;

use self::push::{Entry, PushRequest};
use super::answer::Answer;
use super::client::Way;

const PATH: &str = "/loki/api/v1/push";
const LABELS: usize = 15;
const NAME_BYTES: usize = 1_024;
const VALUE_BYTES: usize = 2_048;
const LINE_BYTES: usize = 256 * 1_024;
const METADATA_BYTES: usize = 64 * 1_024;
const METADATA_PAIRS: usize = 128;
/// A line of which this is a part is one that Loki will not take.
pub(crate) const POISON: &str = "poison";

/// A Loki. A clone is the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Receiver(Arc<Mutex<State>>);

#[derive(Debug, Default)]
pub(crate) struct State {
    /// By the labels as they were written.
    pub(crate) streams: BTreeMap<String, Vec<Stored>>,
    /// What is answered before anything is looked at, one after another.
    pub(crate) script: VecDeque<Scripted>,
    /// Nobody answers.
    pub(crate) is_away: bool,
    /// The only tenant, if there is one.
    pub(crate) tenant: Option<String>,
    /// The largest body, unpacked.
    pub(crate) largest: Option<usize>,
    /// Each answer that was given.
    pub(crate) answers: Vec<u16>,
    /// Lines that were there already.
    pub(crate) repeated: usize,
    /// What no client of ours should do.
    pub(crate) complaints: Vec<String>,
    pub(crate) headers: HeaderMap,
}

/// A line as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) at: i128,
    pub(crate) line: String,
    pub(crate) metadata: BTreeMap<String, String>,
}

/// A status, and when to come again.
pub(crate) type Scripted = (u16, Option<&'static str>);

impl Receiver {
    pub(crate) fn with<R>(&self, look: impl FnOnce(&mut State) -> R) -> R {
        look(&mut self.0.lock().unwrap())
    }

    /// The texts of all lines, of each stream in the order of arrival.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.with(|state| state.streams.values().flatten().map(|stored| stored.line.clone()).collect())
    }

    /// Answers a push.
    pub(crate) fn answer(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Response<()> {
        self.with(|state| {
            state.headers.clone_from(headers);
            let (status, after) = match state.script.pop_front() {
                Some(scripted) => scripted,
                None => (state.judge(method, path, headers, body), None),
            };
            state.answers.push(status);
            let mut response = Response::builder().status(status);
            if let Some(after) = after {
                response = response.header("retry-after", after);
            }
            response.body(()).unwrap()
        })
    }
}

impl State {
    fn judge(&mut self, method: &Method, path: &str, headers: &HeaderMap, body: &[u8]) -> u16 {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        if (method, path) != (&Method::POST, PATH) {
            self.complaints.push(format!("{method} {path}"));
            return 404;
        }
        if self.tenant.as_deref() != header("x-scope-orgid") {
            return 401;
        }
        if header("content-type") != Some("application/x-protobuf") || header("content-encoding").is_some() {
            self.complaints.push(format!("{headers:?}"));
            return 400;
        }
        let message = snap::raw::Decoder::new().decompress_vec(body).ok();
        let Some(message) = message else { return self.complain("no block of snappy") };
        if self.largest.is_some_and(|largest| message.len() > largest) {
            return 413;
        }
        let Ok(PushRequest { streams }) = PushRequest::decode(&*message) else {
            return self.complain("no push request");
        };
        if streams.iter().all(|stream| stream.entries.is_empty()) {
            return self.complain_with("no streams", 422);
        }
        let mut status = 204;
        for stream in streams {
            if !are_right(&stream.labels) {
                status = self.complain(&stream.labels);
                continue;
            }
            for entry in stream.entries {
                match is_right(&entry) {
                    true => self.store(&stream.labels, entry),
                    false => status = 400,
                }
            }
        }
        status
    }

    fn store(&mut self, labels: &str, entry: Entry) {
        let Entry { timestamp, line, metadata } = entry;
        let stream = self.streams.entry(labels.to_owned()).or_default();
        let at = timestamp.nanos();
        // In order of arrival: a line that was pushed before is found from the end.
        let standing = stream.binary_search_by(|stored| stored.at.cmp(&at));
        if let Ok(place) = standing {
            if stream[place].line == line {
                self.repeated += 1;
            } else {
                self.complaints.push(format!("two lines of one time: {line}"));
            }
            return;
        }
        if stream.last().is_some_and(|last| last.at >= at) {
            self.complaints.push(format!("out of order: {line}"));
        }
        let pairs = metadata.len();
        let metadata: BTreeMap<_, _> = metadata.into_iter().map(|pair| (pair.name, pair.value)).collect();
        if metadata.len() < pairs {
            self.complaints.push(format!("metadata twice: {line}"));
        }
        stream.push(Stored { at, line, metadata });
    }

    fn complain(&mut self, why: &str) -> u16 {
        self.complain_with(why, 400)
    }

    fn complain_with(&mut self, why: &str, status: u16) -> u16 {
        self.complaints.push(why.to_owned());
        status
    }
}

fn are_right(labels: &str) -> bool {
    let Some(labels) = selector::labels(labels) else { return false };
    let fits = |(name, value): &(String, String)| name.len() <= NAME_BYTES && value.len() <= VALUE_BYTES;
    (1..=LABELS).contains(&labels.len()) && labels.iter().all(fits)
}

fn is_right(entry: &Entry) -> bool {
    let metadata: usize = entry.metadata.iter().map(|pair| pair.name.len() + pair.value.len()).sum();
    entry.line.len() <= LINE_BYTES
        && metadata <= METADATA_BYTES
        && entry.metadata.len() <= METADATA_PAIRS
        && !entry.line.contains(POISON)
}

/// Without a connection in between.
impl Way for Receiver {
    async fn push(&mut self, body: Bytes) -> Answer {
        if self.with(|state| state.is_away) {
            return Answer::Unreachable;
        }
        let mut headers = HeaderMap::new();
        headers.insert("content-type", http::HeaderValue::from_static("application/x-protobuf"));
        Answer::of(&self.answer(&Method::POST, PATH, &headers, &body))
    }
}

#[test]
fn the_receiver_itself_is_strict() {
    let receiver = Receiver::default();
    let status = |path: &str, kind: &'static str, body: &[u8]| {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", http::HeaderValue::from_static(kind));
        receiver.answer(&Method::POST, path, &headers, body).status()
    };
    let packed =
        |request: &PushRequest| snap::raw::Encoder::new().compress_vec(&request.encode_to_vec()).unwrap();
    let request = |labels: &str, line: &str| {
        let entry = Entry { line: line.into(), ..Entry::default() };
        packed(&PushRequest { streams: vec![push::Stream { labels: labels.into(), entries: vec![entry] }] })
    };
    let kind = "application/x-protobuf";
    assert_eq!(status(PATH, kind, &request("{a=\"b\"}", "x")), StatusCode::NO_CONTENT);
    assert_eq!(status("/push", kind, &request("{a=\"b\"}", "x")), StatusCode::NOT_FOUND);
    assert_eq!(status(PATH, "application/json", &request("{a=\"b\"}", "x")), StatusCode::BAD_REQUEST);
    assert_eq!(status(PATH, kind, b"x"), StatusCode::BAD_REQUEST);
    assert_eq!(status(PATH, kind, &packed(&PushRequest::default())), StatusCode::UNPROCESSABLE_ENTITY);
    for wrong in
        ["", "{}", "{a=\"b\",c=\"d\"}", "{a=\"b\", a=\"c\"}", "{9=\"b\"}", "{a=\"\\x\"}", "{a=\"b\", }"]
    {
        assert_eq!(status(PATH, kind, &request(wrong, "x")), StatusCode::BAD_REQUEST, "{wrong}");
    }
    let long = "x".repeat(LINE_BYTES + 1);
    assert_eq!(status(PATH, kind, &request("{a=\"b\"}", &long)), StatusCode::BAD_REQUEST);
}
