//! What the admin listener answers.

use bytes::Bytes;
use http::header::{ACCEPT, ALLOW, CONTENT_ENCODING, CONTENT_TYPE, VARY, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use tower_telemetry_metrics::expose;

use crate::admin::encoding::Encoding;
use crate::admin::headers;
use crate::admin::readiness::Readiness;
use crate::admin::site::Site;

type Answer = Response<Full<Bytes>>;

/// Answers a request. A body to a HEAD request is left out by the server.
pub(crate) fn answer<B>(request: &Request<B>, site: &Site) -> Answer {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut answer =
            plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are answered here\n".into());
        answer.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return answer;
    }
    match request.uri().path() {
        // Who asks for these has no secrets: a balancer, an orchestrator.
        "/healthz" => plain(StatusCode::OK, "ok\n".into()),
        "/readyz" => match site.ready.get() {
            Readiness::Ready => plain(StatusCode::OK, "ready\n".into()),
            Readiness::NotReady => plain(StatusCode::SERVICE_UNAVAILABLE, "not ready\n".into()),
        },
        _ if site.token.as_ref().is_some_and(|token| !token.is_shown(request.headers())) => {
            let mut answer = plain(StatusCode::UNAUTHORIZED, "this wants a bearer token\n".into());
            answer.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            answer
        }
        "/metrics" => metrics(request.headers(), site),
        "/" => plain(StatusCode::OK, "/metrics\n/healthz\n/readyz\n".into()),
        _ => plain(StatusCode::NOT_FOUND, "here are /metrics, /healthz and /readyz\n".into()),
    }
}

fn metrics(headers: &HeaderMap, site: &Site) -> Answer {
    let format = expose::negotiate(headers::joined(headers, ACCEPT).as_deref());
    let format = format.with_names(site.names).with_created(site.created);
    let mut page = site.buffers.take();
    expose::encode(&site.store.snapshot(), format, &mut page);
    let packed = Encoding::negotiate(headers).pack(&page);
    let coding = packed.is_some().then_some(HeaderValue::from_static("gzip"));
    let page = site.buffers.lend(page);

    let mut answer = Response::new(Full::new(packed.map_or(page, Bytes::from)));
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    headers.insert(VARY, HeaderValue::from_static("accept, accept-encoding"));
    if let Some(coding) = coding {
        headers.insert(CONTENT_ENCODING, coding);
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
pub(crate) mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use http::header::AUTHORIZATION;
    use http::header::{ACCEPT_ENCODING, HeaderName};
    use http_body_util::BodyExt;
    use tower_telemetry_metrics::expose::{Created, Names};
    use tower_telemetry_metrics::{Descriptor, Sample, Store};

    use super::*;
    use crate::admin::site::Parts;
    use crate::admin::token::Token;
    use crate::admin::{Buffers, Ready};

    fn parts() -> Parts {
        Parts {
            store: Store::new(),
            names: Names::default(),
            created: Created::default(),
            token: None,
            ready: Ready::default(),
            buffers: Buffers::default(),
        }
    }

    /// A site with nothing of its own.
    pub(crate) fn site() -> Site {
        Site::new(parts())
    }

    fn status_at(site: &Site, method: Method, path: &str) -> Option<StatusCode> {
        let request = Request::builder().method(method).uri(path).body(()).ok()?;
        Some(answer(&request, site).status())
    }

    fn status_of(method: Method, path: &str) -> Option<StatusCode> {
        status_at(&site(), method, path)
    }

    #[test]
    fn a_token_guards_all_but_the_health() {
        let site = Site::new(Parts { token: Token::new("secret".into()).ok(), ..parts() });
        let get = |path| status_at(&site, Method::GET, path);
        assert_eq!(get("/healthz"), Some(StatusCode::OK));
        assert_eq!(get("/readyz"), Some(StatusCode::OK));
        for path in ["/metrics", "/", "/other"] {
            assert_eq!(get(path), Some(StatusCode::UNAUTHORIZED), "{path}");
        }
        let request = Request::get("/metrics").header(AUTHORIZATION, "Bearer secret");
        assert_eq!(answer(&request.body(()).unwrap(), &site).status(), StatusCode::OK);
    }

    #[test]
    fn readiness_is_what_the_service_says() {
        let ready = Ready::default();
        let site = Site::new(Parts { ready: ready.clone(), ..parts() });
        let get = || status_at(&site, Method::GET, "/readyz");
        assert_eq!(get(), Some(StatusCode::OK));
        ready.say(Readiness::NotReady);
        assert_eq!(get(), Some(StatusCode::SERVICE_UNAVAILABLE));
        ready.say(Readiness::Ready);
        assert_eq!(get(), Some(StatusCode::OK));
        let asked = Site::new(Parts { ready: Ready::new(|| Readiness::NotReady), ..parts() });
        assert_eq!(status_at(&asked, Method::GET, "/readyz"), Some(StatusCode::SERVICE_UNAVAILABLE));
        assert_eq!(status_at(&asked, Method::GET, "/healthz"), Some(StatusCode::OK));
    }

    #[tokio::test]
    async fn names_and_beginnings_are_told_as_the_service_wants() {
        let store = Store::new();
        let counter = store.counter_family::<()>(Descriptor::new("shop.jobs", "", "")).unwrap();
        counter.series(&(), tower_telemetry_metrics::Place::Known).increment();
        let accept = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8";
        let page = async |names, created| {
            let site = Site::new(Parts { store: store.clone(), names, created, ..parts() });
            let request = Request::get("/metrics").header(ACCEPT, accept).body(()).unwrap();
            String::from_utf8(body(answer(&request, &site)).await.to_vec()).unwrap()
        };
        let told = page(Names::Underscores, Created::Told).await;
        assert!(told.contains("shop_jobs_total 1") && told.contains("shop_jobs_created "), "{told}");
        let told = page(Names::Dotted, Created::Omitted).await;
        assert!(told.contains("{\"shop.jobs_total\"} 1") && !told.contains("_created"), "{told}");
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
        let site = site();
        // Enough to be worth packing.
        site.store.collector(|out: &mut dyn FnMut(Sample<'_>)| {
            for number in 0..100_u64 {
                let label = number.to_string();
                out(Sample::gauge(&Descriptor::new("level", "", ""), &[("tank", &label)], number));
            }
        });
        let mut request = Request::builder().uri("/metrics");
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        answer(&request.body(()).unwrap(), &site)
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
