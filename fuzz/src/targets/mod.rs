//! The targets, a file for each.

pub(crate) mod accept;
pub(crate) mod b3;
pub(crate) mod baggage;
pub(crate) mod exposition;
pub(crate) mod grpc_status;
pub(crate) mod grpc_web;
pub(crate) mod jaeger;
pub(crate) mod json;
pub(crate) mod request_id;
pub(crate) mod traceparent;
pub(crate) mod tracestate;

mod carrier;
mod input;
