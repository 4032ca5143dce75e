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
    // Nobody gets less than the plainest for asking more: one range more that is refused changes nothing.
    assert_eq!(negotiate(Some(&format!("{accept},image/png"))).syntax(), format.syntax(), "{accept:?}");
    assert_eq!(negotiate(None), Format::TEXT);
}
