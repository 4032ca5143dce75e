//! What a page looks like.

use std::time::{Duration, SystemTime};

use tower_telemetry_metrics::expose::{self, Created, Escaping, Format, Names, Syntax};
use tower_telemetry_metrics::{
    Bounds, Buckets, Descriptor, HistogramSample, ManualClock, Native, Place, Sample, Snapshot, Store,
    SummarySample,
};
use tower_telemetry_testing::openmetrics::{Kind, find, parse};

use crate::{BOUNDS, Route, page, sampled};

/// A store of everything that a page can show.
fn store() -> Store {
    let time = ManualClock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    let store = Store::with_clock(time.clock());
    let duration = Descriptor::new("http.server.request.duration", "s", "Duration of \"HTTP\" requests.");
    let duration = store.histogram_family::<Route>(duration, Bounds::from_seconds(&BOUNDS).unwrap()).unwrap();
    let series = duration.series(&Route("/users/{id}"), Place::Known);
    let sent = Descriptor::new("mail.sent", "By", "");
    let sent = store.counter_family::<()>(sent).unwrap().series(&(), Place::Known);
    time.advance(Duration::from_millis(1250));
    series.record_with(Duration::from_millis(5), Some(&sampled(1)));
    series.record_with(Duration::from_millis(700), None);
    series.record_with(Duration::from_secs(9), Some(&sampled(0xab)));
    sent.add_with(17, Some(&sampled(2)));
    store.collector(|out: &mut dyn FnMut(Sample<'_>)| {
        out(Sample::gauge(
            &Descriptor::new("target.info", "", ""),
            &[("service.name", "a\n\"shop\"\\")],
            1_u64,
        ));
        out(Sample::gauge(&Descriptor::new("room.temperature", "Cel", ""), &[("a.b", "c")], -1.5));
    });
    store
}

#[track_caller]
fn check(format: Format, expected: &str) {
    let page = page(&store(), format);
    let own = |line: &&str| !line.contains("tower_telemetry");
    let lines: Vec<&str> = page.lines().filter(own).collect();
    assert_eq!(lines, expected.lines().collect::<Vec<_>>(), "{page}");
    if format.syntax() == Syntax::OpenMetrics {
        parse(&page).unwrap();
    }
}

#[test]
fn a_page_is_written_to_the_letter() {
    check(
        Format::OPEN_METRICS,
        r#"# TYPE target info
target_info{service_name="a\n\"shop\"\\"} 1
# HELP http_server_request_duration_seconds Duration of \"HTTP\" requests.
# TYPE http_server_request_duration_seconds histogram
# UNIT http_server_request_duration_seconds seconds
http_server_request_duration_seconds_bucket{http_route="/users/{id}",le="0.005"} 1 # {trace_id="01010101010101010101010101010101",span_id="0101010101010101"} 0.005 1700000001.25
http_server_request_duration_seconds_bucket{http_route="/users/{id}",le="1.0"} 2
http_server_request_duration_seconds_bucket{http_route="/users/{id}",le="2.5"} 2
http_server_request_duration_seconds_bucket{http_route="/users/{id}",le="+Inf"} 3 # {trace_id="abababababababababababababababab",span_id="abababababababab"} 9 1700000001.25
http_server_request_duration_seconds_sum{http_route="/users/{id}"} 9.705
http_server_request_duration_seconds_count{http_route="/users/{id}"} 3
http_server_request_duration_seconds_created{http_route="/users/{id}"} 1700000000
# TYPE mail_sent_bytes counter
# UNIT mail_sent_bytes bytes
mail_sent_bytes_total 17 # {trace_id="02020202020202020202020202020202",span_id="0202020202020202"} 17 1700000001.25
mail_sent_bytes_created 1700000000
# TYPE room_temperature_celsius gauge
# UNIT room_temperature_celsius celsius
room_temperature_celsius{a_b="c"} -1.5
# EOF"#,
    );
}

#[test]
fn dotted_names_stand_in_quotes() {
    check(
        Format::new(Syntax::OpenMetrics, Escaping::AllowUtf8)
            .with_names(Names::Dotted)
            .with_created(Created::Omitted),
        r#"# TYPE target info
target_info{"service.name"="a\n\"shop\"\\"} 1
# HELP "http.server.request.duration_seconds" Duration of \"HTTP\" requests.
# TYPE "http.server.request.duration_seconds" histogram
# UNIT "http.server.request.duration_seconds" seconds
{"http.server.request.duration_seconds_bucket","http.route"="/users/{id}",le="0.005"} 1 # {trace_id="01010101010101010101010101010101",span_id="0101010101010101"} 0.005 1700000001.25
{"http.server.request.duration_seconds_bucket","http.route"="/users/{id}",le="1.0"} 2
{"http.server.request.duration_seconds_bucket","http.route"="/users/{id}",le="2.5"} 2
{"http.server.request.duration_seconds_bucket","http.route"="/users/{id}",le="+Inf"} 3 # {trace_id="abababababababababababababababab",span_id="abababababababab"} 9 1700000001.25
{"http.server.request.duration_seconds_sum","http.route"="/users/{id}"} 9.705
{"http.server.request.duration_seconds_count","http.route"="/users/{id}"} 3
# TYPE "mail.sent_bytes" counter
# UNIT "mail.sent_bytes" bytes
{"mail.sent_bytes_total"} 17 # {trace_id="02020202020202020202020202020202",span_id="0202020202020202"} 17 1700000001.25
# TYPE "room.temperature_celsius" gauge
# UNIT "room.temperature_celsius" celsius
{"room.temperature_celsius","a.b"="c"} -1.5
# EOF"#,
    );
}

