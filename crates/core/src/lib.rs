//! The exchange: one HTTP or gRPC request observed once, for every telemetry window to tell.
