//! The metrics window: golden signals of HTTP and gRPC exchanges, for Prometheus.
