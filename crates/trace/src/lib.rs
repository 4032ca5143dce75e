//! The trace window: W3C trace context and OpenTelemetry spans for HTTP and gRPC exchanges.