#[test]
fn text_has_no_exemplars_whatever_its_names() {
    check(
        Format::new(Syntax::Text1, Escaping::AllowUtf8).with_names(Names::Dotted),
        r#"# HELP "http.server.request.duration_seconds" Duration of "HTTP" requests.
# TYPE "http.server.request.duration_seconds" histogram
{"http.server.request.duration_seconds_bucket","http.route"="/users/{id}",le="0.005"} 1
{"http.server.request.duration_seconds_bucket","http.route"="/users/{id}",le="1"} 2
{"http.server.request.duration_seconds_bucket","http.route"="/users/{id}",le="2.5"} 2
{"http.server.request.duration_seconds_bucket","http.route"="/users/{id}",le="+Inf"} 3
{"http.server.request.duration_seconds_sum","http.route"="/users/{id}"} 9.705
{"http.server.request.duration_seconds_count","http.route"="/users/{id}"} 3
# TYPE "mail.sent_bytes_total" counter
{"mail.sent_bytes_total"} 17
# TYPE "room.temperature_celsius" gauge
{"room.temperature_celsius","a.b"="c"} -1.5
# TYPE target_info gauge
target_info{"service.name"="a\n\"shop\"\\"} 1"#,
    );
}

#[test]
fn the_same_store_is_the_same_in_every_escaping() {
    for escaping in [Escaping::AllowUtf8, Escaping::Underscores, Escaping::Dots, Escaping::Values] {
        for names in [Names::Underscores, Names::Dotted] {
            let format = Format::new(Syntax::OpenMetrics, escaping).with_names(names);
            let families = parse(&page(&store(), format)).unwrap();
            let numbers: Vec<_> =
                families[..4].iter().map(|family| (family.kind, family.samples.len())).collect();
            let expected = [(Kind::Info, 1), (Kind::Histogram, 7), (Kind::Counter, 2), (Kind::Gauge, 1)];
            assert_eq!(numbers, expected, "{format:?}");
        }
    }
}

#[test]
fn a_histogram_with_native_buckets_alone_shows_one_bucket() {
    let store = Store::new();
    let wait = Descriptor::new("wait", "s", "");
    let wait = store.histogram_family::<()>(wait, Buckets::from(Native::default())).unwrap();
    wait.series(&(), Place::Known).record_with(Duration::from_secs(3), Some(&sampled(1)));
    let families = parse(&page(&store, Format::OPEN_METRICS)).unwrap();
    let bucket = find(&families, "wait_seconds_bucket", &[("le", "+Inf")]).unwrap();
    assert_eq!((bucket.value, bucket.exemplar.as_ref().unwrap().value), (1.0, 3.0));
    assert_eq!(find(&families, "wait_seconds_sum", &[]).unwrap().value, 3.0);
}

#[test]
fn the_resource_is_a_gauge_where_it_cannot_be_an_info() {
    for (name, value) in [("other", 2_u64), ("target", 1)] {
        let store = Store::new();
        store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
            out(Sample::gauge(&Descriptor::new("target.info", "", ""), &[("a", "b")], value));
            out(Sample::gauge(&Descriptor::new(name, "", ""), &[], 1_u64));
        });
        let families = parse(&page(&store, Format::OPEN_METRICS)).unwrap();
        let info = families.iter().find(|family| family.name == "target_info").unwrap();
        assert_eq!(info.kind, Kind::Gauge, "{name}");
    }
}

#[test]
fn an_empty_snapshot_is_a_page() {
    let mut page = String::new();
    expose::openmetrics::encode(&Snapshot::default(), &mut page);
    assert_eq!(page, "# EOF\n");
}

#[test]
fn a_sum_that_is_no_counter_is_left_out_where_it_would_cost_the_page() {
    for (bounds, sum, is_told) in
        [([1.0], 0.5, true), ([1.0], -0.5, false), ([1.0], f64::NAN, false), ([-1.0], 0.5, false)]
    {
        let store = Store::new();
        store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
            let (wait, pause) = (Descriptor::new("wait", "", ""), Descriptor::new("pause", "", ""));
            out(Sample::histogram(&wait, &[], HistogramSample::new(&bounds, &[1, 2], sum)));
            out(Sample::summary(&pause, &[], SummarySample { quantiles: &[], count: 3, sum }));
        });
        let text = page(&store, Format::TEXT);
        assert!(text.contains("wait_sum ") && text.contains("pause_sum "), "{text}");
        let page = page(&store, Format::OPEN_METRICS);
        assert_eq!(
            (page.contains("wait_sum "), page.contains("wait_count 3\n")),
            (is_told, is_told),
            "{page}"
        );
        assert_eq!(page.contains("pause_sum "), sum >= 0.0, "{page}");
        assert!(page.contains("pause_count 3\n"), "{page}");
        parse(&page).unwrap();
    }
}
