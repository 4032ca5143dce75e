//! The trailers of a gRPC-Web response, which stand at the end of its body.
//!
//! A browser cannot read HTTP trailers, so gRPC-Web sends them as a last frame: a flag byte with bit 7 set, a
//! four-byte big-endian length, and header lines. [`TrailerReader`] looks on while the body passes, changes nothing,
//! and keeps a few bytes of state, whatever the body holds; it never allocates and never panics.
//!
//! ```
//! use tower_telemetry_core::{grpc::Code, grpc_web::TrailerReader};
//!
//! let mut reader = TrailerReader::binary();
//! reader.read(b"\x00\x00\x00\x00\x02hi"); // a message
//! reader.read(b"\x80\x00\x00\x00\x10grpc-st"); // the trailers, cut anywhere
//! reader.read(b"atus: 5\r\n");
//! assert!(reader.is_complete());
//! assert_eq!(reader.status(), Some(Code::NotFound));
//! ```
//!
//! The format is gRPC's [PROTOCOL-WEB](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md).

mod base64;
mod frames;
mod line;
mod reader;

pub use reader::TrailerReader;

#[cfg(test)]
mod scenario;
