//! `Accept`: any is answered, and what we say we send is taken when it is asked for.

use tower_telemetry_metrics::expose::{Format, Syntax, negotiate};

pub(crate) fn run(data: &[u8]) {
    let accept = String::from_utf8_lossy(data);
    let format = negotiate(Some(&accept));
    assert!(!format.content_type().is_empty());
    if format.syntax() == Syntax::Protobuf || format.syntax() == Syntax::OpenMetrics {
        let lower = accept.to_ascii_lowercase();
        assert!(
            lower.contains("application/") || lower.contains("*/*"),
            "{accept:?} is answered with {format:?}"
        );
    }
    // What is not offered changes nothing. It stands in front: behind, an open quotation would swallow it.
    assert_eq!(negotiate(Some(&format!("image/png,{accept}"))), format, "{accept:?}");
    assert_eq!(negotiate(None), Format::TEXT);
}
