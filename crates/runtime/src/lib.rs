//! Runtime collectors: process metrics for the metric store.
