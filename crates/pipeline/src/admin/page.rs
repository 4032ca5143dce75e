//! What the admin listener answers.

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use tower_telemetry_metrics::Store;
use tower_telemetry_metrics::expose::text;

type Answer = Response<Full<Bytes>>;

/// Answers a request. A body to a HEAD request is left out by the server.
pub(crate) fn answer<B>(request: &Request<B>, store: &Store) -> Answer {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut answer =
            plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are answered here\n".into());
        answer.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return answer;
    }
    match request.uri().path() {
        "/metrics" => metrics(store),
        "/healthz" => plain(StatusCode::OK, "ok\n".into()),
        "/" => plain(StatusCode::OK, "/metrics\n/healthz\n".into()),
        _ => plain(StatusCode::NOT_FOUND, "here are /metrics and /healthz\n".into()),
    }
}

fn metrics(store: &Store) -> Answer {
    let mut page = String::new();
    text::encode(&store.snapshot(), &mut page);
    let mut answer = plain(StatusCode::OK, page);
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(text::CONTENT_TYPE));
    answer
}

fn plain(status: StatusCode, text: String) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(text)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status_of(method: Method, path: &str) -> Option<StatusCode> {
        let request = Request::builder().method(method).uri(path).body(()).ok()?;
        Some(answer(&request, &Store::new()).status())
    }

    #[test]
    fn pages_that_are_there_are_answered_and_others_are_not() {
        assert_eq!(status_of(Method::GET, "/metrics"), Some(StatusCode::OK));
        assert_eq!(status_of(Method::HEAD, "/healthz"), Some(StatusCode::OK));
        assert_eq!(status_of(Method::GET, "/metrics/"), Some(StatusCode::NOT_FOUND));
        assert_eq!(status_of(Method::POST, "/metrics"), Some(StatusCode::METHOD_NOT_ALLOWED));
    }

    #[test]
    fn metrics_say_which_format_they_are_in() {
        let request = Request::builder().uri("/metrics").body(()).unwrap_or_default();
        let answer = answer(&request, &Store::new());
        assert_eq!(
            answer.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes),
            Some(text::CONTENT_TYPE.as_bytes())
        );
    }
}
