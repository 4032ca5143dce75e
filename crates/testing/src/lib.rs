//! Scripted bodies, in-memory sinks and scenario checks for code observed by tower-telemetry.
