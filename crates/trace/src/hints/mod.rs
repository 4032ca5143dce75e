//! Hints: a callee that keeps its part of a trace says so in its response, and its caller keeps its own.
//!
//! Written as `server-timing: trace;desc=00-<trace>-<span>-<flags>`, in the head over HTTP and in the
//! trailers over gRPC; read from there, and from `traceresponse`.

mod peers;
mod read;
mod write;

pub use peers::{Hints, Peers};
pub(crate) use read::is_kept;
pub(crate) use write::tell;
