//! Observability layers for tower: metrics, traces, request ids and logs that never disagree.
