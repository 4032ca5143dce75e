//! Telemetry for tests of a program of one's own: in memory, apart from all other tests, with assertions.

mod fail;
mod kept_lines;
mod kept_spans;
mod spare;
mod test_line;
mod test_metric;
mod test_span;
mod test_telemetry;

pub use self::test_line::TestLine;
pub use self::test_metric::TestMetric;
pub use self::test_span::TestSpan;
pub use self::test_telemetry::TestTelemetry;
