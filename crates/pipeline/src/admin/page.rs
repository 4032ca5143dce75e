//! What the admin listener answers.

use bytes::Bytes;
use http::header::{ACCEPT, ALLOW, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use tower_telemetry_metrics::Store;
use tower_telemetry_metrics::expose;

use crate::admin::encoding::Encoding;
use crate::admin::headers;

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
        "/metrics" => metrics(request.headers(), store),
        "/healthz" => plain(StatusCode::OK, "ok\n".into()),
        "/" => plain(StatusCode::OK, "/metrics\n/healthz\n".into()),
        _ => plain(StatusCode::NOT_FOUND, "here are /metrics and /healthz\n".into()),
    }
}

fn metrics(headers: &HeaderMap, store: &Store) -> Answer {
    let format = expose::negotiate(headers::joined(headers, ACCEPT).as_deref());
    let mut page = Vec::new();
    expose::encode(&store.snapshot(), format, &mut page);
    let (encoding, page) = Encoding::negotiate(headers).pack(page);

    let mut answer = Response::new(Full::new(Bytes::from(page)));
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    headers.insert(VARY, HeaderValue::from_static("accept, accept-encoding"));
    if encoding == Encoding::Gzip {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    answer
}

fn plain(status: StatusCode, text: String) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(text)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    answer
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use http::header::{ACCEPT_ENCODING, HeaderName};
    use http_body_util::BodyExt;
    use tower_telemetry_metrics::{Descriptor, Sample};

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

    /// The answer to a scraper with these headers.
    fn scrape(headers: &[(HeaderName, &str)]) -> Answer {
        let store = Store::new();
        // Enough to be worth packing.
        store.collector(|out: &mut dyn FnMut(Sample<'_>)| {
            for number in 0..100_u64 {
                let label = number.to_string();
                out(Sample::gauge(&Descriptor::new("level", "", ""), &[("tank", &label)], number));
            }
        });
        let mut request = Request::builder().uri("/metrics");
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        answer(&request.body(()).unwrap(), &store)
    }

    fn header(answer: &Answer, name: HeaderName) -> Option<&str> {
        answer.headers().get(name).map(|value| value.to_str().unwrap())
    }

    async fn body(answer: Answer) -> Bytes {
        answer.into_body().collect().await.unwrap().to_bytes()
    }

    #[tokio::test]
    async fn metrics_say_which_format_they_are_in() {
        let answer = scrape(&[]);
        assert_eq!(header(&answer, CONTENT_TYPE), Some("text/plain; version=0.0.4"));
        assert_eq!(header(&answer, CONTENT_ENCODING), None);
        assert_eq!(header(&answer, VARY), Some("accept, accept-encoding"));
        assert!(body(answer).await.starts_with(b"# TYPE level gauge\nlevel{tank=\"0\"} 0\n"));
    }

    #[tokio::test]
    async fn a_scraper_gets_the_format_that_it_asks_for() {
        let open_metrics = "application/openmetrics-text;version=1.0.0;q=0.6";
        for headers in [
            &[(ACCEPT, "text/plain;version=0.0.4;q=0.3,application/openmetrics-text;version=1.0.0;q=0.6")][..],
            &[(ACCEPT, "text/plain;q=0.5"), (ACCEPT, open_metrics)],
        ] {
            let answer = scrape(headers);
            let expected = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores";
            assert_eq!(header(&answer, CONTENT_TYPE), Some(expected));
            assert!(body(answer).await.ends_with(b"# EOF\n"));
        }
    }

    #[tokio::test]
    async fn a_page_is_packed_on_demand() {
        let answer = scrape(&[(ACCEPT_ENCODING, "gzip"), (ACCEPT, "*/*")]);
        assert_eq!(header(&answer, CONTENT_ENCODING), Some("gzip"));
        assert_eq!(header(&answer, CONTENT_TYPE), Some("text/plain; version=0.0.4"));
        let mut page = String::new();
        GzDecoder::new(&*body(answer).await).read_to_string(&mut page).unwrap();
        assert!(page.contains("level{tank=\"99\"} 99\n"), "{page}");
    }
}
